"""What was wrong with a file and was tolerated."""

from __future__ import annotations

from typing import Final

MAX_WARNINGS: Final = 200
"""Sentences kept of one file. More than anyone reads; a hostile file could cause millions."""


class WarningLog:
    """The warnings of one file. Those beyond MAX_WARNINGS are counted and dropped."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, str]] = []
        self._dropped = 0

    def add(self, text: str, path: str = "") -> None:
        """Add a warning, unless the same one of the same place is there already.

        Args:
            text: a sentence without its full stop; a clause where there is a path.
            path: where in the file's JSON the fault is, such as `nodes[3].mesh`.
        """
        if path and (path, text) in self._entries:
            return
        if len(self._entries) < MAX_WARNINGS:
            self._entries.append((path, text))
        else:
            self._dropped += 1

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """The path, empty for the whole file, and the text of each warning that was kept."""
        return tuple(self._entries)

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences in the order in which they came, and how many were dropped."""
        more = (f"{self._dropped:,} more warnings are not listed",) if self._dropped else ()
        return (*(f"{path} {text}".lstrip() for path, text in self._entries), *more)
