"""Build stylised lashes: a dark line along each lid that ends in a wing.

The source's lashes are single hairs, too fine for a stylised face, but their roots mark the rim of
the lid most accurately. A smooth curve is fitted to the roots, at rest and, by the same linear
map, in every ARKit shape, so that the line stays smooth while the lid closes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, join, nearest, nearest_weights, smoothstep
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.source import BODY, Floats, Ints, Source
from avatars.names import ARKIT_INDEX, BONE_INDEX

_UPPER = (12, 14, 11, 10, 9, 1, 0, 2, 3, 4, 5, 6, 7)
_LOWER = (9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
"""Lash roots from the inner to the outer corner of the left eye, as indices into the lash group's
ascending vertices."""

_POINTS = 25
"""Points along each smoothed curve."""
_DEGREE = 5
"""Degree of the polynomial fitted to a rim."""
_FOLD = 0.150
"""Height of the lid fold above the rim, eye distances."""

_FOLD_THICK = 0.026
"""Height of the lid fold's line, eye distances: a thinner one breaks into dots on a stage."""

_CLOSED_THICK = 0.075
"""Height of a closed eye's line where it is thickest, eye distances."""

_BEFORE_LID = (0.085, 0.105)
"""Distance of the lower and upper edge of a closed eye's line in front of the seam of the lids, eye
distances: the upper lid bulges over it."""

_LID_EDGE = 0.018
"""Half the height of the lower lid's edge, eye distances."""


@dataclass(frozen=True, slots=True)
class Lash:
    """Parameters of the lashes.

    Attributes:
        thick: factor on the line's thickness; 1 is an eye with make-up.
        wing: factor on the length of the wing beyond the eye; 1 is an eye with make-up, 0 none.
    """

    thick: float = 1.0
    wing: float = 1.0


def lid_rim(source: Source, side: str, *, upper: bool) -> Ints:
    """Return the source vertex indices (k,) along a lid's rim, from inner to outer corner.

    Args:
        side: "l" or "r".
        upper: whether to return the upper lid's rim or the lower one's.
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


def lashes(source: Source, body: Body, marks: Landmarks, lash: Lash) -> Piece:
    """Build the lashes of both eyes; all UVs are (0.5, 0.5) and are set by the caller."""
    pieces = []
    for side, name in (("l", "Left"), ("r", "Right")):
        out = 1.0 if side == "l" else -1.0
        closing = ARKIT_INDEX["eyeBlink" + name]
        for upper in (True, False):
            curve, shapes = _smooth(*_rim(source, body, side, upper=upper))
            if upper:
                pieces.append(_upper(curve, shapes, out, marks.unit, lash, closing))
            else:
                pieces.append(_lower(curve, shapes, out, marks.unit, lash.thick, closing))
    return join(pieces)


def _rim(source: Source, body: Body, side: str, *, upper: bool) -> tuple[Floats, Floats]:
    rows = lid_rim(source, side, upper=upper)
    return body.position[rows], body.shapes[:, rows]


def lid_folds(source: Source, body: Body, marks: Landmarks) -> Piece:
    """Build the fold of each upper lid: a fine line above the lashes that moves with the skin."""
    pieces = []
    for side in ("l", "r"):
        rim, _ = _smooth(*_rim(source, body, side, upper=True))
        t = np.linspace(0.0, 1.0, _POINTS)
        place = rim[3:-2] + np.array([0.0, _FOLD, 0.0]) * marks.unit
        place[:, 1] += 0.03 * marks.unit * smoothstep(0.3, 0.9, t[3:-2])
        # Exclude the socket's lining, which is deeper.
        before = body.position[BODY][:, 2] > rim[:, 2].mean() - 0.15 * marks.unit
        skin = np.flatnonzero((marks.head_share[BODY] > 0.5) & before)
        rows, amount = nearest_weights(place[:, :2], body.position[skin][:, :2], 6)
        front = body.position[skin[rows]][..., 2]
        amount = amount * np.exp(-(((front - front.max(axis=1, keepdims=True)) / 0.004) ** 2))
        amount /= amount.sum(axis=1, keepdims=True)
        place[:, 2] = (amount * front).sum(axis=1) + 0.02 * marks.unit
        moves = np.einsum("pk,spkc->spc", amount, body.shapes[:, skin[rows]])
        line, moves = _smooth(place, moves)
        # A closed eye shows no fold: move it behind the lid.
        closing = ARKIT_INDEX["eyeBlinkLeft" if side == "l" else "eyeBlinkRight"]
        moves[closing, :, 2] -= 0.16 * marks.unit
        thick = _FOLD_THICK * marks.unit * np.sin(np.pi * np.linspace(0.0, 1.0, len(line))) ** 0.7
        up = np.stack((np.zeros_like(thick), thick, np.zeros_like(thick)), axis=1)
        pieces.append(_ribbon(line, line + up, moves, moves))
    return join(pieces)


def lower_lids(source: Source, body: Body, marks: Landmarks) -> Piece:
    """Build the edges of the lower lids: bands that cover the seam of lid, lining and eyeball."""
    pieces = []
    for side, name in (("l", "Left"), ("r", "Right")):
        # Start at the upper lid's inner end, so that the band covers the inner corner.
        corner = lid_rim(source, side, upper=True)[:1]
        rows = np.concatenate((corner, lid_rim(source, side, upper=False)))
        curve, shapes = _smooth(body.position[rows], body.shapes[:, rows])
        shapes[ARKIT_INDEX["eyeBlink" + name], :, 2] -= 0.08 * marks.unit
        high = _LID_EDGE * marks.unit * smoothstep(1.0, 0.85, np.linspace(0.0, 1.0, _POINTS)) + 1e-5
        across = _across(curve, 1.0 if side == "l" else -1.0) * high[:, None]
        middle = curve + np.array([0.0, 0.0, 0.045]) * marks.unit
        pieces.append(_ribbon(middle - across, middle + across, shapes, shapes))
    return join(pieces)


def _smooth(points: Floats, shapes: Floats) -> tuple[Floats, Floats]:
    """Fit a polynomial to points by least squares and sample it, with the same map for shapes.

    Args:
        points: (k, 3) along a curve.
        shapes: (52, k, 3) displacements of the points.

    Returns:
        Points (_POINTS, 3) and displacements (52, _POINTS, 3).
    """
    length = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    t = 2.0 * length / length[-1] - 1.0
    fit = np.linalg.pinv(np.vander(t, _DEGREE + 1))
    through = np.vander(np.linspace(-1.0, 1.0, _POINTS), _DEGREE + 1) @ fit
    return through @ points, np.einsum("pk,skc->spc", through, shapes)


def _across(curve: Floats, out: float) -> Floats:
    """Return unit vectors (k, 3) perpendicular to a curve in the xy plane, pointing upwards.

    Args:
        out: 1 if the curve runs to the figure's left, −1 if to its right.
    """
    tangent = np.gradient(curve[:, :2], axis=0) * out
    square = np.column_stack((-tangent[:, 1], tangent[:, 0], np.zeros(len(curve))))
    unit: Floats = square / np.linalg.norm(square, axis=1, keepdims=True)
    return unit


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
    curve: Floats, shapes: Floats, out: float, unit: float, lash: Lash, closing: int
) -> Piece:
    """Build the upper lash line: thin at the nose, thick above the iris, ending in a wing."""
    t = np.linspace(0.0, 1.0, _POINTS)
    size = lash.thick * unit
    thick = size * (0.030 + 0.052 * smoothstep(0.0, 0.45, t) - 0.038 * smoothstep(0.65, 1.0, t))
    # Perpendicular to the rim: a vertical offset would separate the line from the lid's corners.
    across = _across(curve, out)
    outside = smoothstep(0.45, 0.65, t) * smoothstep(1.0, 0.9, t)
    covers = unit * (0.020 + 0.032 * smoothstep(0.0, 0.4, t) + 0.018 * outside)
    root = curve - across * covers[:, None] + np.array([0.0, 0.0, 0.055]) * unit
    reach = across * thick[:, None] + np.array([0.0, 0.0, 0.85]) * thick[:, None]
    seam = curve + shapes[closing]
    low, high = _closed_line(seam, t, lash.thick * unit, unit)
    inner, outer = shapes.copy(), shapes.copy()
    inner[closing], outer[closing] = low - root, high - root - reach
    # Never behind its place at rest: at the outer corner the skin stays where it is.
    for shape in (inner, outer):
        back = np.minimum(shape[closing, :, 2], 0.0)
        shape[closing, :, 2] -= back * smoothstep(0.5, 0.7, t)
    line = _ribbon(root, root + reach, inner, outer)
    if lash.wing == 0.0:
        return line
    return join([line, _wing(line, out, lash.wing * unit, closing)])


def _closed_line(seam: Floats, t: Floats, size: float, unit: float) -> tuple[Floats, Floats]:
    """Return the lower and upper edge, (k, 3) each, of a closed eye's line: one even arc.

    Args:
        seam: (k, 3) points on which the lids meet, metres.
        t: (k,) parameter along the seam, 0 at the nose to 1.
        size: scale of the line's height, metres.
        unit: the eye distance, metres.
    """
    # The source's curve turns up at its outer corner.
    even = np.polynomial.Polynomial.fit(t[:-4], seam[:-4, 1], 2)(t)
    middle = seam.copy()
    middle[:, 1] += (even - seam[:, 1]) * smoothstep(0.45, 0.75, t)
    tall = _CLOSED_THICK * size * (0.12 + 0.88 * np.sin(np.pi * np.clip(t, 0.03, 0.80)) ** 0.8)
    up = np.array([0.0, 1.0, 0.0]) * tall[:, None]
    before, above = (np.array([0.0, 0.0, z]) * unit for z in _BEFORE_LID)
    return middle - 0.55 * up + before, middle + 0.45 * up + above


def _wing(line: Piece, out: float, size: float, closing: int) -> Piece:
    """Build the wing: a point that extends the line's end outwards and upwards.

    Args:
        out: 1 for the figure's left eye, −1 for the right.
        size: scale of the wing, metres.
        closing: index of the shape that closes the eye.
    """
    count = len(line.position) // 2
    assert line.shapes is not None
    above, below = np.array([2 * count - 6, 2 * count - 3, 2 * count - 1]), count - 1
    rows = np.array([*above, below, count - 4])
    foot, moves = line.position[rows], line.shapes[:, rows]
    ways = np.array([(0.190, 0.115, -0.05), (0.085, 0.050, -0.02), (0.095, 0.040, -0.02)])
    ways *= np.array([out, 1.0, 1.0])
    # The tip, and the midpoints towards it on the upper and lower edge.
    new = foot[[3, 1, 3]] + ways * size
    falls = moves[:, [3, 1, 3]].copy()
    # On a closed eye the wing continues the line.
    falls[closing, :, 1] -= np.array([0.085, 0.065, 0.035]) * size
    falls[closing, 0, 0] -= 0.05 * out * size
    position, shapes = np.concatenate((foot, new)), np.concatenate((moves, falls), axis=1)
    faces = [(0, 1, 6), (1, 2, 6), (2, 7, 6), (2, 3, 7), (6, 7, 5), (1, 4, 3), (1, 3, 2)]
    return _draw(position, shapes, np.array(faces))


def _draw(position: Floats, shapes: Floats, triangles: Ints) -> Piece:
    count = len(position)
    weights = np.zeros((count, 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    normal = np.tile([0.0, 0.0, 1.0], (count, 1))
    return Piece(position, normal, np.full((count, 2), 0.5), weights, triangles, shapes)


def _lower(
    curve: Floats, shapes: Floats, out: float, unit: float, weight: float, closing: int
) -> Piece:
    """Build the line below the eye's outer half; it moves behind the lid when the eye closes."""
    # A line along the whole lid would be finer than a pixel and break into dots.
    curve, shapes = curve[_POINTS // 2 :], shapes[:, _POINTS // 2 :]
    t = np.linspace(0.0, 1.0, len(curve))
    thick = weight * unit * 0.026 * smoothstep(0.0, 0.75, t) + 1e-5
    root = curve + np.array([0.0, 0.006, 0.068]) * unit
    reach = np.stack((out * 0.4 * thick, -thick, 0.2 * thick), axis=1)
    hidden = shapes.copy()
    hidden[closing, :, 2] -= 0.08 * unit
    return _ribbon(root, root + reach, hidden, hidden)
