"""Define edits of a show's document, the commands that make them, and the document's status."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from renderer.protocol.roles import Role
from renderer.protocol.schema import Command, Section

Keys = list[str | int]
"""Keys and indices from the document's root to a value."""


class _Edit(msgspec.Struct, frozen=True, tag=True):
    """Base of the edits."""


class SetValue(_Edit, frozen=True):
    """Set a value of a table, or replace an item of a list; missing tables are made.

    Attributes:
        path: of the value.
        value: plain data.
        position: of a new key among its table's keys; -1 for the end.
    """

    path: Keys
    value: Any
    position: int = -1


class RemoveValue(_Edit, frozen=True):
    """Remove a key of a table."""

    path: Keys


class InsertItem(_Edit, frozen=True):
    """Insert an item into a list, before the one at an index; a missing list is created."""

    path: Keys
    index: int
    value: Any


class RemoveItem(_Edit, frozen=True):
    """Remove an item of a list."""

    path: Keys
    index: int


class MoveItem(_Edit, frozen=True):
    """Move an item of a list to another index."""

    path: Keys
    index: int
    to: int


Edit = SetValue | RemoveValue | InsertItem | RemoveItem | MoveItem


class DocumentCommand(Command, frozen=True):
    """A command to the document, by an operator, whose name is kept in the show's log."""

    ROLE: ClassVar[Role] = Role.EDIT
    operator: str


class EditDocument(DocumentCommand, frozen=True):
    """Make edits together: all of them, or none.

    Attributes:
        label: what they do, for the list of edits, such as "rename cue 12".
        revision: of the document that the operator saw; if it has changed since, the edits are
            refused. 0 edits whatever it is now.
    """

    edits: list[Edit]
    label: str = ""
    revision: int = 0


class RecordCue(DocumentCommand, frozen=True, kw_only=True):
    """Keep what was done by hand since the last cue as a new cue, before the one on standby.

    Attributes:
        cue: number of the new cue.
        list: name of its list; the main list if empty.
    """

    cue: str
    list: str = ""
    name: str = ""


class UndoEdit(DocumentCommand, frozen=True):
    """Undo the newest edit."""


class RedoEdit(DocumentCommand, frozen=True):
    """Redo the edit that was undone last."""


class SaveDocument(DocumentCommand, frozen=True):
    """Write the document to its file."""


class DocumentHealth(Section, frozen=True):
    """Status of the document, published when it changes.

    Attributes:
        revision: counts edits, undos and redos, from 1.
        file: of the document; empty if the show was started from options alone.
        is_saved: whether the file says what the document says.
        undo, redo: labels of the edits that would be undone and redone next; empty for none.
        last_operator: who edited last.
    """

    revision: int = 0
    file: str = ""
    is_saved: bool = True
    undo: str = ""
    redo: str = ""
    last_operator: str = ""


class DocumentContent(Section, frozen=True):
    """The document's plain data, published when it changes.

    Attributes:
        revision: of the document.
        data: as its file has it: tables, lists and values.
    """

    revision: int = 0
    data: dict[str, Any] = msgspec.field(default_factory=dict)
