"""Derive the rows of the alarm list from a show's alarms and warnings. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from renderer.desk.messages import translate
from renderer.desk.widgets import formatting
from renderer.desk.words import tr
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.show import ShowHealth

CLEARED_S: Final = 120.0
"""Time for which an alarm that cleared by itself stays in the list, seconds."""

PLACES: Final = {
    "output": ("outputs", "Show output", "See the output's row for its reason; retry or stop it."),
    "stream": ("outputs", "Show output", "See the output's row for its reason; retry or stop it."),
    "disk": ("outputs", "Show output", "Free space, or stop a recording."),
    "camera": ("capture", "Show camera", "Open the camera again, or another in its place."),
    "inputs": ("capture", "Show camera", "Check the cameras' cables and light."),
    "input": ("capture", "Show camera", "Check the cameras' cables and light."),
    "tracker": ("sound", "Show sound", "Check the phone, suit or microphone."),
    "performer": ("capture", "Show camera", "Freeze, idle or replace what is lost."),
    "avatar": ("capture", "Show camera", "The idol holds its last pose; see the log."),
    "rights": ("rights", "Show rights", "Show the licence, or let the idol leave."),
    "song": ("sound", "Show sound", "Check the song's file and the player."),
    "sound": ("sound", "Show sound", "Check the microphone and its gain."),
    "light": ("lights", "Show lights", "Choose another look."),
}
"""By the first word of an alarm's id: the perspective, the words of the link, and a remedy."""


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm in the list.

    Attributes:
        remedy: what to do.
        perspective: where to do it; empty for nowhere in particular.
        link: words of the button that leads there.
        is_open: whether somebody still has to take care of it.
        by: who takes care of it.
        cleared_at: seconds of the desk's clock at which it went; 0 while it is active.
    """

    id: str
    severity: Severity
    text: str
    since: str
    remedy: str = ""
    perspective: str = ""
    link: str = ""
    is_open: bool = False
    by: str = ""
    cleared_at: float = 0.0


def alarm_rows(
    health: ShowHealth, own: Iterable[str], before: tuple[AlarmRow, ...], now: float
) -> tuple[AlarmRow, ...]:
    """Return the active alarms, the most severe first, then those that have just cleared.

    Args:
        own: faults of the desk itself.
        before: the rows so far, among which those that have gone are found.
        now: seconds of the desk's clock.
    """
    rows = [_row(alarm) for alarm in health.alarms]
    shown = {alarm.text for alarm in health.alarms}
    rows += [
        AlarmRow(
            f"warning.{text}", Severity.WARNING, formatting.remove_secrets(translate(text)), ""
        )
        for text in health.warnings
        if text not in shown
    ]
    rows += [AlarmRow(f"desk.{text}", Severity.WARNING, text, "") for text in own if text]
    ids = {row.id for row in rows}
    gone = [
        row if row.cleared_at else replace(row, is_open=False, cleared_at=now)
        for row in before
        if row.id not in ids and not (row.cleared_at and now > row.cleared_at + CLEARED_S)
    ]
    return (*rows, *gone)


def _row(alarm: Alarm) -> AlarmRow:
    words = alarm.id.replace("-", ".").split(".")
    perspective, link, remedy = PLACES.get(words[0], ("", "", ""))
    return AlarmRow(
        id=alarm.id,
        severity=alarm.severity,
        text=formatting.remove_secrets(translate(alarm.text)),
        since=f"{datetime.fromtimestamp(alarm.raised_at):%H:%M:%S}",
        remedy=tr(remedy) if remedy else "",
        perspective=perspective,
        link=tr(link) if link else "",
        is_open=not alarm.acknowledged_by,
        by=alarm.acknowledged_by,
    )
