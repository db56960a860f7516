"""Execute the crew's edits of a running show's document, and publish its status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from renderer.errors import RendererError, ShowError
from renderer.protocol.document import (
    DocumentCommand,
    DocumentContent,
    DocumentHealth,
    EditDocument,
    InsertItem,
    RecordCue,
    RedoEdit,
    SaveDocument,
    UndoEdit,
)
from renderer.protocol.log import EventKind
from renderer.protocol.schema import Reply
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.direction.director import StageDirector
from renderer.show.direction.new_songs import NewSongs
from renderer.show.direction.record import record_actions
from renderer.show.document.editor import DocumentEditor
from renderer.show.host.interfaces import Events


class DocumentCommands:
    """Edits the document of a directed show. Belongs to the tick's thread.

    Args:
        director: that uses every new document.
        songs: reads the files of songs that are added.
        editor: of the document.
        events: the show's log, which keeps the operators' names.
    """

    def __init__(
        self, director: StageDirector, songs: NewSongs, editor: DocumentEditor, events: Events
    ) -> None:
        self._director, self._editor, self._events = director, editor, events
        self._songs = songs

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the crew's edits, and publish the document's section."""
        for kind in (EditDocument, RecordCue, UndoEdit, RedoEdit, SaveDocument):
            desk.commands.register(kind, self.edit)
        desk.sections.add(DocumentHealth, Rate.ON_CHANGE, self._editor.health)
        desk.sections.add(DocumentContent, Rate.ON_CHANGE, self._content)

    def _content(self) -> DocumentContent:
        return DocumentContent(self._editor.revision, self._editor.data)

    def edit(self, command: DocumentCommand, answer: Answer) -> None:
        """Edit the document, or save it.

        Raises:
            ShowError: the edit is refused, with the reason; nothing is changed then.
        """
        editor, operator = self._editor, command.operator.strip()[:80]
        if not operator:
            raise ShowError("The edit", "names no operator", "give a name")
        match command:
            case EditDocument(edits=edits, label=label, revision=revision):
                label = label[:200] or "an edit"
                self._apply(lambda: editor.edit(edits, operator, label, revision))
                text = f"{operator}: {label}"
            case RecordCue(cue=number, list=name, name=title):
                label = f"record cue {number[:20]}"
                insert = self._record(number, name, title[:400])
                self._apply(lambda: editor.edit([insert], operator, label))
                text = f"{operator}: {label}"
            case UndoEdit():
                text = f"{operator}: undo {self._apply(lambda: editor.undo(operator))}"
            case RedoEdit():
                text = f"{operator}: redo {self._apply(lambda: editor.redo(operator))}"
            case _:
                text = f"{operator}: saved {editor.save()}"
        self._events.add(EventKind.COMMAND, text)
        answer(Reply(True, f"{text}."))

    def _record(self, number: str, name: str, title: str) -> InsertItem:
        """Return the edit that keeps what was done by hand as a cue.

        Raises:
            ShowError: nothing was done, or there is no such list.
        """
        runner = self._director.runner
        row = runner.sheet.find(name)
        standby = runner.standby(row)
        cues = runner.sheet.lists[row]
        place = len(cues.cues) if standby is None else cues.find(standby.number)
        actions = record_actions(runner.played_before(row, place), runner.state)
        if not actions:
            raise ShowError(
                f"Cue {number[:20]}", "would do nothing", "change something by hand first"
            )
        cue: dict[str, Any] = {"number": number, "actions": actions}
        if title:
            cue["name"] = title
        return InsertItem(["cue_lists", row, "cues"], place, cue)

    def _apply(self, edit: Callable[[], str | None]) -> str:
        """Make an edit and use the document that comes of it; return the edit's label.

        Raises:
            ShowError: the document would be wrong, or its cues could not be run.
        """
        label = edit()
        try:
            self._director.change_document(self._editor.show)
        except RendererError:
            self._editor.undo(self._editor.operator)
            raise
        self._songs.follow(self._editor.read)
        return label or "an edit"
