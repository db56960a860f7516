"""Landmark stabiliser: landmarks of a performer who stands still do not move.

The noise of each landmark is measured along each axis: what is left of its movement after position
and trend are removed. A landmark at rest in the image has a dead band of some standard deviations
of its own noise (Prandtl's play operator), and settles slowly to the mean of its samples. A
well-seen landmark has hardly any dead band; a wrist whose depth the detector throws to and fro has
centimetres, until the image shows that the wrist moves.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np

from avatars.compile import compiled_with
from avatars.maths.vectors import Array, rotation_about_vertical, smoothstep
from renderer.motion.core import scalars

_BAND_SIGMAS: Final = 4.0
"""Half width of the dead band in standard deviations of the landmark's noise."""

_TREND_S: Final = 0.6
"""Time constant [s] of the low-passes that separate position and trend from noise."""

_NOISE_S: Final = 2.0
"""Time constant [s] of the noise variance, which is estimated while the landmark rests."""

_OUTLIER_GATE: Final = 4.0
"""Squared errors are clipped to this multiple of the variance: the start of a movement is not
noise."""

_SETTLE_FIRST_S: Final = 0.1
"""Time constant [s] at which a landmark that comes to rest settles to the mean of its samples."""

_SETTLE_SHARE: Final = 0.25
"""Growth of that time constant per second of rest."""

_MAX_REST_S: Final = 20.0
"""Seconds of rest that count at most."""

_SPEED_S: Final = 0.35
"""Time constant [s] of the low-pass on a landmark's speed in the image."""

_MOVING_SPEED: Final = (0.03, 0.12)
"""Metres per second in the image, beyond the speed that noise produces, below which a landmark may
rest, and above which it certainly moves."""

_STOPPED_S: Final = (0.2, 1.0)
"""Seconds of rest after which the dead band starts to open, and is fully open: a dancer hardly
rests."""

_TURNING_RATE: Final = (0.3, 1.0)
"""Yaw rate of the body [rad/s] above which its landmarks rest less, and not at all."""

_SPEED_SIGMAS: Final = 2.5
"""Standard deviations of the apparent speed that are attributed to noise."""

_INITIAL_VARIANCE: Final[Array] = np.array([0.001, 0.001, 0.006]) ** 2
"""(3,) m², initial noise variance along each axis. The landmarks are already low-pass filtered."""

_MAX_VARIANCE: Final[Array] = np.array([0.01, 0.01, 0.03]) ** 2
"""(3,) m², largest squared error that counts along each axis."""


_SPEED_NOISE: Final = (_SPEED_SIGMAS / _SPEED_S) ** 2
"""Factor from the variance of a position to the square of the speed that noise produces."""


class LandmarkStabiliser:
    """Holds the landmarks that rest in the image."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget positions and noise of the landmarks."""
        self._output: Array = np.zeros((0, 3))

    def __call__(self, seen: Array, dt: float, turned: float) -> Array:
        """Return the stabilised landmarks (n, 3), metres; x and y are in the image plane.

        Args:
            seen: (n, 3) metres, the filtered landmarks.
            dt: seconds since the last call.
            turned: radians about +Y by which the whole body has turned since then.
        """
        if not len(self._output) or dt <= 0.0:
            count = len(seen)
            self._output = np.ascontiguousarray(seen)
            self._seen, self._mean = self._output.copy(), self._output.copy()
            self._trend, self._speed = np.zeros((count, 3)), np.zeros((count, 3))
            self._age, self._still_s = np.zeros((count, 3)), np.zeros(count)
            self._noise: Array = np.tile(_INITIAL_VARIANCE, (count, 1))
            return seen
        if turned:
            self._rotate_state(rotation_about_vertical(turned))
        calm = 1.0 - smoothstep(abs(turned) / dt, *_TURNING_RATE)
        self._output = stabilise_landmarks(
            np.ascontiguousarray(seen),
            self._output,
            self._seen,
            self._mean,
            self._trend,
            self._speed,
            self._age,
            self._still_s,
            self._noise,
            dt,
            calm,
        )
        return self._output

    def _rotate_state(self, turn: Array) -> None:
        """Rotate the state with the body: row vectors times the matrix `turn` (3, 3)."""
        self._output, self._seen = self._output @ turn, self._seen @ turn
        self._mean, self._trend = self._mean @ turn, self._trend @ turn
        self._speed = self._speed @ turn


@compiled_with(scalars)
def stabilise_landmarks(
    seen: Array,
    output: Array,
    last: Array,
    mean: Array,
    trend: Array,
    speed: Array,
    age: Array,
    still_s: Array,
    noise: Array,
    dt: float,
    calm: float,
) -> Array:
    """Stabilise n landmarks; return where they are shown (n, 3), metres.

    Args:
        seen: (n, 3) metres.
        output: (n, 3) metres, where they were shown.
        last: (n, 3) metres, where they were seen; replaced.
        mean, trend: (n, 3) metres, low-passes of position and of what it leaves; updated.
        speed: (n, 3) metres per second; updated.
        age: (n, 3) seconds of rest along each axis that count; updated.
        still_s: (n,) seconds of rest; updated.
        noise: (n, 3) m², variance; updated.
        dt: seconds since the last call.
        calm: 0 to 1, how far landmarks of a turning body may rest.
    """
    count = len(seen)
    out, offset = np.empty((count, 3)), np.empty(3)
    quick, slow = dt / (dt + _SPEED_S), dt / (dt + _TREND_S)
    learning = dt / (dt + _NOISE_S)
    for i in range(count):
        for k in range(3):
            speed[i, k] += quick * ((seen[i, k] - last[i, k]) / dt - speed[i, k])
            last[i, k] = seen[i, k]
        flat = speed[i, 0] ** 2 + speed[i, 1] ** 2
        moved = sqrt(max(flat - _SPEED_NOISE * (noise[i, 0] + noise[i, 1]), 0.0))
        # How certainly the landmark rests in the image.
        rest = calm * (1.0 - scalars.smooth_step(moved, _MOVING_SPEED[0], _MOVING_SPEED[1]))
        still_s[i] = (still_s[i] + dt) * rest
        width = _BAND_SIGMAS * scalars.smooth_step(still_s[i], _STOPPED_S[0], _STOPPED_S[1])
        is_dragged = False
        for k in range(3):
            off = seen[i, k] - mean[i, k]
            mean[i, k] += slow * off
            trend[i, k] += slow * (off - trend[i, k])
            error = (off - trend[i, k]) ** 2
            most = min(_OUTLIER_GATE * noise[i, k], _MAX_VARIANCE[k])
            noise[i, k] += learning * rest * (min(error, most) - noise[i, k])
            age[i, k] = min(age[i, k] + dt, _MAX_REST_S) * rest
            off = seen[i, k] - output[i, k]
            off -= dt / (dt + _SETTLE_SHARE * age[i, k] + _SETTLE_FIRST_S) * off
            offset[k] = off
            if k < 2 and abs(off) > width * sqrt(noise[i, k]):
                is_dragged = True
        for k in range(3):
            band = width * sqrt(noise[i, k])
            # Movement in the image plane also releases depth; a stray in depth alone releases only
            # depth.
            if is_dragged or abs(offset[k]) > band:
                age[i, k] *= 0.5
            out[i, k] = seen[i, k] - min(max(offset[k], -band), band)
    return out
