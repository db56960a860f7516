"""Define and run fixtures that do not move: strobes, blinders and pixel bars.

Their output is a function of time alone. The rate of strobes is limited for photosensitive viewers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.beat import pulse_at
from renderer.stage.records import Color, Lamps, Light, Point

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

MOST_FLASHES_HZ: Final = 3.0
"""Maximum rate of a strobe. Source: WCAG 2.2, 2.3.1, and ITU-R BT.1702: no more than three flashes
in any second if they fill the picture."""
FLASH_S: Final = 0.07
"""Duration of a flash's decay, seconds: two frames at 30 per second."""
BAR_CELLS: Final = 16
"""Number of cells of a pixel bar."""
BAR_M: Final = 1.0
"""Length of a pixel bar, metres."""


class LampKind(Enum):
    """A kind of fixture; the value is its name in a set's file."""

    STROBE = "strobe"
    """A bright bar that flashes."""
    BLINDER = "blinder"
    """Four warm lamps that face the audience."""
    PIXEL_BAR = "pixelbar"
    """A row of cells, each with its own colour."""


@dataclass(frozen=True, slots=True)
class LampPlace:
    """The position of a lamp.

    Attributes:
        kind: of fixture.
        role: name of its group.
        position: of its centre, metres.
        direction: unit vector of its light.
    """

    kind: LampKind
    role: str
    position: Point
    direction: Point


@dataclass(frozen=True, slots=True)
class LampCue:
    """A look's cue for a group of lamps.

    Attributes:
        level: intensity.
        colors: strobes and blinders use the first, a chase fades from one to the next.
        rate_hz: of a strobe's flashes; limited to MOST_FLASHES_HZ.
        pulse: fraction of a blinder's level that pulses every fourth beat.
        speed: of a chase, cells per beat.
    """

    level: float = 1.0
    colors: tuple[Color, ...] = ((1.0, 1.0, 1.0),)
    rate_hz: float = 2.0
    pulse: float = 1.0
    speed: float = 4.0


def flash_level(seconds: float, rate_hz: float) -> float:
    """Return a strobe's level, 0 to 1, at a time; the rate is limited to MOST_FLASHES_HZ."""
    rate = min(rate_hz, MOST_FLASHES_HZ)
    if not rate > 0.0 or not math.isfinite(seconds):
        return 0.0
    since = (seconds * rate % 1.0) / rate
    return max(1.0 - since / FLASH_S, 0.0)


class LampRig:
    """The lamps of a hall.

    Args:
        places: of the lamps.
    """

    def __init__(self, places: Sequence[LampPlace]) -> None:
        parts = [_place_cells(place) for place in places]
        self._places = tuple(places)
        self._counts = [len(part[0]) for part in parts]

        def join(number: int, width: int) -> F32:
            rows = [part[number] for part in parts]
            return np.concatenate(rows).astype(np.float32) if rows else _make_empty(width)

        self._position, self._direction, self._size = join(0, 3), join(1, 3), join(2, 2)
        total = len(self._position)
        self._color = np.zeros((total, 3), np.float32)
        flare = [
            np.full(count, 0.0 if place.kind is LampKind.PIXEL_BAR else 1.0, np.float32)
            for place, count in zip(places, self._counts, strict=True)
        ]
        self._flare = np.concatenate(flare) if flare else np.zeros(0, np.float32)
        self._chases = _number_bar_cells(self._places, self._counts)

    def advance(
        self, cues: Mapping[str, LampCue], beat: float, seconds: float
    ) -> tuple[Lamps | None, tuple[Light, ...]]:
        """Return the lamps' output at a time, and the light of strobes on the stage.

        Args:
            cues: by role; lamps of other roles are dark.
            beat: of the song.
            seconds: show time.

        Returns:
            The lamps, whose arrays are valid until the next call (None if there are none), and the
            lights, which are black between flashes.
        """
        if not self._places:
            return None, ()
        for role, (rows, numbers) in self._chases.items():
            cue = cues.get(role)
            if cue is None or not cue.level > 0.0:
                self._color[rows] = 0.0
            else:
                self._color[rows] = _color_chase(cue, beat, numbers)
        first = 0
        lights: dict[str, Light] = {}
        for place, count in zip(self._places, self._counts, strict=True):
            cells = self._color[first : first + count]
            first += count
            if place.kind is LampKind.PIXEL_BAR:
                continue
            cue = cues.get(place.role)
            if cue is None or not cue.level > 0.0:
                cells[:] = 0.0
            else:
                level = cue.level * (
                    flash_level(seconds, cue.rate_hz)
                    if place.kind is LampKind.STROBE
                    else 1.0 - cue.pulse + cue.pulse * pulse_at(beat, 0.9, 4.0)
                )
                cells[:] = level * np.array(cue.colors[0])
                if place.kind is LampKind.STROBE and place.role not in lights:
                    lights[place.role] = _make_strobe_light(cue.colors[0], 0.16 * level)
        return (
            Lamps(self._position, self._direction, self._size, self._color, self._flare),
            tuple(lights.values()),
        )


def _make_strobe_light(color: Color, level: float) -> Light:
    """Return the light of a row of strobes above the back of the deck."""
    red, green, blue = color
    cone = (math.radians(35.0), math.radians(60.0))
    return Light(
        (0.0, 6.2, -3.2), (0.0, 0.6, 1.0), (level * red, level * green, level * blue), cone
    )


def _number_bar_cells(
    places: Sequence[LampPlace], counts: Sequence[int]
) -> dict[str, tuple[npt.NDArray[np.intp], F64]]:
    """Return rows (c,) of the cells of pixel bars, and their places (c,) in a chase, by role."""
    parts: dict[str, list[tuple[npt.NDArray[np.intp], F64]]] = {}
    first = 0
    for place, count in zip(places, counts, strict=True):
        if place.kind is LampKind.PIXEL_BAR:
            numbers = place.position[0] * BAR_CELLS / BAR_M + np.arange(count, dtype=np.float64)
            parts.setdefault(place.role, []).append(
                (first + np.arange(count, dtype=np.intp), numbers)
            )
        first += count
    return {
        role: (np.concatenate([a for a, _ in both]), np.concatenate([b for _, b in both]))
        for role, both in parts.items()
    }


def _color_chase(cue: LampCue, beat: float, numbers: F64) -> F64:
    """Return the colours (c, 3) of cells of pixel bars: a chase along all bars.

    Args:
        numbers: (c,) places of the cells along the bars, in cells.
    """
    turn = (numbers - cue.speed * beat) / (2.0 * BAR_CELLS)
    crest = (0.5 + 0.5 * np.cos(math.tau * turn)) ** 3
    colors = np.array(cue.colors, np.float64)
    where = (turn % 1.0) * len(colors)
    low = where.astype(np.intp) % len(colors)
    share = (where - np.floor(where))[:, None]
    color = colors[low] * (1.0 - share) + colors[(low + 1) % len(colors)] * share
    return np.asarray(cue.level * (0.06 + 0.94 * crest)[:, None] * color)


def _place_cells(place: LampPlace) -> tuple[F64, F64, F64]:
    """Return position (c, 3), direction (c, 3) and size (c, 2) of a fixture's cells, metres."""
    direction = np.array(place.direction)
    level = np.array((direction[2], 0.0, -direction[0]))
    length = float(np.linalg.norm(level))
    right = level / length if length > 1e-6 else np.array((1.0, 0.0, 0.0))
    up = np.cross(direction, right)
    match place.kind:
        case LampKind.STROBE:
            offsets, size = [(0.0, 0.0)], (0.50, 0.16)
        case LampKind.BLINDER:
            offsets = [(x, y) for y in (-0.13, 0.13) for x in (-0.13, 0.13)]
            size = (0.20, 0.20)
        case LampKind.PIXEL_BAR:
            step = BAR_M / BAR_CELLS
            offsets = [((n - (BAR_CELLS - 1) / 2.0) * step, 0.0) for n in range(BAR_CELLS)]
            size = (0.8 * step, 0.06)
    rows = np.array(offsets)
    positions = np.array(place.position) + rows[:, :1] * right + rows[:, 1:] * up
    return positions, np.tile(direction, (len(rows), 1)), np.tile(size, (len(rows), 1))


def _make_empty(width: int) -> F32:
    return np.zeros((0, width), np.float32)
