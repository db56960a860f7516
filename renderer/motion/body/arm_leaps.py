"""Hold an arm for one frame when it leaps and may leap back.

A detector that takes one hand for the other, or a shadow for a hand, puts an arm elsewhere for a
single frame. No arm speeds up like that: a hand that strikes gains 6 metres per second from one
frame to the next at most. So an arm that leaps farther is held where it was; if the next frame
shows it there too, it is followed, no faster than an arm moves. Both arms that leap at once belong
to a body found afresh, or were exchanged: then each is where the other one was.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, length
from renderer.motion.core.skeleton import ELBOWS, INDEXES, PINKIES, WRISTS

Bools = npt.NDArray[np.bool_]

_LEAP: Final = 0.2
"""Metres in the picture by which a wrist may miss the place where its velocity would take it."""

_EXCHANGED: Final = 0.6
"""Distance from where the other wrist was, as a share of the own step, below which wrists that both
leap were exchanged."""

_FOUND_S: Final = 0.2
"""Seconds for which an arm that leapt counts as found elsewhere, on its way there."""

_LONGEST_GAP_S: Final = 0.12
"""Gap [s] between frames over which a leap can be told from a movement."""

_THUMBS: Final = (21, 22)
_WRISTS: Final = np.array(WRISTS)
_ARMS: Final = np.array([ELBOWS, WRISTS, PINKIES, INDEXES, _THUMBS]).T
"""(2, 5) pose landmarks of each arm below the shoulder."""


class ArmLeaps:
    """Remembers where one performer's wrists were and how fast they moved."""

    def __init__(self) -> None:
        self._places: Array = np.full((2, 2), np.nan)
        self._steps: Array = np.zeros((2, 2))
        self._held = np.zeros(2, np.bool_)
        self._found_s: Array = np.zeros(2)

    @property
    def found(self) -> Bools:
        """Return whether each arm (2,) leapt a moment ago, so that it did not move where it is."""
        return self._found_s > 0.0

    def hold(self, points: Array, dt: float) -> Array:
        """Return the points with an arm that leaps missing (NaN) in this frame.

        Args:
            points: (33, 3) the pose's points about the hips, metres, stage axes.
            dt: seconds since the last call.
        """
        places = points[_WRISTS, :2]
        steps = places - self._places
        if not 0.0 < dt <= _LONGEST_GAP_S:
            self._places, self._steps = places, np.zeros((2, 2))
            self._held = np.zeros(2, np.bool_)
            self._found_s = np.zeros(2)
            return points
        # NaN compares as false: an arm that was not seen has not leapt.
        leapt = (length(steps - self._steps)[:, 0] > _LEAP) & ~self._held
        own, other = length(steps), length(places - self._places[::-1])
        exchanged = leapt.all() and bool((other < _EXCHANGED * own).all())
        leapt &= not leapt.all()
        self._found_s = np.where(leapt | exchanged, _FOUND_S, np.maximum(self._found_s - dt, 0.0))
        self._held = leapt
        seen = np.isfinite(steps) & ~leapt[:, None]
        self._steps = np.where(seen, steps, 0.0)
        self._places = np.where(leapt[:, None], self._places, places)
        if not leapt.any():
            return points
        points = points.copy()
        points[_ARMS[leapt]] = np.nan
        return points
