"""Test the clocks: no accumulated rounding, monotonic, late frames skipped and counted."""

from __future__ import annotations

import itertools
import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.show.clock import ProgramTime, due_ns, live_ticks, next_drawn, offline_ticks


@given(st.integers(0, 10_000_000), st.integers(1, 240))
def test_a_tick_is_never_a_nanosecond_off_however_long_the_show(number: int, rate: int) -> None:
    assert 0 <= number * 1_000_000_000 - due_ns(number, rate) * rate < rate


@pytest.mark.parametrize("rate", [24, 25, 30, 50, 60])
def test_offline_every_frame_comes_in_order(rate: int) -> None:
    ticks = list(itertools.islice(offline_ticks(rate), 3 * rate + 1))
    assert [tick.number for tick in ticks] == list(range(3 * rate + 1))
    assert ticks[-1].t_ns == 3_000_000_000
    assert all(tick.skipped == 0 for tick in ticks)


def test_live_a_stall_skips_what_came_too_late_and_says_how_many() -> None:
    ticks = live_ticks(50)
    first = next(ticks)
    time.sleep(0.13)
    late = next(ticks)
    assert late.skipped >= 5
    assert late.number == first.number + 1 + late.skipped
    following = next(ticks)
    assert following.t_ns > late.t_ns


def test_live_ticks_do_not_come_early() -> None:
    ticks = live_ticks(100)
    start = next(ticks)
    for tick in itertools.islice(ticks, 20):
        assert tick.t_ns - start.t_ns >= due_ns(tick.number - start.number, 100) - 1_000_000


@given(st.fractions(1, 8, max_denominator=6), st.integers(0, 10**6))
def test_one_tick_in_every_so_many_is_drawn(every: Fraction, first: int) -> None:
    drawn = [next_drawn(first, every)]
    for _ in range(60):
        drawn.append(next_drawn(drawn[-1], every))
    assert all(later > earlier for earlier, later in itertools.pairwise([first, *drawn]))
    assert abs(drawn[-1] - drawn[0] - 60 * every) < 1
    assert next_drawn(drawn[30] - 1, every) == drawn[30], "whatever was drawn before"


def test_live_ticks_left_out_on_purpose_do_not_count_as_skipped() -> None:
    now = 0

    def read() -> int:
        return now

    def sleep(seconds: float) -> None:
        nonlocal now
        now += round(seconds * 1e9) + 1000

    ticks = live_ticks(30, lambda: Fraction(3, 2), read, sleep)
    taken = [next(ticks) for _ in range(5)]
    assert [tick.number for tick in taken] == [0, 1, 3, 4, 6]
    assert not any(tick.skipped for tick in taken)
    now += 100_000_000
    late = next(ticks)
    assert (late.number, late.skipped) == (9, 1), "7 came too late, 8 is left out on purpose"


moments = st.lists(st.tuples(st.sampled_from(("roll", "rest")), st.integers(1, 10**9)), max_size=30)


@given(moments)
def test_show_time_never_runs_backwards_and_rests_in_between(moves: list[tuple[str, int]]) -> None:
    program, now, before = ProgramTime(), 0, 0
    for move, wait in moves:
        was_rolling = program.rolling
        now += wait
        shown = program.at(now)
        assert shown - before == (wait if was_rolling else 0)
        before = shown
        program.roll(now) if move == "roll" else program.rest(now)
        assert program.at(now) == shown


def test_a_new_run_begins_at_zero_when_it_rolls() -> None:
    program = ProgramTime()
    program.roll(1_000)
    program.begin_run(2)
    assert (program.run, program.rolling, program.at(9_000)) == (2, False, 0)
    program.roll(10_000)
    assert program.at(10_500) == 500
