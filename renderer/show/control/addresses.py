"""Give every command an address, as OSC, cues and the command line name it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec

from renderer.errors import ShowError
from renderer.protocol.addresses import FIELD, OPERATOR, address_of
from renderer.protocol.schema import Command, command_types
from renderer.spelling import nearest


@dataclass(frozen=True, slots=True)
class Addressed:
    """A command with its address.

    Attributes:
        address: such as "/cue/{cue}/start"; a field in braces is part of it.
        arguments: the other fields, with their defaults where they have any.
        summary: what it does.
    """

    kind: type[Command]
    address: str
    arguments: Mapping[str, Any]
    summary: str


REQUIRED: Final = msgspec.UNSET
"""Stands for the default of an argument that must be given."""


@lru_cache(1)
def all_addresses() -> tuple[Addressed, ...]:
    """Return every command of the program, sorted by address."""
    return tuple(sorted(map(_address, command_types()), key=lambda one: one.address))


def find_command(address: str, arguments: Mapping[str, Any]) -> Command:
    """Return the command of an address.

    Args:
        address: such as "/cue/12/start".
        arguments: the fields that are not part of the address.

    Raises:
        ShowError: no command has this address, or an argument is unknown, missing or wrong.
    """
    if (found := _match(address)) is not None:
        one, inside = found
        unknown = next((name for name in arguments if name not in (*one.arguments, OPERATOR)), None)
        if unknown is not None:
            meant = nearest(unknown, one.arguments)
            known = ", ".join(one.arguments) or "none"
            raise ShowError(
                f"{address} {unknown}",
                "is no argument of this command",
                f"did you mean {meant}?" if meant else f"it takes {known}",
            )
        try:
            # Numbers may come as text, from an address or a command line.
            return msgspec.convert(
                {**arguments, **inside, "type": one.kind.__name__},
                one.kind,
                strict=False,
            )
        except msgspec.ValidationError as fault:
            raise ShowError(address, f"cannot be sent: {fault}", f"it does: {one.summary}") from (
                fault
            )
    addresses = [one.address for one in all_addresses()]
    meant = nearest(address, addresses)
    raise ShowError(
        f"Address {address[:60]}",
        "is no command",
        f"did you mean {meant}?" if meant else "encore commands lists them",
    )


def find_addressed(address: str) -> Addressed | None:
    """Return the command that an address means; None if there is none."""
    found = _match(address)
    return None if found is None else found[0]


def _match(address: str) -> tuple[Addressed, dict[str, str]] | None:
    """Return the command of an address and the fields within it; None if there is none."""
    for one in all_addresses():
        found = _pattern(one.address).fullmatch(address)
        if found is not None:
            return one, found.groupdict()
    return None


def _address(kind: type[Command]) -> Addressed:
    address = address_of(kind)
    inside = set(FIELD.findall(address))
    arguments = {
        field.encode_name: _default(field)
        for field in msgspec.structs.fields(kind)
        if field.encode_name not in inside
        if field.encode_name != OPERATOR or field.default is msgspec.NODEFAULT
    }
    summary = (kind.__doc__ or "").strip().splitlines()[0].rstrip(".")
    return Addressed(kind, address, arguments, summary)


def _default(field: Any) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return REQUIRED if field.default_factory is msgspec.NODEFAULT else field.default_factory()


@lru_cache(256)
def _pattern(address: str) -> re.Pattern[str]:
    parts = FIELD.split(address)
    return re.compile(
        "".join(
            re.escape(part) if number % 2 == 0 else f"(?P<{part}>[^/]+)"
            for number, part in enumerate(parts)
        )
    )
