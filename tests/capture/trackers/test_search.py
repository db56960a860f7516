"""Test that a hidden hand is searched rarely, and found again soon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from renderer.capture.records import CameraFrame
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.crops import Crop, whole
from renderer.capture.trackers.mediapipe import U8, HandSeen, HandTask
from renderer.capture.trackers.models import load_model
from renderer.capture.trackers.search import HandSearch

STEP_MS = 40
SIZE = (100, 80)


class CountingTask(HandTask):
    """A real tracker that records its calls."""

    def __init__(self, model: bytes) -> None:
        super().__init__(model, 1)
        self.asked: list[int] = []

    def find(self, pixels: U8, t_ms: int) -> list[HandSeen]:
        self.asked.append(t_ms // STEP_MS)
        return super().find(pixels, t_ms)


@pytest.fixture
def tasks(models: Path) -> Iterator[tuple[CountingTask, CountingTask]]:
    model = load_model("hand", models)
    with CountingTask(model) as left, CountingTask(model) as right:
        yield left, right


def test_after_three_misses_the_sides_take_turns(tasks: tuple[CountingTask, CountingTask]) -> None:
    left, right = HandSearch(tasks[0], from_left=True), HandSearch(tasks[1], from_left=False)
    black = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    for index in range(15):
        frame = CameraFrame(black, index * STEP_MS * 1_000_000, index)
        for search in (left, right):
            assert search.find(frame, whole(SIZE), index * STEP_MS) == []
    for task in tasks:
        assert task.asked[:3] == [0, 1, 2]
        assert set(np.diff(task.asked[3:])) == {3}
    assert not set(tasks[0].asked[3:]) & set(tasks[1].asked[3:])


def test_a_hand_that_comes_back_is_tracked_in_every_frame(
    tasks: tuple[CountingTask, CountingTask], dancer: Path
) -> None:
    task = tasks[0]
    search = HandSearch(task, from_left=False)
    with closing(open_source(str(dancer))) as source:
        shown = next(islice(source.frames(), 20, None))
    hidden = CameraFrame(np.zeros_like(shown.pixels), 0, 0)
    # The white glove.
    crop = Crop(180, 270, 80, 80)
    found = []
    for index in range(24):
        frame = shown if index >= 12 else hidden
        found.append(bool(search.find(frame, crop, index * STEP_MS)))
    assert not any(found[:12])
    assert any(found[12:15])
    assert all(found[15:])
    assert task.asked[-9:] == list(range(15, 24))
