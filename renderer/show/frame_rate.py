"""Measure the program's frame rate, and raise an alarm if it is too low for too long."""

from __future__ import annotations

from collections import deque
from typing import Final

from renderer.protocol.alarms import Alarms, Severity

_WINDOW_S: Final = 1.0
"""Window in seconds over which frames are counted."""

_LOW_SHARE: Final = 0.8
"""Share of the target rate below which viewers notice missing frames."""

_DELAY_S: Final = 3.0
"""Seconds for which the rate has to be low before the alarm is raised, and normal before it is
cleared: a shorter stall shows in the count of dropped frames."""

ALARM: Final = "program.frame-rate"


class FrameRateMonitor:
    """Measures program frames per second, and raises an alarm while they stay too low.

    Attributes:
        rate: frames per second over the last second.
    """

    def __init__(self, alarms: Alarms, target: float) -> None:
        """Start at zero; `target` is in frames per second."""
        self._alarms = alarms
        self._target = target
        self._looks: deque[tuple[float, int]] = deque()
        self._changed_at: float | None = None
        self._is_raised = False
        self.rate = 0.0

    def update(self, frames: int, now: float) -> None:
        """Update with the total of frames so far, at `now` in seconds of a monotonic clock."""
        self._looks.append((now, frames))
        while len(self._looks) > 2 and now - self._looks[1][0] >= _WINDOW_S:
            self._looks.popleft()
        began, before = self._looks[0]
        if now - began < _WINDOW_S:
            return
        self.rate = (frames - before) / (now - began)
        is_low = self.rate < _LOW_SHARE * self._target
        if is_low is self._is_raised:
            self._changed_at = None
        elif self._changed_at is None:
            self._changed_at = now
        if self._changed_at is not None and now - self._changed_at >= _DELAY_S:
            self._is_raised, self._changed_at = is_low, None
            if not is_low:
                self._alarms.clear(ALARM)
        if self._is_raised:
            text = f"The program has {self.rate:.1f} of {self._target:g} frames a second"
            self._alarms.raise_(ALARM, Severity.CRITICAL, text)
