"""Hold a show's document while it is edited: validation, undo, redo, and saving with comments."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from renderer.errors import ShowError
from renderer.protocol.document import DocumentHealth, Edit
from renderer.show.document.edits import Data, apply_all
from renderer.show.document.read import ReadShow
from renderer.show.document.references import find_reference_faults
from renderer.show.document.schema import SCHEMA, ShowFile
from renderer.show.document.validate import convert, find_faults
from renderer.show.document.write import keep_copy, rewrite, save

MOST_UNDONE: Final = 5000
"""Number of edits that can be undone; the oldest are dropped beyond it."""


@dataclass(frozen=True, slots=True)
class _Done:
    label: str
    operator: str
    edits: tuple[Edit, ...]
    inverses: tuple[Edit, ...]


class DocumentEditor:
    """A show's document, and everything that has been done to it. Belongs to one thread.

    Attributes:
        show: the current document.
        data: its plain data.
        revision: counts edits, undos and redos, from 1.
        dropped: edits that can no longer be undone.
        operator: who edited last; empty before the first edit.
    """

    def __init__(self, read: ReadShow) -> None:
        self._file = read.file
        self._text, self._said = read.text, read.said
        self.show, self.data = read.show, read.data
        self.revision = 1
        self.dropped = 0
        self.operator = ""
        self._undo: deque[_Done] = deque()
        self._redo: list[_Done] = []

    def edit(
        self, edits: Sequence[Edit], operator: str, label: str = "", revision: int = 0
    ) -> None:
        """Make edits together.

        Args:
            edits: in order.
            operator: their author.
            label: what they do.
            revision: that the operator saw; 0 for whichever is current.

        Raises:
            ShowError: the document has changed since that revision, or would be wrong afterwards;
                nothing is changed then.
        """
        if revision and revision != self.revision:
            raise ShowError(
                "The edit",
                f"was made to revision {revision}, and {self.operator or 'somebody'} has edited "
                f"it since",
                "look at the document again, and repeat the edit",
            )
        data, inverses = apply_all(self.data, edits)
        self._accept(data)
        self._undo.append(_Done(label, operator, tuple(edits), tuple(inverses)))
        self._redo.clear()
        self.operator = operator
        if len(self._undo) > MOST_UNDONE:
            self._undo.popleft()
            self.dropped += 1

    def undo(self, operator: str) -> str:
        """Undo the newest edit and return its label.

        Raises:
            ShowError: there is none.
        """
        if not self._undo:
            raise ShowError("Undo", "nothing has been edited", "edit something first")
        done = self._undo.pop()
        self._accept(apply_all(self.data, done.inverses)[0])
        self._redo.append(done)
        self.operator = operator
        return done.label

    def redo(self, operator: str) -> str:
        """Redo the edit that was undone last and return its label.

        Raises:
            ShowError: there is none.
        """
        if not self._redo:
            raise ShowError("Redo", "nothing has been undone", "undo something first")
        done = self._redo.pop()
        self._accept(apply_all(self.data, done.edits)[0])
        self._undo.append(done)
        self.operator = operator
        return done.label

    @property
    def read(self) -> ReadShow:
        """Return the document as it is now, as if it had been read."""
        return ReadShow(self._file, self._text, self._said, self.data, self.show)

    def text(self) -> str:
        """Return the document as TOML: the file's own text, changed where the data has changed."""
        return rewrite(self._text, self._said, self.data)

    def save(self) -> Path:
        """Write the document to its file and return the path.

        A file of an older schema is copied beside it first.

        Raises:
            ShowError: the show has no file, or it cannot be written.
        """
        if self._file is None:
            raise ShowError(
                "The show", "was started from options alone", "write a document with --new"
            )
        text = self.text()
        schema = self._said.get("schema", SCHEMA)
        if schema < SCHEMA:
            keep_copy(self._file, schema)
        save(self._file, text, self.data)
        self._text, self._said = text, self.data
        return self._file

    def health(self) -> DocumentHealth:
        """Return the document's status."""
        return DocumentHealth(
            revision=self.revision,
            file=str(self._file or ""),
            is_saved=self._said == self.data,
            undo=self._undo[-1].label if self._undo else "",
            redo=self._redo[-1].label if self._redo else "",
            last_operator=self.operator,
        )

    def _accept(self, data: Data) -> None:
        """Make data the document's.

        Raises:
            ShowError: it is no document.
        """
        self.show = validate(data)
        self.data = data
        self.revision += 1


def validate(data: Any) -> ShowFile:
    """Return the document of plain data.

    Raises:
        ShowError: it is none; names the first fault.
    """
    try:
        show = convert(data)
    except msgspec.ValidationError as refused:
        for fault in find_faults(data):
            raise ShowError(_name(fault.path), fault.fault, fault.remedy) from refused
        raise ShowError("The document", str(refused), "see docs/directing.md") from refused
    for fault in find_reference_faults(show):
        raise ShowError(_name(fault.path), fault.fault, fault.remedy)
    return show


def _name(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path)) or "The document"
