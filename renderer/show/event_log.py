"""The show's log: numbered events; the newest are kept for desks, and all are in the journal."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from renderer.logs.redact import redact
from renderer.protocol.alarms import Alarm
from renderer.protocol.log import EventKind, LogEvent, ShowLog
from renderer.show.journal.records import JournalRecord
from renderer.show.journal.writer import JournalWriter

_KEPT: Final = 200
"""Number of newest events kept for desks; about 30 kB on the bus."""


class EventLog:
    """Numbered events. Any thread may add one."""

    def __init__(
        self, journal: JournalWriter | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Start empty.

        Args:
            journal: receives every event; None keeps the newest ones alone.
            clock: returns seconds since the Unix epoch.
        """
        self._journal = journal
        self._clock = clock
        self._lock = threading.Lock()
        self._events: deque[LogEvent] = deque(maxlen=_KEPT)
        self._count = 0

    def add(self, kind: EventKind, text: str, data: dict[str, Any] | None = None) -> None:
        """Append an event.

        Args:
            data: the event for programs, kept in the journal; must contain no secret.
        """
        with self._lock:
            self._count += 1
            event = LogEvent(self._count, self._clock(), kind, text)
            if kind is not EventKind.SNAPSHOT:
                self._events.append(event)
            if self._journal is not None:
                self._journal.append(
                    JournalRecord(
                        event.number, event.at, time.monotonic_ns(), kind, redact(text), data
                    )
                )

    def add_alarm(self, alarm: Alarm) -> None:
        """Append an event for an alarm that was raised or cleared."""
        cleared = alarm.cleared_at is not None
        kind = EventKind.ALARM_CLEARED if cleared else EventKind.ALARM_RAISED
        data = {"id": alarm.id, "severity": alarm.severity.value}
        self.add(kind, alarm.text, data)

    def section(self) -> ShowLog:
        """Return the newest events for desks."""
        with self._lock:
            return ShowLog(self._count, list(self._events))
