"""Read the `.cube` tables that a document's looks name."""

from __future__ import annotations

from pathlib import Path

from renderer.errors import StageError
from renderer.protocol.log import EventKind
from renderer.show.document.plan import resolve
from renderer.show.host.interfaces import Events
from renderer.stage.lut import Lut, load_cube


class LookTables:
    """The tables of a show's looks; each file is read once.

    Args:
        folder: to which the document's files are relative.
        events: the show's log.
    """

    def __init__(self, folder: Path, events: Events) -> None:
        self._folder = folder
        self._events = events
        self._tables: dict[str, Lut] = {}

    def get(self, word: str) -> Lut | None:
        """Return the table that a look names; None for none, or if its file cannot be read.

        A show with such a file does not start. An edit on air may name one: its look is then drawn
        without a table, and the log says so.
        """
        if not word:
            return None
        if word not in self._tables:
            try:
                self._tables[word] = load_cube(resolve(self._folder, word))
            except StageError as fault:
                self._events.add(EventKind.FAULT, f"{fault}; the look is drawn without it")
                return None
        return self._tables[word]
