"""Run the lights of a concert: looks fade over a song's sections, moving heads follow them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from renderer.stage.fixtures import HeadGoals, MovingHeads
from renderer.stage.looks import GroupCue, Look, Pattern, blend
from renderer.stage.records import Beam, Color, Light, Point

if TYPE_CHECKING:  # The set reader would load trimesh.
    from renderer.stage.set import FixturePlace

F64 = npt.NDArray[np.float64]

DECK: Final = ((-7.4, 7.4), (-4.9, 2.3))
"""x and z of the deck, on which beams leave pools of light, metres."""
MOST_POOLS: Final = 4
"""The brightest pools are lit, so that a processor bears them."""
BEHIND_Z: Final = -1.95
"""Beams land 1.7 to 2.2 m behind the performers: one before a face greys it."""
SWAY_LEAD_S: Final = 0.12
"""Seconds by which goals run ahead of the beat, for heads lag behind them."""
RESTART_S: Final = 1.0
"""A longer gap between two frames, or time running back, sets heads to their goals."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a song.

    Attributes:
        beat: where it begins.
        look: its look.
        fade: beats in which the look before fades into it.
    """

    beat: float
    look: Look
    fade: float = 1.0


def look_at_beat(sections: Sequence[Section], beat: float) -> Look:
    """Return the look of a beat; before the first section its look stands already."""
    number = max((n for n, one in enumerate(sections) if one.beat <= beat), default=0)
    section = sections[number]
    if number == 0 or section.fade <= 0.0:
        return section.look
    share = min((beat - section.beat) / section.fade, 1.0)
    return blend(sections[number - 1].look, section.look, share * share * (3.0 - 2.0 * share))


class LightingRig:
    """The fixtures of a hall, from frame to frame.

    Args:
        places: of the moving heads.
    """

    def __init__(self, places: Sequence[FixturePlace]) -> None:
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
        """Move the heads to a frame's time and return what shines then.

        Args:
            look: of this frame.
            beat: of the song.
            seconds: of the same clock from frame to frame.
            beats_a_second: the song's tempo.
            faces: of the performers, for follow spots.

        Returns:
            Lights: key, fill, rims, washes, then pools of beams on the deck; and all beams.
        """
        goals = self._goals(look, beat + SWAY_LEAD_S * beats_a_second, faces)
        passed = -1.0 if self._seconds is None else seconds - self._seconds
        if 0.0 <= passed <= RESTART_S:
            self._heads.advance(goals, passed)
        else:
            self._heads.jump(goals)
        self._seconds = seconds
        beams = self._beams(look, beat)
        return (*stage_lights(look, beat), *_pools(look, beams)), beams

    def _goals(self, look: Look, beat: float, faces: Sequence[Point]) -> HeadGoals:
        targets = self._pivots + np.array((0.0, -1.0, 0.0))
        spread = np.full(len(targets), 0.04)
        for role, numbers in self._numbers.items():
            cue = look.heads.get(role)
            if cue is not None:
                targets[numbers] = _aims(cue, self._pivots[numbers], beat, faces)
                spread[numbers] = cue.spread
        return HeadGoals(targets, spread)

    def _beams(self, look: Look, beat: float) -> tuple[Beam, ...]:
        lenses, directions = self._heads.lenses().tolist(), self._heads.directions().tolist()
        beams = []
        for role, numbers in sorted(self._numbers.items()):
            cue = look.heads.get(role)
            if cue is None:
                continue
            for place, number in enumerate(numbers.tolist()):
                level = cue.level * (1.0 - cue.pulse + cue.pulse * math.exp(-3.0 * (beat % 1.0)))
                color = cue.colors[_mirror(place, len(numbers)) % len(cue.colors)]
                is_follow = cue.pattern is Pattern.FOLLOW
                beams.append(
                    Beam(
                        tuple(lenses[number]), tuple(directions[number]),
                        float(self._heads.spread[number]), _scale(color, level),
                        30.0 if is_follow else 14.0, 0.25 if is_follow else 1.0,
                    )
                )  # fmt: skip
        return tuple(beams)


def stage_lights(look: Look, beat: float) -> tuple[Light, ...]:
    """Return the lights that do not move: key, fill, two rims, two washes on the deck.

    Washes are aimed past the performers, whom four lights reach: each more costs all their pixels.
    """
    pulse = 0.85 + 0.3 * math.exp(-4.0 * (beat % 1.0))
    key = Light((-2.2, 5.4, 6.2), (0.0, 0.9, 0.0), look.key, _cone(13.0, 21.0), casts_shadow=True)
    fill = Light((3.6, 2.2, 6.0), (0.0, 1.0, 0.0), look.fill, _cone(14.0, 26.0))
    rims = (
        Light((-3.4, 4.6, -3.4), (-0.2, 1.1, 0.0), look.rim_left, _cone(17.0, 25.0)),
        Light((3.4, 4.6, -3.4), (0.2, 1.1, 0.0), look.rim_right, _cone(17.0, 25.0)),
    )
    wash = _scale(look.wash, pulse)
    washes = (
        Light((side * 5.5, 6.3, 1.6), (side * 3.6, 0.0, -2.0), wash, _cone(15.0, 24.0))
        for side in (-1, 1)
    )
    return (key, fill, *rims, *washes)


def _aims(cue: GroupCue, pivots: F64, beat: float, faces: Sequence[Point]) -> F64:
    """Return the aims (n, 3) of a group of heads."""
    sway = cue.sway * math.sin(math.tau * beat / cue.period)
    out = pivots.copy()
    x = pivots[:, 0]
    side = np.where(x > 0.0, 1.0, -1.0)
    order = np.arange(len(pivots))
    match cue.pattern:
        case Pattern.FAN:
            # The four in the middle fall behind the performers, the outer ones fan out.
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
        case Pattern.SWEEP:
            out[:, 0] = 0.8 * x + sway * np.where(order % 2 == 0, 1.0, -1.0)
            out[:, 1] = -1.8
            out[:, 2] -= 3.0
        case Pattern.FOLLOW:
            for number in range(len(pivots)):
                face = faces[number % len(faces)] if faces else (0.0, 1.4, 0.0)
                out[number] = face[0], face[1] - 0.4, face[2]
    return out


def _pools(look: Look, beams: Sequence[Beam]) -> tuple[Light, ...]:
    """Return the pools that the brightest beams leave on the deck."""
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
            color = _scale(beam.color, look.pool)
            cone = (0.6 * angle, 1.5 * angle)
            pools.append(Light(beam.apex, (x, 0.0, z), color, cone, range_m=far + 3.0))
    pools.sort(key=lambda light: -max(light.color))
    return tuple(pools[:MOST_POOLS])


def _mirror(place: int, count: int) -> int:
    """Return a place counted from the nearer end, so that both halves of a row match."""
    return min(place, count - 1 - place)


def _scale(color: Color, level: float) -> Color:
    red, green, blue = color
    return level * red, level * green, level * blue


def _cone(inner: float, outer: float) -> tuple[float, float]:
    return math.radians(inner), math.radians(outer)
