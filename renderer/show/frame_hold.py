"""Provide every tick with a program frame: the one drawn, or the last good one repeated."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from renderer.graphics.records import ProgramFrame

_MOST_UNDER_WAY: Final = 4
"""Most frames drawn and not yet collected: the readback's latency of 2, the current frame, and one
whose collection failed. An older one counts as lost."""


@dataclass(slots=True)
class _Due:
    number: int
    t_show_ns: int
    t_seen_ns: int
    is_drawn: bool


class FrameHold:
    """Orders the frames of consecutive ticks, and fills gaps with the last good picture.

    Before the first good picture a gap remains a gap. A held frame shares its planes with the frame
    that was collected last.
    """

    def __init__(self) -> None:
        """Start without a picture to hold."""
        self._due: deque[_Due] = deque()
        self._last: ProgramFrame | None = None

    def expect(self, number: int, t_show_ns: int, t_seen_ns: int, *, is_drawn: bool) -> None:
        """Record that a tick needs a frame; if it was not drawn, the last one is held."""
        self._due.append(_Due(number, t_show_ns, t_seen_ns, is_drawn))

    def release(self, frame: ProgramFrame | None) -> Iterator[ProgramFrame]:
        """Yield the frames that are ready, oldest first.

        Args:
            frame: the frame collected in this tick, if any.
        """
        if frame is not None:
            # Older frames that have not been collected are lost; a frame that comes after its
            # replacement is dropped.
            while self._due and self._due[0].number < frame.number:
                yield from self._repeat_last(self._due.popleft())
            if self._due and self._due[0].number == frame.number:
                self._due.popleft()
                self._last = frame
                yield frame
        while self._due and (not self._due[0].is_drawn or len(self._due) > _MOST_UNDER_WAY):
            yield from self._repeat_last(self._due.popleft())

    def finish(self) -> Iterator[ProgramFrame]:
        """Yield a held frame for every tick that still needs one."""
        while self._due:
            yield from self._repeat_last(self._due.popleft())

    def _repeat_last(self, due: _Due) -> Iterator[ProgramFrame]:
        if self._last is not None:
            yield replace(
                self._last, number=due.number, t_show_ns=due.t_show_ns, t_seen_ns=due.t_seen_ns
            )
