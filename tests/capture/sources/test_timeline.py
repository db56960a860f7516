"""Test presentation times for arbitrary timestamps."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renderer.capture.sources.timeline import PresentationTimes

STEP = 40_000_000
HOUR = 3_600_000_000_000


def placed(stated: list[int | None]) -> tuple[list[int], PresentationTimes]:
    times = PresentationTimes(STEP)
    return [times.place(t) for t in stated], times


@given(st.lists(st.none() | st.integers(-(10**15), 10**15), min_size=1))
def test_times_begin_at_zero_and_always_grow(stated: list[int | None]) -> None:
    out, _ = placed(stated)
    assert out[0] == 0
    assert (np.diff(out) > 0).all()


@given(st.lists(st.integers(1, 200_000_000), max_size=40), st.integers(-HOUR, HOUR))
def test_times_without_a_leap_are_those_stated(steps: list[int], origin: int) -> None:
    stated = np.cumsum([origin, *steps]).tolist()
    out, times = placed(stated)
    assert out == [t - origin for t in stated]
    assert not times.leaps


def test_leaps_are_closed_up_to_the_usual_interval() -> None:
    usual = 20_000_000
    stated = [n * usual for n in range(10)]
    stated += [HOUR + n * usual for n in range(10)] + [7 * usual + n * usual for n in range(10)]
    out, times = placed(stated)
    assert out == [n * usual for n in range(30)]
    assert times.leaps == 2
    assert times.closed_ns == HOUR + 2 * usual


def test_pictures_out_of_order_and_without_a_time_follow_the_last() -> None:
    out, times = placed([0, None, 80_000_000, 60_000_000, 160_000_000])
    assert out == [0, STEP, 80_000_000, 120_000_000, 160_000_000]
    assert not times.leaps


def test_timestamps_in_the_order_of_decoding_are_no_leaps_and_no_drift() -> None:
    """Groups of pictures with three B-frames between the others, over a minute."""
    stated = [STEP * (4 * group + place) for group in range(375) for place in (4, 2, 1, 3)]
    out, times = placed(stated)
    assert not times.leaps
    assert np.abs(np.array(out) - STEP * np.arange(len(out))).max() <= 4 * STEP


def test_a_file_whose_first_picture_has_no_time_continues_from_the_next() -> None:
    assert placed([None, HOUR, HOUR + STEP])[0] == [0, STEP, 2 * STEP]
