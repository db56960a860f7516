"""Both hands of one performer: when each is looked for, and what is known of it in between.

A hand costs as much as a face, and a hand that was lost, looked for anew, as much as a body. Where
there are too few processors for it (`hurried`) the hands take turns, and a look that is not done
when body and face are is not waited for: its hand comes with the next frame. Meanwhile a hand goes
along with its wrist. Which looks come late depends on the machine; what was seen is recorded as it
was seen, so that a take's motion never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import numpy as np

from renderer.capture.crops import LEFT_WRIST, RIGHT_WRIST, Crop, Places, body_scale, whole
from renderer.capture.hands import Candidate, by_body, by_opinion, carried
from renderer.capture.records import F32, CameraFrame, Hand
from renderer.capture.search import HandSearch
from renderer.capture.tasks import HandTask, PoseSeen

_SIDES: Final = (0, 1)
"""The left and the right hand, the performer's own."""

Hands = tuple[Hand | None, Hand | None]


@dataclass(slots=True)
class _Look:
    """Looks that began in one frame, and the body of that frame once it is known."""

    sides: tuple[int, ...]
    futures: list[Future[list[Candidate]]]
    body: PoseSeen | None = None

    @property
    def is_done(self) -> bool:
        return all(future.done() for future in self.futures)

    def hands(self, size: tuple[int, int]) -> Hands:
        """What was found; waits for it."""
        candidates = [candidate for future in self.futures for candidate in future.result()]
        return _sorted(candidates, self.body, size)


class BothHands:
    """Watches the hands of one performer. `look`, then `observe`, frame after frame."""

    def __init__(self, model: bytes, threads: Executor, stack: ExitStack, *, hurried: bool) -> None:
        """Load the models.

        Args:
            model: the hands' task file.
            threads: where they are looked for.
            stack: closes them.
            hurried: look for the hands in turn, and do not wait for them.
        """
        self._threads, self._hurried = threads, hurried
        self._one_side = (
            HandSearch(stack.enter_context(HandTask(model, 1)), from_left=True),
            HandSearch(stack.enter_context(HandTask(model, 1)), from_left=False),
        )
        # Apart from the other two, so that a frame without a body leaves what they track be.
        self._everywhere = HandSearch(stack.enter_context(HandTask(model, 2)), from_left=None)
        self._turn = 1
        self._look: _Look | None = None
        self._late: _Look | None = None
        self._known: list[tuple[Hand, F32 | None] | None] = [None, None]

    def look(self, frame: CameraFrame, places: Places | None, *, everywhere: bool) -> None:
        """Start looking in a frame; returns at once.

        Args:
            places: where the hands may be, as the body of the frame before has it.
            everywhere: without such places, look in the whole frame; otherwise nowhere.
        """
        self._look = _Look((), [])
        if self._late is not None and not self._late.is_done:
            # What a search tracks is in use, and there is no time to lose for another.
            return
        if places is not None:
            crops = (places.left_hand, places.right_hand)
            self._turn = 1 - self._turn
            sides = (self._turn,) if self._hurried else _SIDES
            futures = [
                self._submit(self._one_side[side], frame, crop)
                for side in sides
                if (crop := crops[side]) is not None
            ]
            self._look = _Look(sides, futures)
        elif everywhere:
            size = (frame.pixels.shape[1], frame.pixels.shape[0])
            self._look = _Look(_SIDES, [self._submit(self._everywhere, frame, whole(size))])

    def _submit(
        self, search: HandSearch, frame: CameraFrame, crop: Crop
    ) -> Future[list[Candidate]]:
        return self._threads.submit(search.find, frame, crop, frame.t_seen_ns // 1_000_000)

    def observe(self, body: PoseSeen | None, size: tuple[int, int]) -> Hands:
        """The hands in the frame; if hurried, as far as they are known by now.

        Args:
            body: the performer's, in the frame.
            size: (width, height) of the frame in pixels.
        """
        look = self._look or _Look((), [])
        look.body = body
        if body is None or not self._hurried:
            wait(look.futures)
        if self._late is not None and self._late.is_done:
            self._learn(self._late, size)
            self._late = None
        if look.is_done:
            self._learn(look, size)
        else:
            self._late = look
        wrists = _wrists(body)
        left, right = (_now(known, wrists, side) for side, known in enumerate(self._known))
        if body is None:
            # Without a wrist to go along with, a hand is where it was seen or nowhere.
            self._known = [None, None]
        return left, right

    def _learn(self, look: _Look, size: tuple[int, int]) -> None:
        """Take over what a look found, and that it found nothing where it looked."""
        wrists = _wrists(look.body)
        for side, hand in enumerate(look.hands(size)):
            if hand is not None:
                self._known[side] = hand, None if wrists is None else wrists[side]
            elif side in look.sides:
                self._known[side] = None

    def forget(self) -> None:
        """Lose the hands, because the body that they were taken to be on is another's."""
        for look in (self._late, self._look):
            if look is not None:
                wait(look.futures)
        self._late = self._look = None
        self._known = [None, None]
        for search in self._one_side:
            search.forget()


def _now(known: tuple[Hand, F32 | None] | None, wrists: F32 | None, side: int) -> Hand | None:
    """A hand where it is now, given where its wrist was when it was seen."""
    if known is None:
        return None
    hand, then = known
    if then is None or wrists is None:
        return hand if then is None and wrists is None else None
    shift = wrists[side] - then
    return carried(hand, shift) if shift.any() else hand


def _wrists(body: PoseSeen | None) -> F32 | None:
    """(2, 2) left and right, in [0, 1] of the frame."""
    return None if body is None else body.points[[LEFT_WRIST, RIGHT_WRIST], :2]


def _sorted(candidates: Sequence[Candidate], body: PoseSeen | None, size: tuple[int, int]) -> Hands:
    """Which of these hands is the left one, and which the right."""
    if body is None:
        return by_opinion(candidates)
    points = np.asarray(body.points[:, :2] * np.array(size, np.float32), np.float32)
    return by_body(candidates, points[[LEFT_WRIST, RIGHT_WRIST]], size, body_scale(points))
