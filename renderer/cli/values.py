"""Converts the values of options, and says in one sentence why a value cannot be used."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path

from renderer.errors import UsageError
from renderer.faults import FaultCollector


def whole_number(name: str, least: int, most: int, unit: str = "") -> Callable[[str], int]:
    """Return a converter to an integer between two bounds, both included.

    Args:
        name: what the number is, for the message.
        least: the smallest that can be used.
        most: the largest that can be used.
        unit: what it counts, in the plural.
    """

    def convert(word: str) -> int:
        # int() takes digits of every script and underscores, which nobody means.
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
    """Return a converter to a finite number between two bounds, both included."""

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
        ShowError: it is no size that video can have.
    """
    from renderer.show.plan import parse_size

    return parse_size(word)


def check_all(
    faults: FaultCollector, check: Callable[[Path], None], paths: Iterable[Path | None]
) -> None:
    """Record what is wrong with each of the paths that were given."""
    for path in paths:
        faults.attempt(check, path)
