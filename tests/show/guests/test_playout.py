"""Test the laws of a guest's clock, delay and queue."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renderer.show.guests.clock import RemoteClock
from renderer.show.guests.packet import GuestMotion, decode, encode_motion
from renderer.show.guests.playout import LEAST_NS, MOST_NS, PlayoutDelay
from renderer.show.guests.queue import KEPT, PlayoutQueue
from tests.show.guests.test_packet import make_motion

MS = 1_000_000
STEP = 16 * MS


def message(number: int) -> GuestMotion:
    found = decode(encode_motion(make_motion(0), number))
    assert isinstance(found, GuestMotion)
    return found


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_the_clock_errs_by_no_more_than_half_of_the_fastest_trip(
    ahead_ns: int, waits: list[int]
) -> None:
    clock = RemoteClock()
    for number, wait in enumerate(waits):
        sent = number * 250 * MS
        there = sent + 20 * MS + wait * MS
        clock.add(sent, there + ahead_ns, there + 20 * MS)
    fastest = 40 * MS + min(waits[-40:]) * MS
    assert abs(clock.to_show(5 * MS + ahead_ns) - 5 * MS) <= fastest // 2


def test_a_trip_that_ends_before_it_began_is_ignored() -> None:
    clock = RemoteClock()
    clock.add(10, 5, 9)
    assert not clock.is_known
    assert clock.round_trip_ns == 0


@given(st.lists(st.integers(1, 900), min_size=1, max_size=400))
def test_playout_times_rise_with_the_messages_and_stay_in_bounds(transits: list[int]) -> None:
    delay, before, received = PlayoutDelay(), -1, 0
    for number, transit in enumerate(transits):
        t_ns = number * STEP
        received = max(received, t_ns + transit * MS)
        due = delay.place(t_ns, received)
        assert LEAST_NS <= delay.delay_ns <= MOST_NS
        if number > 16:
            assert due > before
        before = due


def test_the_delay_follows_the_slowest_messages_up_and_down() -> None:
    random = np.random.default_rng(5)
    delay = PlayoutDelay()
    late = 0
    for number in range(3000):
        slow = number < 1500
        transit = int((40 + abs(random.normal(0.0, 20.0 if slow else 2.0))) * MS)
        due = delay.place(number * STEP, number * STEP + transit)
        late += number > 500 and due < number * STEP + transit
        if number == 1499:
            assert 70 * MS < delay.delay_ns < 120 * MS
    assert delay.delay_ns < 60 * MS
    assert late < 60


def test_messages_come_in_order_and_one_ahead() -> None:
    queue = PlayoutQueue()
    for number in (2, 0, 1, 4):
        queue.put(100 + number, message(number))
    assert [due for due, _ in queue.take(100)] == [100, 101]
    assert list(queue.take(100)) == []
    assert [due for due, _ in queue.take(103)] == [102, 104]
    assert queue.lost == 1
    queue.put(103, message(3))
    assert queue.late == 1


def test_a_flood_keeps_the_newest() -> None:
    queue = PlayoutQueue()
    for number in range(1000):
        queue.put(1 + number, message(number))
    assert queue.dropped == 1000 - KEPT
    first, _ = next(iter(queue.take(10_000)))
    assert first == 1000 - KEPT + 1


def test_another_connection_begins_its_own_count() -> None:
    queue = PlayoutQueue()
    queue.put(10, message(500))
    assert len(list(queue.take(10))) == 1
    queue.put(20, message(501))
    queue.restart()
    queue.put(30, message(0))
    assert [due for due, _ in queue.take(40)] == [30]
    assert queue.lost == 0
