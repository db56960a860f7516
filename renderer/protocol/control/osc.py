"""Define the commands by which OSC messages are learned, and what is bound."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from renderer.protocol.roles import Role
from renderer.protocol.schema import Command, Section


class OscCommand(Command, frozen=True):
    """A command to what receives OSC."""


class LearnOsc(OscCommand, frozen=True, kw_only=True):
    """Bind the next OSC message that comes to a command; the answer says which one it was.

    Attributes:
        address: of the command.
        arguments: of the command, by name.
        argument: name of the one that takes the message's first number, from 0 to 1; if it is
            empty, the first one that must be given and is a number; without any, the message is a
            button.
        low, high: its values at 0 and 1.
    """

    ROLE: ClassVar[Role] = Role.EDIT
    ADDRESS: ClassVar[str] = "/osc/learn"
    address: str
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)
    argument: str = ""
    low: float = 0.0
    high: float = 1.0


class StopLearningOsc(OscCommand, frozen=True):
    """Wait for no OSC message any more."""

    ROLE: ClassVar[Role] = Role.EDIT
    ADDRESS: ClassVar[str] = "/osc/stop_learning"


class ForgetOsc(OscCommand, frozen=True, kw_only=True):
    """Remove all OSC messages that are bound to a command."""

    ROLE: ClassVar[Role] = Role.EDIT
    ADDRESS: ClassVar[str] = "/osc/forget"
    address: str


class OscBinding(msgspec.Struct, frozen=True):
    """A bound message, by its own address, and the command that it calls.

    Attributes:
        arguments: of the command, by name, without the one that takes the message's number.
    """

    heard: str
    address: str
    arguments: dict[str, Any] = msgspec.field(default_factory=dict)


class OscHealth(Section, frozen=True):
    """What OSC messages call besides the show's own addresses, published 10 times a second.

    Attributes:
        learning: address that waits for a message; empty for none.
        bindings: of the document.
    """

    learning: str = ""
    bindings: list[OscBinding] = msgspec.field(default_factory=list)
