"""Notices a camera that no longer stands where it was calibrated.

Each camera's landmarks are compared with those of the other cameras. A camera that was moved
disagrees with the others in all landmarks at once and for good; an occlusion or a swap disagrees in
some, for a moment. It is the one whose picture jumped when the disagreement began; if none did, the
one that disagrees most, and of two cameras the later one, since the first defines the stage.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array

AGREE_M: Final = 0.06
"""Metres of median disagreement of the trunk's and limbs' landmarks below which cameras agree: a
calibrated set has 0.01 to 0.03."""

MOVED_M: Final = 0.12
"""Metres from which they disagree."""

JUMPED_M: Final = 0.2
"""Metres by which a camera's whole picture is off what the body's movement so far predicts from
which it disagrees. Two cameras at one height do not see each other's pan: their rays still meet."""

_MOVED_S: Final = 1.0
"""Seconds of disagreement after which a camera has moved; an occlusion is shorter."""

_CALM_S: Final = 1.0
"""Seconds of agreement after which it stands right again."""

_FEWEST: Final = 6
"""Landmarks that must be compared."""

_JUMP_S: Final = 0.5
"""Seconds before the disagreement began in which a picture's jump is looked for."""

_MEAN_S: Final = 0.3
"""Time constant of the low-pass on a camera's disagreement, seconds."""


class ResidualMonitor:
    """Watches the disagreement of the cameras on one performer.

    Attributes:
        residuals: (v,) metres, each camera's smoothed disagreement with the others; NaN before it
            was compared.
        moved: whether each camera is judged to have moved.
    """

    def __init__(self, cameras: int) -> None:
        self.residuals: Array = np.full(cameras, np.nan)
        self.moved = [False] * cameras
        self._bad_s = np.zeros(cameras)
        self._good_s = np.zeros(cameras)
        self._jumps = np.zeros(cameras)

    def update(self, errors: Array, jumps: Array, dt: float) -> int | None:
        """Update with one frame; return the camera that has just been judged to have moved.

        Args:
            errors: (v, n) metres, by how far each camera is from what the others see; NaN where not
                compared.
            jumps: (v,) metres by which each camera's whole picture of the performer moved beyond
                what was expected.
            dt: seconds since the last frame.
        """
        compared = np.isfinite(errors).sum(axis=1) >= _FEWEST
        self._jumps = np.maximum(self._jumps * np.exp(-dt / _JUMP_S), jumps)
        if not compared.any():
            return None
        share = min(dt / _MEAN_S, 1.0)
        for k in np.flatnonzero(compared):
            now = float(np.nanmedian(errors[k]))
            if not np.isfinite(self.residuals[k]):
                self.residuals[k] = now
            self.residuals[k] += share * (now - self.residuals[k])
        bad = compared & ((self.residuals > MOVED_M) | (jumps > JUMPED_M))
        good = compared & (self.residuals < AGREE_M) & (jumps < 0.5 * JUMPED_M)
        self._bad_s = np.where(bad, self._bad_s + dt, np.where(good, 0.0, self._bad_s))
        self._good_s = np.where(good, self._good_s + dt, 0.0)
        for k in np.flatnonzero(self._good_s > _CALM_S):
            self.moved[int(k)] = False
        if any(self.moved) or not (self._bad_s > _MOVED_S).any():
            return None
        number = self._find_moved(bad)
        self.moved[number] = True
        return number

    def reset(self, number: int) -> None:
        """Begin again with a camera that was calibrated again."""
        self.residuals[number] = np.nan
        self.moved[number] = False
        self._bad_s[:] = 0.0
        self._good_s[:] = 0.0

    def _find_moved(self, bad: Array) -> int:
        """Return which of the disagreeing cameras has moved."""
        there = np.flatnonzero(bad)
        jumped = self._jumps[there]
        if jumped.max() > JUMPED_M:
            return int(there[np.argmax(jumped)])
        if len(bad) > 2:
            return int(there[np.argmax(self.residuals[there])])
        return int(there[-1])
