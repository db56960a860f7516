"""Operate the cameras of a song: cut on beats, follow performers smoothly, keep heads in frame."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.stage.cameras.framing import (
    FAR,
    LOOKING_ROOM,
    POSITIONS,
    SIZES,
    Composition,
    Framing,
    Held,
    compose,
    keep_heads,
    over_shoulder,
    turn,
    with_focus,
)
from renderer.stage.cameras.lens import SHUTTER_ANGLE, fov_of
from renderer.stage.cameras.performers import Performer
from renderer.stage.cameras.rigs import STEADY, Placement, Rig, Shake, Tripod
from renderer.stage.records import Camera, Point, Shutter

F64 = npt.NDArray[np.float64]

AIM_S: Final = 0.42
"""Time constant of pan and tilt, seconds (1 / angular frequency of the spring)."""
ARM_S: Final = 0.43
"""Time constant of the room for arms, seconds: as slow as keeps a hand in an upright picture."""
WALK_S: Final = 0.80
"""Time constant with which a camera that moves with the performers follows them, seconds."""
HANDS_S: Final = 1.6
"""Time constant of the room for raised hands, seconds: slow, so that shots do not pump with the
arms."""
LONGEST_STEP_S: Final = 1.0
"""Longest time between two frames of a shot, seconds; after a longer one, or if time runs
backwards, the camera cuts."""
LAST_SHOT_BEATS: Final = 8.0
"""Duration of the last shot's rig movement, beats."""
WIDE_BLUR: Final = 0.006, 6.0
"""Blur behind the performers in the crowd's shot: radius as a fraction of the picture's height,
and distance behind them at which it is full, metres."""
SHOULDER_BLUR: Final = 0.016, 2.4
"""The same over a shoulder."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera from a beat until the next shot.

    Attributes:
        beat: at which it starts with a cut.
        framing: shot size or position.
        who: indices of the performers in it, modulo their number; empty for all.
        rig: that moves the camera.
        side: azimuth of the camera around the performers, radians from the front to their left.
        rise: metres above the framing's own height.
        beside: offset of the subjects to the right of the picture's centre, as a fraction of half
            its width; upright pictures ignore it.
    """

    beat: float
    framing: Framing
    who: tuple[int, ...] = ()
    rig: Rig = field(default_factory=Tripod)
    side: float = 0.0
    rise: float = 0.0
    beside: float = 0.0


class _Spring:
    """Critically damped springs: values that follow their targets fast and without overshoot."""

    def __init__(self, seconds: F64) -> None:
        self._seconds = seconds
        self.values: F64 = np.zeros(len(seconds))
        self._speed: F64 = np.zeros(len(seconds))

    def jump(self, wanted: F64) -> None:
        """Set the values to their targets, at rest."""
        self.values = wanted.copy()
        self._speed = np.zeros(len(wanted))

    def advance(self, wanted: F64, passed: float) -> None:
        """Advance by a time step, by the closed-form solution for a constant target."""
        off = self.values - wanted
        rate = 1.0 / self._seconds
        pull = self._speed + rate * off
        decay = np.exp(-rate * passed)
        self.values = wanted + (off + pull * passed) * decay
        self._speed = (self._speed - rate * pull * passed) * decay


class CameraOperator:
    """Follows performers through a list of shots, from frame to frame.

    Args:
        shots: sorted by beat, the first at the song's start.
    """

    def __init__(self, shots: Sequence[Shot]) -> None:
        self._shots = tuple(shots)
        self._beats = [shot.beat for shot in self._shots]
        self._number: int | None = None
        self._seconds = 0.0
        # The values of Held; then the position that a rig moves with: x, z.
        wide_s = 2.0 * AIM_S
        self._spring = _Spring(
            np.array((AIM_S, AIM_S, AIM_S, wide_s, AIM_S, ARM_S, WALK_S, WALK_S))
        )
        # Sine and cosine of the direction in which the subjects look.
        self._look = _Spring(np.array((1.5, 1.5)))
        self._shoulder = _Spring(np.full(3, WALK_S))
        self._passed: float | None = None
        self._top = self._arm = 0.0
        self._anchor: Held | None = None
        self._last: Camera | None = None

    def camera_at(
        self, beat: float, seconds: float, performers: Sequence[Performer], aspect: float
    ) -> Camera:
        """Return the camera of a frame: cut at the start of a shot, moved smoothly within it.

        Args:
            beat: of the song.
            seconds: time of the frame, of a clock that is the same for all frames.
            performers: at least one.
            aspect: the picture's width over its height.
        """
        number = max(0, bisect_right(self._beats, beat) - 1)
        shot = self._shots[number]
        last = number + 1 == len(self._shots)
        end = shot.beat + LAST_SHOT_BEATS if last else self._beats[number + 1]
        share = min(max((beat - shot.beat) / (end - shot.beat), 0.0), 1.0)
        return self.film(shot, number, share, seconds, performers, aspect)

    def film(
        self, shot: Shot, number: int, share: float, seconds: float,
        performers: Sequence[Performer], aspect: float,
    ) -> Camera:  # fmt: skip
        """Return the camera of a frame of a shot that the caller chooses.

        Args:
            shot: its beat is ignored.
            number: of the shot; another one than in the frame before is a cut.
            share: fraction of the rig's movement that has passed, 0 to 1.
            seconds: time of the frame, of a clock that is the same for all frames.
            performers: at least one.
            aspect: the picture's width over its height.
        """
        passed = seconds - self._seconds
        is_cut = number != self._number or not 0.0 <= passed <= LONGEST_STEP_S
        self._number, self._seconds = number, seconds
        subjects = select_subjects(shot, performers, aspect)
        self._passed = None if is_cut else passed
        held = self._follow(subjects, 0.0 if is_cut else passed, is_cut=is_cut)
        camera = self._frame_shot(shot, share, seconds, subjects, held, performers, aspect)
        if not is_cut and self._last is not None:
            camera = replace(camera, shutter=open_shutter(self._last, camera))
        self._last = camera
        return camera

    def _follow(self, subjects: Sequence[Performer], passed: float, *, is_cut: bool) -> Held:
        """Return the smoothed position of the subjects; a cut resets the smoothing."""
        xs, zs = [one.crown[0] for one in subjects], [one.crown[2] for one in subjects]
        crown = max(one.crown[1] for one in subjects)
        top = max(one.top for one in subjects)
        x, z = (min(xs) + max(xs)) / 2.0, sum(zs) / len(zs)
        arm = max((abs(tip[0] - x) for one in subjects for tip in one.fingers), default=0.0)
        # Room for hands shrinks slowly.
        if not is_cut:
            top = max(top, self._top - (self._top - crown) * passed / HANDS_S)
            arm = max(arm, self._arm * (1.0 - passed / HANDS_S))
        self._top, self._arm = top, arm
        wanted = np.array((x, crown, z, max(xs) - min(xs), top, arm, x, z))
        look = np.array([(math.sin(one.facing), math.cos(one.facing)) for one in subjects])
        look = look.mean(axis=0)
        if is_cut:
            self._spring.jump(wanted)
            self._look.jump(look)
        else:
            self._spring.advance(wanted, passed)
            self._look.advance(look, passed)
        values = self._spring.values.tolist()
        held = Held(*values[:6])
        if is_cut or self._anchor is None:
            self._anchor = held
        return held

    def _frame_shot(
        self, shot: Shot, share: float, seconds: float, subjects: Sequence[Performer],
        held: Held, performers: Sequence[Performer], aspect: float,
    ) -> Camera:  # fmt: skip
        moved, shaken = shot.rig.placement(share), shot.rig.shake(seconds)
        if shot.framing in POSITIONS:
            return self._frame_from_position(shot, moved, shaken, subjects, held, aspect)
        if shot.framing is Framing.OVER_SHOULDER:
            return self._frame_past_shoulder(
                shot, moved, shaken, subjects, held, performers, aspect
            )
        return self._frame_by_size(shot, moved, shaken, subjects, held, aspect)

    def _frame_past_shoulder(
        self, shot: Shot, moved: Placement, shaken: Shake, subjects: Sequence[Performer],
        held: Held, performers: Sequence[Performer], aspect: float,
    ) -> Camera:  # fmt: skip
        near = [one for one in performers if one is not subjects[0]] or [*subjects]
        head = np.array(near[0].head)
        if self._passed is None:
            self._shoulder.jump(head)
        elif shot.rig.follows:
            self._shoulder.advance(head, self._passed)
        x, y, z = self._shoulder.values.tolist()
        if len(performers) == 1:
            alone = over_shoulder((x, y, z), None, 0.0, aspect)
            return _move_by_rig(alone, moved, shaken, shot, (x, z))
        facing = math.atan2(*self._look.values.tolist())
        whole = over_shoulder((x, y, z), held, facing, aspect)
        camera = _move_by_rig(whole, moved, shaken, shot, (held.x, held.z))
        radius, blur_m = SHOULDER_BLUR
        camera = keep_heads(camera, subjects, aspect)
        return with_focus(camera, subjects, blur_m, radius, has_foreground=True)

    def _frame_by_size(
        self, shot: Shot, moved: Placement, shaken: Shake, subjects: Sequence[Performer],
        held: Held, aspect: float,
    ) -> Camera:  # fmt: skip
        size = SIZES[shot.framing]
        anchor = self._anchor or held
        walked_x, walked_z = self._spring.values[6:].tolist()
        if shot.rig.follows:
            base = replace(held, x=walked_x, z=walked_z)
        else:
            base = replace(anchor, arm=held.arm)
        stand = compose(shot.framing, subjects, base, aspect)
        aim = compose(shot.framing, subjects, held, aspect)
        whole = Composition(stand.place, aim.target, aim.fov_y)
        camera = _move_by_rig(whole, moved, shaken, shot, (base.x, base.z))
        camera = self._leave_looking_room(camera, shot, subjects, held, aspect)
        camera = keep_heads(camera, subjects, aspect)
        return with_focus(camera, subjects, size.blur_m, size.blur_radius)

    def _leave_looking_room(
        self, camera: Camera, shot: Shot, subjects: Sequence[Performer], held: Held, aspect: float
    ) -> Camera:
        """Return the camera panned, to leave looking room in front of its subject."""
        beside = shot.beside
        if len(subjects) == 1 and beside == 0.0:
            # A subject that looks to the right is placed to the left.
            view = math.atan2(camera.position[0] - held.x, camera.position[2] - held.z)
            beside = -LOOKING_ROOM * math.sin(math.asin(self._clamp_look()) - view)
        if aspect < 1.0:
            return camera
        half_x = math.atan(math.tan(camera.fov_y / 2.0) * aspect)
        return turn(camera, beside * half_x, 0.0)

    def _clamp_look(self) -> float:
        return min(max(float(self._look.values[0]), -1.0), 1.0)

    def _frame_from_position(
        self, shot: Shot, moved: Placement, shaken: Shake, subjects: Sequence[Performer],
        held: Held, aspect: float,
    ) -> Camera:  # fmt: skip
        position = POSITIONS[shot.framing]
        is_upright = aspect < 1.0
        fov = fov_of(position.upright_mm if is_upright else position.focal_mm, aspect)
        sway = position.sway * held.x
        aim = (position.target[0] + sway, position.target[1], position.target[2])
        place = position.place
        if is_upright and shot.framing is Framing.REVERSE:
            # In an upright picture, the camera is behind one performer.
            place = (0.7 * subjects[0].crown[0], place[1], place[2] - 0.6)
            aim = (0.5 * subjects[0].crown[0], aim[1], aim[2])
        camera = _move_by_rig(
            Composition(place, aim, fov), moved, shaken, shot, (position.target[0], 0.0)
        )
        if shot.framing is Framing.CROWD:
            radius, blur_m = WIDE_BLUR
            camera = with_focus(
                keep_heads(camera, subjects, aspect), subjects, blur_m, radius, has_foreground=True
            )
        return camera


def _move_by_rig(
    whole: Composition, moved: Placement, shaken: Shake, shot: Shot, center: tuple[float, float]
) -> Camera:
    """Return the camera as displaced by its rig.

    Args:
        whole: position and aim without the rig.
        moved, shaken: displacement and shake of the rig.
        shot: for its side and rise.
        center: x and z of the axis of rotation, metres.
    """
    x, y, z = whole.place
    if moved.side or shot.side or moved.nearer or moved.aside:
        away_x, away_z = x - center[0], z - center[1]
        distance = math.hypot(away_x, away_z) * (1.0 - moved.nearer)
        angle = math.atan2(away_x, away_z) + shot.side + moved.side
        sin, cos = math.sin(angle), math.cos(angle)
        # The camera looks back along (sin, cos): its right is (cos, -sin).
        x = center[0] + distance * sin + moved.aside * cos
        z = center[1] + distance * cos - moved.aside * sin
    place: Point = (
        x + shaken.offset[0],
        y + shot.rise + moved.rise + shaken.offset[1],
        z + shaken.offset[2],
    )
    camera = Camera(place, whole.target, whole.fov_y, far=FAR)
    if shaken is STEADY:
        return camera
    return turn(camera, shaken.pan * whole.fov_y, shaken.tilt * whole.fov_y)


def open_shutter(before: Camera, now: Camera) -> Shutter:
    """Return a camera's position at the opening of the shutter, which closes at `now`.

    Args:
        before: camera of the previous frame.
        now: camera of this frame.
    """
    back = SHUTTER_ANGLE / math.tau

    def between(a: Point, b: Point) -> Point:
        x, y, z = (q + back * (p - q) for p, q in zip(a, b, strict=True))
        return x, y, z

    return Shutter(
        between(before.position, now.position),
        between(before.target, now.target),
        now.fov_y + back * (before.fov_y - now.fov_y),
    )


def select_subjects(
    shot: Shot, performers: Sequence[Performer], aspect: float
) -> Sequence[Performer]:
    """Return the performers in a shot; for an upright picture, only the first of them."""
    who = shot.who or tuple(range(len(performers)))
    if shot.framing is Framing.OVER_SHOULDER or (aspect < 1.0 and shot.framing not in POSITIONS):
        who = who[:1]
    return [performers[number % len(performers)] for number in dict.fromkeys(who)]
