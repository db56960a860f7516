"""Define the actions of cues: GO, back, standby, pause, notes, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.actions.needs import needs_cues, needs_document
from renderer.desk.document import cue_rows
from renderer.desk.words import tr
from renderer.protocol.cues import (
    Back,
    CueListStatus,
    CuesHealth,
    Go,
    PauseCues,
    ResumeCues,
    StandByCue,
    StartCue,
)
from renderer.protocol.document import (
    DocumentContent,
    DocumentHealth,
    RecordCue,
    RedoEdit,
    SaveDocument,
    UndoEdit,
)
from renderer.protocol.schema import Command

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

DIRECTOR: Final = "director"


def first_list(desk: DeskModel) -> CueListStatus:
    """Return the status of the list that the desk calls; an empty one if there is none."""
    lists = desk.status.of(CuesHealth).lists
    return next((one for one in lists if one.name == desk.cue_list), next(iter(lists), _NO_LIST))


_NO_LIST: Final = CueListStatus("")


def _needs_standby(desk: DeskModel) -> str:
    if refusal := needs_cues(desk):
        return refusal
    return "" if first_list(desk).standby else tr("The cue list is at its end.")


def step_standby(desk: DeskModel, step: int) -> Command | None:
    """Return the command that puts the next or the previous cue on standby."""
    shown = first_list(desk)
    numbers = [row.number for row in cue_rows(desk.status.of(DocumentContent).data, shown.name)]
    if not numbers:
        return None
    place = numbers.index(shown.standby) if shown.standby in numbers else len(numbers)
    place += step
    if not 0 <= place < len(numbers):
        return None
    return StandByCue(shown.name, cue=numbers[place])


def _pause(desk: DeskModel) -> Command:
    shown = first_list(desk)
    return ResumeCues(shown.name) if shown.paused else PauseCues(shown.name)


def _start_selected(desk: DeskModel) -> Command | None:
    number = desk.selected_cue.value
    return StartCue(first_list(desk).name, cue=number) if number else None


def _stand_by_selected(desk: DeskModel) -> Command | None:
    number = desk.selected_cue.value
    return StandByCue(first_list(desk).name, cue=number) if number else None


def _needs_selected(desk: DeskModel) -> str:
    if refusal := needs_cues(desk):
        return refusal
    return "" if desk.selected_cue.value else tr("Choose a cue in the list first.")


def _record(desk: DeskModel) -> Command:
    shown = first_list(desk)
    numbers = [row.number for row in cue_rows(desk.status.of(DocumentContent).data, shown.name)]
    return RecordCue(
        desk.operator, cue=free_number(numbers, shown.standby), list=shown.name, name=""
    )


def free_number(numbers: list[str], standby: str) -> str:
    """Return a cue number that sorts before the one on standby and is not taken."""
    place = numbers.index(standby) if standby in numbers else len(numbers)
    before = numbers[place - 1] if place else "0"
    if standby not in numbers:
        whole = before.split(".")[0]
        first = int(whole) + 1 if whole.isdecimal() else 1
        return next(str(k) for k in range(first, first + len(numbers) + 1) if str(k) not in numbers)
    base = before.split(".")[0]
    return next(made for k in range(1, 1000) if (made := f"{base}.{k}") not in numbers)


ACTIONS: Final = (
    Action(
        "cues.go", "GO", Group.CUES, lambda desk: Go(first_list(desk).name), "Space", DIRECTOR,
        Confirm.GUARDED, _needs_standby, summary="Start the cue on standby",
    ),
    Action(
        "cues.back", "Back", Group.CUES, lambda desk: Back(first_list(desk).name), "Backspace",
        DIRECTOR, refusal=needs_cues,
        summary="Return to the state before the cue that ran last",
    ),
    Action(
        "cues.skip", "Skip", Group.CUES, lambda desk: step_standby(desk, 1), "Down", DIRECTOR,
        refusal=_needs_standby, summary="Put the next cue on standby without running this one",
    ),
    Action(
        "cues.previous", "Previous", Group.CUES, lambda desk: step_standby(desk, -1), "Up",
        DIRECTOR, refusal=needs_cues, summary="Put the previous cue on standby",
    ),
    Action(
        "cues.pause", "Pause", Group.CUES, _pause, "P", DIRECTOR, refusal=needs_cues,
        is_on=lambda desk: first_list(desk).paused, title_on="Resume",
        summary="Hold the waits of the cue list, or continue them",
    ),
    Action(
        "cues.notes", "Notes", Group.CUES, lambda desk: desk.toggle_notes(), "N", DIRECTOR,
        refusal=needs_cues, is_on=lambda desk: desk.shows_notes.value,
        summary="Show or hide the notes of the cues",
    ),
    Action(
        "cues.standby", "Stand by", Group.CUES, _stand_by_selected, "Y", DIRECTOR,
        refusal=_needs_selected, summary="Put the chosen cue on standby",
    ),
    Action(
        "cues.start", "Jump to cue", Group.CUES, _start_selected, "J", DIRECTOR,
        Confirm.TWICE, _needs_selected,
        summary="Start the chosen cue with the state that all cues before it leave",
    ),
    Action(
        "cues.record", "Record what I do", Group.CUES, _record, "R", DIRECTOR,
        refusal=needs_document,
        summary="Keep what was done by hand since the last cue as a new cue before standby",
    ),
    Action(
        "document.undo", "Undo", Group.CUES, lambda desk: UndoEdit(desk.operator), "Ctrl+Z",
        refusal=lambda desk: needs_document(desk)
        or ("" if desk.status.of(DocumentHealth).undo else tr("Nothing has been edited.")),
        summary="Undo the newest edit of the show's document",
    ),
    Action(
        "document.redo", "Redo", Group.CUES, lambda desk: RedoEdit(desk.operator), "Ctrl+Shift+Z",
        refusal=lambda desk: needs_document(desk)
        or ("" if desk.status.of(DocumentHealth).redo else tr("Nothing has been undone.")),
        summary="Redo the edit that was undone last",
    ),
    Action(
        "document.save", "Save show", Group.CUES, lambda desk: SaveDocument(desk.operator),
        "Ctrl+S", refusal=needs_document, summary="Write the show's document to its file",
    ),
)  # fmt: skip
