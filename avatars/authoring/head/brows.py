"""Build the eyebrows as ribbons in front of the forehead and of the hair that covers it.

Painted brows would stretch with the skin of the lids, move as little as real brows and be hidden
by the fringe. A ribbon has its own morph targets, so it keeps its form and moves as far as a
stylised face needs, and it is placed in front of the fringe, so that the expression stays readable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import Piece, join, smoothstep
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.source import Floats
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX

_POINTS = 13
"""Vertices along each edge of a brow."""

_INNER, _LENGTH = 0.17, 0.74
"""Distance of a brow's inner end from the middle of the face, and its length, eye distances."""

_THICK = 0.062
"""Height of a slender brow where it is thickest, eye distances."""

_OFF_SKIN, _OFF_HAIR = 0.065, 0.02
"""Distance of a brow in front of the skin and in front of the hair, eye distances."""

_RISES_FORWARD = 0.06
"""Forward displacement of a brow in each shape that raises it, eye distances: both together lift
it over hair that neither reaches alone."""

_CELL = 0.02
"""Side of a cell of the depth map, eye distances."""

_WIDE, _LOW, _HIGH = 1.30, 0.10, 1.20
"""Bounds of the depth map, eye distances: half width, lowest and highest height above the eyes."""

_SPREAD = 0.14
"""Half width of the window over which the hair's maximum depth is taken and blurred, eye
distances, so that the brow bridges gaps between locks."""


@dataclass(frozen=True, slots=True)
class Brow:
    """Shape of the brows. Lengths in eye distances.

    Attributes:
        thick: thickness as a factor on _THICK; 1 is slender.
        height: height of the inner end above the line between the eyes.
        arch: height of the arch above the inner end.
    """

    thick: float
    height: float
    arch: float


def brows(marks: Landmarks, skin: Piece, hair: Piece, brow: Brow) -> Piece:
    """Build both brows; all UVs are (0.5, 0.5) and are set by the caller.

    Args:
        skin: the head's skin.
        hair: the hair, which may cover the forehead.
    """
    depth = _DepthMap.of(marks, skin, hair)
    return join([_ribbon(marks, depth, brow, side) for side in (1.0, -1.0)])


def _ribbon(marks: Landmarks, depth: _DepthMap, brow: Brow, side: float) -> Piece:
    along = np.linspace(0.0, 1.0, _POINTS)
    rest = _edges(brow, along)
    place = depth.lay(rest, side)
    shapes = np.zeros((len(ARKIT), len(place), 3))
    for name, way in _ways(np.tile(along, 2), "Left" if side > 0.0 else "Right").items():
        shapes[ARKIT_INDEX[name]] = depth.lay(rest + way, side) - place
        if name.startswith(("browInner", "browOuter")):
            shapes[ARKIT_INDEX[name], :, 2] += _RISES_FORWARD
    weights = np.zeros((len(place), 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    a = np.arange(_POINTS - 1)
    triangles = np.concatenate(
        (np.stack((a, a + 1, a + _POINTS + 1), 1), np.stack((a, a + _POINTS + 1, a + _POINTS), 1))
    )
    return Piece(
        place * marks.unit + marks.middle,
        np.tile([0.0, 0.0, 1.0], (len(place), 1)),
        np.full((len(place), 2), 0.5),
        weights,
        triangles,
        shapes * marks.unit,
    )


def _edges(brow: Brow, along: Floats) -> Floats:
    """Compute the outline of a brow: lower edge, then upper edge.

    Args:
        along: (_POINTS,) parameter along the brow, 0 at the nose to 1.

    Returns:
        (2 · _POINTS, 2) distance from the middle of the face and height, eye distances.
    """
    rise = np.sin(np.minimum(along / 0.62, 1.0) * np.pi / 2.0) - 0.95 * smoothstep(0.58, 1.1, along)
    middle = brow.height + brow.arch * rise
    thick = _THICK * brow.thick * smoothstep(-0.10, 0.20, along) ** 0.6
    thick = thick * (1.0 - 0.94 * smoothstep(0.42, 1.04, along))
    # Slant the inner end, like a brush stroke.
    x = _INNER + _LENGTH * along
    lower = np.column_stack((x - 0.015, middle - 0.5 * thick))
    upper = np.column_stack((x + 0.015, middle + 0.5 * thick))
    return np.concatenate((lower, upper))


def _ways(t: Floats, side: str) -> dict[str, Floats]:
    """Return the displacements (n, 2) of a brow's points by shape: outwards and up, eye distances.

    Args:
        t: (n,) parameter along the brow, 0 at the nose.
        side: "Left" or "Right".
    """
    none = np.zeros_like(t)
    inner = 1.0 - smoothstep(0.0, 0.85, t)
    outer = smoothstep(0.10, 0.70, t)
    return {
        f"browDown{side}": np.column_stack((-0.05 * inner, -0.165 * inner - 0.015)),
        "browInnerUp": np.column_stack((0.02 * inner, 0.225 * inner - 0.055 * outer)),
        f"browOuterUp{side}": np.column_stack((none, 0.23 * outer + 0.02)),
        f"noseSneer{side}": np.column_stack((-0.02 * inner, -0.06 * inner)),
        f"eyeBlink{side}": np.column_stack((none, none - 0.03)),
        f"eyeSquint{side}": np.column_stack((none, none - 0.025)),
        f"eyeWide{side}": np.column_stack((none, none + 0.05)),
    }


@dataclass(frozen=True, slots=True)
class _DepthMap:
    """Depth map of the forehead and the hair in front of it, eye distances.

    Attributes:
        left, right: (rows, columns) depth for brows of either side of the face; rows are heights
            above the eyes, columns are distances from the middle of the face.
    """

    left: Floats
    right: Floats

    @classmethod
    def of(cls, marks: Landmarks, skin: Piece, hair: Piece) -> _DepthMap:
        """Build the map from skin and hair; gaps in the hair are filled from their surroundings."""
        skin_depth = _surface(marks.face(_samples(skin)))
        hair_depth = _highest(marks.face(_samples(hair)), int(_SPREAD / _CELL))
        halves = []
        for mirrored in (False, True):
            before = hair_depth[:, ::-1] if mirrored else hair_depth
            rest = skin_depth[:, ::-1] if mirrored else skin_depth
            top = np.maximum(rest + _OFF_SKIN, before + _OFF_HAIR)
            halves.append(_box_blur(top, int(_SPREAD / _CELL)))
        return cls(*halves)

    def lay(self, points: Floats, side: float) -> Floats:
        """Place points (n, 2) on the map by bilinear interpolation.

        Args:
            points: (n, 2) distance from the middle of the face and height, eye distances.
            side: 1 for the left half of the face, −1 for the right.

        Returns:
            Positions (n, 3), eye distances relative to the midpoint of the eyes.
        """
        depth = self.left if side > 0.0 else self.right
        column = np.clip((points[:, 0] + _WIDE) / _CELL, 0.0, depth.shape[1] - 1.001)
        row = np.clip((points[:, 1] - _LOW) / _CELL, 0.0, depth.shape[0] - 1.001)
        i, j = row.astype(np.int64), column.astype(np.int64)
        v, u = row - i, column - j
        low = depth[i, j] * (1.0 - u) + depth[i, j + 1] * u
        high = depth[i + 1, j] * (1.0 - u) + depth[i + 1, j + 1] * u
        return np.column_stack((side * points[:, 0], points[:, 1], low * (1.0 - v) + high * v))


def _samples(piece: Piece) -> Floats:
    """Sample points (n, 3) on a surface: vertices, triangle centroids and edge midpoints."""
    corners = piece.position[piece.triangles]
    edges = (corners + np.roll(corners, 1, axis=1)) / 2.0
    return np.concatenate((piece.position, corners.mean(axis=1), edges.reshape(-1, 3)))


def _grid() -> tuple[Floats, Floats]:
    x = np.arange(-_WIDE, _WIDE + 0.5 * _CELL, _CELL)
    y = np.arange(_LOW, _HIGH + 0.5 * _CELL, _CELL)
    return x, y


def _surface(q: Floats) -> Floats:
    """Fit a polynomial to the forehead's points (n, 3) and return its depth at each cell."""
    kept = (np.abs(q[:, 0]) < 1.05) & (q[:, 1] > 0.25) & (q[:, 1] < 1.25) & (q[:, 2] > -0.6)
    x, y, z = q[kept].T
    powers = [(i, j) for i in (0, 2, 4) for j in range(4)]
    terms = np.column_stack([x**i * y**j for i, j in powers])
    fit = np.linalg.lstsq(terms, z, rcond=None)[0]
    across, up = (v[...] for v in np.meshgrid(*_grid()))
    sheet: Floats = sum(
        (f * across**i * up**j for f, (i, j) in zip(fit, powers, strict=True)),
        start=np.zeros_like(across),
    )
    return sheet


def _highest(q: Floats, reach: int) -> Floats:
    """Return the greatest depth among points (n, 3) within `reach` cells; −∞ if there are none."""
    x, y = _grid()
    out = np.full((len(y), len(x)), -np.inf)
    column = np.round((q[:, 0] + _WIDE) / _CELL).astype(np.int64)
    row = np.round((q[:, 1] - _LOW) / _CELL).astype(np.int64)
    inside = (column >= 0) & (column < len(x)) & (row >= 0) & (row < len(y)) & (q[:, 2] > -0.6)
    np.maximum.at(out, (row[inside], column[inside]), q[inside, 2])
    for axis in (0, 1):
        out = np.max([np.roll(out, k, axis) for k in range(-reach, reach + 1)], axis=0)
    return out


def _box_blur(depth: Floats, reach: int) -> Floats:
    """Apply a box blur with a radius of `reach` cells."""
    for axis in (0, 1):
        depth = np.mean([np.roll(depth, k, axis) for k in range(-reach, reach + 1)], axis=0)
    return depth
