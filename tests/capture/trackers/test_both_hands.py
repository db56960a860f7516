"""Test that late hand results follow their wrists, and that a tracker runs once at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from renderer.capture.records import CameraFrame, Hand
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.both_hands import BothHands
from renderer.capture.trackers.crops import LEFT_WRIST, RIGHT_WRIST, places
from renderer.capture.trackers.mediapipe import PoseSeen, PoseTask
from renderer.capture.trackers.models import load_model

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "performance.mp4"
WRISTS = (LEFT_WRIST, RIGHT_WRIST)


@dataclass
class Shelf(Executor):
    """An executor that runs its tasks only when asked to."""

    given: list[tuple[Future[Any], Callable[[], Any]]] = field(default_factory=list)
    at_once: bool = True

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append((future, lambda: work(*args, **named)))
        if self.at_once:
            self.work()
        return future

    def work(self) -> None:
        for future, work in self.given:
            future.set_result(work())
        self.given.clear()


@dataclass
class Filmed:
    """A performer whose hands are searched in one frame after another."""

    frames: list[CameraFrame]
    bodies: list[PoseSeen]
    shelf: Shelf
    hands: BothHands
    number: int = 0

    def step(self, *, late: bool = False) -> tuple[Hand | None, Hand | None]:
        """Return the hands of the next frame; if `late`, the search runs only afterwards."""
        self.number += 1
        frame, body = self.frames[self.number], self.bodies[self.number]
        hands = self.hands.observe(frame, body)
        self.shelf.at_once = not late
        size = (frame.pixels.shape[1], frame.pixels.shape[0])
        self.hands.look(frame, places(body.points, body.visibility, size), everywhere=False)
        return hands

    def off(self, hand: Hand | None, side: int) -> float:
        """Return a hand's distance from its wrist's current position, in picture widths."""
        assert hand is not None
        wrist = self.bodies[self.number].points[WRISTS[side], :2]
        return float(np.abs(hand.image[0, :2] - wrist).max())


@pytest.fixture
def filmed(models: Path) -> Iterator[Filmed]:
    with closing(open_source(str(DEMO))) as source:
        frames = list(islice(source.frames(), 12))
    with ExitStack() as stack:
        pose = stack.enter_context(PoseTask(load_model("pose", models)))
        bodies = [pose.find(frame.pixels, frame.t_seen_ns // 10**6) for frame in frames]
        shelf = Shelf()
        hands = BothHands(load_model("hand", models), shelf, stack, hurried=True)
        yield Filmed(frames, [body for body in bodies if body is not None], shelf, hands)


def test_hands_come_with_the_next_frame_where_their_wrists_are_by_then(filmed: Filmed) -> None:
    assert filmed.step() == (None, None)
    before = filmed.step()
    for _ in range(5):
        after = filmed.step()
        for side, (then, now) in enumerate(zip(before, after, strict=True)):
            assert then is not None
            assert now is not None
            assert not np.array_equal(now.world, then.world)
            assert filmed.off(now, side) < 0.05
        before = after


def test_a_look_that_is_late_is_not_waited_for_and_no_other_is_begun(filmed: Filmed) -> None:
    filmed.step()
    before = filmed.step(late=True)
    for _ in range(2):
        meanwhile = filmed.step(late=True)
        # The trackers are busy: no new search starts, and known hands are kept.
        assert len(filmed.shelf.given) == 2
        moved = filmed.bodies[filmed.number].points - filmed.bodies[filmed.number - 1].points
        for side, (then, now) in enumerate(zip(before, meanwhile, strict=True)):
            assert then is not None
            assert now is not None
            assert np.array_equal(now.world, then.world)
            shift = moved[WRISTS[side], :2]
            assert np.allclose(now.image[:, :2] - then.image[:, :2], shift, atol=1e-6)
        before = meanwhile
    filmed.shelf.work()
    for side, (then, now) in enumerate(zip(before, filmed.step(), strict=True)):
        assert then is not None
        assert now is not None
        assert not np.array_equal(now.world, then.world)
        assert filmed.off(now, side) < 0.05


def test_a_hand_for_which_there_is_never_time_is_reported_for_half_a_second(filmed: Filmed) -> None:
    filmed.step()
    filmed.step(late=True)
    first = filmed.number + 1
    for number in range(first, len(filmed.frames)):
        frame = filmed.frames[number]
        later_ns = (number - first) * 200_000_000
        filmed.frames[number] = CameraFrame(frame.pixels, frame.t_seen_ns + later_ns, frame.index)
    told = [filmed.step(late=True) for _ in range(5)]
    assert all(hand is not None for both in told[:2] for hand in both)
    assert told[-1] == (None, None)


def test_a_lost_hand_is_dropped_when_its_appearance_differs(filmed: Filmed) -> None:
    filmed.step()
    filmed.step()
    for number in range(filmed.number + 1, len(filmed.frames)):
        frame = filmed.frames[number]
        dark = np.zeros_like(frame.pixels)
        filmed.frames[number] = CameraFrame(dark, frame.t_seen_ns, frame.index)
    told = [filmed.step(late=True), filmed.step(late=True)]
    assert all(hand is not None for both in told for hand in both)
    filmed.shelf.work()
    assert filmed.step() == (None, None)


def test_the_hands_of_another_body_are_forgotten_even_those_still_to_come(filmed: Filmed) -> None:
    filmed.step()
    filmed.step(late=True)
    filmed.shelf.work()
    filmed.hands.forget()
    assert filmed.step() == (None, None)


def test_whoever_has_time_sees_both_in_every_frame(models: Path, filmed: Filmed) -> None:
    with ExitStack() as stack:
        model = load_model("hand", models)
        unhurried = BothHands(model, filmed.shelf, stack, hurried=False)
        for number in range(1, 4):
            frame, before = filmed.frames[number], filmed.bodies[number - 1]
            size = (frame.pixels.shape[1], frame.pixels.shape[0])
            around = places(before.points, before.visibility, size)
            unhurried.look(frame, around, everywhere=False)
            filmed.number = number
            hands = unhurried.observe(frame, filmed.bodies[number])
            assert all(filmed.off(hand, side) < 0.05 for side, hand in enumerate(hands))
