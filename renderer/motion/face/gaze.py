"""Where the eyes look: aside by the scores, up and down by how high irises and lids stand.

A lid that shuts hides where the eye looks, and what is seen of it looks down. Lids that sink and
stay follow a lowered gaze. The scores tell both apart badly and take a nod for a look; irises and
lids over the corners of the eyes do less.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT_INDEX
from renderer.motion.face.landmarks import IRISES, LOWER_LIDS, UPPER_LIDS

_TO_LEFT: Final = [ARKIT_INDEX["eyeLookOutLeft"], ARKIT_INDEX["eyeLookInRight"]]
_TO_RIGHT: Final = [ARKIT_INDEX["eyeLookInLeft"], ARKIT_INDEX["eyeLookOutRight"]]
_UPS: Final = [ARKIT_INDEX["eyeLookUpLeft"], ARKIT_INDEX["eyeLookUpRight"]]
_DOWNS: Final = [ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]
LOOKS: Final = [*_TO_LEFT, *_TO_RIGHT, *_UPS, *_DOWNS]

_YAW_RANGE: Final = 0.6
_PITCH_RANGE: Final = 0.65
"""Radians that the eyes turn at a score of 1."""

_FULL_PITCH: Final = 0.45
"""Radians of a gaze that is raised or lowered as far as the eyeLook shapes go."""
_SHAPES: Final = np.repeat(
    np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]])
    / np.array([[_YAW_RANGE], [_FULL_PITCH]]),
    2,
    axis=1,
)
"""(2, 8) what a radian of gaze is of LOOKS."""

_RAISES: Final = ((IRISES, 16.0), (UPPER_LIDS, 9.0), (LOWER_LIDS, 4.0))
"""Radians by which a gaze is raised for each distance between the eyes that they rise. Lids follow
a lowered gaze and cut irises off."""
_AHEAD: Final = 0.76
_SINKS: Final = 7.0
_CLOSE_PIXELS: Final = 120.0
"""What that sum is of a gaze straight ahead, and how much less the fewer pixels there are between
the eyes: five performers of the ground-truth set, close up, are within .1 of it. A calibration is
taken to have the third."""
_SEEN_PIXELS: Final = 28.0
"""Between the eyes: of fewer, less of a look up or down is to be told from noise."""

_SETTLE_S: Final = 15.0
_ROOM: Final[Array] = np.array([0.10, 0.30])
_FAR: Final = (0.5, 0.15)
"""A performer's eyes rest straight ahead on the whole: the mean of their gaze over this time, aside
and up, is taken out, up to so much [rad]. What irises and lids of a small and of a large face show
further from it than the last counts no more than that: a long look down is not where eyes rest."""
_FIRST_S: Final = 1.0
_USUAL_S: Final = (1.0, 4.0)
_FINE_PIXELS: Final = (28.0, 80.0)
"""For how long what is usual counts, of faces of so many pixels between the eyes."""

_HIDES: Final = 0.45
_MAY_HIDE: Final = 0.2
_BLINK_S: Final = 0.3
_LID_S: Final = 0.1
"""Of a blink that is no lowered gaze: from the first on a lid hides where the eye looks, and what
is seen of it looks down; from the second on for no longer than the third, since lids that stay
there follow a lowered gaze. A lid's way down and up takes the last: a look up or down is held as it
was so long before, until so long after."""


class EyeGaze:
    """Where one performer's eyes look, about where they rest."""

    def __init__(self) -> None:
        self._rest: Array = np.zeros(2)
        self._raised_rest = 0.0
        self._scale: Array = np.ones(2)
        self._seen_s = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget where they looked, not where they rest."""
        self._looks: Array = np.zeros(2)
        self._before: deque[tuple[float, float]] = deque([(0.0, 0.0)])
        self._open_s, self._low_s = _LID_S, 0.0
        self._raised = 0.0

    def know(self, rest: Array, scale: Array, points_rest: Array) -> None:
        """Take what a calibration found; see FaceProfile."""
        self._rest, self._scale = rest.copy(), scale
        self.learn(points_rest, _CLOSE_PIXELS)

    def learn(self, points: Array, pixels: float) -> None:
        """Take measures (40 or more,) of facepoints as of eyes that look straight ahead."""
        self._raised_rest = gaze_elevation(points, pixels)
        self._seen_s = _SETTLE_S

    def look(self, scores: Array, points: Array | None, shut: float, dt: float) -> Array:
        """Gaze (2,) [rad], yaw to the performer's left and pitch up.

        Args:
            scores: (52,) raw.
            points: (41,) what facepoints.measured says; None where the points are not known.
            shut: how far the eyes blink, 0 to 1.
            dt: seconds since the last look.
        """
        self._seen_s += dt
        self._open_s += dt
        self._low_s = self._low_s + dt if shut >= _MAY_HIDE else 0.0
        if shut < _HIDES:
            seen = self._centre_gaze(gaze_of(scores), dt)
            self._looks = np.array([seen[0], self._looks[1]])
        if shut >= _HIDES or 0.0 < self._low_s < _BLINK_S:
            self._open_s = 0.0
            self._looks[1] = self._before[0][0]
        if self._open_s >= _LID_S:
            pitch = float(seen[1])
            if points is not None:
                # A lid on its way down is known for one a frame later: the higher of two counts.
                now = self._measure_elevation(points, dt) * float(self._scale[1])
                pitch, self._raised = max(now, self._raised), now
            self._looks[1] = pitch
            self._remember(pitch, dt)
        return self._looks

    def _remember(self, pitch: float, dt: float) -> None:
        self._before.append((pitch, dt))
        held = sum(seconds for _, seconds in self._before)
        while len(self._before) > 1 and held - self._before[0][1] >= _LID_S:
            held -= self._before.popleft()[1]

    def _centre_gaze(self, gaze: Array, dt: float) -> Array:
        """Gaze (2,) by the scores about where this performer's eyes rest."""
        # The mean of all that was seen, until that is long enough.
        share = dt / min(max(self._seen_s, _FIRST_S), _SETTLE_S)
        rest = self._rest + share * (gaze - self._rest)
        self._rest = clamp(rest, -_ROOM, _ROOM)
        return (gaze - self._rest) * self._scale

    def _measure_elevation(self, points: Array, dt: float) -> float:
        """Radians by which the gaze is raised by irises and lids."""
        pixels = float(points[-1])
        up = gaze_elevation(points, pixels)
        fine = float(smoothstep(points[-1:], *_FINE_PIXELS)[0])
        usual_s = _USUAL_S[0] + fine * (_USUAL_S[1] - _USUAL_S[0])
        far = _FAR[0] + fine * (_FAR[1] - _FAR[0])
        away = min(max(up - self._raised_rest, -far), far)
        rest = self._raised_rest + dt / min(self._seen_s + usual_s, _SETTLE_S) * away
        self._raised_rest = min(max(rest, -_ROOM[1]), _ROOM[1])
        return (up - self._raised_rest) * min(pixels / _SEEN_PIXELS, 1.0) ** 2


def gaze_elevation(points: Array, pixels: float) -> float:
    """Radians by which a gaze is raised, of measures (40 or more,) of facepoints."""
    stand = sum(each * float(points[rows].mean()) for rows, each in _RAISES)
    return stand - (_AHEAD - _SINKS / max(pixels, 1.0))


def gaze_of(scores: Array) -> Array:
    """Gaze (2,) [rad] from straight ahead, yaw to the performer's left and pitch up."""
    yaw = scores[_TO_LEFT].mean() - scores[_TO_RIGHT].mean()
    pitch = scores[_UPS].mean() - scores[_DOWNS].mean()
    return np.array([_YAW_RANGE * yaw, _PITCH_RANGE * pitch])


def look_shapes(gaze: Array) -> Array:
    """The eyeLook shapes (..., 8) 0 to 1 of gazes (..., 2) [rad], in the order of LOOKS."""
    return clamp(gaze @ _SHAPES, 0.0, 1.0)
