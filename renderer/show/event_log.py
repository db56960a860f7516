"""Keep the show's log: numbered events, of which the newest are kept."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from renderer.protocol.alarms import Alarm
from renderer.protocol.log import EventKind, LogEvent, ShowLog

_KEPT: Final = 200
"""Number of newest events kept for desks; about 30 kB on the bus."""


class EventLog:
    """Numbered events. Any thread may add one."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Start empty; `clock` returns seconds since the Unix epoch."""
        self._clock = clock
        self._lock = threading.Lock()
        self._events: deque[LogEvent] = deque(maxlen=_KEPT)
        self._count = 0

    def add(self, kind: EventKind, text: str) -> None:
        """Append an event."""
        with self._lock:
            self._count += 1
            self._events.append(LogEvent(self._count, self._clock(), kind, text))

    def add_alarm(self, alarm: Alarm) -> None:
        """Append an event for an alarm that was raised or cleared."""
        cleared = alarm.cleared_at is not None
        self.add(EventKind.ALARM_CLEARED if cleared else EventKind.ALARM_RAISED, alarm.text)

    def section(self) -> ShowLog:
        """Return the newest events for desks."""
        with self._lock:
            return ShowLog(self._count, list(self._events))
