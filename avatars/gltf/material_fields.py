"""Read a material's values tolerantly: an odd one is replaced, with a warning.

A material can be drawn whatever its numbers are, so none of them is a reason to refuse an avatar.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from avatars.gltf.fields import Fields

LARGEST: Final = 1e4
"""Default limit of a number's magnitude: no factor, strength or speed of a material needs more, and
products of four are far below float32's overflow."""


def read_number(
    fields: Fields, key: str, default: float, low: float = -LARGEST, high: float = LARGEST
) -> float:
    """Return a number in [low, high]: the nearest one, or the default where there is no number."""
    if not fields.has(key):
        return default
    return _limit(fields, key, fields.members[key], default, low, high)


def read_numbers(
    fields: Fields,
    key: str,
    default: Sequence[float],
    low: float = -LARGEST,
    high: float = LARGEST,
) -> tuple[float, ...]:
    """Return as many numbers as the default has, each as `read_number` would; more are ignored."""
    if not fields.has(key):
        return tuple(default)
    values = fields.members[key]
    if not isinstance(values, list) or len(values) < len(default):
        fields.warn(key, f"is not a list of {len(default)} numbers, so the default is used")
        return tuple(default)
    return tuple(
        _limit(fields, f"{key}[{i}]", value, instead, low, high)
        for i, (value, instead) in enumerate(zip(values, default, strict=False))
    )


def read_integer(fields: Fields, key: str, default: int, low: int, high: int) -> int:
    """Return a whole number in [low, high], as `read_number` would."""
    return round(read_number(fields, key, default, low, high))


def read_choice(fields: Fields, key: str, options: Sequence[str], default: str) -> str:
    """Return one of `options`; the default, with a warning, where there is none of them."""
    value = fields.members.get(key)
    if value is None or value in options:
        return default if value is None else str(value)
    fields.warn(key, f"says {str(value)[:40]!r}, so {default} is used")
    return default


def read_flag(fields: Fields, key: str) -> bool:
    """Return a boolean; False, with a warning, where there is something else."""
    value = fields.members.get(key)
    if value is not None and not isinstance(value, bool):
        fields.warn(key, "is neither true nor false, so false is used")
    return value is True


def _limit(fields: Fields, key: str, value: Any, default: float, low: float, high: float) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        fields.warn(key, f"is not a number, so {default:g} is used")
        return default
    # Compared before it is converted: a JSON integer may overflow a float.
    if not low <= value <= high:
        nearest = low if value < low else high
        fields.warn(key, f"is not between {low:g} and {high:g}, so {nearest:g} is used")
        return nearest
    return float(value)
