"""Define alarms (active faults with severity and time) and their shared registry."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

import msgspec

from renderer.protocol.schema import Command

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
        acknowledged_at: seconds since the Unix epoch at which the crew has taken note; None before,
            and again when the alarm becomes more severe.
        acknowledged_by: operator who takes care of it; empty if nobody does.
    """

    id: str
    severity: Severity
    text: str
    raised_at: float
    cleared_at: float | None = None
    count: int = 1
    acknowledged_at: float | None = None
    acknowledged_by: str = ""


class AlarmCommand(Command, frozen=True):
    """A command about an alarm."""


class AcknowledgeAlarm(AlarmCommand, frozen=True):
    """Tell the crew that somebody takes care of an alarm; it stays until its cause is gone.

    Attributes:
        alarm: id of the alarm; empty for all active ones.
        operator: who takes care of it.
    """

    alarm: str = ""
    operator: str = ""


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
            if before is None:
                alarm = Alarm(id, severity, text, self._clock())
            else:
                alarm = msgspec.structs.replace(
                    before, severity=severity, text=text, count=before.count + 1
                )
                if _RANKS[severity] < _RANKS[before.severity]:
                    alarm = msgspec.structs.replace(alarm, acknowledged_at=None, acknowledged_by="")
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

    def acknowledge(self, id: str, operator: str = "") -> list[Alarm]:
        """Record that the crew has taken note of an active alarm, or with "" of all.

        Returns:
            The alarms that were not acknowledged before.
        """
        with self._lock:
            fresh = [
                msgspec.structs.replace(
                    alarm, acknowledged_at=self._clock(), acknowledged_by=operator
                )
                for alarm in self._active.values()
                if id in ("", alarm.id) and alarm.acknowledged_at is None
            ]
            self._active |= {alarm.id: alarm for alarm in fresh}
        for alarm in fresh:
            _log.info("alarm %s acknowledged by %s", alarm.id, operator or "the crew")
            self._report(alarm)
        return fresh

    def update(self, id: str, severity: Severity, text: str) -> None:
        """Raise an alarm if the text is not empty; otherwise clear it."""
        if text:
            self.raise_(id, severity, text)
        else:
            self.clear(id)

    def _report(self, alarm: Alarm) -> None:
        if self._on_change is not None:
            self._on_change(alarm)
