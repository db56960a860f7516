"""Frame performers as a camera crew does: by shot size, smoothly, and never with a head cut off."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.records import Camera, Focus, Point

F64 = npt.NDArray[np.float64]

HEADROOM: Final = 0.07
"""Share of the picture's height that stays free above the highest head."""
SIDE_ROOM: Final = 0.30
"""Metres kept in the picture beside the outermost head."""
HEAD_BELOW: Final = 0.30
"""Metres from the top of a head down to its chin and neck, which no shot cuts."""
FOLLOW_S: Final = 0.55
"""Time constant of the operator, seconds."""
FAR: Final = 90.0
"""Metres; the hall's far wall is nearer."""


class Framing(Enum):
    """A shot size, or one of the hall's fixed positions."""

    FULL = auto()
    """From head to foot."""
    COWBOY = auto()
    """From above the knees."""
    BUST = auto()
    """Head, shoulders and chest."""
    CLOSE_UP = auto()
    """Head and collar."""
    WIDE = auto()
    """The whole stage over the crowd's heads."""
    CROWD = auto()
    """From within the crowd, beside the thrust."""
    REVERSE = auto()
    """From behind the performers into the hall."""


@dataclass(frozen=True, slots=True)
class _Size:
    """How a shot size is taken.

    Attributes:
        below: how much of a performer's height is in the picture, from the top of the head.
        fov: vertical angle of view, radians; longer lenses for tighter shots.
        height: of the camera over the floor, as a share of the performer's.
        blur: range of the focus, metres, and its radius as a share of the picture's height.
        shows_hands: whether raised hands stay in the picture.
    """

    below: float
    fov: float
    height: float
    blur: tuple[float, float]
    shows_hands: bool = False


_SIZES: Final = {
    Framing.FULL: _Size(1.04, math.radians(30.0), 0.42, (3.2, 0.010), shows_hands=True),
    Framing.COWBOY: _Size(0.68, math.radians(20.0), 0.62, (2.8, 0.014), shows_hands=True),
    Framing.BUST: _Size(0.40, math.radians(11.0), 0.86, (2.2, 0.026)),
    Framing.CLOSE_UP: _Size(0.235, math.radians(9.0), 0.90, (1.8, 0.030)),
}
_FIXED: Final[dict[Framing, tuple[Point, Point, float, Focus | None]]] = {
    Framing.WIDE: ((-0.9, 0.82, 15.6), (-0.1, 2.35, 0.0), math.radians(38.0), None),
    Framing.CROWD: ((2.7, 0.42, 11.2), (0.1, 1.95, -0.5), math.radians(33.0), None),
    Framing.REVERSE: (
        (0.10, 1.30, -2.05), (0.02, 1.62, 6.0), math.radians(49.0), None
    ),
}  # fmt: skip
_SWAY: Final = 0.35
"""How far a fixed camera's aim goes with the performers, as a share."""


@dataclass(frozen=True, slots=True)
class Performer:
    """Where a performer is in a frame.

    Attributes:
        crown: the highest point of the head, hair included, metres.
        top: height of the highest point of head and hands.
        face: between the eyes.
        stand: height of the floor under the feet.
        height: from feet to crown while standing upright.
    """

    crown: Point
    top: float
    face: Point
    stand: float
    height: float


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera from a beat until the next shot.

    Attributes:
        beat: where it is cut to.
        framing: shot size or position.
        who: numbers of the performers in it; empty for all. Numbers go round where there are
            fewer performers.
        side: direction of the camera from the performers, radians from the front to their left,
            at the shot's beginning and end.
        rise: metres above the framing's own height, at the beginning and the end.
        nearer: share of the distance by which the camera moves in until the end.
    """

    beat: float
    framing: Framing
    who: tuple[int, ...] = ()
    side: tuple[float, float] = (0.0, 0.0)
    rise: tuple[float, float] = (0.0, 0.0)
    nearer: float = 0.0


class CameraOperator:
    """Follows performers through a list of shots, from frame to frame.

    Args:
        shots: in the order of their beats, the first at the song's beginning.
    """

    def __init__(self, shots: Sequence[Shot]) -> None:
        self._shots = tuple(shots)
        self._beats = [shot.beat for shot in self._shots]
        self._number: int | None = None
        self._seconds = 0.0
        self._held = np.zeros(4)

    def camera_at(
        self, beat: float, seconds: float, performers: Sequence[Performer], aspect: float
    ) -> Camera:
        """Return the camera of a frame; it cuts where a shot begins, and else moves smoothly.

        Args:
            beat: of the song.
            seconds: of the same clock from frame to frame.
            performers: at least one.
            aspect: the picture's width over its height.
        """
        number = max(0, bisect_right(self._beats, beat) - 1)
        shot = self._shots[number]
        end = self._beats[number + 1] if number + 1 < len(self._shots) else shot.beat + 8.0
        share = min(max((beat - shot.beat) / (end - shot.beat), 0.0), 1.0)
        is_cut = number != self._number or not 0.0 <= seconds - self._seconds <= 1.0
        passed = 0.0 if is_cut else seconds - self._seconds
        self._number, self._seconds = number, seconds
        subjects = _subjects(shot, performers, aspect)
        if shot.framing in _FIXED:
            return self._fixed(shot, share, subjects, passed, aspect, is_cut=is_cut)
        return self._following(shot, share, subjects, passed, aspect, is_cut=is_cut)

    def _fixed(
        self, shot: Shot, share: float, subjects: Sequence[Performer], passed: float,
        aspect: float, *, is_cut: bool,
    ) -> Camera:  # fmt: skip
        position, target, fov, focus = _FIXED[shot.framing]
        middle = float(np.mean([one.crown[0] for one in subjects]))
        self._follow(np.array((_SWAY * middle, 0.0, 0.0, 0.0)), passed, is_cut=is_cut)
        x, y, z = position
        y += _between(shot.rise, share)
        x += 2.0 * math.sin(_between(shot.side, share))
        z *= 1.0 - shot.nearer * share
        place = (x, y, z)
        aim = (target[0] + float(self._held[0]), target[1], target[2])
        if aspect < 1.0 and shot.framing is Framing.REVERSE:
            # An upright picture stands behind one performer.
            back = subjects[0].crown[0]
            place, aim = (0.7 * back, y, z - 0.6), (0.5 * back, aim[1], aim[2])
        elif aspect < 1.0:
            # Upright pictures see more of the height to see enough of the width.
            fov = min(2.0 * math.atan(math.tan(fov / 2.0) / aspect * 0.6), math.radians(62.0))
        return Camera(place, aim, fov, far=FAR, focus=focus)

    def _following(
        self, shot: Shot, share: float, subjects: Sequence[Performer], passed: float,
        aspect: float, *, is_cut: bool,
    ) -> Camera:  # fmt: skip
        size = _SIZES[shot.framing]
        crowns = np.array([one.crown for one in subjects])
        height = max(one.height for one in subjects)
        low = float(np.mean([one.stand for one in subjects]))
        middle = (crowns[:, 0].min() + crowns[:, 0].max()) / 2.0
        spread = float(np.ptp(crowns[:, 0]))
        # What is followed: the middle, the highest crown, or hand in a shot that shows them, depth
        # and width.
        top = max(one.top if size.shows_hands else one.crown[1] for one in subjects)
        wanted = np.array((middle, top, crowns[:, 2].mean(), spread))
        self._follow(wanted, passed, is_cut=is_cut)
        x, crown, z, width = self._held.tolist()
        reach = math.tan(size.fov / 2.0)
        tall = size.below * height + max(top - float(crowns[:, 1].max()), 0.0)
        wide = width + 2.0 * max(SIDE_ROOM, 0.30 * tall if len(subjects) > 1 else SIDE_ROOM)
        distance = max(tall * (1.0 + HEADROOM), wide / aspect) / (2.0 * reach)
        distance *= 1.0 - shot.nearer * share
        half = distance * reach
        aim_y = crown + 2.0 * HEADROOM * half - half
        camera_y = low + size.height * height + _between(shot.rise, share)
        angle = _between(shot.side, share)
        place = (x + distance * math.sin(angle), camera_y, z + distance * math.cos(angle))
        # The nearest face is the sharpest; blur begins behind the farthest.
        depth = max(math.hypot(one.face[0] - place[0], one.face[2] - place[2]) for one in subjects)
        focus = Focus(depth + 0.55, *size.blur)
        camera = Camera(place, (x, aim_y, z), size.fov, far=FAR, focus=focus)
        return keep_heads(camera, subjects, aspect)

    def _follow(self, wanted: F64, passed: float, *, is_cut: bool) -> None:
        """Let what is held come nearer to what is wanted; at a cut it is there at once."""
        share = 1.0 if is_cut else 1.0 - math.exp(-passed / FOLLOW_S)
        self._held = self._held + share * (wanted - self._held)


def keep_heads(camera: Camera, subjects: Sequence[Performer], aspect: float) -> Camera:
    """Return the camera turned, and its angle widened, until every subject's head is in it."""
    rows = np.array(
        [angles_from_axis(camera, point) for one in subjects for point in _head_points(one)]
    )
    low, high = rows.min(axis=0), rows.max(axis=0)
    half_y = camera.fov_y / 2.0
    half_x = math.atan(math.tan(half_y) * aspect)
    room = 0.96
    fov = camera.fov_y
    needed = max(
        (high[1] - low[1]) / (2.0 * room * half_y), (high[0] - low[0]) / (2.0 * room * half_x)
    )
    if needed > 1.0:
        fov = min(fov * needed, math.radians(100.0))
        half_y = fov / 2.0
        half_x = math.atan(math.tan(half_y) * aspect)
    turn_x = _least_turn(low[0], high[0], room * half_x)
    turn_y = _least_turn(low[1], high[1], room * half_y)
    if turn_x == turn_y == 0.0 and fov == camera.fov_y:
        return camera
    x, y, z = camera.position
    aim = np.subtract(camera.target, camera.position)
    flat = float(np.hypot(aim[0], aim[2]))
    heading = math.atan2(aim[0], aim[2]) + turn_x
    climb = math.atan2(aim[1], flat) + turn_y
    target = (
        x + flat * math.sin(heading),
        y + flat * math.tan(climb),
        z + flat * math.cos(heading),
    )
    return Camera(camera.position, target, fov, camera.near, camera.far, camera.focus)


def _least_turn(low: float, high: float, limit: float) -> float:
    """Return by how much an axis turns so that an interval lies within its limits."""
    if high > limit:
        return high - limit
    return min(low + limit, 0.0)


def angles_from_axis(camera: Camera, point: Point) -> tuple[float, float]:
    """Return a point's angles from the camera's axis, to the camera's left and up, radians."""
    aim = [t - p for t, p in zip(camera.target, camera.position, strict=True)]
    to = [t - p for t, p in zip(point, camera.position, strict=True)]
    aside = math.atan2(to[0], to[2]) - math.atan2(aim[0], aim[2])
    aside = (aside + math.pi) % math.tau - math.pi
    up = math.atan2(to[1], math.hypot(to[0], to[2]))
    return aside, up - math.atan2(aim[1], math.hypot(aim[0], aim[2]))


def _head_points(one: Performer) -> list[Point]:
    x, y, z = one.crown
    return [(x + side * 0.14, y + up, z) for side in (-1, 1) for up in (0.02, -HEAD_BELOW)]


def _subjects(shot: Shot, performers: Sequence[Performer], aspect: float) -> Sequence[Performer]:
    """Return who is in a shot; an upright picture takes one performer, and the first of all."""
    who = shot.who or tuple(range(len(performers)))
    if aspect < 1.0 and shot.framing not in _FIXED:
        who = who[:1]
    return [performers[number % len(performers)] for number in dict.fromkeys(who)]


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share
