"""Define alarms (active faults with severity and time) and their shared registry."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

import msgspec

_HISTORY_LENGTH: Final = 500
"""Number of cleared alarms to keep for the report; enough for a two-hour show with one every 15 s.
"""

_log = logging.getLogger(__name__)


class Severity(StrEnum):
    """How serious an alarm is for the crew."""

    NOTICE = "notice"
    """For information; the audience sees or hears nothing."""
    WARNING = "warning"
    """The audience may notice, or redundancy is lost."""
    CRITICAL = "critical"
    """The audience sees or hears it, or something is not recorded."""


_RANKS: Final = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.NOTICE: 2}


class Alarm(msgspec.Struct, frozen=True):
    """A fault condition of a show.

    Attributes:
        id: stable identifier of the condition, such as `output.stream-1` or `camera.2`.
        text: what is wrong, a sentence without a full stop.
        raised_at: seconds since the Unix epoch.
        cleared_at: likewise; None while the alarm is active.
        count: how often the condition was reported while the alarm was active.
    """

    id: str
    severity: Severity
    text: str
    raised_at: float
    cleared_at: float | None = None
    count: int = 1


class Alarms:
    """A show's active and cleared alarms. Thread-safe.

    Attributes:
        dropped: number of cleared alarms that no longer fit in the bounded history.
    """

    def __init__(
        self,
        on_change: Callable[[Alarm], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Start without alarms.

        Args:
            on_change: called with each alarm that is raised or cleared, in the caller's thread.
            clock: returns seconds since the Unix epoch.
        """
        self._on_change = on_change
        self._clock = clock
        self._lock = threading.Lock()
        self._active: dict[str, Alarm] = {}
        self._cleared: list[Alarm] = []
        self.dropped = 0

    @property
    def active(self) -> list[Alarm]:
        """Return the active alarms by descending severity, then oldest first."""
        with self._lock:
            alarms = list(self._active.values())
        return sorted(alarms, key=lambda alarm: (_RANKS[alarm.severity], alarm.raised_at))

    @property
    def history(self) -> list[Alarm]:
        """Return all alarms of the show in the order of raising, including active ones."""
        with self._lock:
            alarms = [*self._cleared, *self._active.values()]
        return sorted(alarms, key=lambda alarm: alarm.raised_at)

    def raise_(self, id: str, severity: Severity, text: str) -> None:
        """Raise an alarm. An active one keeps its time and gets the new severity and text."""
        with self._lock:
            before = self._active.get(id)
            raised_at = self._clock() if before is None else before.raised_at
            count = 1 if before is None else before.count + 1
            alarm = Alarm(id, severity, text, raised_at, count=count)
            self._active[id] = alarm
        if before is None or before.severity is not severity:
            _log.warning("alarm %s raised (%s): %s", id, severity.value, text)
            self._report(alarm)

    def clear(self, id: str) -> None:
        """Clear an alarm; does nothing if it is not active."""
        with self._lock:
            before = self._active.pop(id, None)
            if before is None:
                return
            alarm = msgspec.structs.replace(before, cleared_at=self._clock())
            self._cleared.append(alarm)
            if len(self._cleared) > _HISTORY_LENGTH:
                del self._cleared[0]
                self.dropped += 1
        _log.info("alarm %s cleared", id)
        self._report(alarm)

    def update(self, id: str, severity: Severity, text: str) -> None:
        """Raise an alarm if the text is not empty; otherwise clear it."""
        if text:
            self.raise_(id, severity, text)
        else:
            self.clear(id)

    def _report(self, alarm: Alarm) -> None:
        if self._on_change is not None:
            self._on_change(alarm)
