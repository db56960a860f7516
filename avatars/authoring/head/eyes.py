"""Build the eyes: eyeballs that fit the stylised lids, and one iris texture for both."""

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
"""Width and height of the iris texture, texels."""
_RINGS, _SPOKES = 7, 24
"""Vertex rings of an eyeball and vertices per ring."""
_REACH = np.radians(66.0)
"""Angle from the front pole up to which the eyeball is modelled, radians: the corners of the lids
are 38° and 50° away, and eyes rotate by up to 22°; the rest is hidden behind the skin."""

_RINGS_OF_LINING = 20
"""Number of vertex rings searched for the rim of the lids, from the bottom of the socket out."""

_IRIS = 0.87
"""Width of the iris divided by the width of the lid opening."""

_IRIS_TALL = 1.14
"""Minimum height of the iris divided by the height of the lid opening."""

_HIGHLIGHTS = ((-0.32, 0.34, 0.29, 0.27), (0.36, -0.40, 0.16, 0.15), (0.32, 0.30, 0.09, 0.09))
"""Centre x, y and half width and height of each highlight, in units of the iris's."""

_LINING = 0.87
"""Maximum distance of the socket's lining from the eye centre, divided by the lids' radius."""

_OVER_BALL = 1.02
"""Minimum distance of the skin around the lids from the eye centre, divided by the lids' radius."""

_CLOSED_BOW = 0.15
"""Sag of the line of the closed lids, divided by the width of the lid opening."""

_BEHIND = 0.982
"""Radius of the eyeball divided by that of the lids. A larger ball penetrates the lining; a
smaller one leaves a visible pale gap."""


def seat(source: Source, body: Body) -> tuple[Body, Mask]:
    """Fit the eyeballs to the rims of the lids, and the lids' shapes to the eyeballs.

    A stylised eye is wider and flatter than a real one, so its eyeball is larger and farther back.

    Returns:
        The adjusted body and a mask (19158,) of the vertices that line the sockets behind the rims.
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
        # From the side the socket's lining would occlude the ball, so it is moved inside the ball.
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
    """Compute the sphere that reaches as far forward as the lids and touches their corners.

    Args:
        upper, lower: (k, 3) points along each lid's rim, from corner to corner, metres.

    Returns:
        Centre (3,) and radius, metres.
    """
    rim = np.concatenate((upper, lower))
    x, y, _ = (rim.min(axis=0) + rim.max(axis=0)) / 2.0
    half = float(np.ptp(rim[:, 0])) / 2.0
    pole = float(min(upper[:, 2].max(), lower[:, 2].max()))
    sag = pole - float(min(upper[0, 2], upper[-1, 2]))
    radius = (half * half + sag * sag) / (2.0 * sag)
    return np.array([x, y, pole - radius]), radius


def _lining(position: Floats, edge: Ints, centre: Floats, rim: Floats) -> Ints:
    """Find the vertices that line an eye socket, behind the rim of the lids.

    The search grows ring by ring from the deepest vertex up to the ring nearest to the rim.

    Args:
        position: (19158, 3) vertex positions, metres.
        edge: (e, 2) vertex indices of the body's edges.
        centre: (3,) centre of the eye, metres.
        rim: (k, 3) closed loop along both lids, metres.

    Returns:
        Vertex indices (v,).
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
    # Near the corners the face itself recedes, so the threshold is larger there.
    beside = np.abs(body[rows, 0] - centre[0]) > 0.42 * wide
    behind = rim[nearest_rim, 2] - body[rows, 2] > np.where(beside, 0.2, 0.03) * wide
    found: Ints = rows[behind | _within(body[rows], rim)]
    return found


def _within(points: Floats, outline: Floats) -> Mask:
    """Test by the even-odd rule whether points (n, 3), seen from the front, are in an outline.

    Args:
        outline: (k, 3) closed polygon.
    """
    a, b = outline[:, :2], np.roll(outline[:, :2], -1, axis=0)
    x, y = points[:, 0, None], points[:, 1, None]
    spans = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    right = x < a[:, 0] + (y - a[:, 1]) / rise * (b[:, 0] - a[:, 0])
    inside: Mask = (spans & right).sum(axis=1) % 2 == 1
    return inside


def _uncover(position: Floats, lining: Mask, rim: Floats, centre: Floats, radius: float) -> None:
    """Push the skin around the lid opening out of the eyeball, in place.

    The modelled part of the eyeball extends beyond the corners of the lids.

    Args:
        position: (19158, 3) vertex positions, modified.
        lining: (19158,) mask of the vertices that line the sockets.
        rim: (k, 3) closed loop along both lids.
        centre, radius: of the eyeball, metres.
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
    """Adjust the blink shape, in place, so that both lids meet on one shallow curve.

    Morph targets are linear: half-way between a high arch and a deep curve, a lid would be a
    straight bar. So the upper lid stops higher than in the source, and the lower lid rises to it.

    Args:
        position: (19158, 3) vertex positions, metres.
        closing: (19158, 3) the shape that closes the eye, modified.
        side: "l" or "r".
        lining: (19158,) mask of the vertices that line the sockets.
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
        """Interpolate values at a rim's vertices to all vertices, by position along the rim."""
        order = np.argsort(t[rows])
        at: Floats = np.interp(t, t[rows][order], values[order])
        return at

    # Scale the upper lid's displacement, equally for all skin above one position on the rim.
    way = closing[upper, 1]
    share = along(upper, np.clip((bow[upper] - position[upper, 1]) / way, 0.4, 1.15))
    falls = near & (closing[:, 1] < -0.02 * wide)
    closing[falls] *= (1.0 + (share - 1.0) * ends_in)[falls, None]
    # Raise the lower lid, fading out in the skin below it.
    rise = along(lower, bow[lower] - position[lower, 1] - closing[lower, 1])
    under = along(lower, position[lower, 1]) - position[:, 1]
    part = np.exp(-((np.maximum(under, 0.0) / (0.22 * wide)) ** 2)) * (under > -0.05 * wide)
    moved = near & ~falls & (part > 0.01)
    closing[moved, 1] += (np.maximum(rise, 0.0) * part * ends_in)[moved]


def _clear(position: Floats, shapes: Floats, centre: Floats, radius: float) -> None:
    """Push the skin that the lid shapes move out of the eyeball, in place.

    Each shape is corrected at weights 1 and 0.6. Vertices inside the eyeball at rest are the
    lining of the lids and are not corrected.

    Args:
        position: (19158, 3) vertex positions, metres.
        shapes: (52, 19158, 3) ARKit shapes, modified.
        centre, radius: of the eyeball, metres.
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
    """Build both eyeballs, each weighted to its eye bone."""
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
    """Return half width and half height of the iris, in units of the eyeball's radius."""
    rim = np.concatenate([lid_rim(source, "l", upper=upper) for upper in (True, False)])
    opening = float(np.ptp(body.position[rim, 0])) / 2.0
    tall = float(np.ptp(body.position[rim, 1])) / 2.0
    half = _IRIS * opening / (_BEHIND * marks.eye_radius)
    return half, max(1.2 * half, _IRIS_TALL * tall / (_BEHIND * marks.eye_radius))


def paint_iris(dark: Colour, middle: Colour, light: Colour, size: tuple[float, float]) -> Floats:
    """Paint the texture (SIZE, SIZE, 3) of an eye seen from the front.

    Args:
        dark, middle, light: colours of the iris from its upper to its lower edge.
        size: half width and half height of the iris, in units of the eyeball's radius.
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
    # A lighter crescent low in the iris, like light transmitted through it.
    crescent = smoothstep(0.86, 0.78, away) * smoothstep(0.52, 0.66, np.hypot(u, v - 0.22))
    glow = _brighten(light, 0.55)
    iris = mix(iris, glow, 0.75 * crescent * smoothstep(0.42, 0.16, height))
    # A broad dark ring and pupil keep the eye readable at the few pixels it has from the last row.
    iris = mix(iris, _darken(dark, 0.55), 0.92 * smoothstep(0.82, 0.93, away))
    pupil = smoothstep(0.43, 0.38, np.hypot(u, (v - 0.02) * 0.86))
    iris = mix(iris, _darken(dark, 0.60), pupil)
    iris = mix(iris, middle, 0.55 * pupil * smoothstep(0.05, -0.35, v))
    edge = smoothstep(1.01, 0.985, away)
    picture = mix(picture, iris, edge)
    # The upper lid's shadow on white and iris, then the highlights on top.
    picture = mix(picture, (0.70, 0.70, 0.84), 0.75 * (1.0 - edge) * smoothstep(0.22, 0.46, y))
    shadow = smoothstep(0.18, 0.62, v + 0.10 * u * u)
    picture = mix(picture, _darken(dark, 0.45), 0.42 * shadow * edge)
    for cx, cy, rx, ry in _HIGHLIGHTS:
        spot = smoothstep(1.06, 0.94, np.hypot((u - cx) / rx, (v - cy) / ry))
        picture = mix(picture, (1.0, 1.0, 1.0), spot)
    return picture


def _darken(colour: Colour, share: float) -> Colour:
    red, green, blue = colour
    return red * share, green * share, blue * share


def _brighten(colour: Colour, share: float) -> Colour:
    """Interpolate a colour towards white by `share`, 0 to 1."""
    red, green, blue = colour
    return red + (1 - red) * share, green + (1 - green) * share, blue + (1 - blue) * share
