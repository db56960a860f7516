"""Notice a clock that was set back, which would revive an expired licence."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from renderer.errors import RightsError
from renderer.rights.files import replace_file

TOLERANCE: Final = timedelta(minutes=5)
"""Step back that is accepted: a clock that a time server corrects."""
KEEP_EVERY: Final = timedelta(minutes=1)
"""Time that passes between two writings of the file."""


class ClockGuard:
    """Remembers the latest time seen, in a file.

    A person who deletes the file can set the clock back; the guard catches a wrong clock and the
    simple attempt, not the owner of the machine.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = self._latest = self._load()

    def check(self, now: datetime) -> datetime | None:
        """Return the latest time seen if the clock is behind it, else None.

        The time is remembered in memory alone, so that a decision waits for no disk; `keep` writes
        it.
        """
        if self._latest is not None and now < self._latest - TOLERANCE:
            return self._latest
        if self._latest is None or now > self._latest:
            self._latest = now
        return None

    def keep(self) -> None:
        """Write the latest time seen, unless one of the last minute is written."""
        latest = self._latest
        if latest is None or (self._kept is not None and latest < self._kept + KEEP_EVERY):
            return
        self._kept = latest
        # A read-only disk must not end a show; within this process the guard still works.
        with suppress(RightsError):
            replace_file(self._path, latest.isoformat().encode("ascii"), "clock record")

    def _load(self) -> datetime | None:
        try:
            text = self._path.read_text(encoding="ascii").strip()
            return datetime.fromisoformat(text).astimezone(UTC)
        except (OSError, ValueError):
            return None
