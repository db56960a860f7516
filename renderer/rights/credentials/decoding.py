"""Decode JSON from outside into a struct, or refuse it in one sentence."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from renderer.errors import RightsError

Struct = TypeVar("Struct", bound=msgspec.Struct)


def json_name(name: str) -> str:
    """Return the name in W3C credentials of a struct's field: camel case, and `@context`."""
    if name == "context":
        return "@context"
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def decode_json(data: bytes, kind: type[Struct], what: str, name: str, remedy: str) -> Struct:
    """Return JSON as a struct.

    Args:
        data: JSON in UTF-8.
        kind: the struct.
        what: what is decoded, for the message.
        name: what it should be, such as "status list".
        remedy: for the message.

    Raises:
        RightsError: it is no JSON, or another structure.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        reason = "it is no UTF-8" if isinstance(fault, UnicodeDecodeError) else str(fault)[:200]
        raise RightsError(what, f"is no {name} ({reason})", remedy) from fault
