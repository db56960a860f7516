"""Looking for one hand, frame after frame, without wasting the processor on a hand that is hidden.

While a hand is tracked, a frame costs one small network. Once it is lost, every look costs a
detector as well, which is more than the face takes. So a hand that was missed a few times in a row
is looked for in every third frame only; the two sides take turns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from renderer.capture.records import CameraFrame
from renderer.capture.trackers.crops import Crop
from renderer.capture.trackers.hands import Candidate
from renderer.capture.trackers.mediapipe import HandSeen, HandTask

_PATIENCE: Final = 3
"""Misses in a row, each a frame long, after which a hand counts as hidden and not as blurred."""
_REST: Final = 3


class HandSearch:
    """Where one tracker's hands are sought, and when."""

    def __init__(self, task: HandTask, from_left: bool | None) -> None:
        """`from_left`: whose wrist's crop it is shown; None for the whole frame."""
        self._task, self._from_left = task, from_left
        self._missed = 0
        self._holds = False
        self._turn = 0 if from_left else 1

    def find(self, frame: CameraFrame, crop: Crop, t_ms: int) -> list[Candidate]:
        """The hands in a crop of a frame, their points as of the whole frame."""
        self._turn = (self._turn + 1) % _REST
        if self._missed >= _PATIENCE and self._turn:
            return []
        height, width = frame.pixels.shape[:2]
        seen = self._task.find(crop.cut(frame.pixels), t_ms)
        self._holds = bool(seen)
        self._missed = 0 if seen else self._missed + 1
        return [Candidate(_in_frame(hand, crop, (width, height)), self._from_left) for hand in seen]

    def forget(self) -> None:
        """Lose the hands that are tracked, because the next crop is of another place."""
        if self._holds:
            self._task.forget()
            self._holds = False


def _in_frame(seen: HandSeen, crop: Crop, size: tuple[int, int]) -> HandSeen:
    image = crop.to_frame(seen.hand.image, size)
    image.flags.writeable = False
    seen.hand.world.flags.writeable = False
    return replace(seen, hand=replace(seen.hand, image=image))
