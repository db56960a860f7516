"""Gives every tick a program frame: the one that was drawn, or the last good one again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from renderer.graphics.records import ProgramFrame

_MOST_UNDER_WAY: Final = 4
"""Frames that may be drawn and not yet collected: the readback's latency of 2, this one, and one
whose collection failed. An older one is taken for lost."""


@dataclass(slots=True)
class _Due:
    number: int
    t_show_ns: int
    t_seen_ns: int
    is_drawn: bool


class FrameHold:
    """Puts the frames of consecutive ticks in order, with the last good picture in the gaps.

    Before the first good picture there is nothing to hold, and a gap stays one. A held frame shares
    its planes with the frame that was collected last.
    """

    def __init__(self) -> None:
        """Start with nothing to hold."""
        self._due: deque[_Due] = deque()
        self._last: ProgramFrame | None = None

    def expect(self, number: int, t_show_ns: int, t_seen_ns: int, *, is_drawn: bool) -> None:
        """Note that a tick owes a frame; one that was not drawn is held."""
        self._due.append(_Due(number, t_show_ns, t_seen_ns, is_drawn))

    def release(self, frame: ProgramFrame | None) -> Iterator[ProgramFrame]:
        """Yield the frames that can leave now, oldest first.

        Args:
            frame: what was collected in this tick, if anything.
        """
        if frame is not None:
            # What was drawn before it and has not come is lost; one that comes after its
            # replacement is left out.
            while self._due and self._due[0].number < frame.number:
                yield from self._held(self._due.popleft())
            if self._due and self._due[0].number == frame.number:
                self._due.popleft()
                self._last = frame
                yield frame
        while self._due and (not self._due[0].is_drawn or len(self._due) > _MOST_UNDER_WAY):
            yield from self._held(self._due.popleft())

    def finish(self) -> Iterator[ProgramFrame]:
        """Yield a held frame for every one that is still owed."""
        while self._due:
            yield from self._held(self._due.popleft())

    def _held(self, due: _Due) -> Iterator[ProgramFrame]:
        if self._last is not None:
            yield replace(
                self._last, number=due.number, t_show_ns=due.t_show_ns, t_seen_ns=due.t_seen_ns
            )
