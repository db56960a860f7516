"""Hold the alarms, warnings and notes of the footer, and derive them from a status."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.protocol.show import ShowHealth
from renderer.protocol.status import Status


@dataclass(frozen=True, slots=True)
class Note:
    """A line in the footer of the window."""

    text: str = ""
    level: Level = Level.IDLE


def warnings_of(status: Status) -> tuple[Note, ...]:
    """Return the alarms, the most severe first, then the warnings."""
    show = status.of(ShowHealth)
    alarms = [
        Note(formatting.alarm(alarm.text, alarm.raised_at), formatting.alarm_level(alarm.severity))
        for alarm in show.alarms
    ]
    return (*alarms, *(Note(text, Level.WARN) for text in show.warnings))
