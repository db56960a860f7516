"""Define the commands that set fixtures by hand, and what is set."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from renderer.protocol.schema import Command, Section


class FixtureCommand(Command, frozen=True):
    """A command to patched fixtures."""


class SetFixture(FixtureCommand, frozen=True, kw_only=True):
    """Set a fixture, or a group of them, by hand; it stays until it is released.

    Attributes:
        fixture: name of a fixture or a group.
        attribute: dimmer, red, pan, zoom, …
        value: angles in degrees, slots of wheels by number, all else from 0 to 1.
    """

    ADDRESS: ClassVar[str] = "/fixture/{fixture}/set"
    SETS: ClassVar[str] = "fixture/{fixture}/{attribute}"
    fixture: str
    attribute: str
    value: float


class ReleaseFixture(FixtureCommand, frozen=True, kw_only=True):
    """Give what was set by hand in a fixture or a group back to the looks.

    Attributes:
        attribute: which one; all if it is empty.
    """

    ADDRESS: ClassVar[str] = "/fixture/{fixture}/release"
    CLEARS: ClassVar[str] = "fixture/{fixture}/{attribute}"
    fixture: str
    attribute: str = ""


class ReleaseFixtures(FixtureCommand, frozen=True):
    """Give everything that was set by hand in any fixture back to the looks."""

    ADDRESS: ClassVar[str] = "/fixtures/release"
    CLEARS: ClassVar[str] = "fixture/"


class HandValue(msgspec.Struct, frozen=True):
    """An attribute of a fixture that is set by hand."""

    fixture: str
    attribute: str
    value: float


class FixturesHealth(Section, frozen=True):
    """What is set by hand, published 10 times a second.

    Attributes:
        by_hand: the values, by fixture.
        driven: universes that a lighting desk drives; nothing is set in them by hand.
    """

    by_hand: list[HandValue] = msgspec.field(default_factory=list)
    driven: list[int] = msgspec.field(default_factory=list)
