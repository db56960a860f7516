"""Gaze: yaw from the scores, pitch from the height of irises and lids.

A closing lid hides where the eye looks, and what is still visible reads as looking down; lids that
stay lowered follow a lowered gaze. The scores separate the two badly and mistake a nod for a look;
irises and lids relative to the corners of the eyes do less so.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from avatars.names import ARKIT_INDEX
from renderer.motion.face.landmarks import IRISES, LOWER_LIDS, UPPER_LIDS
from renderer.motion.face.quantiles import RunningQuantiles

_TO_LEFT: Final = [ARKIT_INDEX["eyeLookOutLeft"], ARKIT_INDEX["eyeLookInRight"]]
_TO_RIGHT: Final = [ARKIT_INDEX["eyeLookInLeft"], ARKIT_INDEX["eyeLookOutRight"]]
_UPS: Final = [ARKIT_INDEX["eyeLookUpLeft"], ARKIT_INDEX["eyeLookUpRight"]]
_DOWNS: Final = [ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]
LOOKS: Final = [*_TO_LEFT, *_TO_RIGHT, *_UPS, *_DOWNS]

_YAW_RANGE: Final = 0.6
"""Radians of yaw at a score of 1."""

_PITCH_RANGE: Final = 0.65
"""Radians of pitch at a score of 1."""

_FULL_PITCH: Final = 0.45
"""Radians of a gaze raised or lowered as far as the eyeLook shapes go."""
_GAZE_TO_SHAPES: Final = np.repeat(
    np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    / np.array([[_YAW_RANGE], [_FULL_PITCH]]),
    2,
    axis=1,
)
"""(2, 8) eyeLook shapes, in the order of LOOKS, per radian of yaw and pitch."""

_ELEVATION_WEIGHTS: Final = ((IRISES, 16.0), (UPPER_LIDS, 9.0), (LOWER_LIDS, 4.0))
"""Radians of elevation per inter-eye distance that irises and lids rise. Lids follow a lowered gaze
and cover irises."""
_ELEVATION_AHEAD: Final = 0.76
"""The weighted sum for a gaze straight ahead."""

_SMALL_FACE_DROP: Final = 7.0
"""By how much that sum is smaller on a small face, times pixels between the eyes. Close up, five
performers of the ground-truth set are within .1 of the model."""

_CLOSE_PIXELS: Final = 100.0
"""Pixels between the eyes from which a face counts as large, as that of a calibration does."""
_FULL_PITCH_PIXELS: Final = 28.0
"""Pixels between the eyes below which pitch is attenuated, since it drowns in noise."""

_SETTLE_S: Final = 15.0
"""Time constant [s] of the mean gaze. A performer's eyes look straight ahead on average: the mean
over this time, sideways and up, is removed."""

_MAX_BIAS: Final[Array] = np.array([0.10, 0.30])
"""(2,) radians, largest mean that is removed: yaw, pitch."""

_MIN_MEAN_S: Final = 1.0
"""Seconds of samples that the running mean counts at least."""

_LEVEL_PRIOR_S: Final = 2.0
"""Seconds that the prior elevation counts."""

_LEARNT_ROOM: Final = 0.05
"""Radians by which the resting elevation may drift from a learnt one."""

_ELEVATION_SCALE: Final = (0.65, 0.5)
"""Radians of a lowered and of a raised look per radian of elevation below or above the median:
irises and lids of real performers move further than those of the ground-truth set's, whose eyes
_ELEVATION_WEIGHTS were fitted to, and wide eyes look like raised ones."""

_USUAL_UP: Final = 0.21
"""Radians of a raised look from which the head turns instead."""

_BEYOND_UP: Final = 0.4
"""Share of a look beyond it that is shown: wide lids and looks aside raise what is measured."""

_BLINK_SHUT: Final = 0.75
"""Blink from which a lid hides where the eye looks, and what is visible reads as down."""

_BLINK_HIDES_YAW: Final = 0.95
"""Blink from which it hides whether the eye looks aside, too: a narrow gap still shows that."""

_BLINK_ONSET: Final = 0.35
"""Blink from which a blink may have begun."""

_BLINK_S: Final = 0.3
"""Longest blink in seconds; lids that stay at _BLINK_ONSET for longer follow a lowered gaze."""

_LID_S: Final = 0.1
"""Seconds that a lid takes to move down or up: the pitch is held from this long before to this long
after a blink."""


class EyeGaze:
    """One performer's gaze relative to where their eyes rest."""

    def __init__(self) -> None:
        self._rest: Array = np.zeros(2)
        self._levels = RunningQuantiles(np.zeros(1), _LEVEL_PRIOR_S)
        self._learnt_level: float | None = None
        self._scale: Array = np.ones(2)
        self._seen_s = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget the gaze's history; keep where the eyes rest."""
        self._looks: Array = np.zeros(2)
        self._before: deque[tuple[float, float]] = deque([(0.0, 0.0)])
        self._open_s, self._low_s = _LID_S, 0.0
        self._raised = 0.0

    def set_profile(self, rest: Array, scale: Array, points_rest: Array) -> None:
        """Apply a calibration; see FaceProfile for the arguments."""
        self._rest, self._scale = rest.copy(), scale
        self.learn(points_rest, _CLOSE_PIXELS)

    def learn(self, points: Array, pixels: float) -> None:
        """Take measures (40 or more,) of a face that looks straight ahead as the resting elevation.

        Args:
            points: from landmarks.measure.
            pixels: between the eyes.
        """
        self._learnt_level = gaze_elevation(points, pixels)
        self._levels = RunningQuantiles([self._learnt_level], _LEVEL_PRIOR_S)
        self._seen_s = _SETTLE_S

    def solve(self, scores: Array, points: Array | None, shut: float, dt: float) -> Array:
        """Compute the gaze (2,), radians: yaw to the performer's left, pitch up.

        Args:
            scores: (52,) raw.
            points: (41,) from landmarks.measure; None where the points are unknown.
            shut: how far the eyes blink, 0 to 1.
            dt: seconds since the last solve.
        """
        self._seen_s += dt
        self._open_s += dt
        self._low_s = self._low_s + dt if shut >= _BLINK_ONSET else 0.0
        if shut < _BLINK_HIDES_YAW:
            # What shut lids leave to see says nothing of where the eyes rest.
            seen = self._centre_gaze(gaze_from_scores(scores), dt * (shut < _BLINK_SHUT))
            self._looks = np.array([seen[0], self._looks[1]])
        if shut >= _BLINK_SHUT or 0.0 < self._low_s < _BLINK_S:
            self._open_s = 0.0
            self._looks[1] = self._before[0][0]
        if self._open_s >= _LID_S:
            pitch = float(seen[1])
            if points is not None:
                # A closing lid is recognised one frame late: the higher of two values counts.
                now = self._measure_elevation(points, dt) * float(self._scale[1])
                pitch, self._raised = max(now, self._raised), now
            self._looks[1] = pitch
            self._record_pitch(pitch, dt)
        return self._looks

    def _record_pitch(self, pitch: float, dt: float) -> None:
        """Record a pitch; keep as much history as a lid's movement takes."""
        self._before.append((pitch, dt))
        held = sum(seconds for _, seconds in self._before)
        while len(self._before) > 1 and held - self._before[0][1] >= _LID_S:
            held -= self._before.popleft()[1]

    def _centre_gaze(self, gaze: Array, dt: float) -> Array:
        """Return the gaze (2,) from the scores relative to this performer's resting gaze.

        Args:
            gaze: (2,) radians, from the scores.
            dt: seconds for which it counts for the resting gaze.
        """
        # The plain mean of all samples until they last long enough.
        share = dt / min(max(self._seen_s, _MIN_MEAN_S), _SETTLE_S)
        rest = self._rest + share * (gaze - self._rest)
        self._rest = clamp(rest, -_MAX_BIAS, _MAX_BIAS)
        return (gaze - self._rest) * self._scale

    def _measure_elevation(self, points: Array, dt: float) -> float:
        """Return the elevation of the gaze in radians from irises and lids, relative to rest."""
        pixels = float(points[-1])
        up = gaze_elevation(points, pixels)
        level = float(self._levels.update(np.array([up]), dt)[0])
        if self._learnt_level is not None:
            low, high = self._learnt_level - _LEARNT_ROOM, self._learnt_level + _LEARNT_ROOM
            level = min(max(level, low), high)
        level = min(max(level, -_MAX_BIAS[1]), _MAX_BIAS[1])
        rise = (up - level) * _ELEVATION_SCALE[int(up > level)]
        rise = min(rise, _USUAL_UP + _BEYOND_UP * (rise - _USUAL_UP))
        return float(rise * min(pixels / _FULL_PITCH_PIXELS, 1.0) ** 2)


def gaze_elevation(points: Array, pixels: float) -> float:
    """Compute the elevation of the gaze [rad] from measures (40 or more,) of a face."""
    stand = sum(each * float(points[rows].mean()) for rows, each in _ELEVATION_WEIGHTS)
    return stand - (_ELEVATION_AHEAD - _SMALL_FACE_DROP / min(max(pixels, 1.0), _CLOSE_PIXELS))


def gaze_from_scores(scores: Array) -> Array:
    """Compute the gaze (2,) from straight ahead, radians: yaw to the left, pitch up."""
    yaw = scores[_TO_LEFT].mean() - scores[_TO_RIGHT].mean()
    pitch = scores[_UPS].mean() - scores[_DOWNS].mean()
    return np.array([_YAW_RANGE * yaw, _PITCH_RANGE * pitch])


def look_shapes(gaze: Array) -> Array:
    """Compute the eyeLook shapes (..., 8), 0 to 1, in LOOKS' order, of gazes (..., 2) [rad]."""
    return clamp(gaze @ _GAZE_TO_SHAPES, 0.0, 1.0)
