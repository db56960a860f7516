"""Log tolerated faults of a file."""

from __future__ import annotations

from typing import Final

MAX_WARNINGS: Final = 200
"""Maximum number of warnings kept per file; a hostile file could cause millions."""


class WarningLog:
    """Collects one file's warnings; those beyond MAX_WARNINGS are counted and dropped."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, str]] = []
        self._dropped = 0

    def add(self, text: str, path: str = "") -> None:
        """Add a warning, unless it is already there with the same path.

        Args:
            text: a sentence without its full stop; a clause where there is a path.
            path: path of the fault in the file's JSON, such as `nodes[3].mesh`.
        """
        if path and (path, text) in self._entries:
            return
        if len(self._entries) < MAX_WARNINGS:
            self._entries.append((path, text))
        else:
            self._dropped += 1

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """Return path (empty for the whole file) and text of each kept warning."""
        return tuple(self._entries)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the sentences in the order they were added, and the number dropped."""
        more = (f"{self._dropped:,} more warnings are not listed",) if self._dropped else ()
        return (*(f"{path} {text}".lstrip() for path, text in self._entries), *more)
