"""Derive the verdicts about the idols from a status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.alarms import Severity
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class RightsLine:
    """A line of the rights: an idol with its verdict, or a term of a licence."""

    text: str
    word: str = ""
    level: Level = Level.IDLE
    is_heading: bool = False


class RightsModel:
    """The rights' model."""

    sections: tuple[type[Section], ...] = (ShowHealth, ShowDocument, PerformersHealth)

    def __init__(self, _desk: DeskModel) -> None:
        self.lines: Observable[tuple[RightsLine, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the lines from a status."""
        self.lines.set(lines_of(status) if status.has(ShowDocument) else ())


def lines_of(status: Status) -> tuple[RightsLine, ...]:
    """Return each idol with its verdict, then what the licences and the files say."""
    alarms = {one.id: one for one in status.of(ShowHealth).alarms}
    lines = []
    for one in status.of(PerformersHealth).performers:
        name = tr("{avatar}, performed by {who}", avatar=one.avatar or "–", who=one.name or "–")
        alarm = alarms.get(f"rights.{one.performer + 1}")
        if alarm is None:
            lines.append(RightsLine(name, tr("allowed for this show"), Level.GOOD, True))
            continue
        is_refused = alarm.severity is Severity.CRITICAL
        word = tr("refused") if is_refused else tr("allowed, ends soon")
        level = Level.BAD if is_refused else Level.WARN
        lines.append(RightsLine(name, word, level, True))
        lines.append(RightsLine(alarm.text, level=level))
    document = status.of(ShowDocument)
    if document.licence:
        use = formatting.usage(document.usage)
        heading = tr("What licences and files say; the show is declared {use}", use=use)
        lines.append(RightsLine(heading, is_heading=True))
        lines += [RightsLine(text) for text in document.licence]
    return tuple(lines)
