"""Raise alarms for what is lost while inputs and voices are read, when it is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from renderer.protocol.alarms import Alarms, Severity

_SHOWN_S: Final = 30.0
"""Seconds after the last loss until its alarm is cleared: long enough for an operator who looks at
the desk now and then. The loss stays among the show's warnings."""


class LossMonitor:
    """Raises an alarm for each loss, and clears it some time after the loss last grew."""

    def __init__(self, alarms: Alarms) -> None:
        """Start without losses."""
        self._alarms = alarms
        self._texts: dict[str, str] = {}
        self._until: dict[str, float] = {}

    def update(self, losses: Mapping[str, str], now: float) -> None:
        """Update the alarms from all losses so far.

        Args:
            losses: sentences by alarm id; a sentence changes when more is lost.
            now: seconds of a monotonic clock.
        """
        for id, text in losses.items():
            if self._texts.get(id) != text:
                self._texts[id] = text
                self._until[id] = now + _SHOWN_S
                self._alarms.raise_(id, Severity.WARNING, text)
        for id in [id for id, until in self._until.items() if now >= until]:
            del self._until[id]
            self._alarms.clear(id)
