"""The duet's cameras and lights by the beat, as a director would call them."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Final

from renderer.stage.records import Camera, Light
from renderer.stage.rig import AMBIENT, default_lights

Point = tuple[float, float, float]

MARKS: Final = ((-0.74, 0.10), (0.74, -0.16))
"""Where the two stand, (x, z) metres: one a little before the other, so that arms stretched out
sideways pass each other."""

_LEFT, _RIGHT = MARKS[0][0], MARKS[1][0]
_ASPECT: Final = 16.0 / 9.0
"""What the shots are composed for; narrower pictures see more above and below."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera from a beat until the next shot, moving evenly from one place to another.

    Attributes:
        beat: where it is cut to.
        start, end: where the camera stands, metres.
        target: what it looks at.
        fov: vertical angle of view, degrees.
    """

    beat: float
    start: Point
    end: Point
    target: Point
    fov: float = 34.0


SHOTS: Final = (
    Shot(0, (-1.1, 0.9, 5.2), (0.0, 1.2, 3.9), (0.0, 1.0, 0.0)),
    Shot(8, (_LEFT + 0.3, 1.35, 2.9), (_LEFT, 1.35, 2.7), (_LEFT, 1.2, 0.0)),
    Shot(12, (_RIGHT - 0.3, 1.35, 2.8), (_RIGHT, 1.35, 2.6), (_RIGHT, 1.24, 0.0)),
    Shot(16, (1.4, 1.2, 3.7), (-0.4, 1.2, 3.6), (0.0, 1.02, 0.0)),
    Shot(20, (-0.7, 1.3, 4.1), (0.2, 1.2, 3.6), (0.0, 1.02, 0.0)),
    Shot(24, (_LEFT + 0.35, 1.35, 2.5), (_LEFT, 1.35, 2.35), (_LEFT, 1.24, 0.1)),
    Shot(26, (_RIGHT - 0.35, 1.35, 2.3), (_RIGHT, 1.35, 2.15), (_RIGHT, 1.24, -0.16)),
    Shot(28, (0.0, 0.40, 3.7), (0.0, 0.75, 4.0), (0.0, 1.08, 0.0), 36.0),
    Shot(32, (0.0, 1.25, 3.9), (0.0, 1.15, 3.5), (0.0, 1.02, 0.0)),
    Shot(36, (-2.0, 1.3, 3.5), (-1.6, 1.2, 3.6), (0.0, 1.04, 0.0)),
    Shot(38, (0.0, 0.50, 3.6), (0.0, 0.55, 3.3), (0.0, 1.06, 0.0), 38.0),
    Shot(40, (2.0, 1.2, 3.5), (1.6, 1.2, 3.6), (0.0, 1.04, 0.0)),
    Shot(42, (_LEFT + 0.35, 1.5, 2.1), (_LEFT + 0.1, 1.5, 1.9), (_LEFT, 1.42, 0.15), 30.0),
    Shot(44, (0.3, 1.25, 3.6), (-0.2, 1.2, 3.9), (0.0, 1.03, 0.0)),
    Shot(46.5, (_RIGHT - 0.4, 1.5, 1.8), (_RIGHT - 0.2, 1.5, 1.65), (_RIGHT, 1.44, -0.1), 30.0),
    Shot(48, (-1.5, 2.0, 4.0), (1.4, 1.8, 3.9), (0.0, 0.95, 0.0)),
    Shot(52, (0.0, 0.6, 3.8), (0.0, 0.9, 3.6), (0.0, 1.08, 0.0)),
    Shot(53, (_LEFT + 0.2, 1.45, 2.8), (_LEFT - 0.1, 1.45, 2.6), (_LEFT - 0.15, 1.34, 0.1)),
    Shot(54, (_RIGHT - 0.2, 1.45, 2.5), (_RIGHT, 1.45, 2.3), (_RIGHT + 0.1, 1.34, -0.16)),
    Shot(55, (0.5, 1.4, 3.4), (0.2, 1.35, 3.2), (0.0, 1.12, 0.0)),
    Shot(57, (0.0, 1.3, 2.9), (0.0, 1.2, 3.8), (0.0, 1.12, 0.0)),
    Shot(60, (0.0, 1.2, 3.8), (0.0, 1.2, 3.8), (0.0, 1.12, 0.0)),
)

_BEATS: Final = tuple(shot.beat for shot in SHOTS)

_HIGHLIGHTS: Final = ((32.0, 48.0), (53.0, 57.0))
"""Where the song opens out: full light, and a pulse on every beat."""
_HUSH: Final = (24.0, 31.5)
"""Where it holds its breath: the key light goes down."""

_WIDE: Final = (math.radians(17.0), math.radians(25.0))
"""Cone of the key light, which two share."""
_SPEED: Final = 4.0
"""How much faster than in a quiet show colours and beams go round."""


def camera_at(beat: float, aspect: float) -> Camera:
    """The camera on air at a beat.

    Args:
        beat: of the song.
        aspect: the picture's width over its height.
    """
    number = max(0, min(bisect_right(_BEATS, beat) - 1, len(SHOTS) - 2))
    shot = SHOTS[number]
    share = (beat - shot.beat) / (SHOTS[number + 1].beat - shot.beat)
    share = min(1.0, max(0.0, share))
    x, y, z = (a + (b - a) * share for a, b in zip(shot.start, shot.end, strict=True))
    reach = math.tan(math.radians(shot.fov) / 2.0) * max(1.0, _ASPECT / aspect)
    return Camera((x, y, z), shot.target, 2.0 * math.atan(reach))


def lights_at(beat: float, seconds: float) -> tuple[Light, ...]:
    """The house's lights, moved to the song.

    Args:
        beat: of the song.
        seconds: since its start; colours and beams go round by it.
    """
    key, fill, *coloured = default_lights(_SPEED * seconds)
    lifted = any(first <= beat < last for first, last in _HIGHLIGHTS)
    hushed = _HUSH[0] <= beat < _HUSH[1]
    pulse = math.exp(-4.0 * (beat % 1.0))
    level = 0.62 if hushed else 1.08 if lifted else 0.95
    flash = 0.75 + (0.9 if lifted else 0.35) * pulse
    return (
        replace(_scale_light(key, level), cone=_WIDE),
        _scale_light(fill, level),
        *(_scale_light(light, flash) for light in coloured),
    )


def ambient_at(beat: float) -> Point:
    """Linear RGB that reaches every surface at a beat."""
    level = 0.8 if _HUSH[0] <= beat < _HUSH[1] else 1.0
    red, green, blue = AMBIENT
    return level * red, level * green, level * blue


def _scale_light(light: Light, level: float) -> Light:
    red, green, blue = light.color
    return replace(light, color=(level * red, level * green, level * blue))
