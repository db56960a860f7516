"""Define static lights (directional lights, spots, washes and beams), and read them from nodes.

In a set's file they are nodes "lamp.KIND.ROLE.NUMBER", like its other lamps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import numpy as np

from renderer.stage.beat import pulse_at
from renderer.stage.lights.gobos import FramingBlades, Gobo
from renderer.stage.records import Beam, Color, Light, Point


class LightKind(Enum):
    """A kind of static light; values are the names in a set's file."""

    DIRECTIONAL = "directional"
    """Parallel light from far away."""
    SPOT = "spot"
    """A profile spot, which takes a gobo and framing blades."""
    WASH = "wash"
    """A soft-edged spot without either."""
    BEAM = "beam"
    """A narrow beam, visible in haze, that lights no surface."""


KEY_ROLE: Final = "key"
"""Role of the key light of toon shading, which every rig has."""
_CONES_DEG: Final = {
    LightKind.SPOT: (13.0, 21.0),
    LightKind.WASH: (15.0, 24.0),
    LightKind.BEAM: (1.0, 1.9),
}
"""Default inner and outer half angles, degrees."""
_TARGET_M: Final = 7.0
"""Default distance of the target, metres."""
_WIDEST_DEG: Final = 89.0
_BEAM_M: Final = 14.0
"""Length of a beam in the air."""


@dataclass(frozen=True, slots=True)
class LightPlace:
    """A static light.

    Attributes:
        kind: of fixture.
        role: of its group.
        position: of its lens, metres.
        target: point that it is aimed at, where it has the color of its cue, metres.
        cone: inner and outer half angles, radians; a directional light ignores them.
        casts_shadow: whether avatars occlude it.
    """

    kind: LightKind
    role: str
    position: Point
    target: Point
    cone: tuple[float, float]
    casts_shadow: bool = False


@dataclass(frozen=True, slots=True)
class LightCue:
    """A look's cue for a group of static lights.

    Attributes:
        color: linear RGB at the target.
        level: factor on it.
        pulse: amplitude of the level's pulse on the beat, as a fraction of the level.
        gobo: of spots: its name; empty for none.
        spin: rotation of the gobo, turns per beat.
        blades: framing blades of spots; None for a round one.
    """

    color: Color
    level: float = 1.0
    pulse: float = 0.0
    gobo: str = ""
    spin: float = 0.0
    blades: FramingBlades | None = None


def _degrees(inner: float, outer: float) -> tuple[float, float]:
    return math.radians(inner), math.radians(outer)


DEFAULT_LIGHTS: Final = (
    LightPlace(
        LightKind.SPOT, KEY_ROLE, (-2.2, 5.4, 6.2), (0.0, 0.9, 0.0), _degrees(13.0, 21.0), True
    ),
    LightPlace(LightKind.WASH, "fill", (3.6, 2.2, 6.0), (0.0, 1.0, 0.0), _degrees(14.0, 26.0)),
    LightPlace(
        LightKind.SPOT, "rim_left", (-3.4, 4.6, -3.4), (-0.2, 1.1, 0.0), _degrees(17.0, 25.0), True
    ),
    LightPlace(
        LightKind.SPOT, "rim_right", (3.4, 4.6, -3.4), (0.2, 1.1, 0.0), _degrees(17.0, 25.0), True
    ),
    *(
        # Aimed past the performers: each light that reaches them costs time for all their pixels.
        LightPlace(
            LightKind.WASH, "wash", (side * 5.5, 6.3, 1.6), (side * 3.6, 0.0, -2.0),
            _degrees(15.0, 24.0),
        )
        for side in (-1, 1)
    ),
)  # fmt: skip
"""Key, fill, two rims and two washes on the deck: the hall's, and those of a set without any."""


def complete_rig(places: Sequence[LightPlace]) -> tuple[LightPlace, ...]:
    """Return a rig with a key light: the default rig if empty, plus the default key if it has none.

    The key light is first.
    """
    if not places:
        return DEFAULT_LIGHTS
    keys = [place for place in places if _is_key(place)]
    others = [place for place in places if not _is_key(place)]
    return (*(keys or DEFAULT_LIGHTS[:1]), *others)


def _is_key(place: LightPlace) -> bool:
    return place.role == KEY_ROLE and place.kind is not LightKind.BEAM


def shine(
    places: Sequence[LightPlace], cues: Mapping[str, LightCue], beat: float
) -> tuple[tuple[Light, ...], tuple[Beam, ...]]:
    """Return the lights and the beams of a rig at a beat, in its order.

    Args:
        places: of the rig.
        cues: by role; lights of other roles are left out, except for the key, which is then black.
        beat: of the song.
    """
    lights, beams = [], []
    hit = pulse_at(beat, 4.0)
    for place in places:
        cue = cues.get(place.role)
        if cue is None and not _is_key(place):
            continue
        cue = cue or LightCue((0.0, 0.0, 0.0))
        level = cue.level * (1.0 - 0.5 * cue.pulse + cue.pulse * hit)
        red, green, blue = cue.color
        color = level * red, level * green, level * blue
        if place.kind is LightKind.BEAM:
            aim = np.subtract(place.target, place.position)
            dx, dy, dz = (float(part) for part in aim / np.linalg.norm(aim))
            spread = math.tan(place.cone[1])
            beams.append(Beam(place.position, (dx, dy, dz), spread, color, _BEAM_M))
            continue
        is_shaped = place.kind is LightKind.SPOT
        lights.append(
            Light(
                place.position,
                place.target,
                color,
                None if place.kind is LightKind.DIRECTIONAL else place.cone,
                place.casts_shadow,
                gobo=(
                    Gobo(cue.gobo, math.tau * (cue.spin * beat % 1.0))
                    if is_shaped and cue.gobo
                    else None
                ),
                blades=cue.blades if is_shaped else None,
            )
        )
    return tuple(lights), tuple(beams)


def read_light(kind: LightKind, role: str, matrix: Any, extras: Any) -> LightPlace:
    """Return the light of a node, which shines along its +Z.

    Args:
        matrix: (4, 4), of finite numbers, whose third column is not zero.
        extras: of the node: "cone", inner and outer half angle in degrees; "target", the distance
            in metres; "shadow", whether avatars occlude it, which is always true of a key light.
            Missing or invalid values are replaced by defaults.
    """
    extras = extras if isinstance(extras, Mapping) else {}
    along = matrix[:3, 2] / np.linalg.norm(matrix[:3, 2])
    distance = _number(extras.get("target"), 0.1, 1000.0) or _TARGET_M
    px, py, pz = (float(part) for part in matrix[:3, 3])
    tx, ty, tz = (float(part) for part in matrix[:3, 3] + distance * along)
    return LightPlace(
        kind,
        role,
        (px, py, pz),
        (tx, ty, tz),
        _cone(kind, extras.get("cone")),
        role == KEY_ROLE or extras.get("shadow") in (True, 1),
    )


def describe_light(place: LightPlace) -> dict[str, Any]:
    """Return the extras of a light's node, as `read_light` reads them."""
    distance = math.dist(place.position, place.target)
    inner, outer = (round(math.degrees(angle), 6) for angle in place.cone)
    return {"cone": [inner, outer], "target": round(distance, 6), "shadow": place.casts_shadow}


def _cone(kind: LightKind, stated: Any) -> tuple[float, float]:
    pair = list(stated) if isinstance(stated, Sequence) and not isinstance(stated, str) else []
    angles = [angle for one in pair if (angle := _number(one, 0.0, _WIDEST_DEG)) is not None]
    if len(pair) != 2 or len(angles) != 2 or not 0.0 <= angles[0] <= angles[1] or angles[1] <= 0.0:
        return _degrees(*_CONES_DEG.get(kind, (0.0, 0.0)))
    return _degrees(*angles)


def _number(value: Any, low: float, high: float) -> float | None:
    """Return a number within limits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if low <= value <= high else None
