"""Test the frame rate reported for a camera, over the last two seconds."""

from __future__ import annotations

import pytest

from renderer.capture.process.rate import SPAN_NS, RateMeter

SECOND = 1_000_000_000
BEGIN = 77 * SECOND


def beaten(rate: float, seconds: float, late_ms: float = 30.0, *, live: bool = True) -> RateMeter:
    """Return the meter of a camera that has run for this long, every frame equally late."""
    pulse = RateMeter(live=live)
    for number in range(round(rate * seconds) + 1):
        now = BEGIN + round(number * SECOND / rate)
        pulse.beat(now - round(late_ms * 1e6), now)
    return pulse


@pytest.mark.parametrize("rate", [1.0, 10.0, 24.0, 30.0, 120.0])
@pytest.mark.parametrize("seconds", [1.0, 2.0, 9.0])
def test_a_steady_camera_has_its_own_rate(rate: float, seconds: float) -> None:
    pulse = beaten(rate, seconds)
    assert pulse.rate(BEGIN + round(seconds * SECOND)) == pytest.approx(rate, abs=0.51)


def test_a_camera_that_stops_is_slower_from_moment_to_moment_and_then_silent() -> None:
    pulse, end = beaten(30.0, 5.0), BEGIN + 5 * SECOND
    rates = [pulse.rate(end + tenth * SECOND // 10) for tenth in range(21)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 29.0
    assert rates[-1] == 0.0
    assert pulse.latency_ms(end + SPAN_NS) == 0.0
    assert pulse.silent_ns(end + SECOND) == SECOND


def test_one_late_frame_does_not_move_the_latency() -> None:
    pulse, end = beaten(30.0, 5.0, late_ms=40.0), BEGIN + 5 * SECOND
    pulse.beat(end - SECOND, end)
    assert pulse.latency_ms(end) == pytest.approx(40.0)


def test_a_file_s_own_times_are_no_latency() -> None:
    assert beaten(30.0, 3.0, live=False).latency_ms(BEGIN + 3 * SECOND) == 0.0


def test_before_the_first_frame_there_is_nothing() -> None:
    pulse = RateMeter(live=True)
    assert (pulse.rate(BEGIN), pulse.latency_ms(BEGIN), pulse.silent_ns(BEGIN)) == (0.0, 0.0, 0)
