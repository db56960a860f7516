"""Derive the log's rows from a status: who did what. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from renderer.desk.messages import translate
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.log import EventKind, ShowLog
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

KEPT: Final = 500
"""Events that a desk keeps; all are in the session's journal: encore log."""
_LEVELS: Final = {EventKind.FAULT: Level.BAD, EventKind.ALARM_RAISED: Level.WARN}


@dataclass(frozen=True, slots=True)
class LogRow:
    """An event: when, what kind, what happened."""

    number: int
    time: str
    kind: str
    text: str
    level: Level


class LogModel:
    """The log's model: the newest event last."""

    sections: tuple[type[Section], ...] = (ShowLog,)

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[LogRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Add what is new."""
        rows = self.rows.value
        events = status.of(ShowLog).events
        if rows and events and events[-1].number < rows[-1].number:
            rows = ()  # Another show.
        last = rows[-1].number if rows else 0
        new = tuple(
            LogRow(
                one.number,
                f"{datetime.fromtimestamp(one.at):%H:%M:%S}",
                tr(one.kind.value),
                formatting.remove_secrets(translate(one.text)),
                _LEVELS.get(one.kind, Level.IDLE),
            )
            for one in events
            if one.number > last and one.kind is not EventKind.SNAPSHOT
        )
        self.rows.set((*rows, *new)[-KEPT:])
