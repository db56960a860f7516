"""Keep objects that fail out of the picture, so that one of them never costs the show a frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from renderer.graphics.drawables.base import Drawable

LONGEST_WAIT: Final = 256
"""Frames that an object is left out at most before it is tried again, some five seconds of show."""


@dataclass(slots=True)
class _Failed:
    error: Exception
    wait: int
    retry_at: int


class Containment:
    """Objects that failed, and when each is tried again.

    An object is left out of the frame that it failed in. It is tried again in the next one; each
    further failure doubles the wait, because a frame in which one fails is drawn twice.
    """

    def __init__(self) -> None:
        self._frame = 0
        self._failed: dict[int, _Failed] = {}

    def next_frame(self, drawables: Iterable[Drawable]) -> list[Drawable]:
        """Return what the next frame leaves out."""
        self._frame += 1
        waiting = {key for key, one in self._failed.items() if one.retry_at > self._frame}
        return [one for one in drawables if id(one) in waiting]

    def leave_out(self, drawable: Drawable, error: Exception) -> None:
        """Note a failure in this frame."""
        before = self._failed.get(id(drawable))
        wait = 1 if before is None else min(2 * before.wait, LONGEST_WAIT)
        self._failed[id(drawable)] = _Failed(error, wait, self._frame + wait)

    def error_of(self, drawable: Drawable) -> Exception:
        """Return what an object that is left out failed at."""
        return self._failed[id(drawable)].error

    def frame_drawn(self, left_out: Iterable[Drawable]) -> None:
        """Forgive the objects that were drawn."""
        missing = {id(one) for one in left_out}
        self._failed = {key: one for key, one in self._failed.items() if key in missing}
