"""Create the solids of stage sets as trimesh meshes, in metres."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import trimesh
from trimesh.transformations import rotation_matrix, translation_matrix

Point = tuple[float, float, float]
F64 = npt.NDArray[np.float64]

_SQUARE: Final = ((-1, -1), (1, -1), (1, 1), (-1, 1))
_LIE_FLAT: Final = rotation_matrix(-math.pi / 2, (1, 0, 0))


def make_box(size: Point, at: Point, turn: F64 | None = None) -> Any:
    """Return a box centred on a point.

    Args:
        turn: (4, 4) rotation before the translation.
    """
    place = translation_matrix(at)
    return trimesh.creation.box(size, place if turn is None else place @ turn)


def make_bar(
    start: tuple[float, ...],
    end: tuple[float, ...],
    radius: float,
    sections: int,
    *,
    capped: bool = True,
) -> Any:
    """Return a round bar between two points; without caps if its ends are hidden."""
    bar = trimesh.creation.cylinder(radius, sections=sections, segment=(start, end))
    if not capped:
        along = trimesh.unitize(np.subtract(end, start))
        bar.update_faces(np.abs(bar.face_normals @ along) < 0.5)
        bar.remove_unreferenced_vertices()
    return bar


def make_disc(
    radius: float, low: float, high: float, at: tuple[float, float] = (0.0, 0.0), sections: int = 96
) -> Any:
    """Return a vertical cylinder between two heights, centred on (x, z)."""
    disc = trimesh.creation.cylinder(radius, high - low, sections=sections)
    disc.apply_transform(translation_matrix((at[0], (low + high) / 2, at[1])) @ _LIE_FLAT)
    return disc


def make_ring(inner: float, outer: float, low: float, high: float, sections: int = 96) -> Any:
    """Return a horizontal ring between two heights, centred on the origin."""
    ring = trimesh.creation.annulus(inner, outer, high - low, sections=sections)
    ring.apply_transform(translation_matrix((0, (low + high) / 2, 0)) @ _LIE_FLAT)
    return ring


def make_truss(
    start: Point,
    end: Point,
    *,
    half: float = 0.15,
    bay: float = 0.5,
    chord: tuple[float, int] = (0.025, 6),
    lacing: tuple[float, int] = (0.012, 4),
    capped: bool = True,
) -> Iterator[Any]:
    """Yield the bars of a square lattice girder between two points.

    Args:
        half: half the girder's side.
        bay: approximate length of a bay.
        chord, lacing: radius and number of sides of the longitudinal and of the diagonal bars.
        capped: whether bars have ends.
    """
    a, b = np.asarray(start, float), np.asarray(end, float)
    along = (b - a) / np.linalg.norm(b - a)
    other = np.array((0.0, 0.0, 1.0) if abs(along[2]) < 0.9 else (0.0, 1.0, 0.0))
    side = trimesh.unitize(np.cross(along, other))
    across = np.cross(along, side) if abs(along[2]) >= 0.9 else other
    corners = [(i * side + j * across) * half for i, j in _SQUARE]
    for corner in corners:
        yield make_bar(tuple(a + corner), tuple(b + corner), *chord, capped=capped)
    bays = max(1, round(float(np.linalg.norm(b - a)) / bay))
    for number in range(bays):
        here, there = a + (b - a) * number / bays, a + (b - a) * (number + 1) / bays
        for k in range(4):
            yield make_bar(
                tuple(here + corners[k]),
                tuple(there + corners[(k + 1) % 4]),
                *lacing,
                capped=capped,
            )


def make_arc_strip(
    radius: float, tube: float, *, span: tuple[float, float], depth: float, height: float = 0.0,
    sections: int = 64,
) -> Any:  # fmt: skip
    """Return a vertical arc with a square section in a plane of constant z.

    Args:
        radius: of the arc's centre line.
        tube: half the section's side.
        span: first and last angle, radians from +x.
        depth: z of the plane.
        height: y of the arc's centre.
        sections: number of segments along the arc.
    """
    angles = np.linspace(*span, sections + 1)
    around = np.array(_SQUARE) * tube
    rim = radius + around[:, 0]
    points = np.stack(
        (
            np.outer(np.cos(angles), rim),
            height + np.outer(np.sin(angles), rim),
            np.broadcast_to(depth + around[:, 1], (len(angles), 4)),
        ),
        axis=-1,
    ).reshape(-1, 3)
    arc = trimesh.Trimesh(points, _tube_faces(sections))
    arc.fix_normals()
    return arc


def make_flat_arc(
    radius: float, tube: float, *, span: tuple[float, float], height: float,
    center: tuple[float, float] = (0.0, 0.0), stretch: float = 1.0, sections: int = 64,
) -> Any:  # fmt: skip
    """Return a horizontal arc with a square section at a height, centred on (x, z).

    Args:
        span: first and last angle, radians from +x towards +z.
        stretch: factor on x.
    """
    angles = np.linspace(*span, sections + 1)
    around = np.array(_SQUARE) * tube
    rim = radius + around[:, 0]
    points = np.stack(
        (
            center[0] + stretch * np.outer(np.cos(angles), rim),
            np.broadcast_to(height + around[:, 1], (len(angles), 4)),
            center[1] + np.outer(np.sin(angles), rim),
        ),
        axis=-1,
    ).reshape(-1, 3)
    arc = trimesh.Trimesh(points, _tube_faces(sections))
    arc.fix_normals()
    return arc


def make_strip(lower: F64, upper: F64) -> Any:
    """Return the strip of quads between two lines of (n, 3) points."""
    count = len(lower)
    points = np.concatenate((lower, upper))
    i = np.arange(count - 1)
    quads = np.stack((i, i + 1, i + 1 + count, i + count), axis=-1)
    faces = np.concatenate((quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]))
    return trimesh.Trimesh(points, faces, process=False)


def _tube_faces(sections: int) -> npt.NDArray[np.int64]:
    ring, corner = np.meshgrid(np.arange(sections) * 4, np.arange(4), indexing="ij")
    a, b = ring + corner, ring + (corner + 1) % 4
    quads = np.stack((a, b, b + 4, a + 4), axis=-1).reshape(-1, 4)
    return np.concatenate((quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]))
