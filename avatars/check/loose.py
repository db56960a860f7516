"""Read members of unvalidated JSON; values of the wrong type count as absent.

The walk over the schema reports those values; the rules that run after it only use the valid ones.
"""

from __future__ import annotations

from typing import Any

from avatars.check.schema import is_number

Json = dict[str, Any]


def child(parent: Json, *keys: str) -> Json:
    """Return the object at a path of members; empty where there is none."""
    value: Any = parent
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def children(parent: Json, key: str) -> list[Json]:
    """Return a list of objects; entries that are not objects become empty ones."""
    value = parent.get(key)
    if not isinstance(value, list):
        return []
    return [entry if isinstance(entry, dict) else {} for entry in value]


def list_named(parent: Json, key: str) -> dict[str, Json]:
    """Return those members of a member that are objects."""
    return {name: value for name, value in child(parent, key).items() if isinstance(value, dict)}


def place(parent: Json, key: str, count: int) -> int | None:
    """Return an index below `count`, or None."""
    return _place(parent.get(key), count)


def places(parent: Json, key: str, count: int) -> list[int]:
    """Return the entries of a list that are indices below `count`."""
    value = parent.get(key)
    found = [_place(entry, count) for entry in value] if isinstance(value, list) else []
    return [entry for entry in found if entry is not None]


def text(parent: Json, key: str, default: str = "") -> str:
    """Return a string."""
    value = parent.get(key, default)
    return value if isinstance(value, str) else default


def texts(parent: Json, key: str) -> list[str]:
    """Return the entries of a list that are strings."""
    value = parent.get(key)
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def number(parent: Json, key: str, default: float) -> float:
    """Return a number that fits a float."""
    value = parent.get(key, default)
    return float(value) if is_number(value) and abs(value) < 1e300 else default


def vector(parent: Json, key: str, count: int) -> tuple[float, ...] | None:
    """Return a list of `count` numbers that fit floats, or None."""
    value = parent.get(key)
    if not isinstance(value, list) or len(value) != count:
        return None
    if not all(is_number(entry) and abs(entry) < 1e300 for entry in value):
        return None
    return tuple(float(entry) for entry in value)


def _place(value: Any, count: int) -> int | None:
    if not is_number(value) or value != int(value) or not 0 <= value < count:
        return None
    return int(value)
