"""Test that every tick has its frame, in order: the drawn one, or the last good one."""

from __future__ import annotations

import random

import numpy as np

from renderer.graphics.records import ProgramFrame
from renderer.show.frame_hold import FrameHold


def frame(number: int) -> ProgramFrame:
    return ProgramFrame(np.full((3, 2), number, np.uint8), number, number * 100, number * 10)


def numbers(frames: object) -> list[tuple[int, int]]:
    return [(each.number, int(each.planes[0, 0])) for each in frames]  # type: ignore[attr-defined]


def test_frames_pass_as_they_come() -> None:
    hold = FrameHold()
    for number in range(3):
        hold.expect(number, number * 100, number * 10, is_drawn=True)
        assert numbers(hold.release(frame(number))) == [(number, number)]


def test_a_frame_that_was_not_drawn_is_the_last_one_again_with_its_own_time() -> None:
    hold = FrameHold()
    hold.expect(0, 0, 0, is_drawn=True)
    list(hold.release(frame(0)))
    hold.expect(1, 100, 10, is_drawn=False)
    (held,) = hold.release(None)
    assert (held.number, held.t_show_ns, held.t_seen_ns) == (1, 100, 10)
    assert held.planes[0, 0] == 0


def test_order_holds_while_frames_are_under_way() -> None:
    hold = FrameHold()
    out: list[tuple[int, int]] = []
    under_way: list[int] = []
    for number in range(8):
        is_drawn = number not in (4, 5)
        hold.expect(number, 0, 0, is_drawn=is_drawn)
        if is_drawn:
            under_way.append(number)
        ready = under_way.pop(0) if len(under_way) > 2 else None
        out += numbers(hold.release(None if ready is None else frame(ready)))
    for left in under_way:
        out += numbers(hold.release(frame(left)))
    assert out == [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (5, 3), (6, 6), (7, 7)]


def test_a_frame_that_never_comes_is_replaced() -> None:
    hold = FrameHold()
    out: list[tuple[int, int]] = []
    for number in range(10):
        hold.expect(number, 0, 0, is_drawn=True)
        out += numbers(hold.release(None if number == 3 else frame(number)))
    assert [each[0] for each in out] == list(range(10))
    assert out[3] == (3, 2)


def test_before_the_first_good_frame_there_is_nothing_to_hold() -> None:
    hold = FrameHold()
    hold.expect(0, 0, 0, is_drawn=False)
    assert numbers(hold.release(None)) == []
    hold.expect(1, 0, 0, is_drawn=True)
    assert numbers(hold.release(frame(1))) == [(1, 1)]


def test_whatever_fails_numbers_rise_and_none_comes_twice() -> None:
    dice = random.Random(5)
    for _ in range(200):
        hold, under_way, out = FrameHold(), [], []
        for number in range(40):
            is_drawn = dice.random() < 0.7
            hold.expect(number, 0, 0, is_drawn=is_drawn)
            if is_drawn:
                under_way.append(number)
            ready = under_way.pop(0) if under_way and dice.random() < 0.8 else None
            if dice.random() < 0.1:
                ready = None  # Collected, and lost.
            out += numbers(hold.release(None if ready is None else frame(ready)))
        for left in under_way:
            out += numbers(hold.release(frame(left)))
        out += numbers(hold.finish())
        sent = [each[0] for each in out]
        assert sent == sorted(set(sent))
        assert sent[-1] == 39
        assert len(sent) == 39 - sent[0] + 1, "after the first good one every tick has a frame"
