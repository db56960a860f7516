"""Exclude failing objects and effects from the picture, so that a failure never costs a frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

LONGEST_WAIT: Final = 256
"""Maximum back-off, frames: an object is retried after at most about five seconds of show."""


@dataclass(slots=True)
class _Failed:
    error: Exception
    wait: int
    retry_at: int


class Containment(Generic[T]):
    """The objects and effects that failed, by identity, with an exponential back-off for each.

    An object is excluded from the frame in which it failed and retried in the next one. Each
    further failure doubles its back-off, because a frame with a failure is drawn twice.
    """

    def __init__(self) -> None:
        self._frame = 0
        self._failed: dict[int, _Failed] = {}

    def next_frame(self, things: Iterable[T]) -> list[T]:
        """Return those to exclude from the next frame."""
        self._frame += 1
        waiting = {key for key, one in self._failed.items() if one.retry_at > self._frame}
        return [one for one in things if id(one) in waiting]

    def leave_out(self, thing: T, error: Exception) -> None:
        """Record a failure in this frame."""
        before = self._failed.get(id(thing))
        wait = 1 if before is None else min(2 * before.wait, LONGEST_WAIT)
        self._failed[id(thing)] = _Failed(error, wait, self._frame + wait)

    def error_of(self, thing: T) -> Exception:
        """Return the error of an excluded object or effect."""
        return self._failed[id(thing)].error

    def frame_drawn(self, left_out: Iterable[T]) -> None:
        """Reset the back-off of those that were drawn."""
        missing = {id(one) for one in left_out}
        self._failed = {key: one for key, one in self._failed.items() if key in missing}
