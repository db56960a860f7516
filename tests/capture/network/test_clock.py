"""Test the conversion of a sender's times to our clock."""

from __future__ import annotations

import numpy as np

from renderer.capture.network.clock import SenderClock

MS = 1_000_000
SECOND = 1000 * MS


def test_jitter_of_the_network_does_not_reach_the_seen_times() -> None:
    rng = np.random.default_rng(1)
    clock = SenderClock()
    errors = []
    for k in range(600):
        sent = 12_345 * SECOND + k * 16 * MS
        transit = 2 * MS + int(rng.exponential(8 * MS))
        seen = clock.place(sent, k * 16 * MS + transit)
        assert seen is not None
        errors.append(seen - k * 16 * MS)
    settled = np.array(errors[100:])
    assert settled.min() >= 2 * MS
    assert settled.max() <= 3 * MS
    assert np.ptp(settled) < MS


def test_a_clock_that_drifts_is_followed() -> None:
    clock = SenderClock()
    for k in range(6000):
        true = k * 16 * MS
        seen = clock.place(round(true * 1.001), true + 5 * MS)
        assert seen is not None
        # A fast clock gains one millisecond per second; at most ten within two windows.
        assert abs(seen - true - 5 * MS) <= 11 * MS


def test_capture_times_are_monotonic_and_never_in_the_future() -> None:
    rng = np.random.default_rng(2)
    clock, last = SenderClock(), -1
    received = 0
    for k in range(2000):
        received = max(received, k * 10 * MS + int(rng.exponential(15 * MS)))
        seen = clock.place(k * 10 * MS, received)
        assert seen is not None
        assert last < seen <= received
        last = seen


def test_packets_that_come_twice_or_late_are_found() -> None:
    clock = SenderClock()
    for k in range(10):
        assert clock.place(k * 10 * MS, k * 10 * MS) is not None
    assert clock.place(90 * MS, 95 * MS) is None
    assert clock.place(40 * MS, 96 * MS) is None
    assert clock.place(100 * MS, 100 * MS) == 100 * MS


def test_a_leap_ahead_is_not_believed_at_once() -> None:
    clock = SenderClock()
    clock.place(0, 0)
    assert clock.place(3600 * SECOND, 10 * MS) is None
    assert clock.place(20 * MS, 20 * MS) == 20 * MS


def test_a_sender_that_starts_again_is_followed_after_half_a_second() -> None:
    clock = SenderClock()
    clock.place(500 * SECOND, 0)
    placed = [clock.place(k * 10 * MS, k * 10 * MS + 10 * MS) for k in range(100)]
    assert placed[0] is None
    assert placed[-1] is not None
    assert sum(p is None for p in placed) <= 50


def test_replays_among_good_packets_never_win() -> None:
    clock = SenderClock()
    for k in range(500):
        assert clock.place(k * 10 * MS, k * 10 * MS) is not None
        assert clock.place(k * MS // 2, k * 10 * MS + MS) is None or k == 0


def test_a_day_ends_without_a_gap() -> None:
    day = 24 * 3600 * SECOND
    clock = SenderClock(day)
    times = [clock.place((day - 50 * MS + k * 10 * MS) % day, k * 10 * MS) for k in range(10)]
    assert times == [k * 10 * MS for k in range(10)]


def test_a_clock_that_stands_gives_the_times_of_arrival() -> None:
    clock = SenderClock()
    placed = [clock.place(7, k * 10 * MS) for k in range(200)]
    assert placed[100:] == [k * 10 * MS for k in range(100, 200)]
