"""Derive the cue list and GO from a show's document and status. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.actions.cue_actions import first_list
from renderer.desk.document import CueRow, cue_list_names, cue_rows
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.schema import Section
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class CueLine:
    """A row of the cue list.

    Attributes:
        state: "done", "running", "standby" or empty.
        share: progress of a running cue, in hundredths.
        left: seconds left of a running cue, in words; or empty.
    """

    number: str
    name: str
    trigger: str
    seconds: str
    notes: str
    state: str = ""
    share: int = 0
    left: str = ""


@dataclass(frozen=True, slots=True)
class GoState:
    """What GO says: the cue on standby, its name and its note."""

    number: str = ""
    name: str = ""
    notes: str = ""
    list: str = ""
    paused: bool = False


class CuesModel:
    """The cue list's model."""

    sections: tuple[type[Section], ...] = (CuesHealth, DocumentContent)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._content: DocumentContent | None = None
        self._rows: tuple[CueRow, ...] = ()
        self.lines: Observable[tuple[CueLine, ...]] = Observable(())
        self.go = Observable(GoState())
        self.lists: Observable[tuple[str, ...]] = Observable(())
        self.standby = Observable(-1)

    def update(self, status: Status) -> None:
        """Derive the lines from a status."""
        shown = first_list(self._desk)
        content = status.of(DocumentContent)
        if content is not self._content:
            self._content = content
            self.lists.set(cue_list_names(content.data))
        self._rows = cue_rows(content.data, shown.name)
        places = {row.number: place for place, row in enumerate(self._rows)}
        standby = places.get(shown.standby, len(self._rows) if self._rows else -1)
        running = {one.number: one for one in shown.running}
        lines = []
        for place, row in enumerate(self._rows):
            one = running.get(row.number)
            state, share, left = "", 0, ""
            if one is not None:
                state, share = "running", round(one.share * 100)
                rest = one.wait_s or row.seconds * (1.0 - one.share)
                left = f"{rest:.1f} s" if rest > 0.05 else ""
            elif place == standby:
                state = "standby"
            elif place < standby:
                state = "done"
            seconds = f"{row.seconds:.1f} s" if row.seconds else ""
            lines.append(
                CueLine(
                    row.number, row.name, row.trigger, seconds, row.notes, state, share, left
                )
            )  # fmt: skip
        self.lines.set(tuple(lines))
        self.standby.set(standby)
        self.go.set(
            GoState(shown.standby, shown.standby_name, shown.notes, shown.name, shown.paused)
        )

    def choose(self, place: int) -> None:
        """Choose a cue of the list for the next press."""
        if place < len(self._rows):
            number = self._rows[place].number
            is_same = number == self._desk.selected_cue.value
            self._desk.selected_cue.set("" if is_same else number)

    def choose_list(self, name: str) -> None:
        """Show another list, which GO then starts."""
        self._desk.cue_list = name
        self._desk.selected_cue.set("")
        self.update(self._desk.status)

    @property
    def title(self) -> str:
        """Return the name of the list."""
        return self.go.value.list or tr("Cue list")
