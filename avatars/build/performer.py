"""A realistic performer from the same source as the idols: someone for a camera to see.

Their pose, face and place are known exactly, so what capture finds can be compared with the truth.
Colours sit on vertices, which is finer than a whole body fills of a picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.build import skeleton as bones
from avatars.build.body import Body, build_body
from avatars.build.geometry import Piece, cut, nearest_weights, smoothstep
from avatars.build.hair import hairline
from avatars.build.landmarks import Landmarks, measure, piece_of
from avatars.build.paint import Colour, linear
from avatars.build.source import LEFT_EYE, RIGHT_EYE, Floats, Ints, Source
from avatars.build.style import macro

TARGETS: dict[str, float] = macro(
    {"asian": 0.5, "caucasian": 0.5}, "female", "averagemuscle", "averageweight", 0.7
) | {"macrodetails/height/female-young-averagemuscle-averageweight-maxheight": 0.25}

_SKIN: Colour = (0.80, 0.60, 0.50)
_SHIRT: Colour = (0.13, 0.32, 0.62)
_TROUSERS: Colour = (0.20, 0.19, 0.22)
_SHOES: Colour = (0.85, 0.83, 0.80)
_HAIR: Colour = (0.10, 0.07, 0.06)


@dataclass(frozen=True, slots=True)
class Performer:
    """A body to be posed and drawn. n vertices, m triangles.

    Attributes:
        heads: (55, 3) where bones begin, T-pose, soles at 0, metres.
        position: (n, 3) at rest.
        colours: (n, 3) linear light, 0 to 1.
        triangles: (m, 3).
        weights: (n, 55).
        shapes: (52, k, 3) displacement of the `moving` vertices.
        moving: (k,) the vertices that a face shape moves.
    """

    heads: Floats
    position: Floats
    colours: Floats
    triangles: Ints
    weights: Floats
    shapes: Floats
    moving: Ints

    def posed(self, rotations: Floats, root: Floats, face: Floats) -> Floats:
        """Vertices (n, 3) for rotations (55, 4), the root's shift (3,) and weights (52,)."""
        position = self.position.copy()
        position[self.moving] += np.tensordot(face, self.shapes, axes=1)
        turned = bones.globals_of(rotations)
        places = bones.joint_places(self.heads, turned, root)
        matrices = bones.skinning_matrices(self.heads, turned, places)
        return bones.skin(position, self.weights, matrices)


def build_performer(source: Source) -> Performer:
    """The performer at rest."""
    body = build_body(source, TARGETS)
    marks = measure(source, body)
    dressed = _dressed(source, body, marks)
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


def _dressed(source: Source, body: Body, marks: Landmarks) -> list[tuple[Piece, Floats]]:
    groups = source.base.groups
    out = [_skin(source, body, marks)]
    for name, colour in (
        ("helper-upper-teeth", (0.93, 0.91, 0.86)),
        ("helper-lower-teeth", (0.90, 0.88, 0.83)),
        ("helper-tongue", (0.72, 0.36, 0.36)),
        *((f"helper-{s}-eyelashes-{k}", (0.08, 0.06, 0.06)) for s in "lr" for k in (1, 2)),
    ):
        piece, _ = piece_of(body, marks, groups[name].corners, with_shapes=True)
        out.append((piece, _plain(piece, colour)))
    for name, part in (("helper-l-eye", LEFT_EYE), ("helper-r-eye", RIGHT_EYE)):
        piece, _ = piece_of(body, marks, groups[name].corners)
        out.append((piece, _eye_colours(piece, body.position[part])))
    suit, _ = piece_of(body, marks, groups["helper-tights"].corners)
    suit = suit.with_normals()
    for field, thickness, colour in _clothes(body, suit):
        piece = cut(suit, field).grown(thickness)
        out.append((piece, _plain(piece, colour)))
    out += [_brow(out[0][0], marks, side) for side in (1.0, -1.0)]
    out.append(_hair(source, body, marks))
    return out


def _plain(piece: Piece, colour: Colour) -> Floats:
    return np.tile(linear(colour), (len(piece.position), 1))


def _clothes(body: Body, suit: Piece) -> list[tuple[Floats, float, Colour]]:
    """Fields, thicknesses and colours of a short-sleeved shirt, trousers and shoes."""
    x, y = np.abs(suit.position[:, 0]), suit.position[:, 1]
    shoulder, elbow = body.head("leftUpperArm")[0], body.head("leftLowerArm")[0]
    waist, ankle = body.head("spine")[1], body.head("leftFoot")[1]
    trunk = x < shoulder + 0.02
    shirt = np.where(
        trunk,
        np.minimum(y - (waist - 0.07), body.head("neck")[1] + 0.005 - y),
        shoulder + 0.6 * (elbow - shoulder) - x,
    )
    legs = np.where(trunk, np.minimum(waist - y, y - (ankle + 0.01)), -1.0)
    shoes = np.where(trunk, ankle + 0.03 - y, -1.0)
    return [(shirt, 0.010, _SHIRT), (legs, 0.006, _TROUSERS), (shoes, 0.011, _SHOES)]


def _skin(source: Source, body: Body, marks: Landmarks) -> tuple[Piece, Floats]:
    quads = source.base.groups["body"].corners
    x, y = np.abs(body.position[:, 0]), body.position[:, 1]
    shoulder, elbow = body.head("leftUpperArm")[0], body.head("leftLowerArm")[0]
    shown = np.maximum(
        np.where(x < shoulder, y - (body.head("neck")[1] - 0.05), -1.0),
        x - (shoulder + 0.4 * (elbow - shoulder)),
    )
    seen = (shown[quads] > 0.0).any(axis=1)
    piece, used = piece_of(body, marks, quads[seen], with_shapes=True)
    return piece, _skin_colours(source, marks, piece, used)


def _skin_colours(source: Source, marks: Landmarks, piece: Piece, used: Ints) -> Floats:
    """Skin with red cheeks, nose and lips, shaded lids, brows, and a grain of its own."""
    q = marks.face(piece.position)
    on_face = marks.head_share[used] * (q[:, 2] > -0.9)
    colours = np.tile(linear(_SKIN), (len(used), 1))

    def lay(colour: Colour, amount: Floats) -> None:
        share = np.clip(amount, 0.0, 1.0)[:, None]
        colours[:] = colours * (1.0 - share) + np.array(linear(colour)) * share

    def blob(centre: tuple[float, float, float], reach: tuple[float, float, float]) -> Floats:
        out: Floats = np.exp(-(((q - np.array(centre)) / np.array(reach)) ** 2).sum(axis=1))
        return out * on_face

    grain = np.random.Generator(np.random.PCG64(4)).standard_normal(len(used))
    colours *= 1.0 + 0.02 * grain[:, None]
    for side in (1.0, -1.0):
        lay((0.80, 0.45, 0.40), 0.45 * blob((side * 0.70, -0.75, 0.0), (0.35, 0.30, 0.8)))
    lay((0.78, 0.42, 0.38), 0.35 * blob((0.0, -0.85, 0.5), (0.25, 0.2, 0.5)))
    lay((0.62, 0.40, 0.36), 0.5 * source.mask("eyelids")[used])
    lay((0.66, 0.28, 0.28), 0.85 * marks.lips[used])
    lay((0.38, 0.10, 0.10), smoothstep(0.2, 0.7, marks.inside_mouth[used]))
    lay(_HAIR, smoothstep(-0.05, 0.05, hairline(marks, piece.position)) * on_face)
    return colours


def _eye_colours(piece: Piece, ball: Floats) -> Floats:
    """White, with an iris and a pupil about the front pole."""
    centre = (ball.min(axis=0) + ball.max(axis=0)) / 2.0
    radius = float(np.ptp(ball[:, 0])) / 2.0
    ray = piece.position - centre
    off_axis = np.hypot(ray[:, 0], ray[:, 1]) / radius
    front = ray[:, 2] > 0.0
    colours = _plain(piece, (0.90, 0.88, 0.86))
    colours[front & (off_axis < 0.56)] = linear((0.22, 0.13, 0.08))
    colours[front & (off_axis < 0.24)] = linear((0.02, 0.02, 0.02))
    return colours


def _brow(skin: Piece, marks: Landmarks, side: float) -> tuple[Piece, Floats]:
    """A ribbon over the eye that moves with the skin under it; colours alone would be ragged."""
    t = np.linspace(0.0, 1.0, 9)
    x = side * (0.19 + 0.68 * t)
    middle = 0.33 + 0.10 * np.sin(t * np.pi * 0.75)
    half = 0.045 * (1.0 - 0.8 * t**2)
    q = marks.face(skin.position)
    front = np.flatnonzero((q[:, 2] > -0.6) & (np.abs(q[:, 1] - 0.35) < 0.4))
    flat = np.column_stack((np.tile(x, 2), np.concatenate((middle - half, middle + half))))
    near, amount = nearest_weights(flat, q[front][:, :2], 4)
    depth = np.sum(amount * q[front][near][..., 2], axis=1) + 0.05
    position = marks.middle + marks.unit * np.column_stack((flat, depth))
    a = np.arange(8)
    triangles = np.concatenate(
        (np.stack((a, a + 1, a + 10), axis=1), np.stack((a, a + 10, a + 9), axis=1))
    )
    shapes = (
        None
        if skin.shapes is None
        else np.einsum("vk,svkc->svc", amount, skin.shapes[:, front[near]])
    )
    weights = np.einsum("vk,vkb->vb", amount, skin.weights[front[near]])
    piece = Piece(position, np.zeros_like(position), flat, weights, triangles, shapes)
    return piece, _plain(piece, (0.16, 0.11, 0.09))


def _hair(source: Source, body: Body, marks: Landmarks) -> tuple[Piece, Floats]:
    """A close dark cap, tied back."""
    quads = source.base.groups["body"].corners
    piece, _ = piece_of(body, marks, quads[(marks.head_share[quads] > 0.5).all(axis=1)])
    over = hairline(marks, piece.position)
    side = np.abs(piece.position[:, 0]) > 0.98 * marks.radii[0]
    ear = side & (marks.face(piece.position)[:, 1] < 0.3)
    cap = cut(piece, np.where(ear, -1.0, over))
    over = np.clip(hairline(marks, cap.position), 0.0, 1.0)
    cap = cap.grown((0.02 + 0.12 * over) * marks.unit)
    grain = np.random.Generator(np.random.PCG64(5)).uniform(0.8, 1.3, len(over))
    return replace(cap, shapes=None), _plain(cap, _HAIR) * grain[:, None]


def smooth_normals(position: Floats, triangles: Ints) -> Floats:
    """Area-weighted unit normals (n, 3), fast enough for every frame of a clip."""
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
