"""What every message shares: the schema version, commands, replies and status sections.

A new kind of command or section is a subclass in a module of this package: `command_types` and
`section_types` find it. A class with subclasses is what those share, and no message itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final, TypeVar

import msgspec

SCHEMA_VERSION: Final = 2
"""Raised with every change that a process of another version would misread. Both sides check it."""


class Command(msgspec.Struct, frozen=True, tag=True):
    """Something that a desk asks of a show. The tag is the name of the class."""


class Section(msgspec.Struct, frozen=True, tag=True):
    """A part of a show's status that one room owns. Every field has a default.

    The tag is the name of the class and the topic on the bus.
    """


class Reply(msgspec.Struct, frozen=True):
    """The show's answer to a command; `text` says what happened or why not."""

    ok: bool
    text: str


_T = TypeVar("_T", bound=msgspec.Struct)


def command_types() -> list[type[Command]]:
    """Return every kind of command in this package, by name."""
    return _subclasses(Command)


def section_types() -> list[type[Section]]:
    """Return every kind of section in this package, by name."""
    return _subclasses(Section)


def topic_of(kind: type[Section]) -> bytes:
    """Return the topic under which sections of a kind are published."""
    return kind.__name__.encode()


def _subclasses(kind: type[_T]) -> list[type[_T]]:
    package = importlib.import_module("renderer.protocol")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"renderer.protocol.{module.name}")
    found = [each for each in _leaves(kind) if each.__module__.startswith(package.__name__)]
    return sorted(found, key=lambda each: each.__name__)


def _leaves(kind: type[_T]) -> list[type[_T]]:
    """Return the classes below a class that have none below them."""
    below = kind.__subclasses__()
    return [leaf for each in below for leaf in _leaves(each)] if below else [kind]
