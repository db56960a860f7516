"""Define the limits of a clip that a kit can state; loads nothing slow."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

FramingWord = Literal["wide", "full", "cowboy", "bust", "close-up", "crowd"]
"""Shots that a fan can take, as `encore kit render --shot` writes them."""

FRAMINGS: Final[tuple[FramingWord, ...]] = get_args(FramingWord)
MOST_SHOTS: Final = 100
MOST_SECONDS: Final = 600.0
MOST_HEIGHT: Final = 4320
"""Highest limits that a licence can state; the height is 8K's, pixels."""


class Limits(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Limits of one clip.

    Attributes:
        framings: shots that may be taken.
        shots: most shots.
        seconds: greatest length.
        height: greatest size of the shorter side, pixels.
    """

    framings: tuple[FramingWord, ...]
    shots: int
    seconds: float
    height: int
