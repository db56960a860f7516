"""Build the performer's hair: a close cap, and strands over it that soften its edge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, cut, nearest, smoothstep
from avatars.authoring.figure.landmarks import Landmarks, piece_of
from avatars.authoring.figure.paint import linear
from avatars.authoring.figure.ribbons import ribbons
from avatars.authoring.figure.source import Floats, Source
from avatars.authoring.performer.performer_looks import Look
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX

_STEPS = 8
"""Points along a strand."""
_KNOT = np.array([0.0, 0.30, -1.0])
"""Direction of the knot from the skull's centre, in its half axes."""
_CROWN = np.array([0.0, 0.86, -0.50])
"""Direction of the crown from the skull's centre, in its half axes."""


def hairline(marks: Landmarks, position: Floats) -> Floats:
    """Return heights (n,) above the hairline in eye distances; positive where hair grows."""
    q = marks.face(position)
    behind = (position[:, 2] - marks.skull[2]) / marks.unit
    angle = np.degrees(np.arctan2(np.abs(q[:, 0]), behind))
    line = np.interp(
        angle,
        [0.0, 30.0, 50.0, 70.0, 85.0, 100.0, 120.0, 180.0],
        [1.02, 0.98, 0.80, 0.35, 0.0, -0.6, -1.3, -1.6],
    )
    over: Floats = q[:, 1] - line
    return over


def hair(source: Source, body: Body, marks: Landmarks, look: Look) -> list[tuple[Piece, Floats]]:
    """Return the hair's meshes and their vertex colours (n, 3), linear RGB."""
    cap, colours = _cap(source, body, marks, look)
    scalp = _Scalp(marks, cap, look)
    rng = np.random.Generator(np.random.PCG64(7))
    out = [(cap, colours)]
    match look.style:
        case "tied":
            out += [_tie(scalp, rng, look), _knot(scalp, rng, look)]
        case "short":
            out.append(_short(scalp, rng, look))
        case "bob":
            out.append(_bob(scalp, rng, look))
    return out


def _cap(source: Source, body: Body, marks: Landmarks, look: Look) -> tuple[Piece, Floats]:
    quads = source.base.groups["body"].corners
    piece, _ = piece_of(body, marks, quads[(marks.head_share[quads] > 0.5).all(axis=1)])
    side = np.abs(piece.position[:, 0]) > 0.98 * marks.radii[0]
    ear = side & (marks.face(piece.position)[:, 1] < 0.3)
    cap = cut(piece, np.where(ear, -1.0, _over_line(marks, piece.position, look) - 0.04))
    over = np.clip(_over_line(marks, cap.position, look), 0.0, 1.0)
    # Thin at its edge, where it continues into skin painted in the hair's colour.
    cap = cap.grow((0.004 + 0.10 * over) * marks.unit)
    grain = np.random.Generator(np.random.PCG64(5)).uniform(0.75, 1.1, len(over))
    colours = np.tile(linear(look.hair), (len(over), 1)) * grain[:, None]
    return replace(cap, shapes=None), colours


def _over_line(marks: Landmarks, position: Floats, look: Look) -> Floats:
    """Return heights (n,) above the look's hairline; short hair recedes at the temples."""
    over = hairline(marks, position)
    if look.style != "short":
        return over
    aside = (np.abs(marks.face(position)[:, 0]) - 0.72) / 0.28
    lower: Floats = over - 0.17 * np.exp(-(aside**2))
    return lower


class _Scalp:
    """The cap's surface as a function of direction from the skull's centre."""

    def __init__(self, marks: Landmarks, cap: Piece, look: Look) -> None:
        self.marks = marks
        scaled = (cap.position - marks.skull) / marks.radii
        self._far = np.linalg.norm(scaled, axis=1)
        self._ways = scaled / self._far[:, None]
        self._edge = self._edges(look)

    def point(self, ways: Floats, lift: Floats | float) -> Floats:
        """Return points (..., 3) `lift` eye distances above the cap in directions (..., 3)."""
        flat = normalise(ways.reshape(-1, 3))
        rows, away = nearest(flat, self._ways, 6)
        amount = 1.0 / (away + 0.03) ** 2
        far = np.sum(amount * self._far[rows], axis=1) / amount.sum(axis=1)
        far = far.reshape(ways.shape[:-1]) + lift * self.marks.unit / self.marks.radii.mean()
        out: Floats = self.marks.skull + normalise(ways) * far[..., None] * self.marks.radii
        return out

    def edge(self, azimuth: Floats, over: Floats | float = 0.0) -> Floats:
        """Return directions (n, 3) to the hairline at azimuths (n,), raised by `over`.

        Args:
            azimuth: (n,) radians; 0 is the front.
            over: (n,) elevation above the hairline, radians.
        """
        table = np.linspace(0.0, np.pi, len(self._edge))
        height = np.interp(np.abs(azimuth), table, self._edge) + over
        level = np.cos(height)
        return np.stack((level * np.sin(azimuth), np.sin(height), level * np.cos(azimuth)), axis=-1)

    def _edges(self, look: Look) -> Floats:
        """Return the hairline's elevations (k,), radians, at azimuths from 0 to π."""
        azimuth, height = np.meshgrid(
            np.linspace(0.0, np.pi, 37), np.linspace(-1.2, 1.5, 109), indexing="ij"
        )
        ways = np.stack(
            (np.cos(height) * np.sin(azimuth), np.sin(height), np.cos(height) * np.cos(azimuth)), -1
        )
        place = self.marks.skull + ways * self.marks.radii
        over = _over_line(self.marks, place.reshape(-1, 3), look).reshape(azimuth.shape)
        first: Floats = height[0][np.argmax(over > 0.0, axis=1)]
        return first


def _ways_between(start: Floats, end: Floats, reach: Floats) -> Floats:
    """Return great-circle arcs (s, _STEPS, 3) from `start` (s, 3) towards `end` (s, 3).

    Args:
        reach: (s,) share of the arc that is covered.
    """
    start, end = normalise(start)[:, None], normalise(end)[:, None]
    t = (reach[:, None] * np.linspace(0.0, 1.0, _STEPS))[..., None]
    angle = np.arccos(np.clip(np.sum(start * end, axis=-1, keepdims=True), -0.999, 0.999))
    ways: Floats = np.sin((1.0 - t) * angle) * start + np.sin(t * angle) * end
    return normalise(ways)


def _strands(
    scalp: _Scalp, paths: Floats, rng: np.random.Generator, look: Look, width: float
) -> tuple[Piece, Floats]:
    """Return ribbons along paths (s, k, 3), randomly shaded and tapered at both ends.

    Args:
        width: maximum half width, eye distances.
    """
    count, steps = paths.shape[:2]
    t = np.linspace(0.0, 1.0, steps)
    profile = np.minimum(1.0, 0.25 + 4.0 * t) * np.minimum(1.0, 0.12 + 3.0 * (1.0 - t))
    half = rng.uniform(0.5, 1.0, (count, 1)) * profile * width * scalp.marks.unit
    outwards = normalise((paths - scalp.marks.skull) / scalp.marks.radii**2)
    along = normalise(np.gradient(paths, axis=1))
    # Tilt each ribbon a little, so that the highlights differ.
    askew = rng.uniform(-0.6, 0.6, (count, 1, 1)) * np.cross(along, outwards)
    position, triangles = ribbons(paths, normalise(outwards + askew), half)
    shade = rng.uniform(0.6, 1.5, (count, 1)) * (0.75 + 0.45 * np.sin(np.pi * t) ** 2)
    colours = np.repeat(shade.reshape(-1, 1) * np.array(linear(look.hair)), 2, axis=0)
    weights = np.zeros((len(position), 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    blank = np.zeros_like(position)
    return Piece(position, blank, blank[:, :2], weights, triangles), np.clip(colours, 0.0, 1.0)


def _tie(scalp: _Scalp, rng: np.random.Generator, look: Look) -> tuple[Piece, Floats]:
    """Return strands from the hairline and above it back to the knot."""
    count = 620
    azimuth = rng.uniform(-np.pi, np.pi, count)
    # Half of the strands start at the hairline, the others anywhere on the head.
    over = np.where(np.arange(count) % 2, rng.uniform(-0.05, 0.04, count), rng.uniform(0, 1, count))
    start = scalp.edge(azimuth, over)
    ways = _ways_between(start, np.tile(_KNOT, (count, 1)), rng.uniform(0.75, 1.0, count))
    lift = 0.015 + 0.03 * np.sin(np.pi * np.linspace(0.0, 1.0, _STEPS)) * rng.uniform(
        0.3, 1.0, (count, 1)
    )
    return _strands(scalp, scalp.point(ways, lift), rng, look, 0.030)


def _knot(scalp: _Scalp, rng: np.random.Generator, look: Look) -> tuple[Piece, Floats]:
    """Return strands wound around a ball at the back of the head."""
    count, unit = 90, scalp.marks.unit
    centre = scalp.point(_KNOT[None], 0.30)[0]
    axis = normalise(rng.standard_normal((count, 3)) * [0.5, 0.5, 1.0])
    first = normalise(np.cross(axis, rng.standard_normal((count, 3))))
    second = np.cross(axis, first)
    angle = np.linspace(0.0, 2.6, _STEPS)[:, None]
    ring = first[:, None] * np.cos(angle) + second[:, None] * np.sin(angle)
    paths = centre + ring * unit * np.array([0.50, 0.50, 0.38])
    t = np.ones((count, _STEPS)) * 0.07 * unit
    position, triangles = ribbons(paths, ring, t)
    shade = np.repeat(rng.uniform(0.6, 1.4, count), 2 * _STEPS)[:, None]
    weights = np.zeros((len(position), 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    blank = np.zeros_like(position)
    piece = Piece(position, blank, blank[:, :2], weights, triangles)
    return piece, shade * np.array(linear(look.hair))


def _short(scalp: _Scalp, rng: np.random.Generator, look: Look) -> tuple[Piece, Floats]:
    """Return short strands pointing away from the crown, ragged at the hairline."""
    count = 900
    azimuth = rng.uniform(-np.pi, np.pi, count)
    end = scalp.edge(azimuth, np.where(rng.random(count) < 0.5, 0.0, rng.uniform(0, 0.9, count)))
    ways = _ways_between(np.tile(_CROWN, (count, 1)), end, rng.uniform(0.88, 1.03, count))
    # Use only the last part of each arc: short hair does not reach from crown to hairline.
    t = np.linspace(0.0, 1.0, _STEPS)
    late = _ways_between(ways[:, 3], ways[:, -1], np.ones(count))
    lift = 0.02 + 0.10 * np.sin(np.pi * (0.15 + 0.75 * t)) * rng.uniform(0.3, 1.0, (count, 1))
    return _strands(scalp, scalp.point(late, lift), rng, look, 0.032)


def _bob(scalp: _Scalp, rng: np.random.Generator, look: Look) -> tuple[Piece, Floats]:
    """Return strands from a centre parting over the temples, hanging to the jaw."""
    count, unit = 900, scalp.marks.unit
    side = np.where(np.arange(count) % 2, 1.0, -1.0)
    back = rng.uniform(0.0, 1.0, count)
    front, nape = scalp.edge(np.zeros(1), 0.03)[0], normalise(np.array([0.0, 0.55, -1.0]))
    start = front * (1.0 - back)[:, None] + nape * back[:, None]
    start[:, 1] += 0.9 * np.sin(np.pi * back)
    start[:, 0] += side * rng.uniform(0.005, 0.05, count)
    azimuth = side * (1.12 + 2.1 * back + rng.uniform(-0.08, 0.08, count))
    end = np.stack((np.sin(azimuth), np.full(count, -0.05), np.cos(azimuth)), axis=-1)
    ways = _ways_between(start, end, np.ones(count))
    # Lift the strands at the sides so that they clear the ears.
    wide = 0.14 + 0.20 * np.exp(-(((np.abs(azimuth) - 1.6) / 0.45) ** 2))
    rise = smoothstep(0.0, 0.8, np.linspace(0.0, 1.0, _STEPS))
    lift = 0.03 + rise * (wide * rng.uniform(0.6, 1.0, count))[:, None]
    upper = scalp.point(ways, lift)
    t = np.linspace(0.0, 1.0, 6)[1:, None]
    fall = rng.uniform(1.30, 1.65, count)[:, None, None] * unit * t
    hanging = upper[:, -1:] - fall * [0.0, 1.0, 0.0]
    hanging += (scalp.marks.skull - hanging) * [1.0, 0.0, 1.0] * 0.18 * t**1.5
    return _strands(scalp, np.concatenate((upper, hanging), axis=1), rng, look, 0.034)
