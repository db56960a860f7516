"""Define the base of all messages: schema version, commands, replies and status sections.

A new kind of command or section is a subclass in a module of this package; `command_types` and
`section_types` find it. A class with subclasses is an abstract base, not a message.
"""

from __future__ import annotations

import functools
import importlib
import operator
import pkgutil
from typing import Any, ClassVar, Final, TypeVar

import msgspec

from renderer.protocol.roles import Role

SCHEMA_VERSION: Final = 5
"""Incremented with every change that a process of another version would misread. Both sides check
it."""


class Command(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A command from a desk to a show. The tag is the name of the class.

    Attributes:
        ROLE: that an operator needs for it.
        SETS: what it sets for good, with its fields in braces, such as "bus/{bus}/gain"; a jump to
            a cue sets it to what the cues before leave. Empty for an event, which no jump repeats.
        CLEARS: what it gives back to the document, likewise; with a "/" at its end, everything
            whose name begins so.
        operator: who gives it, for the show's log and the operators' roles; empty for the user of
            the desk.
    """

    ROLE: ClassVar[Role] = Role.CONTROL
    SETS: ClassVar[str] = ""
    CLEARS: ClassVar[str] = ""
    operator: str = ""


class Section(msgspec.Struct, frozen=True, tag=True):
    """A part of a show's status with one owner. Every field has a default.

    The tag is the name of the class and the topic on the bus.
    """


class Reply(msgspec.Struct, frozen=True):
    """The show's answer to a command; `text` says what was done or why it was refused."""

    ok: bool
    text: str


_T = TypeVar("_T", bound=msgspec.Struct)


def command_types() -> list[type[Command]]:
    """Return every command type in this package, sorted by name."""
    return _subclasses(Command)


def section_types() -> list[type[Section]]:
    """Return every section type in this package, sorted by name."""
    return _subclasses(Section)


def command_decoder() -> msgspec.msgpack.Decoder[Command]:
    """Return a decoder of all commands."""
    kinds: Any = functools.reduce(operator.or_, command_types())
    return msgspec.msgpack.Decoder(kinds)


def topic_of(kind: type[Section]) -> bytes:
    """Return the topic on which sections of a type are published."""
    return kind.__name__.encode()


def _subclasses(kind: type[_T]) -> list[type[_T]]:
    package = importlib.import_module("renderer.protocol")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
    found = [each for each in _leaves(kind) if each.__module__.startswith(package.__name__)]
    return sorted(found, key=lambda each: each.__name__)


def _leaves(kind: type[_T]) -> list[type[_T]]:
    """Return the leaf subclasses of a class."""
    below = kind.__subclasses__()
    return [leaf for each in below for leaf in _leaves(each)] if below else [kind]
