"""Name every command by an address, as OSC, MIDI, cues and the command line call it."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from renderer.protocol.schema import Command

FIELD: Final = re.compile(r"\{(\w+)\}")
"""A field within an address, such as "/cue/{cue}/start"."""
OPERATOR: Final = "operator"
"""Field that every command has, and no controller sends."""
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def address_of(kind: type[Command]) -> str:
    """Return the address of a kind of command, with its fields in braces."""
    room = kind.__module__.rpartition(".")[2]
    given: str = getattr(kind, "ADDRESS", "")
    return given or f"/{room}/{_WORD.sub('_', kind.__name__).lower()}"


def call_of(command: Command) -> tuple[str, dict[str, Any]]:
    """Return the address that calls a command, and the arguments that are not their defaults."""
    address = address_of(type(command))
    inside = set(FIELD.findall(address))
    arguments = {}
    for field in msgspec.structs.fields(type(command)):
        name, value = field.encode_name, getattr(command, field.name)
        if name in inside:
            address = address.replace(f"{{{name}}}", str(value))
        elif name != OPERATOR and value != field.default:
            arguments[name] = value
    return address, arguments
