"""Build a realistic synthetic performer, from the idols' source data, to render into video.

Pose, face and position are known exactly, so capture results can be compared with ground truth.
Colours are per vertex, which is finer than the pixels of a picture of a whole body.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure import skeleton as bones
from avatars.authoring.figure.body import Body, build_body
from avatars.authoring.figure.geometry import Piece, cut
from avatars.authoring.figure.landmarks import Landmarks, measure, piece_of
from avatars.authoring.figure.paint import Colour
from avatars.authoring.figure.source import Floats, Ints, Source
from avatars.authoring.performer.performer_face import (
    Painted,
    brows,
    eyes,
    lashes,
    mouth,
    paint_skin,
    plain,
)
from avatars.authoring.performer.performer_hair import hair
from avatars.authoring.performer.performer_looks import DEMO, Look


@dataclass(frozen=True, slots=True)
class Performer:
    """A skinned body with ARKit morph targets. n vertices, m triangles.

    Attributes:
        heads: (55, 3) joint positions in the T-pose, soles at y = 0, metres.
        position: (n, 3) vertices at rest, metres.
        colours: (n, 3) linear RGB, 0 to 1.
        triangles: (m, 3) vertex indices.
        weights: (n, 55) skinning weights.
        shapes: (52, k, 3) displacements of the `moving` vertices by each morph target, metres.
        moving: (k,) indices of the vertices that a morph target displaces.
    """

    heads: Floats
    position: Floats
    colours: Floats
    triangles: Ints
    weights: Floats
    shapes: Floats
    moving: Ints

    def pose(self, rotations: Floats, root: Floats, face: Floats) -> Floats:
        """Return the posed vertices (n, 3), metres.

        Args:
            rotations: (55, 4) xyzw, local, relative to the T-pose.
            root: (3,) the hips' displacement, metres.
            face: (52,) ARKit weights.
        """
        position = self.position.copy()
        position[self.moving] += np.tensordot(face, self.shapes, axes=1)
        turned = bones.globals_of(rotations)
        places = bones.joint_places(self.heads, turned, root)
        matrices = bones.skinning_matrices(self.heads, turned, places)
        return bones.skin(position, self.weights, matrices)


def build_performer(source: Source, look: Look = DEMO) -> Performer:
    """Build a performer with a look."""
    body = build_body(source, look.targets)
    marks = measure(source, body)
    dressed = _dress(source, body, marks, look)
    lift = -min(float(piece.position[:, 1].min()) for piece, _ in dressed)
    up = np.array([0.0, lift, 0.0])
    starts = np.cumsum([0, *(len(piece.position) for piece, _ in dressed)])
    shapes = np.concatenate(
        [np.zeros((52, len(p.position), 3)) if p.shapes is None else p.shapes for p, _ in dressed],
        axis=1,
    )
    moving = np.flatnonzero(np.abs(shapes).max(axis=(0, 2)) > 1e-6)
    return Performer(
        heads=body.heads + up,
        position=np.concatenate([piece.position for piece, _ in dressed]) + up,
        colours=np.concatenate([colours for _, colours in dressed]),
        triangles=np.concatenate(
            [piece.triangles + start for (piece, _), start in zip(dressed, starts, strict=False)]
        ),
        weights=np.concatenate([piece.weights for piece, _ in dressed]),
        shapes=shapes[:, moving],
        moving=moving,
    )


def _dress(source: Source, body: Body, marks: Landmarks, look: Look) -> list[Painted]:
    skin, used = _skin(source, body, marks, look)
    suit, _ = piece_of(body, marks, source.base.groups["helper-tights"].corners)
    suit = suit.with_normals()
    return [
        (skin, paint_skin(source, marks, skin, used, look)),
        *mouth(source, body, marks),
        *lashes(source, body, marks),
        *eyes(marks, look),
        *(
            plain(cut(suit, field).grow(thickness), colour)
            for field, thickness, colour in _clothes(body, suit, look)
        ),
        *brows(skin, marks, look),
        *hair(source, body, marks, look),
    ]


def _sleeve_end(body: Body, look: Look) -> float:
    """Return the sleeves' end, metres from the middle of the body in the T-pose."""
    joints = [body.head(bone)[0] for bone in ("leftUpperArm", "leftLowerArm", "leftHand")]
    return float(np.interp(look.sleeve, [0.0, 1.0, 2.0], joints))


def _clothes(body: Body, suit: Piece, look: Look) -> list[tuple[Floats, float, Colour]]:
    """Return cutting field, offset (metres) and sRGB colour of shirt, trousers and shoes."""
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    waist, ankle = body.head("spine")[1], body.head("leftFoot")[1]
    trunk = x < body.head("leftUpperArm")[0] + 0.02
    shirt = np.where(
        trunk,
        np.minimum(y - (waist - 0.07), body.head("neck")[1] + 0.005 - y),
        _sleeve_end(body, look) - x,
    )
    legs = np.where(trunk, np.minimum(waist - y, y - (ankle + 0.01)), -1.0)
    shoes = np.where(trunk, ankle + 0.03 - y, -1.0)
    return [
        (shirt, 0.010, look.shirt),
        (legs, 0.006, look.trousers),
        (shoes, 0.011, look.shoes),
    ]


def _skin(source: Source, body: Body, marks: Landmarks, look: Look) -> tuple[Piece, Ints]:
    """Return the skin that clothes leave bare, with a margin, and its source vertices (n,)."""
    quads = source.base.groups["body"].corners
    x, y = np.abs(body.position[:, 0]), body.position[:, 1]
    shoulder, elbow = body.head("leftUpperArm")[0], body.head("leftLowerArm")[0]
    shown = np.maximum(
        np.where(x < shoulder, y - (body.head("neck")[1] - 0.05), -1.0),
        x - (_sleeve_end(body, look) - 0.2 * (elbow - shoulder)),
    )
    seen = (shown[quads] > 0.0).any(axis=1)
    return piece_of(body, marks, quads[seen], with_shapes=True)


def smooth_normals(position: Floats, triangles: Ints) -> Floats:
    """Return area-weighted unit normals (n, 3), fast enough for every frame of a clip."""
    a, b, c = (position[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    corners = triangles.T.ravel()
    total = np.stack(
        [
            np.bincount(corners, np.tile(faces[:, axis], 3), minlength=len(position))
            for axis in range(3)
        ],
        axis=1,
    )
    unit: Floats = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    return unit
