"""The idol's eyes: balls that fill the drawn lids, and one painted iris for both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece, join, smoothstep, triangulate
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.paint import Colour, Mask, flat, mix
from avatars.authoring.figure.source import BODY, LEFT_EYE, RIGHT_EYE, Floats, Ints, Source
from avatars.authoring.head.lashes import lid_rim
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX

SIZE = 1024
_RINGS, _SPOKES = 7, 24
_REACH = np.radians(66.0)
"""How far from its front pole each ball is covered: the lids' corners are 38° and 50° away, and
eyes turn by up to 22°; the rest lies behind the skin."""

_RINGS_OF_LINING = 20
"""Rings of vertices among which the lids' rim is sought, from the socket's depth outwards."""

_IRIS = 0.87
"""The iris's width over the opening's."""

_IRIS_TALL = 1.14
"""The iris's height over the opening's, at least."""

_LINING = 0.87
"""Distance of the socket's lining from the eye's centre, over the lids' radius."""

_OVER_BALL = 1.02
"""The least distance of the skin about the lids from the ball's centre, over the ball's radius."""

_CLOSED_BOW = 0.15
"""How far the line of closed lids sags between its ends, over the opening's width."""

_BEHIND = 0.982
"""The ball's radius over the lids'. Nearer, it pierces the lining; farther, a pale gap shows."""


def seat(source: Source, body: Body) -> tuple[Body, Mask]:
    """The body with eyeballs that the lids' rims lie on, and lids that close over them.

    Also which vertices (19158,) line the sockets behind the rims. A drawn eye is wider than a
    real one and flatter: its ball is larger and sits farther back.
    """
    triangles = triangulate(source.base.groups["body"].corners)
    edge = np.concatenate([triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    lining = np.zeros(len(body.position), bool)
    position, shapes, heads = body.position.copy(), body.shapes.copy(), body.heads.copy()
    for part, side in ((LEFT_EYE, "left"), (RIGHT_EYE, "right")):
        upper, lower = (body.position[lid_rim(source, side[0], upper=up)] for up in (True, False))
        centre, radius = _ball_behind(upper, lower)
        old = body.position[part]
        was = (old.min(axis=0) + old.max(axis=0)) / 2.0
        position[part] = centre + 2.0 * radius / np.ptp(old, axis=0) * (old - was)
        heads[BONE_INDEX[side + "Eye"]] = centre
        # Seen from aside the socket's lining would stand before the ball: it is drawn into it.
        rows = _lining(position, edge, centre, np.concatenate((upper, lower[::-1])))
        inwards = position[rows] - centre
        away = np.linalg.norm(inwards, axis=1, keepdims=True)
        position[rows] = centre + inwards * np.minimum(1.0, _LINING * radius / away)
        shapes[:, rows] = 0.0
        lining[rows] = True
        _uncover(position, lining, np.concatenate((upper, lower[::-1])), centre, radius)
        closing = shapes[ARKIT_INDEX["eyeBlink" + side.capitalize()]]
        _meet(source, position, closing, side[0], lining)
        _clear(position, shapes, centre, radius)
    return replace(body, position=position, shapes=shapes, heads=heads), lining


def _ball_behind(upper: Floats, lower: Floats) -> tuple[Floats, float]:
    """Centre (3,) and radius of the ball as far forward as the lids that its corners touch.

    Args:
        upper, lower: (k, 3) along each lid's rim, from corner to corner.
    """
    rim = np.concatenate((upper, lower))
    x, y, _ = (rim.min(axis=0) + rim.max(axis=0)) / 2.0
    half = float(np.ptp(rim[:, 0])) / 2.0
    pole = float(min(upper[:, 2].max(), lower[:, 2].max()))
    sag = pole - float(min(upper[0, 2], upper[-1, 2]))
    radius = (half * half + sag * sag) / (2.0 * sag)
    return np.array([x, y, pole - radius]), radius


def _lining(position: Floats, edge: Ints, centre: Floats, rim: Floats) -> Ints:
    """Which vertices of the body line an eye's socket, behind the lids' rim.

    They are found ring by ring from the socket's depth, until the ring nearest the rim.

    Args:
        edge: (e, 2) of the body's surface.
        centre: (3,) of the eye.
        rim: (k, 3) along both lids, once around.
    """
    body = position[BODY]
    off_axis = np.linalg.norm((body - centre)[:, :2], axis=1)
    near = np.linalg.norm(body - centre, axis=1) < 1.5 * float(np.ptp(rim[:, 0]))
    depth = np.where(near, body[:, 2] + 2.0 * off_axis, np.inf)
    ring = np.zeros(len(body), bool)
    ring[int(np.argmin(depth))] = True
    known, inner = ring.copy(), ring
    least = np.inf
    for _ in range(_RINGS_OF_LINING):
        between = np.linalg.norm(body[ring][:, None] - rim, axis=2)
        away = float(between.min(axis=1).mean())
        if away < least:
            least, inner = away, known.copy()
        fresh = np.zeros_like(known)
        fresh[edge[known[edge].any(axis=1)].ravel()] = True
        ring = fresh & ~known
        known |= ring
    rows = np.flatnonzero(inner)
    nearest_rim = np.linalg.norm(body[rows][:, None] - rim, axis=2).argmin(axis=1)
    wide = float(np.ptp(rim[:, 0]))
    # Beside the corners the face itself recedes.
    beside = np.abs(body[rows, 0] - centre[0]) > 0.42 * wide
    behind = rim[nearest_rim, 2] - body[rows, 2] > np.where(beside, 0.2, 0.03) * wide
    found: Ints = rows[behind | _within(body[rows], rim)]
    return found


def _within(points: Floats, outline: Floats) -> Mask:
    """Whether points (n, 3), seen from the front, lie in a closed outline (k, 3): even-odd rule."""
    a, b = outline[:, :2], np.roll(outline[:, :2], -1, axis=0)
    x, y = points[:, 0, None], points[:, 1, None]
    spans = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    right = x < a[:, 0] + (y - a[:, 1]) / rise * (b[:, 0] - a[:, 0])
    inside: Mask = (spans & right).sum(axis=1) % 2 == 1
    return inside


def _uncover(position: Floats, lining: Mask, rim: Floats, centre: Floats, radius: float) -> None:
    """Push the skin around an opening out of the ball, which is covered beyond the lids' corners.

    Args:
        lining: (19158,) which vertices line the sockets.
        rim: (k, 3) along both lids, once around.
    """
    body = position[BODY]
    from_centre = body - centre
    away = np.linalg.norm(from_centre, axis=1)
    before = from_centre[:, 2] > np.cos(_REACH + 0.1) * away
    near = (away < _OVER_BALL * radius) & (away > 0.7 * radius) & before & ~lining[BODY]
    rows = np.flatnonzero(near)
    rows = rows[~_within(body[rows], rim)]
    rim_away = np.linalg.norm(body[rows][:, None] - rim, axis=2).min(axis=1)
    share = smoothstep(0.0, 0.07 * radius, rim_away)[:, None]
    out = centre + from_centre[rows] * (_OVER_BALL * radius / away[rows])[:, None]
    position[rows] += share * (out - body[rows])


def _meet(source: Source, position: Floats, closing: Floats, side: str, lining: Mask) -> None:
    """Make both lids close on one shallow bow.

    Shapes are linear: half-way between a high arch and a deep bow a lid would be a straight bar.
    So the upper lid stops higher than the source's, and the lower one comes up to it.

    Args:
        closing: (19158, 3) the shape that closes the eye.
        side: "l" or "r".
        lining: (19158,) which vertices line the sockets.
    """
    upper, lower = (lid_rim(source, side, upper=up) for up in (True, False))
    x = position[:, 0] if side == "l" else -position[:, 0]
    inner, outer = float(x[upper[0]]), float(x[upper[-1]])
    ends = [float((position + closing)[row, 1]) for row in (upper[0], upper[-1])]
    wide = outer - inner
    t = (x - inner) / wide
    bow = ends[0] + (ends[1] - ends[0]) * t - _CLOSED_BOW * wide * 4.0 * t * (1.0 - t)
    ends_in = smoothstep(-0.02, 0.14, t) * smoothstep(1.02, 0.86, t)
    near = (np.abs(t - 0.5) < 0.8) & (np.abs(position[:, 1] - ends[0]) < 1.2 * wide) & ~lining

    def along(rows: Ints, values: Floats) -> Floats:
        """Values at a rim's vertices for each vertex of the body, by place along the rim."""
        order = np.argsort(t[rows])
        at: Floats = np.interp(t, t[rows][order], values[order])
        return at

    # The upper lid goes a share of its way, the same for all skin above one place of the rim.
    way = closing[upper, 1]
    share = along(upper, np.clip((bow[upper] - position[upper, 1]) / way, 0.4, 1.15))
    falls = near & (closing[:, 1] < -0.02 * wide)
    closing[falls] *= (1.0 + (share - 1.0) * ends_in)[falls, None]
    # The lower lid, and less and less of what lies under it.
    rise = along(lower, bow[lower] - position[lower, 1] - closing[lower, 1])
    under = along(lower, position[lower, 1]) - position[:, 1]
    part = np.exp(-((np.maximum(under, 0.0) / (0.22 * wide)) ** 2)) * (under > -0.05 * wide)
    moved = near & ~falls & (part > 0.01)
    closing[moved, 1] += (np.maximum(rise, 0.0) * part * ends_in)[moved]


def _clear(position: Floats, shapes: Floats, centre: Floats, radius: float) -> None:
    """Push what closing lids move out of the ball, half-way and at the end of their way.

    What lies in the ball at rest stays: it is the lids' lining.
    """
    for name in ARKIT:
        if not name.startswith(("eyeBlink", "eyeSquint", "eyeLook")):
            continue
        shape = shapes[ARKIT_INDEX[name]]
        for share in (1.0, 0.6):
            rows = np.flatnonzero(np.abs(shape[BODY]).max(axis=1) > 1e-6)
            from_centre = position[rows] + share * shape[rows] - centre
            away = np.linalg.norm(from_centre, axis=1)
            rest = position[rows] - centre
            lid = (np.linalg.norm(rest, axis=1) > radius) & (rest[:, 2] > 0.0)
            short = np.where(lid, np.maximum(radius - away, 0.0), 0.0)
            shape[rows] += from_centre * (short / (away * share))[:, None]


def eyeballs(marks: Landmarks) -> Piece:
    """Both eyes, turning with their bones."""
    return join(
        [
            _cap(marks.left, marks.eye_radius, BONE_INDEX["leftEye"]),
            _cap(marks.right, marks.eye_radius, BONE_INDEX["rightEye"]),
        ]
    )


def _cap(centre: Floats, radius: float, bone: int) -> Piece:
    ring = np.repeat(np.arange(1, _RINGS + 1), _SPOKES)
    spoke = np.tile(np.arange(_SPOKES), _RINGS)
    down, around = _REACH * ring / _RINGS, 2.0 * np.pi * spoke / _SPOKES
    rim = np.stack(
        (np.sin(down) * np.cos(around), np.sin(down) * np.sin(around), np.cos(down)), axis=1
    )
    normal = np.concatenate(([[0.0, 0.0, 1.0]], rim))
    triangles = [(0, 1 + k, 1 + (k + 1) % _SPOKES) for k in range(_SPOKES)]
    for i in range(_RINGS - 1):
        for k in range(_SPOKES):
            a, b = 1 + i * _SPOKES + k, 1 + i * _SPOKES + (k + 1) % _SPOKES
            triangles += [(a, a + _SPOKES, b + _SPOKES), (a, b + _SPOKES, b)]
    weights = np.zeros((len(normal), 55))
    weights[:, bone] = 1.0
    uv = np.column_stack((0.5 + 0.5 * normal[:, 0], 0.5 - 0.5 * normal[:, 1]))
    position = centre + normal * radius * _BEHIND
    return Piece(position, normal, uv, weights, np.array(triangles))


def iris_size(source: Source, body: Body, marks: Landmarks) -> tuple[float, float]:
    """The iris's half width and half height in an eye's lids, 1 being the ball's radius."""
    rim = np.concatenate([lid_rim(source, "l", upper=upper) for upper in (True, False)])
    opening = float(np.ptp(body.position[rim, 0])) / 2.0
    tall = float(np.ptp(body.position[rim, 1])) / 2.0
    half = _IRIS * opening / (_BEHIND * marks.eye_radius)
    return half, max(1.2 * half, _IRIS_TALL * tall / (_BEHIND * marks.eye_radius))


def paint_iris(dark: Colour, middle: Colour, light: Colour, size: tuple[float, float]) -> Floats:
    """The picture (SIZE, SIZE, 3) of an eye seen from the front, 1 being the ball's radius.

    Args:
        dark, middle, light: the iris from its upper to its lower edge.
        size: the iris's half width and half height.
    """
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    x = (column + 0.5) / SIZE * 2.0 - 1.0
    y = 1.0 - (row + 0.5) / SIZE * 2.0
    picture = flat((SIZE, SIZE), (0.985, 0.98, 0.99))
    u, v = x / size[0], y / size[1]
    away = np.hypot(u, v)
    height = 0.5 + 0.5 * v
    iris = mix(flat((SIZE, SIZE), light), middle, smoothstep(0.12, 0.55, height))
    iris = mix(iris, dark, smoothstep(0.48, 0.92, height))
    angle = np.arctan2(v, u)
    streaks = np.sin(angle * 38.0 + 1.6 * np.sin(angle * 9.0)) * smoothstep(0.40, 0.62, away)
    iris = mix(iris, light, 0.20 * np.clip(streaks, 0.0, 1.0) * smoothstep(0.75, 0.3, height))
    # A second, lighter crescent low in the iris, as light that has passed through it.
    crescent = smoothstep(0.86, 0.78, away) * smoothstep(0.52, 0.66, np.hypot(u, v - 0.22))
    glow = _brighten(light, 0.55)
    iris = mix(iris, glow, 0.75 * crescent * smoothstep(0.42, 0.16, height))
    # A broad dark ring and pupil: what is left of an eye on the last row's few pixels.
    iris = mix(iris, _darken(dark, 0.55), 0.92 * smoothstep(0.82, 0.93, away))
    pupil = smoothstep(0.50, 0.44, np.hypot(u, (v - 0.02) * 0.86))
    iris = mix(iris, _darken(dark, 0.35), pupil)
    iris = mix(iris, middle, 0.55 * pupil * smoothstep(0.05, -0.35, v))
    edge = smoothstep(1.01, 0.985, away)
    picture = mix(picture, iris, edge)
    # The upper lid's shadow over white and iris, then the lights in front of it all.
    picture = mix(picture, (0.70, 0.70, 0.84), 0.75 * (1.0 - edge) * smoothstep(0.22, 0.46, y))
    shadow = smoothstep(0.18, 0.62, v + 0.10 * u * u)
    picture = mix(picture, _darken(dark, 0.45), 0.62 * shadow * edge)
    for cx, cy, rx, ry in (
        (-0.34, 0.40, 0.25, 0.23),
        (0.36, -0.42, 0.12, 0.12),
        (0.30, 0.30, 0.07, 0.07),
    ):
        spot = smoothstep(1.06, 0.94, np.hypot((u - cx) / rx, (v - cy) / ry))
        picture = mix(picture, (1.0, 1.0, 1.0), spot)
    return picture


def _darken(colour: Colour, share: float) -> Colour:
    red, green, blue = colour
    return red * share, green * share, blue * share


def _brighten(colour: Colour, share: float) -> Colour:
    """A colour a share of the way to white."""
    red, green, blue = colour
    return red + (1 - red) * share, green + (1 - green) * share, blue + (1 - blue) * share
