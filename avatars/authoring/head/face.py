"""The idol's head: skin, lashes, teeth and tongue, and the picture painted on them.

One picture serves all: the skin's map above, and a strip of plain colours along its lower edge
for what needs no painting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, join, smoothstep
from avatars.authoring.figure.landmarks import Landmarks, piece_of
from avatars.authoring.figure.paint import Colour, Mask, carry, flat, mix, spread
from avatars.authoring.figure.source import Floats, Ints, Source
from avatars.authoring.figure.thinning import thin
from avatars.authoring.head.lashes import Lash, lashes, lid_folds, lower_lids
from avatars.authoring.head.lip_lines import lip_lines
from avatars.names import ARKIT_INDEX, BONE_INDEX

SIZE = 1024

SKIN: Colour = (1.0, 0.895, 0.845)
SHADE: Colour = (0.945, 0.735, 0.715)
_PLAIN: dict[str, Colour] = {
    "skin": SKIN,
    "neck": SHADE,
    "mouth": (0.58, 0.20, 0.26),
    "teeth": (0.985, 0.975, 0.97),
    "tongue": (0.91, 0.50, 0.52),
    "lash": (0.16, 0.11, 0.17),
    "fold": (0.74, 0.47, 0.48),
    "white": (0.93, 0.90, 0.93),
    "lid": (0.965, 0.80, 0.765),
    "lips": (0.40, 0.10, 0.16),
    "brow": (0.20, 0.15, 0.15),
}
_STRIP = 0.96
"""Where the strip of plain colours begins, as v."""

_TEETH = -0.06
"""How far the upper teeth are lifted to where a drawing shows them, in eye distances; the lower
ones are left out, as a drawing does."""
_TEETH_RISE = 0.14
"""How far they rise when lips are drawn round, in eye distances."""


@dataclass(frozen=True, slots=True)
class MakeUp:
    """How a face is painted.

    Attributes:
        blush: of cheeks and lips, 0 to 1.
        lip_line: half the height of the line along each lip, in eye distances. Under 0.012 a mouth
            is lost on a face of 40 pixels.
        brow_colour: sRGB.
    """

    blush: float
    lip_line: float
    brow_colour: Colour = (0.2, 0.15, 0.15)


def plain_uv(name: str, count: int) -> Floats:
    """The spot of a plain colour in the picture, for each of `count` vertices (n, 2)."""
    place = (list(_PLAIN).index(name) + 0.5) / len(_PLAIN)
    return np.tile([place, (1.0 + _STRIP) / 2.0], (count, 1))


def head_skin(source: Source, body: Body, marks: Landmarks, sockets: Mask) -> Piece:
    """The skin of the head without the mouth's and the sockets' inside, laid out around the head.

    Args:
        sockets: (19158,) which vertices line them.
    """
    quads = source.base.groups["body"].corners
    inside = _inside_mouth(marks, quads)
    on_head = (marks.head_share[quads] > 0.5).all(axis=1)
    shown = on_head & ~inside & ~sockets[quads].any(axis=1)
    piece, used = piece_of(body, marks, quads[shown], with_shapes=True)
    # The layout is taken with the lids half closed, so that they have room in the picture.
    lids = body.shapes[ARKIT_INDEX["eyeBlinkLeft"]] + body.shapes[ARKIT_INDEX["eyeBlinkRight"]]
    uv = _around(marks, piece.position + 0.6 * lids[used])
    return replace(piece, uv=uv, normal=_soften(marks, piece))


def thin_skin(skin: Piece, count: int) -> Piece:
    """The head's skin with so many triangles, most of them left where faces move."""
    moved = np.zeros(len(skin.position))
    if skin.shapes is not None:
        moved = np.linalg.norm(skin.shapes, axis=2).max(axis=0)
    return thin(skin, count, 1.0 + 40.0 * moved / max(float(moved.max()), 1e-9))


def about_eyes(marks: Landmarks, skin: Piece) -> Mask:
    """Which triangles (t,) of the head's skin lie about the eyes, as far as lids fold."""
    q = marks.face(skin.position)
    aside = (np.abs(q[:, 0]) - 0.5) / 0.54
    near = (aside**2 + ((q[:, 1] + 0.06) / 0.56) ** 2 < 1.0) & (q[:, 2] > -0.45)
    beside = ((np.abs(q[:, 0]) - 0.36) / 0.22) ** 2 + ((q[:, 1] + 0.76) / 0.22) ** 2 < 1.0
    near |= beside & (q[:, 2] > -0.2)
    # Nor between the brows, where sneering folds the skin.
    near |= (np.abs(q[:, 0]) < 0.25) & (np.abs(q[:, 1] - 0.25) < 0.55) & (q[:, 2] > -0.2)
    # Nor in the ears, whose shell breaks it up.
    near |= (np.abs(q[:, 0]) > 0.85) & (np.abs(q[:, 1] + 0.15) < 0.65) & (q[:, 2] < -0.55)
    inner: Mask = near[skin.triangles].sum(axis=1) == 3
    return inner


def details(
    source: Source,
    body: Body,
    marks: Landmarks,
    sockets: Mask,
    lash: Lash,
    lip_line: float,
) -> Piece:
    """Return what the head has besides skin and eyeballs.

    That is the mouth's inside, teeth, tongue, lashes, lines of lids and lips, and the whites of the
    eyes where they go on into the sockets.

    Args:
        sockets: (19158,) which vertices line the eyes' sockets.
        lip_line: half the height of the line along each lip, in eye distances.
    """
    groups = source.base.groups
    quads = groups["body"].corners
    inside = _inside_mouth(marks, quads)
    on_head = (marks.head_share[quads] > 0.5).all(axis=1)
    # Teeth and tongue are shifted by eye distances to where a drawing shows them: a band of the
    # upper teeth under the lip, the tongue low in an open mouth, nothing between closed lips.
    # Deeper than its first quads a socket lies in the ball.
    behind = sockets[quads].any(axis=1) & ~sockets[quads].all(axis=1)
    wanted = [
        ("mouth", quads[on_head & inside], 0.0),
        ("white", quads[behind], 0.0),
        ("teeth", groups["helper-upper-teeth"].corners, _TEETH),
        ("tongue", groups["helper-tongue"].corners, -0.08),
    ]
    pieces = []
    for colour, faces, drop in wanted:
        piece, used = piece_of(body, marks, faces, with_shapes=True)
        piece = replace(piece, uv=plain_uv(colour, len(used)))
        if colour == "teeth":
            rise = _TEETH_RISE * marks.unit
            piece = replace(piece, shapes=_behind_a_funnel(piece.shapes, rise))
        if colour == "tongue":
            piece = replace(piece, shapes=_over_the_lip(piece.shapes, marks.unit))
        shift = np.array([0.0, drop, 0.0 if colour in ("mouth", "white") else -0.125]) * marks.unit
        piece = replace(piece, position=piece.position + shift)
        if colour in ("teeth", "tongue"):
            # A small chin has no room for the source's molars.
            narrow = np.array([0.64, 1.0, 1.0])
            piece = replace(piece, position=piece.position * narrow)
        if colour in ("mouth", "tongue"):
            piece = thin(piece, len(piece.triangles) // 2)
        pieces.append(piece)
    drawn = lashes(source, body, marks, lash)
    drawn = replace(drawn, uv=plain_uv("lash", len(drawn.position)))
    lids = lower_lids(source, body, marks)
    lids = replace(lids, uv=plain_uv("lid", len(lids.position)))
    lips = lip_lines(source, body, marks.unit, lip_line)
    lips = replace(lips, uv=plain_uv("lips", len(lips.position)))
    folds = lid_folds(source, body, marks)
    folds = replace(folds, uv=plain_uv("fold", len(folds.position)))
    return join([*pieces, _throat(marks), drawn, lids, lips, folds])


def _behind_a_funnel(shapes: Floats | None, rise: float) -> Floats:
    """A row of teeth's shapes; lips drawn round part from it, or it would fill the round."""
    assert shapes is not None
    out = shapes.copy()
    out[ARKIT_INDEX["mouthFunnel"], :, 1] += rise
    return out


def _over_the_lip(shapes: Floats | None, unit: float) -> Floats:
    """The tongue's shapes, put out over the drawn lip, which is higher than the source's."""
    assert shapes is not None
    out = shapes.copy()
    put_out = out[ARKIT_INDEX["tongueOut"]]
    forward = smoothstep(0.3, 1.0, put_out[:, 2] / max(float(put_out[:, 2].max()), 1e-9))
    put_out += forward[:, None] * np.array([0.0, 0.10, 0.14]) * unit
    return out


def _throat(marks: Landmarks) -> Piece:
    """A dark wall behind the mouth: the source's ends open, and one would see the hair through."""
    spokes = 12
    angle = 2.0 * np.pi * np.arange(spokes) / spokes
    rim = np.stack((0.36 * np.cos(angle), 0.34 * np.sin(angle), np.zeros(spokes)), axis=1)
    shape = np.concatenate((np.zeros((1, 3)), rim)) + np.array([0.0, -0.08, -0.55])
    position = marks.mouth + shape * marks.unit
    spoke = np.arange(spokes)
    triangles = np.stack((np.zeros_like(spoke), 1 + spoke, 1 + (spoke + 1) % spokes), axis=1)
    weights = np.zeros((len(position), 55))
    weights[:, BONE_INDEX["head"]] = 1.0
    normal = np.tile([0.0, 0.0, 1.0], (len(position), 1))
    uv = plain_uv("mouth", len(position))
    return Piece(position, normal, uv, weights, triangles)


def _inside_mouth(marks: Landmarks, quads: Ints) -> Mask:
    """Which quads (f,) line the mouth; the lips' inner rim is among them."""
    inner: Mask = (marks.inside_mouth[quads] > 0.08).sum(axis=1) >= 2
    return inner


def other_skin(source: Source, body: Body, marks: Landmarks, shown: Floats, count: int) -> Piece:
    """The skin below the head where `shown` (19158,) is positive at some corner.

    Args:
        count: of triangles.
    """
    quads = source.base.groups["body"].corners
    below = ~(marks.head_share[quads] > 0.5).all(axis=1)
    seen = (shown[quads] > 0.0).any(axis=1)
    piece, used = piece_of(body, marks, quads[below & seen])
    q = marks.face(piece.position)
    # The head's shadow on the neck, its edge a bow.
    edge = -1.62 - 0.10 * np.cos(np.clip(q[:, 0] / 0.75, -1.0, 1.0) * np.pi)
    shaded = np.clip(0.5 + (q[:, 1] - edge) / 0.5, 0.0, 1.0)[:, None]
    # The two colours lie side by side in the picture: their border is drawn between vertices.
    uv = plain_uv("skin", len(used)) * (1.0 - shaded) + plain_uv("neck", len(used)) * shaded
    return thin(replace(piece, uv=uv), count)


def _around(marks: Landmarks, position: Floats) -> Floats:
    """A layout around the head: u by angle, v by height, most of both given to the face."""
    q = (position - marks.skull) / marks.unit
    angle = np.arctan2(q[:, 0], q[:, 2] + 0.35) / np.pi
    u = 0.5 + np.interp(angle, [-1.0, -0.38, 0.38, 1.0], [-0.5, -0.38, 0.38, 0.5])
    height = marks.face(position)[:, 1]
    v = np.interp(height, [-2.3, -1.40, 0.90, 2.0], [1.0, 0.93, 0.09, 0.0]) * (_STRIP - 0.02)
    return np.column_stack((u, v))


def _soften(marks: Landmarks, piece: Piece) -> Floats:
    """Normals drawn to an ellipsoid's over the face, or a toon light would show every dimple."""
    centre = marks.skull + np.array([0.0, -0.35, -0.1]) * marks.unit
    round_ = (piece.position - centre) / np.array([1.0, 1.35, 1.1]) ** 2
    round_ /= np.linalg.norm(round_, axis=1, keepdims=True)
    front = smoothstep(-0.2, 0.4, (piece.position - marks.skull)[:, 2] / marks.unit)
    above_chin = smoothstep(-1.75, -1.22, marks.face(piece.position)[:, 1])
    # What faces another way under the chin keeps its own, or its outline would show.
    agree = smoothstep(0.25, 0.75, np.sum(round_ * piece.normal, axis=1))
    agree = np.maximum(agree, smoothstep(-1.00, -0.86, marks.face(piece.position)[:, 1]))
    share = (0.85 * front * above_chin * agree)[:, None]
    normal = piece.normal * (1.0 - share) + round_ * share
    unit: Floats = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return unit


def paint_face(marks: Landmarks, skin: Piece, lips: Floats, make_up: MakeUp) -> Floats:
    """The picture (SIZE, SIZE, 3) for the head.

    Args:
        lips: (n,) how much each vertex of `skin` belongs to the lips.
    """
    values = np.column_stack((skin.position, lips, skin.with_normals().normal))
    # The farther out from the head's axis, the more it is seen.
    outwards = np.hypot(skin.position[:, 0], skin.position[:, 2] - marks.skull[2])
    under = carry(skin.uv, skin.triangles, values, outwards, SIZE)
    q = marks.face(under.values[..., :3])
    x, y, z = q[..., 0], q[..., 1], q[..., 2]
    picture = flat((SIZE, SIZE), SKIN)

    def blob(centre: tuple[float, float, float], reach: tuple[float, float, float]) -> Floats:
        out: Floats = np.exp(-(((q - np.array(centre)) / np.array(reach)) ** 2).sum(axis=-1))
        return out

    for side in (1.0, -1.0):
        cheek = blob((side * 0.62, -0.42, 0.1), (0.28, 0.13, 0.7))
        picture = mix(picture, (1.0, 0.60, 0.58), 0.62 * make_up.blush * cheek)
    # The hair's shadow on the brow.
    at = marks.face(skin.position)
    chin = float(at[(np.abs(at[:, 0]) < 0.1) & (at[:, 2] > 0.0), 1].min())
    picture = _form(picture, x, y - chin, y, z, under.values[..., 4:])
    picture = _nose(picture, marks, skin, x, y, z)
    picture = _mouth(picture, marks, skin, q, under.values[..., 3], make_up)
    picture = spread(picture, under.covered, 12)
    start = int(_STRIP * SIZE)
    width = SIZE / len(_PLAIN)
    for i, colour in enumerate((_PLAIN | {"brow": make_up.brow_colour}).values()):
        picture[start:, round(i * width) : round((i + 1) * width)] = colour
    return picture


def _form(
    picture: Floats, x: Floats, over_chin: Floats, y: Floats, z: Floats, normal: Floats
) -> Floats:
    """What light would tell of a face's form: painted, as a drawing does."""
    # The fringe's shadow, its edge in points as the fringe's.
    points = 0.045 * np.abs(np.sin(x * 5.2 + 0.5)) + 0.16 * x**2
    fringe = smoothstep(0.0, 0.035, y - 0.60 + points) * (z > -0.9)
    # Beside the face, under the locks that frame it, and on towards the jaw.
    aside = smoothstep(0.86, 0.98, np.abs(x) + 0.10 * smoothstep(0.0, 0.8, y))
    # Under the chin and the jaw.
    low = smoothstep(-0.62, -0.74, normal[..., 1]) * smoothstep(0.20, 0.10, over_chin)
    hard = np.maximum(np.maximum(fringe, low), 0.55 * aside)
    picture = mix(picture, SHADE, 0.85 * hard)
    # Sockets between brow and nose, and the bridge's far side.
    for side in (1.0, -1.0):
        socket = np.exp(-(((side * x - 0.17) / 0.06) ** 2) - ((y - 0.10) / 0.17) ** 2)
        picture = mix(picture, (0.95, 0.70, 0.68), 0.36 * socket * (z > 0.0))
        lid = np.exp(-(((side * x - 0.54) / 0.34) ** 2) - ((y - 0.36) / 0.06) ** 2)
        picture = mix(picture, (0.96, 0.68, 0.66), 0.30 * lid * (z > -0.3))
    bridge = np.exp(-(((x + 0.055) / 0.03) ** 2) - ((y + 0.28) / 0.12) ** 2) * (z > 0.0)
    picture = mix(picture, (0.95, 0.72, 0.69), 0.42 * bridge)
    light = np.exp(-(((x - 0.01) / 0.02) ** 2) - ((y + 0.20) / 0.16) ** 2) * (z > 0.0)
    return mix(picture, (1.0, 0.97, 0.95), 0.45 * light)


def _nose(
    picture: Floats, marks: Landmarks, skin: Piece, x: Floats, y: Floats, z: Floats
) -> Floats:
    """One stroke under the tip and a light on it."""
    q = marks.face(skin.position)
    near = (np.abs(q[:, 0]) < 0.05) & (q[:, 1] < -0.3) & (q[:, 1] > -0.8)
    tip = float(q[near][np.argmax(q[near, 2]), 1])
    front = z > 0.0
    stroke = np.exp(-((x / 0.05) ** 2) - ((y - tip + 0.075 - 1.5 * x * x) / 0.014) ** 2)
    under = np.exp(-((x / 0.10) ** 2) - ((y - tip + 0.09) / 0.045) ** 2)
    picture = mix(picture, (0.90, 0.64, 0.62), 0.45 * under * front)
    picture = mix(picture, (0.70, 0.38, 0.38), 0.75 * stroke * front)
    light = np.exp(-((x / 0.022) ** 2) - ((y - tip - 0.035) / 0.034) ** 2)
    return mix(picture, (1.0, 0.985, 0.97), 0.9 * light * front)


def _mouth(
    picture: Floats, marks: Landmarks, skin: Piece, q: Floats, lips: Floats, make_up: MakeUp
) -> Floats:
    """A tint where the lips meet, and a light on the lower lip; the line itself is a ribbon."""
    line = _lip_line(marks, skin)
    x, y, front = q[..., 0], q[..., 1], q[..., 2] > -0.2
    half = float(line[-1, 0])
    over = y - np.interp(np.abs(x), line[:, 0], line[:, 1])
    across = np.clip(np.abs(x) / half, 0.0, 1.3)
    tint = smoothstep(0.35, 0.95, lips) * front
    picture = mix(picture, (0.94, 0.56, 0.58), (0.14 + 0.16 * make_up.blush) * tint)
    inner = np.exp(-((over / 0.05) ** 2)) * smoothstep(1.0, 0.4, across) * front
    picture = mix(picture, (0.87, 0.42, 0.46), (0.28 + 0.24 * make_up.blush) * inner)
    light = np.exp(-(((x - 0.03) / 0.055) ** 2) - ((over + 0.062) / 0.014) ** 2) * front
    picture = mix(picture, (1.0, 0.95, 0.94), 0.75 * make_up.blush * light)
    below = np.exp(-((x / 0.11) ** 2) - ((over + 0.125) / 0.018) ** 2) * front
    return mix(picture, (0.88, 0.60, 0.58), 0.70 * below)


def _lip_line(marks: Landmarks, skin: Piece) -> Floats:
    """Where the lips meet, (k, 2): distance from the middle and height, by distance."""
    edges = np.sort(np.concatenate([skin.triangles[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    edge, uses = np.unique(edges, axis=0, return_counts=True)
    rim = marks.face(skin.position[np.unique(edge[uses == 1])])
    mouth = marks.face(marks.mouth)
    rim = rim[(np.abs(rim[:, :2] - mouth[:2]) < (0.4, 0.2)).all(axis=1) & (rim[:, 2] > -0.2)]
    reach = np.linspace(0.0, float(np.abs(rim[:, 0]).max()), 12)
    nearby = np.exp(-(((np.abs(rim[:, 0]) - reach[:, None]) / 0.03) ** 2))
    height = (nearby * rim[:, 1]).sum(axis=1) / nearby.sum(axis=1)
    return np.column_stack((reach, height))
