"""Derive the verdicts about the idols from a status. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.messages import translate
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
    """A line of the rights: a heading, or a term of a licence."""

    text: str
    level: Level = Level.IDLE
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class RightsCard:
    """An idol with the verdict about it.

    Attributes:
        word: the verdict.
        clauses: what decides it, sentences with their remedies; the newest alarm first.
    """

    avatar: str
    performer: str
    word: str
    level: Level
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything that is known of a show's rights."""

    cards: tuple[RightsCard, ...] = ()
    lines: tuple[RightsLine, ...] = ()


class RightsModel:
    """The rights' model."""

    sections: tuple[type[Section], ...] = (ShowHealth, ShowDocument, PerformersHealth)

    def __init__(self, _desk: DeskModel) -> None:
        self.rights: Observable[Rights] = Observable(Rights())

    def update(self, status: Status) -> None:
        """Derive the rights from a status."""
        self.rights.set(rights_of(status) if status.has(ShowDocument) else Rights())


def rights_of(status: Status) -> Rights:
    """Return a card for each idol, and what else the licences and the files say."""
    alarms = {one.id: one for one in status.of(ShowHealth).alarms}
    document = status.of(ShowDocument)
    verdicts, rest = _group(document.licence)
    cards = []
    for one in status.of(PerformersHealth).performers:
        word, level = tr("allowed for this show"), Level.GOOD
        clauses = _take(verdicts, one.avatar)
        if (alarm := alarms.get(f"rights.{one.performer + 1}")) is not None:
            is_refused = alarm.severity is Severity.CRITICAL
            word = tr("refused") if is_refused else tr("allowed, ends soon")
            level = Level.BAD if is_refused else Level.WARN
            clauses = (translate(alarm.text), *clauses)
        cards.append(RightsCard(one.avatar or "–", one.name or "–", word, level, clauses))
    lines = []
    # Verdicts about idols that nobody performs.
    for heading, said in verdicts:
        lines += [RightsLine(translate(heading), is_heading=True)]
        lines += [RightsLine(translate(text)) for text in said]
    if rest:
        use = formatting.usage(document.usage)
        text = tr("What licences and files say; the show is declared {use}", use=use)
        lines += [RightsLine(text, is_heading=True), *(RightsLine(translate(one)) for one in rest)]
    return Rights(tuple(cards), tuple(lines))


def _group(lines: Sequence[str]) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Return the verdicts with the indented lines that belong to each, and all other lines."""
    groups: list[tuple[str, list[str]]] = []
    for text in lines:
        if text.startswith(" ") and groups:
            groups[-1][1].append(text.strip())
        else:
            groups.append((text, []))
    rest = [heading for heading, said in groups if not said]
    return [(heading, said) for heading, said in groups if said], rest


def _take(verdicts: list[tuple[str, list[str]]], avatar: str) -> tuple[str, ...]:
    """Remove the first verdict about an avatar, and return its clauses; none if there is none."""
    for place, (heading, said) in enumerate(verdicts):
        if avatar and heading.endswith(f": {avatar}"):
            del verdicts[place]
            return tuple(map(translate, said))
    return ()
