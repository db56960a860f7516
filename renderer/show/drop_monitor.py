"""Raise alarms for bounded queues that drop."""

from __future__ import annotations

from collections import deque
from typing import Final

from renderer.protocol.alarms import Alarms, Severity

_WINDOW_S: Final = 5.0
"""Window in seconds over which drops are counted, and after which an alarm is cleared."""
_HELD_SHARE: Final = 0.5
"""Share of the drops that raise an alarm above which it stays raised."""


class DropMonitor:
    """Monitors one counter of drops, and raises an alarm while it grows."""

    def __init__(
        self, alarms: Alarms, id: str, severity: Severity, what: str, allowed: float = 0.0
    ) -> None:
        """Start at the first look: what was dropped before is an earlier engine's to report.

        Args:
            id: of the alarm.
            what: what is dropped and where, such as `input frames came too late`.
            allowed: drops per second that raise no alarm.
        """
        self._alarms = alarms
        self._id = id
        self._severity = severity
        self._what = what
        self._allowed = allowed
        self._looks: deque[tuple[float, int]] = deque()
        self._is_raised = False

    def skip(self, count: int, now: float) -> None:
        """Restart counting at `count`: earlier drops are reported elsewhere."""
        self._looks.clear()
        self._looks.append((now, count))

    def update(self, count: int, now: float) -> None:
        """Update with the total of drops so far, at `now` in seconds of a monotonic clock.

        A raised alarm is cleared at half the drops that raise one, so that it does not flap.
        """
        if not self._looks:
            self.skip(count, now)
        self._looks.append((now, count))
        while now - self._looks[1][0] >= _WINDOW_S:
            self._looks.popleft()
        recent = count - self._looks[0][1]
        limit = self._allowed * _WINDOW_S * (_HELD_SHARE if self._is_raised else 1.0)
        self._is_raised = recent > limit
        if self._is_raised:
            text = f"{recent} {self._what} in {_WINDOW_S:.0f} s, {count} in all"
            self._alarms.raise_(self._id, self._severity, text)
        else:
            self._alarms.clear(self._id)
