"""Convert option values, and explain in one sentence why a value is unusable."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path

from renderer.errors import UsageError
from renderer.faults import FaultCollector


def whole_number(name: str, least: int, most: int, unit: str = "") -> Callable[[str], int]:
    """Return a converter to an integer between two bounds, inclusive.

    Args:
        name: of the number, for the message.
        least: lower bound.
        most: upper bound.
        unit: what it counts, in the plural.
    """

    def convert(word: str) -> int:
        # int() also accepts digits of other scripts and underscores, which are never intended.
        if word.isascii() and word.removeprefix("-").isdecimal() and least <= int(word) <= most:
            return int(word)
        counted = f" {unit}" if unit else ""
        raise UsageError(
            f"{name} {word[:40]}",
            f"is no whole number from {least} to {most}{counted}",
            f"write one such as {min(max(30, least), most)}",
        )

    return convert


def number(name: str, least: float, most: float, example: float) -> Callable[[str], float]:
    """Return a converter to a finite number between two bounds, inclusive."""

    def convert(word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if least <= value <= most:
            return value
        raise UsageError(
            f"{name} {word[:40]}",
            f"is no number from {least:g} to {most:g}",
            f"write one such as {example:g}",
        )

    return convert


def picture_size(word: str) -> tuple[int, int]:
    """Return `1280x720` as (1280, 720).

    Raises:
        ShowError: it is not a valid video size.
    """
    from renderer.show.plan import parse_size

    return parse_size(word)


def check_all(
    faults: FaultCollector, check: Callable[[Path], None], paths: Iterable[Path | None]
) -> None:
    """Record the faults of those paths that were given."""
    for path in paths:
        faults.attempt(check, path)
