"""Track one hand and limit the processor time spent on a hidden one.

While a hand is tracked, a frame runs one small network. Once it is lost, every frame also runs the
palm detector, which costs more than the face tracker. So after a few misses in a row a hand is
searched only in every third frame; the two sides alternate.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from renderer.capture.records import CameraFrame
from renderer.capture.trackers.crops import Crop
from renderer.capture.trackers.hands import Candidate
from renderer.capture.trackers.mediapipe import HandSeen, HandTask

_PATIENCE: Final = 3
"""Consecutive missed frames after which a hand counts as hidden rather than blurred."""
_REST: Final = 3
"""A hidden hand is searched once in this many frames."""


class HandSearch:
    """Runs one hand tracker on crops of frames, less often while its hand is hidden."""

    def __init__(self, task: HandTask, from_left: bool | None) -> None:
        """Store the tracker.

        Args:
            task: the tracker.
            from_left: whether its crops follow the left wrist; None for the whole frame.
        """
        self._task, self._from_left = task, from_left
        self._missed = 0
        self._holds = False
        self._turn = 0 if from_left else 1

    def find(self, frame: CameraFrame, crop: Crop, t_ms: int) -> list[Candidate]:
        """Return the hands found in a crop, with points normalized to the whole frame."""
        self._turn = (self._turn + 1) % _REST
        if self._missed >= _PATIENCE and self._turn:
            return []
        height, width = frame.pixels.shape[:2]
        seen = self._task.find(crop.cut(frame.pixels), t_ms)
        self._holds = bool(seen)
        self._missed = 0 if seen else self._missed + 1
        return [Candidate(_in_frame(hand, crop, (width, height)), self._from_left) for hand in seen]

    def forget(self) -> None:
        """Reset the tracker if it holds a hand, because the next crop is of another region."""
        if self._holds:
            self._task.forget()
            self._holds = False


def _in_frame(seen: HandSeen, crop: Crop, size: tuple[int, int]) -> HandSeen:
    image = crop.to_frame(seen.hand.image, size)
    image.flags.writeable = False
    seen.hand.world.flags.writeable = False
    return replace(seen, hand=replace(seen.hand, image=image))
