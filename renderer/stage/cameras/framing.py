"""Compose shots of performers by shot size, with all heads in frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from renderer.stage.cameras.lens import fov_of
from renderer.stage.cameras.performers import Performer
from renderer.stage.records import Camera, Focus, Point

HEADROOM: Final = 0.115
"""Headroom above the highest head, as a fraction of the picture's height."""
UPRIGHT_HEADROOM: Final = 0.13
"""The same in an upright picture, whose top is covered by a telephone's status line and labels."""
FOOT_ROOM: Final = 0.06
"""Room under the feet in a full shot, as a fraction of the performer's height."""
SIDE_ROOM: Final = 0.30
"""Room beside the outermost head, metres."""
HAND_ROOM: Final = 0.06
"""Room beside the outermost fingertip, metres."""
MOST_WIDENED: Final = 1.3
"""Maximum factor on the distance of a camera that makes room for arms stretched out sideways."""
FAR: Final = 90.0
"""Far plane, metres; the hall's far wall is nearer."""
HEAD_SHARE: Final = 0.97
"""Fraction of the picture's half height and width within which heads stay."""
LEAST_HEADROOM: Final = 0.105
UPRIGHT_LEAST_HEADROOM: Final = 0.11
"""Minimum headroom while a camera moves, as a fraction of the picture's height: the disclosure
label is drawn there."""
SHARP_BEHIND_M: Final = 0.55
"""Depth of field behind the farthest eyes in a shot, metres: hair, a back foot."""
SHARP_BEFORE_M: Final = 0.75
"""Depth of field in front of the nearest eyes, metres, in shots with a foreground: an arm that is
stretched out towards the camera."""
WIDEST: Final = math.radians(100.0)
"""Maximum angle of view, for heads that are far apart, radians."""
LOOKING_ROOM: Final = 0.16
"""Offset of a single performer to leave looking room, as a fraction of the picture's half width."""


class Framing(Enum):
    """A shot size, or a position in the hall."""

    FULL = auto()
    """From head to foot."""
    COWBOY = auto()
    """From above the knees."""
    BUST = auto()
    """Head, shoulders and chest."""
    CLOSE_UP = auto()
    """Head and collar."""
    OVER_SHOULDER = auto()
    """The face of the first performer past the shoulder of the next one; with a single performer,
    their own view of the hall."""
    WIDE = auto()
    """The whole stage over the crowd's heads."""
    CROWD = auto()
    """A fan's view: the performers from within the crowd, between raised arms."""
    REVERSE = auto()
    """From behind the performers into the hall."""


@dataclass(frozen=True, slots=True)
class ShotSize:
    """The parameters of a shot size.

    Attributes:
        below: visible part of a performer, from the top of the head, as a fraction of the height.
        focal_mm: focal length; longer for tighter shots.
        height: of the camera above the floor, as a fraction of the performer's height.
        blur_m: distance behind the focus at which blur is full, metres.
        blur_radius: of that blur, as a fraction of the picture's height.
        shows_hands: whether raised hands stay in the picture.
    """

    below: float
    focal_mm: float
    height: float
    blur_m: float
    blur_radius: float
    shows_hands: bool = False


SIZES: Final = {
    Framing.FULL: ShotSize(1.0 + FOOT_ROOM, 40.0, 0.40, 3.2, 0.010, shows_hands=True),
    Framing.COWBOY: ShotSize(0.68, 60.0, 0.62, 2.8, 0.014, shows_hands=True),
    Framing.BUST: ShotSize(0.40, 100.0, 0.84, 2.2, 0.026),
    Framing.CLOSE_UP: ShotSize(0.25, 135.0, 0.88, 1.8, 0.030),
}
"""The shot sizes whose camera is placed relative to the performers."""


@dataclass(frozen=True, slots=True)
class Position:
    """A camera's fixed position in the hall.

    Attributes:
        place: metres, stage space.
        target: point that it looks at, metres.
        focal_mm: focal length in a wide picture.
        upright_mm: focal length in an upright picture.
        sway: fraction of the performers' sideways movement that its aim follows.
    """

    place: Point
    target: Point
    focal_mm: float
    upright_mm: float
    sway: float


POSITIONS: Final = {
    Framing.WIDE: Position((-0.35, 0.82, 15.8), (-0.05, 2.35, 0.0), 28.0, 42.0, 0.35),
    Framing.CROWD: Position((3.3, -0.02, 12.4), (0.15, 1.10, 0.0), 62.0, 95.0, 0.8),
    Framing.REVERSE: Position((0.10, 1.22, -2.15), (0.02, 1.85, 6.0), 22.5, 30.0, 0.2),
}
"""The positions in the hall."""

SHOULDER_MM: Final = 50.0
"""Focal length over a shoulder."""
FACE_SEEN: Final = math.radians(55.0)
"""Maximum angle between the subject's face and the direction to a camera over a shoulder, radians:
both eyes are seen."""
LEAST_PAST: Final = 0.42
"""Minimum distance of the near head from the line between such a camera and its subject, metres."""
MOST_TURNED: Final = math.radians(50.0)
"""Maximum angle of that line to the line between the two performers, radians; past it, the near
performer would be seen from the front."""
SHOULDER_SIDE: Final = 0.86
"""Position of the near head in the picture, as a fraction of half its width."""
SHOULDER_SPAN: Final = 1.25
"""Maximum angle between the two heads, as a fraction of half the picture's angle of view."""
LEAST_BEHIND: Final = 0.85
"""Minimum distance of the camera behind the near head, metres."""


@dataclass(frozen=True, slots=True)
class Held:
    """The smoothed position and extent of the subjects that an operator follows.

    Attributes:
        x, z: centre of the subjects, metres.
        crown: height of the highest head.
        top: height of the highest head or hand.
        width: distance between the outermost heads, metres.
        arm: distance of the outermost fingertip from the centre, metres.
    """

    x: float
    crown: float
    z: float
    width: float
    top: float
    arm: float = 0.0


@dataclass(frozen=True, slots=True)
class Composition:
    """A camera's position, target and angle of view."""

    place: Point
    target: Point
    fov_y: float


def compose(
    framing: Framing, subjects: Sequence[Performer], held: Held, aspect: float
) -> Composition:
    """Return position and aim of a shot size's camera, before a rig moves it.

    Args:
        framing: one of SIZES.
        subjects: the performers in the shot.
        held: their smoothed position and extent.
        aspect: the picture's width over its height.
    """
    size = SIZES[framing]
    height = max(one.height for one in subjects)
    low = min(one.stand for one in subjects)
    # An upright picture keeps the horizontal angle of view, so its camera has the same position.
    fov = fov_of(size.focal_mm)
    reach = math.tan(fov / 2.0)
    tall = size.below * height
    if size.shows_hands:
        tall += max(held.top - held.crown, 0.0)
    room = max(SIDE_ROOM, 0.24 * tall) if len(subjects) > 1 else SIDE_ROOM
    wide = held.width + 2.0 * room
    headroom = HEADROOM if aspect >= 1.0 else UPRIGHT_HEADROOM
    extent = max(tall * (1.0 + headroom), wide / aspect)
    if size.shows_hands:
        extent = max(extent, min(2.0 * (held.arm + HAND_ROOM) / aspect, MOST_WIDENED * extent))
    distance = extent / (2.0 * reach)
    half = distance * reach
    top = held.top if size.shows_hands else held.crown
    aim_y = top + 2.0 * headroom * half - half
    place = (held.x, low + size.height * height, held.z + distance)
    return Composition(place, (held.x, aim_y, held.z), fov)


def over_shoulder(near: Point, held: Held | None, facing: float, aspect: float) -> Composition:
    """Return a camera that sees its subject's face past a shoulder.

    It stands behind the near performer, moved towards the side that the subject faces until the
    face is seen. The near head is at the edge of the picture.

    Args:
        near: head of the performer whose shoulder it looks over, metres.
        held: smoothed position of the subject; None for the hall alone.
        facing: direction of the subject's face, radians from +Z towards +X.
        aspect: the picture's width over its height.
    """
    fov = fov_of(SHOULDER_MM, aspect)
    x, y, z = near
    if held is None:
        return Composition((x - 0.55, y + 0.12, z - 1.5), (x + 0.35, y - 0.25, z + 8.0), fov)
    half_x = math.atan(math.tan(fov / 2.0) * aspect)
    apart = max(math.hypot(x - held.x, z - held.z), 0.5)
    between = math.atan2(x - held.x, z - held.z)
    averted = _wrap(between - facing)
    turned = max(abs(averted) - FACE_SEEN, math.asin(min(LEAST_PAST / apart, 0.8)))
    turned = math.copysign(min(turned, MOST_TURNED), averted)
    past = apart * abs(math.sin(turned))
    behind = max(past / math.tan(SHOULDER_SPAN * half_x), LEAST_BEHIND)
    away = apart * math.cos(turned) + behind
    heading = between - turned
    place = (held.x + away * math.sin(heading), y + 0.05, held.z + away * math.cos(heading))
    # The angle from the subject to the near head, and of the axis that places the near head.
    angle = math.atan2(past, behind)
    pan = math.copysign(1.0, turned) * (angle - SHOULDER_SIDE * half_x)
    ahead = heading + math.pi - pan
    target = (
        place[0] + away * math.sin(ahead), held.crown - 0.30, place[2] + away * math.cos(ahead)
    )  # fmt: skip
    return Composition(place, target, fov)


def _wrap(angle: float) -> float:
    """Return an angle between -pi and pi."""
    return (angle + math.pi) % math.tau - math.pi


def with_focus(
    camera: Camera,
    subjects: Sequence[Performer],
    blur_m: float,
    radius: float,
    *,
    has_foreground: bool = False,
) -> Camera:
    """Return the camera focused on its subjects' eyes.

    Args:
        camera: without focus.
        subjects: in focus.
        blur_m: distance behind them at which blur is full, metres.
        radius: of that blur, as a fraction of the picture's height.
        has_foreground: whether the shot has a foreground, which is blurred, too.
    """
    depths = [depth_of(camera, one.face) for one in subjects]
    front = max(min(depths) - SHARP_BEFORE_M, 0.1) if has_foreground else 0.0
    return replace(camera, focus=Focus(max(depths) + SHARP_BEHIND_M, blur_m, radius, front))


def keep_heads(camera: Camera, subjects: Sequence[Performer], aspect: float) -> Camera:
    """Return the camera, turned and widened until every subject's head is in frame."""
    headroom = LEAST_HEADROOM if aspect >= 1.0 else UPRIGHT_LEAST_HEADROOM
    # Pan and tilt are not exactly rotations about the camera's own axes: iterate.
    for _ in range(3):
        left, right, low, high = _measure_heads(camera, subjects)
        above = max(angles_from_axis(camera, one.crown)[1] for one in subjects)
        # Extend the heads by the headroom.
        high = max(high, above + (headroom - (1.0 - HEAD_SHARE) / 2.0) * camera.fov_y)
        half_y = HEAD_SHARE * camera.fov_y / 2.0
        half_x = math.atan(math.tan(half_y) * aspect)
        needed = max((high - low) / (2.0 * half_y), (left - right) / (2.0 * half_x))
        if needed > 1.0:
            camera = replace(camera, fov_y=min(1.01 * needed * camera.fov_y, WIDEST))
            half_y = HEAD_SHARE * camera.fov_y / 2.0
            half_x = math.atan(math.tan(half_y) * aspect)
        pan, tilt = _find_least_turn(right, left, half_x), _find_least_turn(low, high, half_y)
        if pan == tilt == 0.0:
            break
        camera = turn(camera, pan, tilt)
    return camera


def _measure_heads(
    camera: Camera, subjects: Sequence[Performer]
) -> tuple[float, float, float, float]:
    """Return the angles by which heads extend left, right, down and up of the axis, radians.

    Left and up are positive.
    """
    ahead, left, up = axes_of(camera)
    sides: list[float] = []
    heights: list[float] = []
    for one in subjects:
        to = [h - p for h, p in zip(one.head, camera.position, strict=True)]
        depth, aside, above = (sum(a * b for a, b in zip(to, axis, strict=True))
                               for axis in (ahead, left, up))  # fmt: skip
        for values, across in ((sides, aside), (heights, above)):
            away = max(math.hypot(depth, across), 1.05 * one.head_radius)
            angle, around = math.atan2(across, depth), math.asin(one.head_radius / away)
            values += [angle - around, angle + around]
    return max(sides), min(sides), min(heights), max(heights)


def axes_of(camera: Camera) -> tuple[Point, Point, Point]:
    """Return unit vectors along the camera's axis, to its left and upwards."""
    aim = [t - p for t, p in zip(camera.target, camera.position, strict=True)]
    length = max(math.hypot(*aim), 1e-9)
    x, y, z = (part / length for part in aim)
    flat = max(math.hypot(x, z), 1e-9)
    left = (z / flat, 0.0, -x / flat)
    return (x, y, z), left, (-x * y / flat, flat, -z * y / flat)


def turn(camera: Camera, pan: float, tilt: float) -> Camera:
    """Return the camera turned to its left and upwards, radians."""
    if pan == tilt == 0.0:
        return camera
    x, y, z = camera.position
    aim = [t - p for t, p in zip(camera.target, camera.position, strict=True)]
    flat = math.hypot(aim[0], aim[2])
    heading = math.atan2(aim[0], aim[2]) + pan
    climb = math.atan2(aim[1], flat) + tilt
    target = (
        x + flat * math.sin(heading),
        y + flat * math.tan(climb),
        z + flat * math.cos(heading),
    )
    return replace(camera, target=target)


def _find_least_turn(low: float, high: float, limit: float) -> float:
    """Return the smallest turn of an axis that brings an interval within its limits."""
    if high > limit:
        return high - limit
    return min(low + limit, 0.0)


def angles_from_axis(camera: Camera, point: Point) -> tuple[float, float]:
    """Return a point's angles from the camera's axis, to the camera's left and up, radians."""
    aim = [t - p for t, p in zip(camera.target, camera.position, strict=True)]
    to = [t - p for t, p in zip(point, camera.position, strict=True)]
    aside = math.atan2(to[0], to[2]) - math.atan2(aim[0], aim[2])
    aside = _wrap(aside)
    up = math.atan2(to[1], math.hypot(to[0], to[2]))
    return aside, up - math.atan2(aim[1], math.hypot(aim[0], aim[2]))


def depth_of(camera: Camera, point: Point) -> float:
    """Return a point's distance along the camera's axis, metres."""
    aim = [t - p for t, p in zip(camera.target, camera.position, strict=True)]
    to = [t - p for t, p in zip(point, camera.position, strict=True)]
    return sum(a * b for a, b in zip(aim, to, strict=True)) / max(math.hypot(*aim), 1e-9)
