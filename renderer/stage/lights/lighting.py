"""Run the lights of a concert: cross-fade looks by song section, and drive the moving heads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from renderer.stage.beat import pulse_at
from renderer.stage.lights.fixtures import HeadGoals, MovingHeads
from renderer.stage.lights.looks import GroupCue, Look, Pattern, blend
from renderer.stage.records import Beam, Color, Light, Point
from renderer.stage.sets.lights import LightPlace, complete_rig, shine

if TYPE_CHECKING:  # The set reader would load trimesh.
    from renderer.stage.sets.stage_set import FixturePlace

F64 = npt.NDArray[np.float64]

DECK: Final = ((-7.4, 7.4), (-4.9, 2.3))
"""x and z range of the deck, on which beams cast pools of light, metres."""
MOST_POOLS: Final = 4
"""Maximum number of pools, gobos first, then the brightest: each costs time on a software
rasteriser."""
GOBO_POOL: Final = 7.0
"""Factor on the light of a pool with a gobo; the deck reflects only three hundredths."""
BEHIND_Z: Final = -1.95
"""z at which beams land, 1.7 to 2.2 m behind the performers: a beam in front of a face would grey
it."""
FOLLOW_INNER: Final = 0.35
"""Inner angle of a follow spot, as a fraction of its outer one: a soft edge."""
FOLLOW_HEIGHT: Final = 0.66
"""Height of its aim, as a fraction of the face's: the disc then ends at the feet, where the pool on
the deck begins."""
DIM_SPEEDS: Final = (1.5, 2.8)
"""Angular speeds between which a head dims, radians per second: it sways with full light, and turns
to a new look without a beam that flashes across the camera."""
DIMMED: Final = 0.08
"""Level of a head at the upper one."""
SWAY_LEAD_S: Final = 0.12
"""Lead of the targets over the beat, seconds: compensates for the lag of the heads."""
RESTART_S: Final = 1.0
"""Longest time between two frames, seconds; after a longer one, or if time runs backwards, heads
jump to their targets."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a song.

    Attributes:
        beat: at which it starts.
        look: its look.
        fade: duration of the cross-fade from the previous look, beats.
    """

    beat: float
    look: Look
    fade: float = 1.0


def look_at_beat(sections: Sequence[Section], beat: float) -> Look:
    """Return the look at a beat; before the first section, its look."""
    number = max((n for n, one in enumerate(sections) if one.beat <= beat), default=0)
    section = sections[number]
    if number == 0 or section.fade <= 0.0:
        return section.look
    share = min((beat - section.beat) / section.fade, 1.0)
    return blend(sections[number - 1].look, section.look, share * share * (3.0 - 2.0 * share))


class LightingRig:
    """The fixtures of a hall, with their state from frame to frame.

    Args:
        places: of the moving heads.
        lights: that stand still; the default rig if empty, its key if none is a key.
    """

    def __init__(self, places: Sequence[FixturePlace], lights: Sequence[LightPlace] = ()) -> None:
        self._lights = complete_rig(lights)
        self._roles = [place.role for place in places]
        self._pivots = np.array([place.position for place in places], np.float64).reshape(-1, 3)
        self._heads = MovingHeads(self._pivots)
        self._seconds: float | None = None
        self._numbers = {
            role: np.flatnonzero(np.array(self._roles) == role) for role in set(self._roles)
        }

    def advance(
        self, look: Look, beat: float, seconds: float, beats_a_second: float, faces: Sequence[Point]
    ) -> tuple[tuple[Light, ...], tuple[Beam, ...]]:
        """Advance the heads to a frame's time and return lights and beams.

        Args:
            look: of this frame.
            beat: of the song.
            seconds: time of the frame, of a clock that is the same for all frames.
            beats_a_second: tempo of the song.
            faces: positions of the performers' faces, for follow spots.

        Returns:
            The lights (key, other static lights, follow spots, then pools of beams on the deck) and
            all beams.
        """
        goals = self._compute_goals(look, beat + SWAY_LEAD_S * beats_a_second, faces)
        passed = -1.0 if self._seconds is None else seconds - self._seconds
        if 0.0 <= passed <= RESTART_S:
            self._heads.advance(goals, passed)
        else:
            self._heads.jump(goals)
        self._seconds = seconds
        beams = self._make_beams(look, beat)
        lights, still_beams = shine(self._lights, look.lights, beat)
        follows = self._make_follow_lights(look, beams, faces)
        return (*lights, *follows, *_make_pools(look, beams)), (*beams, *still_beams)

    def _make_follow_lights(
        self, look: Look, beams: Sequence[Beam], faces: Sequence[Point]
    ) -> tuple[Light, ...]:
        """Return the light of follow spots on the performers and on the deck around them.

        Only the first spot on each performer is a light: each light costs time for all pixels.
        """
        lights: dict[int, Light] = {}
        first = 0
        for role, numbers in sorted(self._numbers.items()):
            cue = look.heads.get(role)
            if cue is None:
                continue
            own = beams[first : first + len(numbers)]
            first += len(numbers)
            if cue.pattern is not Pattern.FOLLOW or not faces:
                continue
            for place, beam in enumerate(own):
                number = place % len(faces)
                if number in lights:
                    continue
                far = math.dist(beam.apex, _follow_aim(faces[number]))
                x, y, z = (a + far * d for a, d in zip(beam.apex, beam.direction, strict=True))
                outer = math.atan(beam.spread)
                lights[number] = Light(
                    beam.apex,
                    (x, y, z),
                    _scale(beam.color, cue.throw),
                    (FOLLOW_INNER * outer, outer),
                    gobo=beam.gobo,
                    blades=beam.blades,
                )
        return tuple(lights.values())

    def _compute_goals(self, look: Look, beat: float, faces: Sequence[Point]) -> HeadGoals:
        targets = self._pivots + np.array((0.0, -1.0, 0.0))
        spread = np.full(len(targets), 0.04)
        for role, numbers in self._numbers.items():
            cue = look.heads.get(role)
            if cue is not None:
                targets[numbers] = _compute_aims(cue, self._pivots[numbers], beat, faces)
                spread[numbers] = cue.spread
        return HeadGoals(targets, spread)

    def _make_beams(self, look: Look, beat: float) -> tuple[Beam, ...]:
        lenses, directions = (
            self._heads.compute_lenses().tolist(),
            self._heads.compute_directions().tolist(),
        )
        spreads = self._heads.spread.tolist()
        dimmed = np.interp(self._heads.compute_speeds(), DIM_SPEEDS, (1.0, DIMMED)).tolist()
        beams = []
        for role, numbers in sorted(self._numbers.items()):
            cue = look.heads.get(role)
            if cue is None:
                continue
            level = cue.level * (1.0 - cue.pulse + cue.pulse * pulse_at(beat, 3.0))
            iris = max(cue.iris, 0.02)
            length, haze = (30.0, 0.25) if cue.pattern is Pattern.FOLLOW else (14.0, 1.0)
            for place, number in enumerate(numbers.tolist()):
                color = cue.colors[_mirror(place, len(numbers)) % len(cue.colors)]
                beams.append(
                    Beam(
                        tuple(lenses[number]), tuple(directions[number]), iris * spreads[number],
                        _scale(color, level * dimmed[number]), length, haze,
                        cue.gobo_at(beat, place), cue.blades,
                    )
                )  # fmt: skip
        return tuple(beams)


def _compute_aims(cue: GroupCue, pivots: F64, beat: float, faces: Sequence[Point]) -> F64:
    """Return the aims (n, 3) of a group of heads."""
    sway = cue.sway * math.sin(math.tau * beat / cue.period)
    out = pivots.copy()
    x = pivots[:, 0]
    side = np.where(x > 0.0, 1.0, -1.0)
    order = np.arange(len(pivots))
    match cue.pattern:
        case Pattern.FAN:
            # The middle four aim behind the performers, the outer ones fan out.
            inner = np.abs(x) < 4.0
            out[:, 0] = np.where(inner, 0.85 * x + 0.3 * side * sway, 1.75 * x + side * sway)
            out[:, 1] = np.where(inner, 0.0, 11.0)
            out[:, 2] = np.where(inner, BEHIND_Z, 6.5)
        case Pattern.BEHIND:
            out[:, 0] = 0.7 * x + sway
            out[:, 1:] = 0.0, BEHIND_Z
        case Pattern.CROSS:
            step = order % 3
            out[:, 0] = -side * (2.5 + 1.6 * step) + sway
            out[:, 1] = 6.9 - 0.5 * step + 0.3 * sway
            out[:, 2] = -3.0
        case Pattern.SIDES:
            out[:, 0] = np.where(np.abs(x) > 2.0, 1.5 * x + 0.8 * sway, 4.0 * x)
            out[:, 1:] = 0.0, -2.2
        case Pattern.FLOOR:
            out[:, 0] = side * (2.35 + 0.34 * np.abs(x)) + 0.3 * sway
            out[:, 1:] = 0.0, 0.3
        case Pattern.SWEEP:
            out[:, 0] = 0.8 * x + sway * np.where(order % 2 == 0, 1.0, -1.0)
            out[:, 1] = -1.8
            out[:, 2] -= 3.0
        case Pattern.FOLLOW:
            for number in range(len(pivots)):
                face = faces[number % len(faces)] if faces else (0.0, 1.4, 0.0)
                out[number] = _follow_aim(face)
    return out


def _follow_aim(face: Point) -> Point:
    """Return the aim of a follow spot: the middle of the performer's body."""
    x, y, z = face
    return x, FOLLOW_HEIGHT * y, z


def _make_pools(look: Look, beams: Sequence[Beam]) -> tuple[Light, ...]:
    """Return the pools that the brightest beams cast on the deck."""
    (left, right), (back, front) = DECK
    pools = []
    for beam in beams:
        fall = -beam.direction[1]
        if fall < 0.25 or not beam.haze >= 1.0:
            continue
        far = beam.apex[1] / fall
        x, z = (beam.apex[k] + far * beam.direction[k] for k in (0, 2))
        if left < x < right and back < z < front:
            angle = math.atan(beam.spread)
            # A profile spot is brighter than a beam of the same look, so that its gobo is visible.
            color = _scale(beam.color, look.pool * (1.0 if beam.gobo is None else GOBO_POOL))
            # A gobo has a sharp edge: limit its disc, so that it does not reach a performer.
            inner, outer = (0.6, 1.5) if beam.gobo is None else (0.88, 1.0)
            cone = (inner * angle, outer * angle)
            pools.append(
                Light(
                    beam.apex,
                    (x, 0.0, z),
                    color,
                    cone,
                    range_m=far + 3.0,
                    gobo=beam.gobo,
                    blades=beam.blades,
                )
            )
    pools.sort(key=lambda one: (one.gobo is None, -max(one.color), abs(one.position[0])))
    return tuple(pools[:MOST_POOLS])


def _mirror(place: int, count: int) -> int:
    """Return an index counted from the nearer end, so that both halves of a row match."""
    return min(place, count - 1 - place)


def _scale(color: Color, level: float) -> Color:
    red, green, blue = color
    return level * red, level * green, level * blue


def _cone(inner: float, outer: float) -> tuple[float, float]:
    return math.radians(inner), math.radians(outer)
