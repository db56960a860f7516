"""Landmark stabiliser: landmarks of a performer who stands still do not move.

The noise of each landmark is measured along each axis: what is left of its movement after position
and trend are removed. A landmark at rest in the image has a dead band of some standard deviations
of its own noise (Prandtl's play operator), and settles slowly to the mean of its samples. A
well-seen landmark has hardly any dead band; a wrist whose depth the detector throws to and fro has
centimetres, until the image shows that the wrist moves.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, length, rotation_about_vertical, smoothstep

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
            self._output = self._seen = self._mean = seen
            self._trend, self._speed = np.zeros_like(seen), np.zeros_like(seen)
            self._age, self._still_s = np.zeros_like(seen), np.zeros((len(seen), 1))
            self._noise: Array = np.broadcast_to(_INITIAL_VARIANCE, seen.shape)
            return seen
        if turned:
            self._rotate_state(rotation_about_vertical(turned))
        self._speed = self._speed + dt / (dt + _SPEED_S) * ((seen - self._seen) / dt - self._speed)
        self._seen = seen
        rest = self._rest_probability() * (1.0 - smoothstep(abs(turned) / dt, *_TURNING_RATE))

        share = dt / (dt + _TREND_S)
        offset = seen - self._mean
        self._mean = self._mean + share * offset
        self._trend = self._trend + share * (offset - self._trend)
        error = offset - self._trend
        self._noise = self._noise + dt / (dt + _NOISE_S) * rest * (
            np.minimum(error * error, np.minimum(_OUTLIER_GATE * self._noise, _MAX_VARIANCE))
            - self._noise
        )

        self._still_s = (self._still_s + dt) * rest
        band = _BAND_SIGMAS * smoothstep(self._still_s, *_STOPPED_S) * np.sqrt(self._noise)
        self._age = np.minimum(self._age + dt, _MAX_REST_S) * rest
        offset = seen - self._output
        offset = offset - dt / (dt + _SETTLE_SHARE * self._age + _SETTLE_FIRST_S) * offset
        dragged = np.abs(offset) > band
        # Movement in the image plane also releases depth; a stray in depth alone releases only
        # depth.
        dragged |= dragged[:, :1] | dragged[:, 1:2]
        self._age = np.where(dragged, 0.5 * self._age, self._age)
        self._output = seen - clamp(offset, -band, band)
        return self._output

    def _rest_probability(self) -> Array:
        """Compute (n, 1) how certainly each landmark rests in the image, 0 to 1."""
        flat = length(self._speed[:, :2]) ** 2
        noise = (_SPEED_SIGMAS / _SPEED_S) ** 2 * (self._noise[:, :1] + self._noise[:, 1:2])
        return 1.0 - smoothstep(np.sqrt(np.maximum(flat - noise, 0.0)), *_MOVING_SPEED)

    def _rotate_state(self, turn: Array) -> None:
        """Rotate the state with the body: row vectors times the matrix `turn` (3, 3)."""
        self._output, self._seen = self._output @ turn, self._seen @ turn
        self._mean, self._trend = self._mean @ turn, self._trend @ turn
        self._speed = self._speed @ turn
