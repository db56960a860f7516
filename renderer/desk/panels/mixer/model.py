"""Derive what is known of the show's sound from a status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.inputs import InputsHealth, TrackerKind, TrackerState
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowDocument, ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class BusRow:
    """A source of sound: its name, its state, and how strongly it is heard, in hundredths."""

    name: str
    word: str
    level: Level
    share: int = -1


class MixerModel:
    """The sound's model: the song, and each performer's voice as it drives the mouth."""

    sections: tuple[type[Section], ...] = (
        ShowHealth, CuesHealth, PerformersHealth, InputsHealth, ShowDocument,
    )  # fmt: skip

    def __init__(self, _desk: DeskModel) -> None:
        self.rows: Observable[tuple[BusRow, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the rows from a status."""
        rows = []
        song = status.of(CuesHealth).song or status.of(ShowDocument).song
        if song:
            alarm = next(
                (one for one in status.of(ShowHealth).alarms if one.id.startswith("song")), None
            )
            plays = bool(status.of(CuesHealth).position)
            word = alarm.text if alarm else tr("plays") if plays else tr("ready")
            rows.append(BusRow(song, word, Level.BAD if alarm else Level.GOOD))
        voices = {
            one.performer: one
            for one in status.of(InputsHealth).trackers
            if one.kind is TrackerKind.VOICE
        }
        for one in status.of(PerformersHealth).performers:
            if (voice := voices.get(one.performer)) is not None:
                is_heard = voice.state is TrackerState.HEARD
                word = voice.detail or voice.state.value
                level = Level.GOOD if is_heard else Level.WARN
                rows.append(BusRow(one.name, word, level, round(one.voice * 100)))
        self.rows.set(tuple(rows))
