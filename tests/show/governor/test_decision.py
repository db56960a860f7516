"""The governor's laws: it gives up in order until frames fit, and takes back what fits again."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.show.governor.decision import MOST_PATIENCE_S, RETRY_S, Governor
from renderer.show.governor.steps import plan_steps

PERIOD_S = 1.0 / 30.0
STEPS = 11


class Machine:
    """A show whose tick takes `cost` of its time, less a tenth for each step given up."""

    def __init__(self, steps: int = STEPS) -> None:
        self.governor = Governor([1.12] * steps)
        self.now = 100.0
        self.changes: list[tuple[float, int]] = []

    def run(self, seconds: float, cost: Callable[[float], float]) -> None:
        until = self.now + seconds
        while self.now < until:
            load = cost(self.now) * 0.9**self.governor.count
            self.now += max(load, 1.0) * PERIOD_S
            before = self.governor.count
            assert self.governor.observe(load, self.now) == (self.governor.count != before)
            if self.governor.count != before:
                self.changes.append((self.now, self.governor.count))

    def load(self, cost: float) -> float:
        return cost * 0.9**self.governor.count


def test_nothing_is_given_up_while_frames_fit() -> None:
    machine = Machine()
    machine.run(60.0, lambda now: 0.9)
    assert machine.changes == []


@settings(deadline=None, max_examples=60)
@given(st.floats(1.0, 2.9))
def test_it_gives_up_until_frames_fit_and_not_much_more(cost: float) -> None:
    machine = Machine()
    machine.run(12.0, lambda now: cost)
    assert machine.load(cost) <= 0.95
    # A leap may go further than needed; what is not needed is taken back.
    machine.run(300.0, lambda now: cost)
    assert machine.load(cost) <= 0.95
    if machine.governor.count:
        assert machine.load(cost) / 0.9 > 0.85 * 0.9, "one step fewer would not have had room"


def test_a_show_that_is_far_too_slow_recovers_within_four_seconds() -> None:
    machine = Machine()
    machine.run(4.0, lambda now: 2.8)
    assert machine.load(2.8) <= 1.0


def test_it_takes_everything_back_once_there_is_room() -> None:
    machine = Machine()
    machine.run(10.0, lambda now: 2.5)
    assert machine.governor.count
    machine.run(90.0, lambda now: 0.4)
    assert machine.governor.count == 0
    counts = [count for _, count in machine.changes]
    assert all(a - b == 1 for a, b in itertools.pairwise(counts) if b < a), "in order"


def test_a_single_late_frame_gives_nothing_up() -> None:
    machine = Machine()
    machine.run(5.0, lambda now: 0.5)
    machine.governor.observe(3.0, machine.now + 0.1)
    machine.now += 0.1
    machine.run(5.0, lambda now: 0.5)
    assert machine.changes == []


def test_slow_frames_of_the_start_give_nothing_up() -> None:
    machine = Machine()
    machine.run(0.9, lambda now: 5.0)
    machine.run(5.0, lambda now: 0.5)
    assert machine.changes == []


def test_shots_of_two_costs_do_not_make_a_step_come_and_go() -> None:
    """Cuts every two seconds between a wide shot that needs steps and a close-up that does not."""
    machine = Machine()
    machine.run(600.0, lambda now: 1.3 if int(now / 2.0) % 2 else 0.6)
    late = [at for at, _ in machine.changes if at > machine.now - 300.0]
    assert len(late) <= 2.0 * 300.0 / MOST_PATIENCE_S + 2.0
    assert machine.load(1.3) <= 0.95


def test_a_step_that_fails_when_it_is_taken_back_is_tried_less_and_less_often() -> None:
    machine = Machine(steps=1)
    machine.governor._growth = (1.01,)  # It expects room where there is none.
    fits = {0: 1.2, 1: 0.5}
    for _ in range(4000):
        load = fits[machine.governor.count]
        machine.now += PERIOD_S * max(load, 1.0)
        if machine.governor.observe(load, machine.now):
            machine.changes.append((machine.now, machine.governor.count))
    backs = [at for at, count in machine.changes if count == 0]
    waits = [b - a for a, b in itertools.pairwise(backs)]
    assert all(later > 1.5 * earlier for earlier, later in itertools.pairwise(waits))
    assert RETRY_S < MOST_PATIENCE_S


@pytest.mark.parametrize("rate", [24.0, 30.0, 60.0])
def test_it_never_counts_beyond_its_steps(rate: float) -> None:
    steps = plan_steps(rate)
    machine = Machine(len(steps))
    machine.run(60.0, lambda now: 50.0)
    assert machine.governor.count == len(steps)
