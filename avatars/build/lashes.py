"""Lashes as an artist draws them: a dark line along each lid that grows into a wing.

The source's lashes are single hairs, far too fine for a drawn face, but their roots are the best
account of where the lid's rim runs. A smooth curve is laid through the roots, at rest and, by the
same linear map, in every face shape, so that the line stays smooth while the lid closes.
"""

from __future__ import annotations

import numpy as np

from avatars.build.body import Body
from avatars.build.geometry import Piece, joined, nearest, smoothstep
from avatars.build.landmarks import Landmarks
from avatars.build.source import Floats, Ints, Source
from avatars.names import ARKIT_INDEX, BONE_INDEX

_UPPER = (12, 14, 11, 10, 9, 1, 0, 2, 3, 4, 5, 6, 7)
_LOWER = (9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
"""Roots from the inner to the outer corner of the left eye, in the order of the lashes' group."""

_POINTS = 15
_DEGREE = 5


def lid_rim(source: Source, side: str, *, upper: bool) -> Ints:
    """The source's vertices (k,) along a lid's rim, from the inner to the outer corner.

    Args:
        side: "l" or "r".
    """
    name = f"helper-{{}}-eyelashes-{2 if upper else 1}"
    left = np.unique(source.base.groups[name.format("l")].corners)
    rim: Ints = left[np.array(_UPPER if upper else _LOWER)]
    if side == "l":
        return rim
    right = np.unique(source.base.groups[name.format("r")].corners)
    mirrored = source.base.position[rim] * np.array([-1.0, 1.0, 1.0])
    rows, _ = nearest(mirrored, source.base.position[right], 1)
    mirror: Ints = right[rows[:, 0]]
    return mirror


def lashes(source: Source, body: Body, marks: Landmarks, weight: float) -> Piece:
    """Both eyes' lashes, without a layout.

    Args:
        weight: how thick they are drawn; 1 is a made-up eye.
    """
    pieces = []
    for side, name in (("l", "Left"), ("r", "Right")):
        out = 1.0 if side == "l" else -1.0
        closing = ARKIT_INDEX["eyeBlink" + name]
        for upper in (True, False):
            rim = lid_rim(source, side, upper=upper)
            curve, shapes = _smoothed(body.position[rim], body.shapes[:, rim])
            if upper:
                pieces.append(_upper(curve, shapes, out, marks.unit, weight, closing))
            else:
                pieces.append(_lower(curve, shapes, out, marks.unit, weight))
    return joined(pieces)


def _smoothed(points: Floats, shapes: Floats) -> tuple[Floats, Floats]:
    """A polynomial through points (k, 3) by least squares, at _POINTS places; shapes likewise."""
    length = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    t = 2.0 * length / length[-1] - 1.0
    fit = np.linalg.pinv(np.vander(t, _DEGREE + 1))
    through = np.vander(np.linspace(-1.0, 1.0, _POINTS), _DEGREE + 1) @ fit
    return through @ points, np.einsum("pk,skc->spc", through, shapes)


def _ribbon(inner: Floats, outer: Floats, inner_shapes: Floats, outer_shapes: Floats) -> Piece:
    count = len(inner)
    a = np.arange(count - 1)
    triangles = np.concatenate(
        (np.stack((a, a + 1, a + count + 1), 1), np.stack((a, a + count + 1, a + count), 1))
    )
    weights = np.zeros((2 * count, 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    return Piece(
        np.concatenate((inner, outer)),
        np.tile([0.0, 0.0, 1.0], (2 * count, 1)),
        np.full((2 * count, 2), 0.5),
        weights,
        triangles,
        np.concatenate((inner_shapes, outer_shapes), axis=1),
    )


def _upper(
    curve: Floats, shapes: Floats, out: float, unit: float, weight: float, closing: int
) -> Piece:
    t = np.linspace(0.0, 1.0, _POINTS)
    thick = weight * unit * (0.018 + 0.060 * smoothstep(0.0, 0.55, t))
    wing = weight * unit * 0.105 * smoothstep(0.72, 1.0, t)
    fall = 1.0 - 0.75 * smoothstep(0.86, 1.0, t)
    root = curve + np.array([0.0, -0.014, 0.050]) * unit
    reach = np.stack((out * wing, thick * fall + 0.35 * wing, 0.9 * thick - 0.3 * wing), axis=1)
    turned = np.zeros_like(shapes)
    # A closed eye's lashes point down.
    turned[closing, :, 1] = -1.45 * reach[:, 1] - 0.1 * wing
    turned[closing, :, 2] = 0.06 * unit
    line = _ribbon(
        root, root + reach, shapes + 0.5 * turned * np.array([0.0, 0.0, 1.0]), shapes + turned
    )
    return joined([line, *_spikes(root, reach, shapes, turned, out, unit * weight)])


def _spikes(
    root: Floats, reach: Floats, shapes: Floats, turned: Floats, out: float, unit: float
) -> list[Piece]:
    """Single lashes that stand out from the line's outer part."""
    spikes = []
    for place, length in ((10, 0.055), (12, 0.075)):
        foot = slice(place - 1, place + 1)
        tip = (root + reach)[place] + np.array([0.75 * out, 0.62, 0.1]) * length * unit
        moved = shapes[:, place] + turned[:, place]
        # It falls with the line and ends as far below it.
        moved = moved + np.where(
            turned[:, place, 1:2] != 0.0, [0.0, -0.9 * length * unit, 0.0], 0.0
        )
        feet = 0.35 * root[foot] + 0.65 * (root + reach)[foot]
        position = np.concatenate((feet, tip[None]))
        moves = np.concatenate((shapes[:, foot] + 0.65 * turned[:, foot], moved[:, None]), axis=1)
        weights = np.zeros((3, 55))
        weights[:, BONE_INDEX["head"]] = 1.0
        spikes.append(
            Piece(
                position,
                np.tile([0.0, 0.0, 1.0], (3, 1)),
                np.full((3, 2), 0.5),
                weights,
                np.array([[0, 1, 2]]),
                moves,
            )
        )
    return spikes


def _lower(curve: Floats, shapes: Floats, out: float, unit: float, weight: float) -> Piece:
    t = np.linspace(0.0, 1.0, _POINTS)
    thick = weight * unit * 0.022 * smoothstep(0.30, 0.85, t) + 1e-5
    root = curve + np.array([0.0, 0.004, 0.045]) * unit
    reach = np.stack((out * 0.4 * thick, -thick, 0.2 * thick), axis=1)
    return _ribbon(root, root + reach, shapes, shapes)
