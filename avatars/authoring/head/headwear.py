"""Build the bows worn in the hair.

They are made of elliptical rings around centre lines and use the hair's texture, whose last column
holds their colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import Piece, join, smoothstep
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.paint import Colour
from avatars.authoring.figure.rigging import Rigging
from avatars.authoring.figure.source import Floats
from avatars.authoring.figure.thinning import thin
from avatars.names import BONE_INDEX

RIBBON, METAL = (0.0, 0.46), (0.54, 1.0)
"""Ranges of v of the bow's two colours in their column of the hair's texture."""


_TURNS_TO_FRONT = 0.8
"""Weight of the forward direction, added to the hair's outward direction, in a bow's axis."""


@dataclass(frozen=True, slots=True)
class Bow:
    """A bow on the hair. Angles in degrees, lengths in eye distances.

    Attributes:
        longitude, latitude: position on the head; positive longitude is the figure's left.
        size: length of a loop.
        lift: distance from the skull's centre, as a factor on the skull's semi-axes.
    """

    longitude: float
    latitude: float
    size: float
    lift: float = 1.24


@dataclass(frozen=True, slots=True)
class Headwear:
    """Accessories worn in the hair."""

    bows: tuple[Bow, ...] = ()


def headwear(
    marks: Landmarks, worn: Headwear, rigging: Rigging, column: tuple[float, float], *, fine: bool
) -> list[Piece]:
    """Build one piece per bow.

    Args:
        column: range of u of the bows' colours in the hair's texture.
        fine: whether to keep all triangles; otherwise a bow is simplified to 200.
    """
    pieces = []
    for worn_bow in worn.bows:
        weights = np.zeros(rigging.columns)
        weights[BONE_INDEX["head"]] = 1.0
        bow = _bow(marks, worn_bow, weights, column)
        pieces.append(bow if fine else thin(bow, 200))
    return pieces


def _bow(marks: Landmarks, bow: Bow, weights: Floats, column: tuple[float, float]) -> Piece:
    lon, lat = np.radians(bow.longitude), np.radians(bow.latitude)
    ray = np.array([np.sin(lon) * np.cos(lat), np.sin(lat), np.cos(lon) * np.cos(lat)])
    out = ray / marks.radii
    out /= np.linalg.norm(out)
    # Turned to the front, so that the audience sees both loops and not one from its end.
    out += np.array([0.0, 0.0, _TURNS_TO_FRONT])
    out /= np.linalg.norm(out)
    right = np.cross([0.0, 1.0, 0.0], out)
    right /= np.linalg.norm(right)
    up = np.cross(out, right)
    frame = np.stack((right, up, out))
    size = bow.size * marks.unit
    middle = marks.skull + marks.radii * bow.lift * ray
    t = np.linspace(0.0, 1.0, 9)
    pieces = []
    for side in (1.0, -1.0):
        reach = np.stack((side * t, 0.16 * np.sin(np.pi * t) + 0.10 * t, 0.12 * t - 0.30 * t**2), 1)
        tall = 0.07 + 0.37 * np.sin(np.pi * np.minimum(t, 0.96) ** 1.25) ** 0.8
        deep = 0.05 + 0.15 * np.sin(np.pi * t**0.9)
        pieces.append(
            _build_tube(middle + size * reach @ frame, frame[1], frame[2], size * tall, size * deep)
        )
        fall = np.stack((side * (0.08 + 0.42 * t), -1.25 * t, -0.05 - 0.22 * t), axis=1)
        wide = 0.07 + 0.12 * t
        tail = _build_tube(
            middle + size * fall @ frame, frame[0], frame[2], size * wide, 0 * t + 0.02 * size
        )
        pieces.append(tail)
    pieces = [_colour(piece, column, RIBBON) for piece in pieces]
    s = np.linspace(-1.0, 1.0, 7)
    knot = np.stack((0.0 * s, 0.17 * s, 0.08 + 0.0 * s), axis=1)
    round_ = np.sqrt(np.maximum(1.0 - s**2, 0.0)) + 0.02
    ball = _build_tube(
        middle + size * knot @ frame, frame[0], frame[2], 0.12 * size * round_, 0.13 * size * round_
    )
    whole = join([*pieces, _colour(ball, column, METAL)])
    return _weight_vertices(whole, np.tile(weights, (len(whole.position), 1)))


def _build_tube(
    line: Floats, tall: Floats, deep: Floats, height: Floats, depth: Floats, around: int = 8
) -> Piece:
    """Build a closed tube of elliptical rings around a centre line.

    Args:
        line: (k, 3) centres of the rings, metres.
        tall, deep: (3,) unit vectors along the ellipses' axes.
        height, depth: (k,) semi-axes along `tall` and `deep`, metres.
        around: vertices per ring.
    """
    turn = 2.0 * np.pi * np.arange(around) / around
    rim = np.cos(turn)[None, :, None] * height[:, None, None] * tall
    rim = rim + np.sin(turn)[None, :, None] * depth[:, None, None] * deep
    rings = (line[:, None] + rim).reshape(-1, 3)
    position = np.concatenate((rings, line[:1], line[-1:]))
    count = len(line)
    a = np.arange((count - 1) * around)
    b = a - a % around + (a + 1) % around
    first, last = len(rings), len(rings) + 1
    k = np.arange(around)
    n = (k + 1) % around
    end = (count - 1) * around
    triangles = np.concatenate(
        (
            np.stack((a, b, b + around), 1),
            np.stack((a, b + around, a + around), 1),
            np.stack((np.full(around, first), n, k), 1),
            np.stack((np.full(around, last), end + k, end + n), 1),
        )
    )
    uv = np.column_stack((np.tile(k / around, count), np.repeat(np.linspace(0, 1, count), around)))
    uv = np.concatenate((uv, [[0.5, 0.0], [0.5, 1.0]]))
    piece = Piece(position, np.zeros_like(position), uv, np.zeros((len(uv), 1)), triangles)
    # The winding depends on the handedness of the axes: flip it if the faces point inwards.
    centre = position.mean(axis=0)
    corner = position[triangles]
    faces = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    if np.sum(faces * (corner.mean(axis=1) - centre)) < 0.0:
        triangles = triangles[:, ::-1]
    return Piece(piece.position, piece.normal, uv, piece.weights, triangles).with_normals()


def _paint(piece: Piece, uv: Floats) -> Piece:
    return Piece(piece.position, piece.normal, uv, piece.weights, piece.triangles)


def _weight_vertices(piece: Piece, weights: Floats) -> Piece:
    return Piece(piece.position, piece.normal, piece.uv, weights, piece.triangles)


def _colour(piece: Piece, column: tuple[float, float], band: tuple[float, float]) -> Piece:
    u = column[0] + (0.1 + 0.8 * piece.uv[:, 0]) * (column[1] - column[0])
    return _paint(piece, np.column_stack((u, band[0] + piece.uv[:, 1] * (band[1] - band[0]))))


def paint_headwear(u: Floats, v: Floats, ribbon: Colour, metal: Colour) -> Floats:
    """Paint the headwear's column of the hair's texture, (h, w, 3).

    Args:
        u, v: (h, w) coordinates in the column, 0 to 1.
        ribbon, metal: sRGB colours of the ribbon and of the knot.
    """
    fold = 0.5 + 0.5 * np.cos(u * 2.0 * np.pi * 3.0)
    near_knot = smoothstep(0.20, 0.0, v)
    shade = 1.0 - 0.16 * near_knot * fold - 0.10 * near_knot
    hem = smoothstep(0.015, 0.005, np.abs(v - 0.43))
    cloth = np.array(ribbon) * shade[..., None]
    cloth = cloth * (1.0 - hem[..., None]) + np.array((1.0, 0.97, 0.95)) * hem[..., None]
    gold = np.array(metal) * (0.85 + 0.25 * smoothstep(0.9, 0.6, v))[..., None]
    picture: Floats = np.where((v < 0.5)[..., None], cloth, np.minimum(gold, 1.0))
    return picture
