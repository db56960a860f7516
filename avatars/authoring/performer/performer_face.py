"""Build the performer's face: skin, eyes, single hairs of brows and lashes, teeth and tongue.

Lengths are in eye distances unless stated otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, nearest_weights, smoothstep
from avatars.authoring.figure.landmarks import Landmarks, piece_of
from avatars.authoring.figure.paint import Colour, linear
from avatars.authoring.figure.ribbons import ribbons
from avatars.authoring.figure.source import Floats, Ints, Source
from avatars.authoring.performer.performer_hair import hairline
from avatars.authoring.performer.performer_looks import Look
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX

Painted = tuple[Piece, Floats]
"""A mesh and its vertex colours (n, 3), linear RGB."""


def plain(piece: Piece, colour: Colour) -> Painted:
    """Return a mesh with a uniform sRGB colour."""
    return piece, np.tile(linear(colour), (len(piece.position), 1))


def paint_skin(source: Source, marks: Landmarks, piece: Piece, used: Ints, look: Look) -> Floats:
    """Return the skin's vertex colours (n, 3): red cheeks, nose and lips, shaded lids, grain.

    Args:
        used: (n,) indices of the mesh's vertices in the source.
    """
    q = marks.face(piece.position)
    on_face = marks.head_share[used] * (q[:, 2] > -0.9)
    skin = np.array(look.skin)
    colours = np.tile(linear(look.skin), (len(used), 1))

    def lay(colour: Floats | Colour, amount: Floats) -> None:
        share = np.clip(amount, 0.0, 1.0)[:, None]
        red, green, blue = (float(channel) for channel in colour)
        colours[:] = colours * (1.0 - share) + np.array(linear((red, green, blue))) * share

    def blob(centre: tuple[float, float, float], reach: tuple[float, float, float]) -> Floats:
        out: Floats = np.exp(-(((q - np.array(centre)) / np.array(reach)) ** 2).sum(axis=1))
        return out * on_face

    grain = np.random.Generator(np.random.PCG64(4)).standard_normal(len(used))
    colours *= 1.0 + 0.02 * grain[:, None]
    for side in (1.0, -1.0):
        cheek = blob((side * 0.70, -0.75, 0.0), (0.35, 0.30, 0.8))
        lay(skin * (1.0, 0.75, 0.78), 0.45 * cheek)
    lay(skin * (0.98, 0.72, 0.76), 0.35 * blob((0.0, -0.85, 0.5), (0.25, 0.2, 0.5)))
    lay(skin * (0.78, 0.68, 0.72), 0.5 * source.mask("eyelids")[used])
    lay(look.lips, 0.85 * marks.lips[used])
    lay((0.30, 0.07, 0.08), smoothstep(0.2, 0.7, marks.inside_mouth[used]))
    under_hair = smoothstep(-0.12, 0.10, hairline(marks, piece.position)) * on_face
    lay(look.hair, under_hair)
    return colours


def mouth(source: Source, body: Body, marks: Landmarks) -> list[Painted]:
    """Return the teeth and the tongue."""
    out = []
    for name, colour, shift in (
        ("helper-upper-teeth", (0.94, 0.92, 0.87), (0.0, -0.06, -0.07)),
        ("helper-lower-teeth", (0.90, 0.88, 0.83), (0.0, -0.055, -0.07)),
        ("helper-tongue", (0.66, 0.30, 0.31), (0.0, -0.10, -0.12)),
    ):
        piece, _ = piece_of(body, marks, source.base.groups[name].corners, with_shapes=True)
        # At the source's positions, teeth show between closed lips, and the tongue nearly fills
        # an open mouth.
        piece = replace(piece, position=piece.position + marks.unit * np.array(shift))
        painted, colours = plain(piece, colour)
        # Darken towards the back of the mouth.
        depth = (marks.mouth[2] - piece.position[:, 2]) / marks.unit
        colours *= smoothstep(0.95, 0.25, depth)[:, None] * 0.8 + 0.2
        out.append((painted, colours))
    return out


_IRIS, _PUPIL = 0.52, 0.21
"""Radii of iris and pupil relative to the eyeball's."""


def eyes(marks: Landmarks, look: Look) -> list[Painted]:
    """Return the front halves of both eyeballs, skinned to their bones, with a highlight each."""
    return [
        _eye(marks, centre, BONE_INDEX[bone], look)
        for centre, bone in ((marks.left, "leftEye"), (marks.right, "rightEye"))
    ]


def _eye(marks: Landmarks, centre: Floats, bone: int, look: Look) -> Painted:
    edges = [0.0, 0.5, 0.9, 1.02, 1.3, 1.7, 2.1, 2.3, 2.42, 2.52, 2.75, 3.2, 3.8, 4.3, 4.7, 5.0]
    rings = np.array(edges) * _PUPIL * np.cos(np.array(edges) / 5.0 * 0.2)
    rings = np.clip(rings, 0.0, 0.985)
    spokes = 36
    around = 2.0 * np.pi * np.arange(spokes) / spokes
    r = np.repeat(rings[1:], spokes)
    a = np.tile(around, len(rings) - 1)
    rim = np.stack((r * np.cos(a), r * np.sin(a), np.sqrt(1.0 - r**2)), axis=1)
    ways = np.concatenate(([[0.0, 0.0, 1.0]], rim))
    k = np.arange(spokes)
    triangles = [np.stack((np.zeros(spokes, int), 1 + k, 1 + (k + 1) % spokes), axis=1)]
    for i in range(len(rings) - 2):
        low, high = 1 + i * spokes + k, 1 + i * spokes + (k + 1) % spokes
        triangles += [
            np.stack((low, low + spokes, high + spokes), axis=1),
            np.stack((low, high + spokes, high), axis=1),
        ]
    weights = np.zeros((len(ways), 55))
    weights[:, bone] = 1.0
    # Slightly smaller than the socket, so that the lids do not intersect it.
    position = centre + ways * marks.eye_radius * 0.985
    piece = Piece(position, ways, ways[:, :2], weights, np.concatenate(triangles))
    return piece, _eye_colours(ways, look)


def _eye_colours(ways: Floats, look: Look) -> Floats:
    away = np.hypot(ways[:, 0], ways[:, 1])
    angle = np.arctan2(ways[:, 1], ways[:, 0])

    def over(below: Floats, colour: Colour, share: Floats) -> Floats:
        out: Floats = below * (1.0 - share[:, None]) + np.array(linear(colour)) * share[:, None]
        return out

    colours = np.tile(linear((0.90, 0.87, 0.85)), (len(ways), 1))
    colours = over(colours, (0.80, 0.62, 0.58), smoothstep(0.62, 0.95, np.abs(ways[:, 0])) * 0.5)
    iris = np.tile(linear(look.iris), (len(ways), 1))
    fibres = 1.15 + 0.30 * np.sin(9.0 * angle) * np.sin(4.0 * angle + 1.0)
    # Light enters from above and brightens the iris's lower half.
    iris *= (fibres * (1.0 - 0.5 * ways[:, 1] / _IRIS))[:, None]
    iris *= (1.0 - 0.7 * smoothstep(0.86 * _IRIS, _IRIS, away))[:, None]
    inside = smoothstep(1.04 * _IRIS, 0.97 * _IRIS, away)[:, None]
    colours = colours * (1.0 - inside) + iris * inside
    colours = over(colours, (0.015, 0.012, 0.012), smoothstep(1.08 * _PUPIL, 0.98 * _PUPIL, away))
    glint = np.hypot(ways[:, 0] - 0.17, ways[:, 1] - 0.20)
    return over(colours, (1.0, 1.0, 1.0), smoothstep(0.14, 0.08, glint))


def brows(skin: Piece, marks: Landmarks, look: Look) -> list[Painted]:
    """Return the brows' hairs, which follow the skinning and morph targets of the skin below."""
    rng = np.random.Generator(np.random.PCG64(9))
    out: list[Painted] = []
    count, steps = 150, 3
    t = rng.uniform(0.0, 1.0, count) ** 0.9
    across = rng.uniform(-1.0, 1.0, count)
    half = 0.060 * (1.0 - 0.75 * t**2)
    root = np.stack((0.20 + 0.66 * t, 0.30 + 0.10 * np.sin(t * np.pi * 0.75) + half * across), 1)
    # Hairs are upright near the nose and flatter outwards; upper and lower ones converge.
    lean = 1.25 - 1.15 * np.sqrt(t) - 0.45 * across
    length = rng.uniform(0.08, 0.14, count) * (1.0 - 0.35 * t)
    reach = np.stack((np.cos(lean), np.sin(lean)), 1) * length[:, None]
    flat = root[:, None] + np.linspace(0.0, 1.0, steps)[:, None] * reach[:, None]
    thin = np.array([0.7, 1.0, 0.15]) * 0.0085
    for side in (1.0, -1.0):
        paths = np.concatenate((flat * [side, 1.0], np.zeros((count, steps, 1))), axis=2)
        ahead = np.broadcast_to([0.0, 0.0, 1.0], paths.shape)
        position, triangles = ribbons(paths, ahead, np.broadcast_to(thin, (count, steps)))
        piece = _lay(skin, marks, position, triangles)
        colour = 0.8 * np.array(linear(look.hair)) + 0.2 * np.array(linear(look.skin)) * 0.4
        shade = np.repeat(rng.uniform(0.7, 1.3, count), 2 * steps)[:, None]
        out.append((piece, shade * colour))
    return out


def _lay(skin: Piece, marks: Landmarks, flat: Floats, triangles: Ints) -> Piece:
    """Return a mesh projected onto the skin, with its weights and morph targets interpolated.

    Args:
        flat: (n, 3) vertices in the plane in front of the face; z is ignored.
    """
    q = marks.face(skin.position)
    front = np.flatnonzero((q[:, 2] > -0.6) & (np.abs(q[:, 1] - 0.35) < 0.4))
    near, amount = nearest_weights(flat[:, :2], q[front][:, :2], 4)
    depth = np.sum(amount * q[front][near][..., 2], axis=1) + 0.02
    position = marks.middle + marks.unit * np.column_stack((flat[:, :2], depth))
    shapes = (
        None
        if skin.shapes is None
        else np.einsum("vk,svkc->svc", amount, skin.shapes[:, front[near]])
    )
    weights = np.einsum("vk,vkb->vb", amount, skin.weights[front[near]])
    return Piece(position, np.zeros_like(position), flat[:, :2], weights, triangles, shapes)


def lashes(source: Source, body: Body, marks: Landmarks) -> list[Painted]:
    """Return single lashes along the source's eyelash strips, with a line at their roots."""
    out = []
    for side, centre in (("l", marks.left), ("r", marks.right)):
        for row, count, reach in ((2, 44, 1.0), (1, 30, 0.55)):
            quads = source.base.groups[f"helper-{side}-eyelashes-{row}"].corners
            strip, _ = piece_of(body, marks, quads, with_shapes=True)
            out.append(plain(_spikes(strip, centre, count, reach), (0.05, 0.04, 0.04)))
    return out


def _spikes(strip: Piece, centre: Floats, count: int, reach: float) -> Piece:
    """Return a strip as `count` thin triangles from its root, at the eye, towards its tip.

    Args:
        centre: (3,) of the eye, metres.
        reach: length of a lash as a share of the strip's width.
    """
    roots, tips = _rims(strip.position, centre)
    column = np.linspace(0.0, 1.0, count)
    blend = np.zeros((3 * count + 2 * len(roots), len(strip.position)))
    at = column * (len(roots) - 1)
    low = np.minimum(at.astype(int), len(roots) - 2)
    part = at - low
    wide = 0.30 * (len(roots) - 1) / count

    def along(rim: Ints, rows: Ints, shift: float, share: float) -> None:
        moved = np.clip(part + shift, 0.0, 1.0)
        blend[rows, rim[low]] += (1.0 - moved) * share
        blend[rows, rim[low + 1]] += moved * share

    first = 3 * np.arange(count)
    along(roots, first, -wide, 1.0)
    along(roots, first + 1, wide, 1.0)
    along(roots, first + 2, 0.0, 1.0 - reach)
    along(tips, first + 2, 0.0, reach)
    line = 3 * count + 2 * np.arange(len(roots))
    blend[line, roots] = 1.0
    blend[line + 1, roots] = 0.72
    blend[line + 1, tips] += 0.28
    a = line[:-1]
    triangles = np.concatenate(
        (
            np.stack((first, first + 1, first + 2), axis=1),
            np.stack((a, a + 2, a + 1), axis=1),
            np.stack((a + 1, a + 2, a + 3), axis=1),
        )
    )
    position = blend @ strip.position
    shapes = None if strip.shapes is None else np.einsum("nv,svc->snc", blend, strip.shapes)
    normal = normalise(position - centre)
    return Piece(position, normal, normal[:, :2], blend @ strip.weights, triangles, shapes)


def _rims(position: Floats, centre: Floats) -> tuple[Ints, Ints]:
    """Return the vertices (k,) nearest to and farthest from the eye, ordered along x."""
    columns = 13
    x = position[:, 0]
    edges = np.linspace(x.min(), x.max() + 1e-9, columns + 1)
    away = np.linalg.norm(position - centre, axis=1)
    roots, tips = [], []
    for low, high in pairwise(edges):
        inside = np.flatnonzero((x >= low) & (x < high))
        if len(inside):
            roots.append(inside[np.argmin(away[inside])])
            tips.append(inside[np.argmax(away[inside])])
    return np.array(roots), np.array(tips)
