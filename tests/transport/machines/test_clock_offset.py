"""Test the estimate of a show's clock against its law: the error is at most half a round trip."""

from __future__ import annotations

import random

from renderer.transport.machines.clock_offset import ClockOffset

MS = 1_000_000


def exchange(clock: ClockOffset, now_ns: int, there_ns: int, back_ns: int, offset_ns: int) -> int:
    """Add an exchange whose ways take these times, and return when its answer arrived."""
    clock.add(now_ns, now_ns + there_ns + offset_ns, now_ns + there_ns + back_ns)
    return now_ns + there_ns + back_ns


def test_nothing_is_known_before_an_answer() -> None:
    clock = ClockOffset()
    assert not clock.is_known
    assert clock.offset_ns == 0


def test_the_error_is_at_most_half_the_round_trip() -> None:
    rng = random.Random(3)
    for _ in range(50):
        clock, offset_ns, now_ns = ClockOffset(), rng.randrange(-(10**15), 10**15), 10**12
        for _ in range(40):
            there, back = rng.randrange(MS // 10, 40 * MS), rng.randrange(MS // 10, 40 * MS)
            now_ns = exchange(clock, now_ns, there, back, offset_ns) + 400 * MS
            error_ns = abs(clock.offset_ns - offset_ns)
            assert error_ns <= clock.round_trip_ms * 1e6 / 2 + 1


def test_a_congested_answer_moves_nothing() -> None:
    clock = ClockOffset()
    now_ns = exchange(clock, 10**12, MS, MS, 5 * MS)
    exchange(clock, now_ns + 500 * MS, MS, 900 * MS, 5 * MS)
    assert clock.offset_ns == 5 * MS


def test_drift_is_followed() -> None:
    clock, now_ns, offset_ns = ClockOffset(), 10**12, 0
    for second in range(120):
        offset_ns = second * 50_000  # 50 ppm.
        now_ns = exchange(clock, now_ns, MS, MS, offset_ns) + 1000 * MS
    assert abs(clock.offset_ns - offset_ns) < 2 * MS


def test_a_machine_that_started_again_is_believed_at_once() -> None:
    clock = ClockOffset()
    now_ns = exchange(clock, 10**12, MS, MS, 10**15)
    exchange(clock, now_ns + 500 * MS, 3 * MS, 3 * MS, 77 * MS)
    assert abs(clock.offset_ns - 77 * MS) <= 3 * MS


def test_an_answer_from_before_its_question_is_ignored() -> None:
    clock = ClockOffset()
    clock.add(10 * MS, 5 * MS, 9 * MS)
    clock.add(0, 5 * MS, 60_000 * MS)
    assert not clock.is_known
