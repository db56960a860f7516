from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from renderer.errors import GraphicsError
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import StageState
from renderer.stage.sets.stage_set import StageSet

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]


def play(drawing: StageRenderer, state: State, count: int) -> list[tuple[int, int, np.ndarray]]:
    """Draw frames of increasing brightness; return number, show time and planes of each."""
    frames = []
    for number in range(count):
        level = 0.5 * number / count
        drawing.draw(state(number=number, seconds=number / 60, ambient=(level, level, level)))
        if (frame := drawing.collect()) is not None:
            frames.append((frame.number, frame.t_show_ns, frame.planes.copy()))
    frames.extend((f.number, f.t_show_ns, f.planes.copy()) for f in drawing.finish())
    return frames


@pytest.mark.parametrize("latency", [0, 1, 2, 5])
def test_frames_come_out_in_order_and_none_is_lost(
    renderer: Make, stage: Stage, state: State, latency: int
) -> None:
    square = stage(((0.0, 0.0, 0.0), 1.0, 0.9, 0.0))
    frames = play(renderer(32, 18, square, [], latency=latency), state, 9)
    assert [number for number, _, _ in frames] == list(range(9))
    assert [time for _, time, _ in frames] == [int(n / 60 * 1e9) for n in range(9)]
    brightness = [planes[:18].mean() for _, _, planes in frames]
    assert brightness == sorted(brightness)
    assert len(set(brightness)) == 9


def test_the_ring_gives_the_same_bytes_as_reading_at_once(
    renderer: Make, stage: Stage, state: State
) -> None:
    square = stage(((0.2, 0.0, 0.0), 0.7, 0.9, 0.1))
    at_once = play(renderer(48, 26, square, [], latency=0), state, 4)
    later = play(renderer(48, 26, square, [], latency=2), state, 4)
    for (_, _, a), (_, _, b) in zip(at_once, later, strict=True):
        np.testing.assert_array_equal(a, b)


def test_nothing_is_given_before_its_time(renderer: Make, stage: Stage, state: State) -> None:
    drawing = renderer(16, 16, stage(), [], latency=2)
    given = []
    for number in range(4):
        drawing.draw(state(number=number))
        frame = drawing.collect()
        given.append(None if frame is None else frame.number)
    assert given == [None, None, 0, 1]
    assert drawing.collect() is None


@pytest.mark.parametrize("latency", [0, 2])
def test_a_frame_that_nobody_collected_is_not_overwritten(
    renderer: Make, stage: Stage, state: State, latency: int
) -> None:
    drawing = renderer(16, 16, stage(), [], latency=latency)
    for number in range(latency + 1):
        drawing.draw(state(number=number))
    with pytest.raises(GraphicsError, match="frame 0"):
        drawing.draw(state(number=latency + 1))
    assert [frame.number for frame in drawing.finish()] == list(range(latency + 1))


def test_renderers_side_by_side_do_not_disturb_each_other(
    renderer: Make, stage: Stage, state: State
) -> None:
    bright = renderer(16, 16, stage(((0.0, 0.0, 0.0), 2.0, 0.0, 0.5)), [], latency=1)
    dark = renderer(24, 12, stage(((0.0, 0.0, 0.0), 2.0, 0.0, 0.0)), [], latency=1)
    for number in range(3):
        bright.draw(state(number=number))
        dark.draw(state(number=number))
        bright.collect()
        dark.collect()
    assert bright.picture().min() > 150
    assert dark.picture().max() < 3
    dark.close()
    assert bright.picture().min() > 150


def test_closing_gives_memory_back(stage: Stage, state: State) -> None:
    status = Path("/proc/self/statm")
    if not status.exists():
        pytest.skip("resident memory is read from /proc")

    def cycle() -> int:
        with StageRenderer(1280, 720, stage(((0.0, 0.0, 0.0), 1.0, 0.5, 0.1)), []) as drawing:
            drawing.draw(state())
            drawing.collect()
        gc.collect()
        return int(status.read_text().split()[1]) * 4096

    cycle()
    first = cycle()
    last = [cycle() for _ in range(6)][-1]
    # One renderer's targets at this size take some 25 MB.
    assert last - first < 40_000_000


def test_closing_twice_is_closing_once(stage: Stage) -> None:
    drawing = StageRenderer(16, 16, stage(), [])
    drawing.close()
    drawing.close()
