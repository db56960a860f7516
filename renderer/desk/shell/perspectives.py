"""Define the perspectives: which panels, where, and how large. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """A panel with its share of the split that it is in.

    Attributes:
        wide_from: width of the perspective below which it is left out, pixels.
    """

    panel: str
    share: float
    wide_from: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """Panels side by side, or one above the other.

    Attributes:
        is_across: side by side.
        share: of the split that it is in.
    """

    parts: tuple[Place | Split, ...]
    is_across: bool = True
    share: float = 1.0

    def panels(self) -> Iterator[str]:
        """Return the ids of all panels, the first of each part first."""
        return (place.panel for place in self.places())

    def places(self) -> Iterator[Place]:
        """Yield the places of all panels, the first of each part first."""
        for part in self.parts:
            if isinstance(part, Place):
                yield part
            else:
                yield from part.places()


def _across(share: float, *parts: Place | Split) -> Split:
    return Split(parts, True, share)


def _down(share: float, *parts: Place | Split) -> Split:
    return Split(parts, False, share)


_LARGE: Final = 1600
"""Width of a perspective from which a large window has more panels, pixels."""

LAYOUTS: Final = {
    "director": _across(
        1,
        _down(
            1216,
            Place("monitors", 340),
            Place("transition", 48),
            Place("shots", 284),
            Place("song", 248),
        ),
        _down(600, Place("cues", 510), Place("setlist", 230), Place("outputs_summary", 180)),
    ),
    "capture": _down(
        1,
        Place("performers", 590),
        _across(
            330,
            Place("take_bin", 430),
            Place("camera_trial", 620),
            Place("calibration", 470),
            Place("trackers", 300, wide_from=_LARGE),
        ),
    ),
    "lights": _across(
        1,
        _down(1, Place("looks", 540), Place("effects", 320)),
        _down(
            1.2,
            Place("stage_view", 380),
            Place("faders", 120),
            _across(360, Place("look_colors", 360), Place("dmx", 360)),
        ),
    ),
    "outputs": _across(
        1,
        _down(1120, Place("outputs", 560), Place("output_detail", 190), Place("checks", 200)),
        _down(
            600,
            Place("health", 190),
            Place("latency", 230),
            Place("machines", 160),
            Place("log", 320),
        ),
    ),
    "rights": _across(
        1,
        _down(1100, Place("rights", 560), Place("expiries", 280)),
        _down(620, Place("disclosure", 270), Place("roles", 280), Place("log", 300)),
    ),
    "avatars": _across(1, Place("avatars", 1)),
    "sound": _across(
        1, Place("mixer", 1000), _down(560, Place("song", 300), Place("trackers", 300))
    ),
}
"""Panels of each perspective; shares are pixels of the 1920×1080 mocks."""

OWN: Final = ("monitors", "cues", "outputs_summary", "log")
"""Panels of an operator's own perspective before they have chosen any."""


def own_layout(panels: tuple[str, ...]) -> Split:
    """Return the layout of an operator's own perspective: two rows of their panels."""
    shown = panels or OWN
    half = (len(shown) + 1) // 2
    rows = [shown[:half], shown[half:]]
    return _down(1, *(_across(1, *(Place(one, 1) for one in row)) for row in rows if row))
