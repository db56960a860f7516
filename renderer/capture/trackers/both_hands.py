"""Schedule the hand trackers of one performer and bridge the frames between results.

Tracking a hand costs as much as tracking a face, and re-detecting a lost one as much as tracking a
body. With too few processor cores (`hurried`) hands run in the time that body and face leave of a
frame: they are submitted after both results are in, and returned with the next frame. An unfinished
task is not waited for, and no other is submitted meanwhile; until it finishes, the last hand is
translated with its wrist, for at most half a second. This schedule depends on the machine, but
observations are recorded as returned, so the motion of a recorded take does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import numpy as np

from renderer.capture.records import F32, CameraFrame, Hand
from renderer.capture.trackers.crops import LEFT_WRIST, RIGHT_WRIST, Crop, Places, body_scale, whole
from renderer.capture.trackers.hands import Candidate, by_body, by_opinion, carry_hand
from renderer.capture.trackers.mediapipe import HandTask, PoseSeen
from renderer.capture.trackers.search import HandSearch

_KEPT_NS: Final = 500_000_000
"""Longest time, nanoseconds, that a hand is returned after its last detection; a longer delay means
that the machine has no time for hands."""

Hands = tuple[Hand | None, Hand | None]


@dataclass(slots=True)
class _Look:
    """Hand tracking tasks submitted for one frame.

    Attributes:
        futures: the submitted tasks.
        t_ns: capture time of the frame, nanoseconds.
        body: the body landmarks of the frame; None if not detected or not known yet.
    """

    futures: list[Future[list[Candidate]]]
    t_ns: int
    body: PoseSeen | None

    @property
    def is_done(self) -> bool:
        return all(future.done() for future in self.futures)

    def hands(self, size: tuple[int, int]) -> Hands:
        """Wait for the tasks and return the left and right hand."""
        candidates = [candidate for future in self.futures for candidate in future.result()]
        return _assign_sides(candidates, self.body, size)


class BothHands:
    """Tracks the hands of one performer.

    Call `look` before `observe` for each frame, or after it if `hurried`.
    """

    def __init__(self, model: bytes, threads: Executor, stack: ExitStack, *, hurried: bool) -> None:
        """Load the models.

        Args:
            model: the hand landmarker's task file.
            threads: the executor that runs the trackers.
            stack: the exit stack that closes them.
            hurried: do not wait for hand results.
        """
        self._threads, self._hurried = threads, hurried
        self._one_side = (
            HandSearch(stack.enter_context(HandTask(model, 1)), from_left=True),
            HandSearch(stack.enter_context(HandTask(model, 1)), from_left=False),
        )
        # A separate tracker, so that frames without a body keep the state of the other two.
        self._everywhere = HandSearch(stack.enter_context(HandTask(model, 2)), from_left=None)
        self._look: _Look | None = None
        self._body: PoseSeen | None = None
        self._known: Hands = (None, None)
        self._known_at: tuple[int, F32 | None] = (0, None)

    def look(self, frame: CameraFrame, places: Places | None, *, everywhere: bool) -> None:
        """Submit the hand tracking tasks of a frame, without waiting for them.

        Args:
            frame: the frame to search.
            places: the crops of the hands, from the last observed body.
            everywhere: if there are no crops, search the whole frame; otherwise skip the frame.
        """
        if self._look is not None:
            # The trackers are still busy with an earlier frame.
            return
        if places is not None:
            searches = zip(self._one_side, (places.left_hand, places.right_hand), strict=True)
            futures = [
                self._submit(search, frame, crop) for search, crop in searches if crop is not None
            ]
            self._look = _Look(futures, frame.t_seen_ns, self._body)
        elif everywhere:
            size = (frame.pixels.shape[1], frame.pixels.shape[0])
            future = self._submit(self._everywhere, frame, whole(size))
            self._look = _Look([future], frame.t_seen_ns, self._body)

    def _submit(
        self, search: HandSearch, frame: CameraFrame, crop: Crop
    ) -> Future[list[Candidate]]:
        return self._threads.submit(search.find, frame, crop, frame.t_seen_ns // 1_000_000)

    def observe(self, frame: CameraFrame, body: PoseSeen | None) -> Hands:
        """Return the hands in a frame from the results available so far.

        Args:
            frame: the current frame.
            body: the performer's body landmarks in the frame; None if not detected.
        """
        size = (frame.pixels.shape[1], frame.pixels.shape[0])
        self._body = body
        look = self._look
        if look is not None and not self._hurried:
            look.body = body
            wait(look.futures)
        if look is not None and look.is_done:
            self._look = None
            self._known = look.hands(size)
            self._known_at = look.t_ns, _wrists(look.body)
        then_ns, then = self._known_at
        now = _wrists(body)
        if frame.t_seen_ns - then_ns > _KEPT_NS:
            self._known = (None, None)
        left, right = (
            _follow_wrist(hand, side, then, now) for side, hand in enumerate(self._known)
        )
        if body is None:
            # Without a wrist to translate it with, a hand is valid only in its own frame.
            self._known = (None, None)
        return left, right

    def forget(self) -> None:
        """Reset the trackers, because the hands were tracked on the wrong body."""
        if self._look is not None:
            wait(self._look.futures)
        self._look = None
        self._known = (None, None)
        for search in self._one_side:
            search.forget()


def _follow_wrist(hand: Hand | None, side: int, then: F32 | None, now: F32 | None) -> Hand | None:
    """Translate a hand by the motion of its wrist since it was detected.

    Args:
        hand: the last detected hand.
        side: 0 left, 1 right.
        then: (2, 2) wrists in the frame of the detection; None without a body.
        now: (2, 2) wrists in the current frame; None without a body.

    Returns:
        The hand; None if there is none or only one of the frames has a body.
    """
    if hand is None:
        return None
    if then is None or now is None:
        return hand if then is None and now is None else None
    shift = now[side] - then[side]
    return carry_hand(hand, shift) if shift.any() else hand


def _wrists(body: PoseSeen | None) -> F32 | None:
    """Return the left and right wrist, (2, 2), normalized to [0, 1] of the frame."""
    return None if body is None else body.points[[LEFT_WRIST, RIGHT_WRIST], :2]


def _assign_sides(
    candidates: Sequence[Candidate], body: PoseSeen | None, size: tuple[int, int]
) -> Hands:
    """Assign candidates to the left and the right hand."""
    if body is None:
        return by_opinion(candidates)
    points = np.asarray(body.points[:, :2] * np.array(size, np.float32), np.float32)
    return by_body(candidates, points[[LEFT_WRIST, RIGHT_WRIST]], size, body_scale(points))
