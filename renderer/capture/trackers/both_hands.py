"""Both hands of one performer: when they are looked for, and what is known of them in between.

A hand costs as much as a face, and a hand that was lost, looked for anew, as much as a body. Where
there are too few processors for it (`hurried`) hands have what body and face leave of a frame's
time: they are looked for once these are known, and come with the next frame. A look that is not
done by then is not waited for, and no other is begun. Meanwhile a hand goes along with its wrist,
for half a second. Which looks come when depends on the machine; what was seen is recorded as it was
seen, so that a take's motion never does.
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
"""A hand that was seen longer ago is not told any more: the machine has no time for hands."""

Hands = tuple[Hand | None, Hand | None]


@dataclass(slots=True)
class _Look:
    """Looks that began in one frame, when it was seen, and its body once that is known."""

    futures: list[Future[list[Candidate]]]
    t_ns: int
    body: PoseSeen | None

    @property
    def is_done(self) -> bool:
        return all(future.done() for future in self.futures)

    def hands(self, size: tuple[int, int]) -> Hands:
        """What was found; waits for it."""
        candidates = [candidate for future in self.futures for candidate in future.result()]
        return _assign_sides(candidates, self.body, size)


class BothHands:
    """Watches the hands of one performer: `look` and then `observe`; if hurried, afterwards."""

    def __init__(self, model: bytes, threads: Executor, stack: ExitStack, *, hurried: bool) -> None:
        """Load the models.

        Args:
            model: the hands' task file.
            threads: where they are looked for.
            stack: closes them.
            hurried: do not wait for hands.
        """
        self._threads, self._hurried = threads, hurried
        self._one_side = (
            HandSearch(stack.enter_context(HandTask(model, 1)), from_left=True),
            HandSearch(stack.enter_context(HandTask(model, 1)), from_left=False),
        )
        # Apart from the other two, so that a frame without a body leaves what they track be.
        self._everywhere = HandSearch(stack.enter_context(HandTask(model, 2)), from_left=None)
        self._look: _Look | None = None
        self._body: PoseSeen | None = None
        self._known: Hands = (None, None)
        self._known_at: tuple[int, F32 | None] = (0, None)

    def look(self, frame: CameraFrame, places: Places | None, *, everywhere: bool) -> None:
        """Start looking in a frame; returns at once.

        Args:
            places: where the hands may be, as the body has it that was observed last.
            everywhere: without such places, look in the whole frame; otherwise nowhere.
        """
        if self._look is not None:
            # What a search tracks is in use, and there is no time to lose for another.
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
        """The hands in a frame, as far as they are known by now.

        Args:
            body: the performer's, in the frame.
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
        left, right = (_now(hand, side, then, now) for side, hand in enumerate(self._known))
        if body is None:
            # Without a wrist to go along with, a hand is where it was seen or nowhere.
            self._known = (None, None)
        return left, right

    def forget(self) -> None:
        """Lose the hands, because the body that they were taken to be on is another's."""
        if self._look is not None:
            wait(self._look.futures)
        self._look = None
        self._known = (None, None)
        for search in self._one_side:
            search.forget()


def _now(hand: Hand | None, side: int, then: F32 | None, now: F32 | None) -> Hand | None:
    """A hand where it is now, given where the body's wrists were when it was seen and are now."""
    if hand is None:
        return None
    if then is None or now is None:
        return hand if then is None and now is None else None
    shift = now[side] - then[side]
    return carry_hand(hand, shift) if shift.any() else hand


def _wrists(body: PoseSeen | None) -> F32 | None:
    """(2, 2) left and right, in [0, 1] of the frame."""
    return None if body is None else body.points[[LEFT_WRIST, RIGHT_WRIST], :2]


def _assign_sides(
    candidates: Sequence[Candidate], body: PoseSeen | None, size: tuple[int, int]
) -> Hands:
    """Which of these hands is the left one, and which the right."""
    if body is None:
        return by_opinion(candidates)
    points = np.asarray(body.points[:, :2] * np.array(size, np.float32), np.float32)
    return by_body(candidates, points[[LEFT_WRIST, RIGHT_WRIST]], size, body_scale(points))
