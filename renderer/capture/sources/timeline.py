"""The times at which a file's pictures are shown, without the leaps of its timestamps."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

GAP_NS: Final = 5_000_000_000
_GAP_INTERVALS: Final = 10
"""Timestamps that go on by more than both of these have leapt. A shorter gap is a picture that
stood still: sound that plays beside the file goes on through it."""

_BACK_NS: Final = 1_000_000_000
"""Timestamps that go back by more than this have leapt; by less, pictures are out of order."""

_KEPT: Final = 15
"""Intervals whose median is the usual one."""


class PresentationTimes:
    """Turns the timestamps of one file's pictures into times from 0 that always grow.

    A picture without a timestamp, or with one that is not later than the last, follows the last at
    the usual interval. So does one whose timestamp leaps, and what comes after it keeps its
    distances.

    Args:
        interval_ns: between pictures, as far as the file states it.

    Attributes:
        leaps: how often the timestamps leapt.
        closed_ns: the longest leap, forwards or backwards.
    """

    def __init__(self, interval_ns: int) -> None:
        self._stated_ns = interval_ns
        self._intervals: deque[int] = deque(maxlen=_KEPT)
        self._shift_ns: int | None = None
        self._last_ns: int | None = None
        self._is_disordered = False
        self.leaps = 0
        self.closed_ns = 0

    @property
    def interval_ns(self) -> int:
        """The usual interval between pictures of late.

        Timestamps out of order, as AVI has them for B-frames, hide it: then it is the stated one.
        """
        if self._is_disordered or not self._intervals:
            return self._stated_ns
        return int(median(self._intervals))

    def place(self, stated_ns: int | None) -> int:
        """Return the time of the next picture, in nanoseconds from the first.

        Args:
            stated_ns: its timestamp from any origin; None where it has none.
        """
        if self._last_ns is None:
            self._last_ns = 0
            self._shift_ns = None if stated_ns is None else -stated_ns
            return 0
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
