"""Tell until when each idol of a show is licensed. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from renderer.desk.panels.avatars.cards import Card, verdict_of
from renderer.desk.panels.avatars.model import AvatarsModel, PerformerRow
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import tr

SOON_DAYS: Final = 30
"""Days before its end from which a licence is to be renewed."""

ExpiriesModel = AvatarsModel
"""The same cards as in the library; the end is part of the verdict."""


@dataclass(frozen=True, slots=True)
class ExpiryRow:
    """An idol with its performer, and the end of what allows it."""

    avatar: str
    performer: str
    word: str
    level: Level
    until: str = ""


def expiry_row(row: PerformerRow, card: Card | None, now: datetime) -> ExpiryRow:
    """Return when an idol's licence ends for a performer.

    Args:
        row: the performer with the avatar's file.
        card: of the avatar; None if it has not been read.
        now: UTC.
    """
    name = row.name or tr("A performer without a name")
    if card is None:
        return ExpiryRow(row.avatar.rpartition("/")[2], name, tr("checking…"), Level.IDLE)
    verdict = verdict_of(card, row.name)
    if card.fault or verdict is None:
        return ExpiryRow(card.name, name, tr("not judged"), Level.WARN)
    if verdict.outcome != "allow":
        return ExpiryRow(card.name, name, tr("refused"), Level.BAD, verdict.until)
    if not verdict.until:
        return ExpiryRow(card.name, name, tr("without end"), Level.GOOD)
    try:
        end = datetime.strptime(verdict.until, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:
        return ExpiryRow(card.name, name, verdict.until, Level.GOOD, verdict.until)
    days = (end - now).days
    level = Level.GOOD if days >= SOON_DAYS else Level.WARN
    return ExpiryRow(card.name, name, tr("{days} days left", days=days), level, verdict.until)
