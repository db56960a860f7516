"""Measure the landmarks of a figure that clothes, hair and textures are placed by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, compact, triangulate, vertex_normals
from avatars.authoring.figure.source import BODY, LEFT_EYE, VERTEX_COUNT, Floats, Ints, Source
from avatars.authoring.figure.style import eye_centres


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Landmarks of one figure, metres, T-pose.

    Attributes:
        unit: distance between the eye centres, the "eye distance" used as unit of length.
        middle: (3,) midpoint between the eye centres.
        left, right: (3,) eye centres.
        eye_radius: radius of the eyeballs.
        skull: (3,) centre of the ellipsoid fitted to the cranium.
        radii: (3,) semi-axes of that ellipsoid.
        mouth: (3,) centre of the lips.
        mouth_width: distance between the corners of the lips.
        head_share: (19158,) weight of head and eye bones at each vertex.
        normal: (19158, 3) unit normals of the body; zero on helper meshes.
        lips, inside_mouth: (19158,) mask values, 0 to 1.
        trunk: (k, 3) vertices of the loose suit from the waist to the neck.
        upper_face: (j, 3) vertices of the face from the cheeks upwards.
    """

    unit: float
    middle: Floats
    left: Floats
    right: Floats
    eye_radius: float
    skull: Floats
    radii: Floats
    mouth: Floats
    mouth_width: float
    head_share: Floats
    normal: Floats
    lips: Floats
    inside_mouth: Floats
    trunk: Floats
    upper_face: Floats

    def outside_trunk(self, point: Floats, margin: float) -> Floats:
        """Move a point (3,) forwards or backwards, along z, until it is outside the clothed trunk.

        Args:
            margin: minimum distance, metres.
        """
        near = np.abs(self.trunk[:, :2] - point[:2]).max(axis=1) < 0.035
        if not near.any():
            return point
        depth = self.trunk[near, 2]
        before = point[2] > self.skull[2]
        limit = depth.max() + margin if before else depth.min() - margin
        z = max(point[2], limit) if before else min(point[2], limit)
        return np.array([point[0], point[1], z])

    def before_face(self, point: Floats, margin: float) -> Floats:
        """Move a point (3,) forwards until it is in front of the face.

        Points behind the temples are returned unchanged.

        Args:
            margin: minimum distance, metres.
        """
        near = np.abs(self.upper_face[:, :2] - point[:2]).max(axis=1) < 0.12 * self.unit
        if not near.any() or point[2] < self.middle[2] - 0.35 * self.unit:
            return point
        limit = float(self.upper_face[near, 2].max()) + margin
        return np.array([point[0], point[1], max(point[2], limit)])

    def face(self, position: Floats) -> Floats:
        """Return positions (..., 3) relative to `middle`, in eye distances."""
        return (position - self.middle) / self.unit


REAL = (0.3, 0.3)
DRAWN = (0.8, 0.4)
"""Heights above the eyes, in front and behind, from which vertices are fitted to the skull's
ellipsoid, eye distances. DRAWN is for a stylised head, whose forehead is deformed."""


def measure(source: Source, body: Body, bare: tuple[float, float] = REAL) -> Landmarks:
    """Measure the landmarks of a body.

    Args:
        bare: REAL, or DRAWN for a stylised head, whose forehead is deformed.
    """
    position = body.position
    left, right = eye_centres(position)
    middle, unit = (left + right) / 2.0, float(left[0] - right[0])
    ball = position[LEFT_EYE]
    head_share = body.share("head", "leftEye", "rightEye")
    lips = source.mask("lips")
    lip = position[BODY][lips[BODY] > 0.4]
    skull, radii = _cranium(position, head_share, middle, unit, bare)
    normal = np.zeros((VERTEX_COUNT, 3))
    triangles = triangulate(source.base.groups["body"].corners)
    normal[BODY] = vertex_normals(position[BODY], triangles)
    return Landmarks(
        unit=unit,
        middle=middle,
        left=left,
        right=right,
        eye_radius=float(np.ptp(ball[:, 0])) / 2.0,
        skull=skull,
        radii=radii,
        mouth=lip.mean(axis=0),
        mouth_width=float(np.ptp(lip[:, 0])),
        head_share=head_share,
        normal=normal,
        lips=lips,
        inside_mouth=source.mask("inside-mouth"),
        trunk=_trunk(source, body),
        upper_face=_upper_face(position, head_share, middle, unit),
    )


def _trunk(source: Source, body: Body) -> Floats:
    suit = body.position[np.unique(source.base.groups["helper-tights"].corners)]
    inside = np.abs(suit[:, 0]) < float(body.head("leftUpperArm")[0]) + 0.03
    return suit[inside & (suit[:, 1] > float(body.head("spine")[1]))]


def _upper_face(position: Floats, head_share: Floats, middle: Floats, unit: float) -> Floats:
    head = position[BODY][head_share[BODY] > 0.9]
    high = head[:, 1] > middle[1] - 0.5 * unit
    out: Floats = head[high & (head[:, 2] > middle[2] - 0.6 * unit)]
    return out


def _cranium(
    position: Floats,
    head_share: Floats,
    middle: Floats,
    unit: float,
    bare: tuple[float, float],
) -> tuple[Floats, Floats]:
    """Fit an upright, symmetric ellipsoid to the skull above the eyes by least squares.

    Returns:
        Centre (3,) and semi-axes (3,), metres.
    """
    head = position[BODY][head_share[BODY] > 0.9]
    behind = head[:, 2] < middle[2] - 0.9 * unit
    upper = head[head[:, 1] > middle[1] + np.where(behind, bare[1], bare[0]) * unit]
    depth = (head[:, 2].max() + head[:, 2].min()) / 2.0
    guess = np.array([0.0, middle[1] + 0.25 * unit, depth])
    x = upper - guess
    # a·x² + b·y² + c·z² + d·y + e·z = 1
    terms = np.column_stack((x**2, x[:, 1:]))
    a, b, c, d, e = np.linalg.lstsq(terms, np.ones(len(x)), rcond=None)[0]
    shift = np.array([0.0, -d / (2.0 * b), -e / (2.0 * c)])
    scale = 1.0 + b * shift[1] ** 2 + c * shift[2] ** 2
    return guess + shift, np.sqrt(scale / np.array([a, b, c]))


def piece_of(
    body: Body, marks: Landmarks, quads: Ints, *, with_shapes: bool = False
) -> tuple[Piece, Ints]:
    """Extract the body's surface over some quads.

    Normals are those of the whole body where available, so that adjacent pieces shade without a
    seam.

    Args:
        quads: (f, 4) vertex indices.
        with_shapes: whether to include the ARKit shapes.

    Returns:
        The piece and the body's vertex index of each of its vertices, (n,).
    """
    used, triangles = compact(triangulate(quads))
    position = body.position[used]
    normal = marks.normal[used]
    if not normal.any():
        normal = vertex_normals(position, triangles)
    shapes = body.shapes[:, used] if with_shapes else None
    uv = np.full((len(used), 2), 0.5)
    return Piece(position, normal, uv, body.weights[used], triangles, shapes), used
