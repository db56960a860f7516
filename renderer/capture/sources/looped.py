"""Read a file again and again, as a stand-in for a performer whose show outlasts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from renderer.capture.records import CameraFrame

if TYPE_CHECKING:
    from renderer.capture.sources.open import Source

_LEAST_NS: Final = 1_000_000
"""Shortest pass, nanoseconds, so that a file without durations cannot stop time."""


class LoopedFile:
    """A file that never ends. Times go on over its ends; see Source.

    Args:
        open_file: opens the file; called for every pass.

    Raises:
        CaptureError: it cannot be opened.
    """

    def __init__(self, open_file: Callable[[], Source]) -> None:
        self._open_file = open_file
        self._file = file = open_file()
        self.name, self.size, self.rate = f"{file.name}, looped", file.size, file.rate
        self.is_live = False
        self.length_ns: int | None = None
        self.last_duration_ns = 0
        self.warning, self.note = file.warning, file.note

    def frames(self, start_ns: int = 0) -> Iterator[CameraFrame]:
        """See Source."""
        begin_ns = index = 0
        length_ns = self._file.length_ns or 0
        if length_ns > 0:
            passed, start_ns = divmod(start_ns, length_ns)
            begin_ns = passed * length_ns
        while True:
            end_ns = begin_ns
            for frame in self._file.frames(start_ns):
                self.warning, self.note = self._file.warning, self._file.note
                end_ns = begin_ns + frame.t_seen_ns
                yield replace(frame, t_seen_ns=end_ns, index=index)
                index += 1
            last_ns = max(self._file.last_duration_ns, _LEAST_NS)
            begin_ns = max(begin_ns + length_ns, end_ns + last_ns)
            start_ns = 0
            self._file.close()
            self._file = self._open_file()

    def close(self) -> None:
        """See Source."""
        self._file.close()
