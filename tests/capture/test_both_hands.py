"""Hands that come late go along with their wrists; nothing is tracked twice at a time."""

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

from renderer.capture.both_hands import BothHands
from renderer.capture.crops import LEFT_WRIST, RIGHT_WRIST, places
from renderer.capture.models import load_model
from renderer.capture.records import CameraFrame, Hand
from renderer.capture.sources import open_source
from renderer.capture.tasks import PoseSeen, PoseTask

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo" / "performance.mp4"
WRISTS = (LEFT_WRIST, RIGHT_WRIST)


@dataclass
class Shelf(Executor):
    """Does what it was given when it is told to, and no sooner."""

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
    """A performer, and hands that are looked for in the frames one after another."""

    frames: list[CameraFrame]
    bodies: list[PoseSeen]
    shelf: Shelf
    hands: BothHands
    number: int = 0

    def step(self, *, late: bool = False) -> tuple[Hand | None, Hand | None]:
        self.number += 1
        frame, before, now = (
            self.frames[self.number],
            self.bodies[self.number - 1],
            self.bodies[self.number],
        )
        size = (frame.pixels.shape[1], frame.pixels.shape[0])
        self.shelf.at_once = not late
        self.hands.look(frame, places(before.points, before.visibility, size), everywhere=False)
        return self.hands.observe(now, size)

    def off(self, hand: Hand | None, side: int) -> float:
        """How far a hand is from its wrist as it is now, in widths of the picture."""
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


def test_hands_take_turns_and_both_are_known(filmed: Filmed) -> None:
    first = filmed.step()
    assert sum(hand is not None for hand in first) == 1
    for _ in range(6):
        both = filmed.step()
        assert all(filmed.off(hand, side) < 0.05 for side, hand in enumerate(both))


def test_a_late_hand_comes_with_the_next_frame_where_its_wrist_is_by_then(filmed: Filmed) -> None:
    filmed.step()
    filmed.step()
    before = filmed.step(late=True)
    moved = filmed.bodies[filmed.number].points - filmed.bodies[filmed.number - 1].points
    assert len(filmed.shelf.given) == 1
    # The search is busy: nothing else is asked of it, and what is known goes on with its wrist.
    meanwhile = filmed.step(late=True)
    assert len(filmed.shelf.given) == 1
    for side, (then, now) in enumerate(zip(before, meanwhile, strict=True)):
        assert then is not None
        assert now is not None
        assert np.array_equal(now.world, then.world)
        moved = filmed.bodies[filmed.number].points - filmed.bodies[filmed.number - 1].points
        shift = moved[WRISTS[side], :2]
        assert np.allclose(now.image[:, :2] - then.image[:, :2], shift, atol=1e-6)
    filmed.shelf.work()
    after = filmed.step(late=True)
    fresh = [
        not np.array_equal(b.world, a.world)
        for a, b in zip(meanwhile, after, strict=True)
        if a and b
    ]
    assert sorted(fresh) == [False, True]
    assert all(filmed.off(hand, side) < 0.05 for side, hand in enumerate(after))


def test_a_hand_that_is_gone_is_given_up_once_its_look_says_so(filmed: Filmed) -> None:
    filmed.step()
    filmed.step()
    for number in range(filmed.number + 1, len(filmed.frames)):
        frame = filmed.frames[number]
        dark = np.zeros_like(frame.pixels)
        filmed.frames[number] = CameraFrame(dark, frame.t_seen_ns, frame.index)
    told = [filmed.step(late=True), filmed.step(late=True)]
    assert all(hand is not None for both in told for hand in both)
    filmed.shelf.work()
    filmed.step()
    assert filmed.step() == (None, None)


def test_the_hands_of_another_body_are_forgotten_even_those_still_to_come(filmed: Filmed) -> None:
    filmed.step()
    filmed.step()
    filmed.step(late=True)
    filmed.shelf.work()
    filmed.shelf.at_once = True
    filmed.hands.forget()
    hands = filmed.step()
    assert sum(hand is not None for hand in hands) == 1


def test_whoever_has_time_sees_both_in_every_frame(models: Path, filmed: Filmed) -> None:
    with ExitStack() as stack:
        shelf = filmed.shelf
        unhurried = BothHands(load_model("hand", models), shelf, stack, hurried=False)
        filmed.hands = unhurried
        for _ in range(3):
            assert all(filmed.off(hand, side) < 0.05 for side, hand in enumerate(filmed.step()))
