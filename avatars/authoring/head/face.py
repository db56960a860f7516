"""Build the head's skin, lashes, teeth and tongue, and paint their shared texture.

The texture holds the skin's UV layout and, along its lower edge, a strip of plain colours for the
parts that need no painting.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, join, nearest, smoothstep
from avatars.authoring.figure.landmarks import Landmarks, piece_of
from avatars.authoring.figure.paint import Colour, Mask, carry, flat, mix, spread
from avatars.authoring.figure.source import Floats, Ints, Source
from avatars.authoring.figure.thinning import thin
from avatars.authoring.head.lashes import Lash, lashes, lid_folds, lower_lids
from avatars.authoring.head.lip_lines import LipGrowth, lip_colour, lip_lines
from avatars.names import ARKIT_INDEX, BONE_INDEX

SIZE = 1024
"""Width and height of the head's texture, texels."""

SKIN: Colour = (0.985, 0.87, 0.815)
"""Colour of the skin, sRGB."""
SHADE: Colour = (0.945, 0.735, 0.715)
"""Colour of the skin in painted shadows, sRGB."""
_UNDER_JAW: Colour = (0.90, 0.655, 0.645)
"""Colour of the neck and of the skin under the jaw in the head's shadow, sRGB: darker, so that the
jaw's line is visible in light from the front."""
_PLAIN: dict[str, Colour] = {
    "skin": SKIN,
    "neck": _UNDER_JAW,
    "mouth": (0.58, 0.20, 0.26),
    "teeth": (0.985, 0.975, 0.97),
    "tongue": (0.90, 0.40, 0.44),
    "lash": (0.115, 0.07, 0.12),
    "fold": (0.89, 0.69, 0.66),
    "white": (0.93, 0.90, 0.93),
    "lid": (0.965, 0.80, 0.765),
    "lips": (0.40, 0.10, 0.16),
    "lip colour": (0.84, 0.46, 0.46),
    "brow": (0.20, 0.15, 0.15),
}
"""Plain colours by part, sRGB, in the order of the strip; the brow's is replaced by
`MakeUp.brow_colour`."""
_STRIP = 0.96
"""Upper edge of the strip of plain colours, v."""

_SEAM_FADES = 0.25
"""Distance from the neck over which the skin's shapes grow to their full displacement, eye
distances."""

_TEETH = -0.085
"""Vertical displacement of the upper teeth to where a stylised face shows them, eye distances. The
lower teeth are omitted, as in a drawing."""
_TEETH_RISE = 0.14
"""Vertical displacement of the upper teeth in mouthFunnel and mouthPucker, eye distances."""


@dataclass(frozen=True, slots=True)
class MakeUp:
    """Parameters of the face texture.

    Attributes:
        blush: strength of the blush on cheeks and lips, 0 to 1.
        lip_line: half the height of the line along each lip, eye distances. Below 0.012 the mouth
            is invisible on a face 40 pixels high.
        brow_colour: sRGB.
    """

    blush: float
    lip_line: float
    brow_colour: Colour = (0.2, 0.15, 0.15)


def plain_uv(name: str, count: int) -> Floats:
    """Return the UV of a plain colour, repeated for `count` vertices (count, 2).

    Args:
        name: key in _PLAIN.
    """
    place = (list(_PLAIN).index(name) + 0.5) / len(_PLAIN)
    return np.tile([place, (1.0 + _STRIP) / 2.0], (count, 1))


def head_skin(source: Source, body: Body, marks: Landmarks, sockets: Mask) -> Piece:
    """Extract the head's skin without the inside of mouth and eye sockets, with its UV layout.

    Args:
        sockets: (19158,) mask of the vertices that line the sockets.
    """
    quads = source.base.groups["body"].corners
    inside = _inside_mouth(marks, quads)
    on_head = (marks.head_share[quads] > 0.5).all(axis=1)
    shown = on_head & ~inside & ~sockets[quads].any(axis=1)
    piece, used = piece_of(body, marks, quads[shown], with_shapes=True)
    piece = _hold_seam(piece, np.isin(used, quads[~on_head]), marks.unit)
    # The layout is computed with the lids 60 % closed, so that they get enough texels.
    lids = body.shapes[ARKIT_INDEX["eyeBlinkLeft"]] + body.shapes[ARKIT_INDEX["eyeBlinkRight"]]
    uv = _around(marks, piece.position + 0.6 * lids[used])
    return replace(piece, uv=uv, normal=_soften(marks, piece))


def _hold_seam(piece: Piece, seam: Mask, unit: float) -> Piece:
    """Fade the shapes out towards the neck, which has none: the seam would open in them.

    Args:
        seam: (n,) mask of the vertices shared with the neck.
        unit: the eye distance, metres.
    """
    assert piece.shapes is not None
    _, away = nearest(piece.position, piece.position[seam], 1)
    share = smoothstep(0.0, _SEAM_FADES * unit, away[:, 0])
    return replace(piece, shapes=piece.shapes * share[None, :, None])


def thin_skin(skin: Piece, count: int) -> Piece:
    """Simplify the head's skin to `count` triangles, keeping more where ARKit shapes move it."""
    moved = np.zeros(len(skin.position))
    if skin.shapes is not None:
        moved = np.linalg.norm(skin.shapes, axis=2).max(axis=0)
    return thin(skin, count, 1.0 + 40.0 * moved / max(float(moved.max()), 1e-9))


def without_outline(marks: Landmarks, skin: Piece, chin_line: float) -> Mask:
    """Mark the triangles (t,) of the head's skin that are drawn without an outline.

    These are the skin around the eyes where the lids fold, between the brows, the ears, and the
    underside of the jaw beside the chin.

    Args:
        chin_line: half width of the outline under the chin, eye distances.
    """
    q = marks.face(skin.position)
    aside = (np.abs(q[:, 0]) - 0.5) / 0.54
    near = (aside**2 + ((q[:, 1] + 0.06) / 0.56) ** 2 < 1.0) & (q[:, 2] > -0.45)
    beside = ((np.abs(q[:, 0]) - 0.36) / 0.22) ** 2 + ((q[:, 1] + 0.76) / 0.22) ** 2 < 1.0
    near |= beside & (q[:, 2] > -0.2)
    # Between the brows, where noseSneer folds the skin.
    near |= (np.abs(q[:, 0]) < 0.25) & (np.abs(q[:, 1] - 0.25) < 0.55) & (q[:, 2] > -0.2)
    # In the ears, whose relief would break up the outline.
    near |= (np.abs(q[:, 0]) > 0.85) & (np.abs(q[:, 1] + 0.15) < 0.65) & (q[:, 2] < -0.55)
    # Below the lips, which bulge over it in mouthPucker.
    below_lips = q[:, 1] - float(marks.face(marks.mouth)[1])
    near |= (np.abs(q[:, 0]) < 0.35) & (np.abs(below_lips + 0.18) < 0.12) & (q[:, 2] > -0.2)
    under = skin.with_normals().normal[:, 1] < -0.25
    near |= under & (np.abs(q[:, 0]) > chin_line) & (q[:, 1] < -0.75)
    inner: Mask = near[skin.triangles].sum(axis=1) == 3
    return inner


def details(
    source: Source,
    body: Body,
    marks: Landmarks,
    sockets: Mask,
    lash: Lash,
    lip_line: float,
    lip_growth: tuple[LipGrowth, LipGrowth],
) -> Piece:
    """Build the parts of the head other than skin, eyeballs and brows.

    These are the inside of the mouth, teeth, tongue, lashes, lines of lids and lips, and the
    whites of the eyes where they continue into the sockets.

    Args:
        sockets: (19158,) mask of the vertices that line the eye sockets.
        lash: parameters of the lashes.
        lip_line: half the height of the line along each lip, eye distances.
        lip_growth: how these lines, and the lips' colour, grow with the mouth's shapes.
    """
    groups = source.base.groups
    quads = groups["body"].corners
    inside = _inside_mouth(marks, quads)
    on_head = (marks.head_share[quads] > 0.5).all(axis=1)
    # Teeth and tongue are shifted (eye distances) to where a stylised face shows them: a band of
    # the upper teeth under the lip, the tongue low in an open mouth, nothing between closed lips.
    # Only the first ring of a socket's quads is visible; the deeper ones are inside the eyeball.
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
            piece = replace(piece, shapes=_behind_round_lips(piece.shapes, marks.unit))
            # One even white: relief would break up cel shading.
            piece = replace(piece, normal=np.tile([0.0, 0.0, 1.0], (len(used), 1)))
        if colour == "tongue":
            piece = replace(piece, shapes=_over_the_lip(piece.shapes, marks.unit))
        shift = np.array([0.0, drop, 0.0 if colour in ("mouth", "white") else -0.125]) * marks.unit
        piece = replace(piece, position=piece.position + shift)
        if colour in ("teeth", "tongue"):
            # The source's row of teeth is too wide for the small chin.
            narrow = np.array([0.64, 1.0, 1.0])
            piece = replace(piece, position=piece.position * narrow)
        if colour in ("mouth", "tongue"):
            piece = thin(piece, len(piece.triangles) // 2)
        pieces.append(piece)
    drawn = lashes(source, body, marks, lash)
    drawn = replace(drawn, uv=plain_uv("lash", len(drawn.position)))
    lids = lower_lids(source, body, marks)
    lids = replace(lids, uv=plain_uv("lid", len(lids.position)))
    lips = lip_lines(source, body, marks.unit, lip_line, lip_growth[0])
    lips = replace(lips, uv=plain_uv("lips", len(lips.position)))
    lip_tint = lip_colour(source, body, marks.unit, lip_line, lip_growth[1])
    lip_tint = replace(lip_tint, uv=plain_uv("lip colour", len(lip_tint.position)))
    folds = lid_folds(source, body, marks)
    folds = replace(folds, uv=plain_uv("fold", len(folds.position)))
    return join([*pieces, _throat(marks), drawn, lids, lip_tint, lips, folds])


def _behind_round_lips(shapes: Floats | None, unit: float) -> Floats:
    """Move the teeth up and back in mouthFunnel and mouthPucker, or they would fill the opening.

    Args:
        shapes: (52, n, 3) the teeth's shapes, metres.
        unit: the eye distance, metres.
    """
    assert shapes is not None
    out = shapes.copy()
    out[ARKIT_INDEX["mouthFunnel"], :, 1] += _TEETH_RISE * unit
    out[ARKIT_INDEX["mouthPucker"]] += np.array([0.0, _TEETH_RISE, -0.2]) * unit
    return out


def _over_the_lip(shapes: Floats | None, unit: float) -> Floats:
    """Raise the tip in tongueOut, so that it clears the lip, which is higher than the source's.

    Args:
        shapes: (52, n, 3) the tongue's shapes, metres.
        unit: the eye distance, metres.
    """
    assert shapes is not None
    out = shapes.copy()
    put_out = out[ARKIT_INDEX["tongueOut"]]
    forward = smoothstep(0.3, 1.0, put_out[:, 2] / max(float(put_out[:, 2].max()), 1e-9))
    put_out += forward[:, None] * np.array([0.0, 0.10, 0.14]) * unit
    return out


def _throat(marks: Landmarks) -> Piece:
    """Build a dark disc that closes the mouth at the back.

    The source's mouth is open there, and the hair behind it would be visible.
    """
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
    """Mark the quads (f,) that line the mouth, including the inner rim of the lips."""
    inner: Mask = (marks.inside_mouth[quads] > 0.08).sum(axis=1) >= 2
    return inner


def other_skin(source: Source, body: Body, marks: Landmarks, shown: Floats, count: int) -> Piece:
    """Extract the visible skin below the head.

    Args:
        shown: (19158,) visibility; a quad is kept if it is positive at any of its corners.
        count: number of triangles to simplify to.
    """
    quads = source.base.groups["body"].corners
    below = ~(marks.head_share[quads] > 0.5).all(axis=1)
    seen = (shown[quads] > 0.0).any(axis=1)
    piece, used = piece_of(body, marks, quads[below & seen])
    q = marks.face(piece.position)
    # The head's shadow on the neck, with a curved edge.
    edge = -1.62 - 0.10 * np.cos(np.clip(q[:, 0] / 0.75, -1.0, 1.0) * np.pi)
    shaded = np.clip(0.5 + (q[:, 1] - edge) / 0.5, 0.0, 1.0)[:, None]
    # The two colours are adjacent in the strip, so the shadow's edge can fall between vertices.
    uv = plain_uv("skin", len(used)) * (1.0 - shaded) + plain_uv("neck", len(used)) * shaded
    return thin(replace(piece, uv=uv, normal=_round_neck(piece, q)), count)


def _round_neck(piece: Piece, q: Floats) -> Floats:
    """Blend the neck's normals (n, 3) to a cylinder's: tendons would break up cel shading.

    Args:
        q: (n, 3) positions relative to the midpoint of the eyes, eye distances.
    """
    neck = (q[:, 1] > -2.4) & (np.abs(q[:, 0]) < 0.9)
    away = q[:, [0, 2]] - np.array([0.0, (q[neck, 2].min() + q[neck, 2].max()) / 2.0])
    round_ = np.column_stack((away[:, 0], np.zeros(len(q)), away[:, 1]))
    round_ /= np.maximum(np.linalg.norm(round_, axis=1, keepdims=True), 1e-9)
    share = (0.85 * smoothstep(-3.0, -2.3, q[:, 1]))[:, None]
    normal = piece.normal * (1.0 - share) + round_ * share
    unit: Floats = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return unit


def _around(marks: Landmarks, position: Floats) -> Floats:
    """Compute a cylindrical UV layout (n, 2): u by angle, v by height, most of it for the face."""
    q = (position - marks.skull) / marks.unit
    angle = np.arctan2(q[:, 0], q[:, 2] + 0.35) / np.pi
    u = 0.5 + np.interp(angle, [-1.0, -0.38, 0.38, 1.0], [-0.5, -0.38, 0.38, 0.5])
    height = marks.face(position)[:, 1]
    v = np.interp(height, [-2.3, -1.40, 0.90, 2.0], [1.0, 0.93, 0.09, 0.0]) * (_STRIP - 0.02)
    return np.column_stack((u, v))


def _soften(marks: Landmarks, piece: Piece) -> Floats:
    """Blend the face's normals (n, 3) towards an ellipsoid's, so that cel shading stays smooth."""
    centre = marks.skull + np.array([0.0, -0.35, -0.1]) * marks.unit
    round_ = (piece.position - centre) / np.array([1.0, 1.35, 1.1]) ** 2
    round_ /= np.linalg.norm(round_, axis=1, keepdims=True)
    front = smoothstep(-0.2, 0.4, (piece.position - marks.skull)[:, 2] / marks.unit)
    above_chin = smoothstep(-1.75, -1.22, marks.face(piece.position)[:, 1])
    # Normals under the chin that differ strongly are kept, or the outline would be visible there.
    agree = smoothstep(0.25, 0.75, np.sum(round_ * piece.normal, axis=1))
    agree = np.maximum(agree, smoothstep(-1.00, -0.86, marks.face(piece.position)[:, 1]))
    share = (0.85 * front * above_chin * agree)[:, None]
    normal = piece.normal * (1.0 - share) + round_ * share
    unit: Floats = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return unit


def paint_face(marks: Landmarks, skin: Piece, lips: Floats, make_up: MakeUp) -> Floats:
    """Paint the head's texture (SIZE, SIZE, 3).

    Args:
        skin: the head's skin with its UV layout.
        lips: (n,) lip mask at each vertex of `skin`, 0 to 1.
    """
    values = np.column_stack((skin.position, lips, skin.with_normals().normal))
    # Where the layout overlaps, the surface farther from the head's axis is the visible one.
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
    # Height of the chin, from which the shadow under it is measured.
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
    """Paint the shading that conveys the face's form: shadows of hair and chin, sockets, bridge.

    Args:
        picture: (h, w, 3) the texture so far.
        x, y, z: (h, w) position relative to the midpoint of the eyes, eye distances.
        over_chin: (h, w) height above the chin, eye distances.
        normal: (h, w, 3) surface normals.
    """
    # The fringe's shadow, with a pointed edge like the fringe.
    points = 0.045 * np.abs(np.sin(x * 5.2 + 0.5)) + 0.16 * x**2
    fringe = smoothstep(0.0, 0.035, y - 0.60 + points) * (z > -0.9)
    # The sides of the face under the locks that frame it, down to the jaw.
    aside = smoothstep(0.86, 0.98, np.abs(x) + 0.10 * smoothstep(0.0, 0.8, y))
    picture = mix(picture, SHADE, 0.85 * np.maximum(fringe, 0.55 * aside))
    # Under the chin, and under the line from the chin to the jaw's angle.
    low = smoothstep(-0.62, -0.74, normal[..., 1]) * smoothstep(0.20, 0.10, over_chin)
    line = 0.02 + 0.60 * np.clip((0.05 - z) / 1.0, 0.0, 1.4)
    jaw = smoothstep(0.03, -0.03, over_chin - line) * smoothstep(-0.15, -0.30, normal[..., 1])
    picture = mix(picture, _UNDER_JAW, 0.9 * np.maximum(low, jaw * (z < 0.0)))
    # The sockets between brow and nose, and the shaded side of the bridge.
    for side in (1.0, -1.0):
        socket = np.exp(-(((side * x - 0.17) / 0.06) ** 2) - ((y - 0.10) / 0.17) ** 2)
        picture = mix(picture, (0.95, 0.70, 0.68), 0.46 * socket * (z > 0.0))
        lid = np.exp(-(((side * x - 0.54) / 0.34) ** 2) - ((y - 0.36) / 0.06) ** 2)
        picture = mix(picture, (0.96, 0.68, 0.66), 0.22 * lid * (z > -0.3))
    # Cheeks and jaw turn away from the light towards the sides and the chin.
    turned = smoothstep(0.50, 1.0, np.abs(x) + 0.34 * smoothstep(-0.55, -1.15, y))
    picture = mix(picture, (0.97, 0.74, 0.70), 0.62 * turned * smoothstep(0.15, -0.25, y))
    hollow = np.exp(-((x / 0.30) ** 2) - (over_chin / 0.11) ** 2) * (z > -0.2)
    picture = mix(picture, (0.96, 0.74, 0.71), 0.55 * hollow)
    bridge = np.exp(-(((x + 0.062) / 0.036) ** 2) - ((y + 0.26) / 0.16) ** 2) * (z > 0.0)
    picture = mix(picture, (0.93, 0.66, 0.63), 0.55 * bridge)
    light = np.exp(-(((x - 0.01) / 0.02) ** 2) - ((y + 0.20) / 0.16) ** 2) * (z > 0.0)
    return mix(picture, (1.0, 0.97, 0.95), 0.55 * light)


def _nose(
    picture: Floats, marks: Landmarks, skin: Piece, x: Floats, y: Floats, z: Floats
) -> Floats:
    """Paint the nose: a stroke under the tip and a highlight on it."""
    q = marks.face(skin.position)
    near = (np.abs(q[:, 0]) < 0.05) & (q[:, 1] < -0.3) & (q[:, 1] > -0.8)
    tip = float(q[near][np.argmax(q[near, 2]), 1])
    front = z > 0.0
    stroke = np.exp(-((x / 0.06) ** 2) - ((y - tip + 0.075 - 1.5 * x * x) / 0.018) ** 2)
    # The shadow below the tip, to the side that the bridge shades.
    under = np.exp(-(((x + 0.015) / 0.12) ** 2) - ((y - tip + 0.10) / 0.060) ** 2)
    picture = mix(picture, (0.89, 0.60, 0.57), 0.66 * under * front)
    picture = mix(picture, (0.66, 0.33, 0.33), 0.85 * stroke * front)
    light = np.exp(-((x / 0.022) ** 2) - ((y - tip - 0.035) / 0.034) ** 2)
    return mix(picture, (1.0, 0.985, 0.97), 0.9 * light * front)


def _mouth(
    picture: Floats, marks: Landmarks, skin: Piece, q: Floats, lips: Floats, make_up: MakeUp
) -> Floats:
    """Paint a tint along the lips and a highlight on the lower one; their line is a ribbon."""
    line = _lip_line(marks, skin)
    x, y, front = q[..., 0], q[..., 1], q[..., 2] > -0.2
    half = float(line[-1, 0])
    over = y - np.interp(np.abs(x), line[:, 0], line[:, 1])
    across = np.clip(np.abs(x) / half, 0.0, 1.3)
    tint = smoothstep(0.35, 0.95, lips) * front
    picture = mix(picture, (0.94, 0.56, 0.58), (0.26 + 0.16 * make_up.blush) * tint)
    inner = np.exp(-((over / 0.05) ** 2)) * smoothstep(1.0, 0.4, across) * front
    picture = mix(picture, (0.87, 0.42, 0.46), (0.28 + 0.24 * make_up.blush) * inner)
    light = np.exp(-(((x - 0.03) / 0.055) ** 2) - ((over + 0.062) / 0.014) ** 2) * front
    picture = mix(picture, (1.0, 0.95, 0.94), 0.75 * make_up.blush * light)
    below = np.exp(-((x / 0.13) ** 2) - ((over + 0.130) / 0.024) ** 2) * front
    return mix(picture, (0.87, 0.57, 0.54), 0.80 * below)


def _lip_line(marks: Landmarks, skin: Piece) -> Floats:
    """Return the line where the lips meet, (k, 2): distance from the middle and height.

    Rows are in ascending order of distance, eye distances.
    """
    edges = np.sort(np.concatenate([skin.triangles[:, [i, (i + 1) % 3]] for i in range(3)]), axis=1)
    edge, uses = np.unique(edges, axis=0, return_counts=True)
    rim = marks.face(skin.position[np.unique(edge[uses == 1])])
    mouth = marks.face(marks.mouth)
    rim = rim[(np.abs(rim[:, :2] - mouth[:2]) < (0.4, 0.2)).all(axis=1) & (rim[:, 2] > -0.2)]
    reach = np.linspace(0.0, float(np.abs(rim[:, 0]).max()), 12)
    nearby = np.exp(-(((np.abs(rim[:, 0]) - reach[:, None]) / 0.03) ** 2))
    height = (nearby * rim[:, 1]).sum(axis=1) / nearby.sum(axis=1)
    return np.column_stack((reach, height))
