"""Compute the presentation times of a file's frames, without jumps in its timestamps."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

GAP_NS: Final = 5_000_000_000
_GAP_INTERVALS: Final = 10
"""A step forward above both of these (nanoseconds, frame intervals) is a jump. A shorter gap is a
frozen frame: sound played beside the file continues through it."""

_BACK_NS: Final = 1_000_000_000
"""A step backward above this is a jump, below it frames are out of order; nanoseconds."""

_KEPT: Final = 15
"""Number of recent intervals whose median is the usual interval."""


class PresentationTimes:
    """Converts the timestamps of one file's frames to strictly increasing times from 0.

    A frame without a timestamp, or with one not later than the last, follows the last at the usual
    interval. So does a frame after a jump; later frames keep their distances to it.

    Args:
        interval_ns: the file's nominal frame interval, nanoseconds.
        origin_ns: timestamp of the file's first frame where reading starts later, nanoseconds; None
            if the first frame placed is the file's first.

    Attributes:
        leaps: number of jumps.
        closed_ns: largest jump, forward or backward, nanoseconds.
    """

    def __init__(self, interval_ns: int, origin_ns: int | None = None) -> None:
        self._stated_ns = interval_ns
        self._origin_ns = origin_ns
        self._intervals: deque[int] = deque(maxlen=_KEPT)
        self._shift_ns: int | None = None
        self._last_ns: int | None = None
        self._is_disordered = False
        self.leaps = 0
        self.closed_ns = 0

    @property
    def interval_ns(self) -> int:
        """Return the median of the recent frame intervals, nanoseconds.

        If timestamps are out of order, as in AVI with B-frames, it is the nominal interval.
        """
        if self._is_disordered or not self._intervals:
            return self._stated_ns
        return int(median(self._intervals))

    def place(self, stated_ns: int | None) -> int:
        """Return the time of the next frame, in nanoseconds from the first.

        Args:
            stated_ns: its timestamp from any origin, nanoseconds; None if it has none.
        """
        if self._last_ns is None:
            if stated_ns is None:
                self._last_ns = 0
                return 0
            origin_ns = stated_ns if self._origin_ns is None else self._origin_ns
            self._shift_ns, self._last_ns = -origin_ns, stated_ns - origin_ns
            return self._last_ns
        follows_ns = self._last_ns + self.interval_ns
        if stated_ns is None:
            self._last_ns = follows_ns
            return follows_ns
        if self._shift_ns is None:
            self._shift_ns = follows_ns - stated_ns
        step_ns = stated_ns + self._shift_ns - self._last_ns
        if step_ns < -_BACK_NS or step_ns > max(GAP_NS, _GAP_INTERVALS * self.interval_ns):
            self.leaps += 1
            self.closed_ns = max(self.closed_ns, abs(step_ns))
            self._shift_ns = follows_ns - stated_ns
        elif step_ns > 0:
            self._intervals.append(step_ns)
            follows_ns = stated_ns + self._shift_ns
        else:
            self._is_disordered = True
            follows_ns = self._last_ns + self.interval_ns
        self._last_ns = follows_ns
        return follows_ns
