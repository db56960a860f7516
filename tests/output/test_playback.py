"""Test the song on the program's clock: restarted to the sample, never short, never failing."""

from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.errors import OutputError
from renderer.output.audio.playback import SongPlayback
from renderer.output.audio.sound import FADE
from renderer.output.encode.timeline import ProgramTimeline
from renderer.output.requests import SongSegment

LENGTH = 30_000


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """Write a song whose samples are their index."""
    path = tmp_path / "ramp.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.repeat(np.arange(1, LENGTH + 1, dtype="<i2"), 2).tobytes())
    return path


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    reads=st.lists(st.integers(1, 4000), min_size=1, max_size=12),
    restart=st.integers(FADE, 20_000),
    skip=st.integers(0, 500),
)
def test_it_starts_again_at_its_sample_however_it_is_read(
    ramp: Path, reads: list[int], restart: int, skip: int
) -> None:
    playback = SongPlayback(ramp)
    playback.begin_run(1, 0, 0)
    playback.begin_run(2, restart, skip)
    parts = [playback.read(count) for count in reads]
    assert [part.shape for part in parts] == [(2, count) for count in reads]
    places = np.concatenate(parts, axis=1)[0] * 32_768
    total = len(places)
    before = np.arange(1, min(total, restart - FADE) + 1)
    np.testing.assert_allclose(places[: len(before)], before, atol=0.6)
    if total > restart:
        after = np.arange(skip + 1, skip + 1 + total - restart)
        np.testing.assert_allclose(places[restart:], after, atol=0.6)
        assert abs(places[restart - 1]) < restart / FADE + 1  # It had faded out.
    playback.close()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Write a song whose samples count down from zero."""
    path = tmp_path / "other.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.repeat(-np.arange(1, LENGTH + 1, dtype="<i2"), 2).tobytes())
    return path


def ns(sample: int) -> int:
    return -(-sample * 1_000_000_000 // 48_000)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    reads=st.lists(st.integers(1, 3000), min_size=2, max_size=10),
    known=st.integers(0, 3),
    at=st.integers(0, 12_000),
    begins=st.integers(0, 5000),
    run_at=st.sampled_from([0, 700]),
)
def test_a_planned_song_is_in_time_even_if_it_is_planned_late(
    ramp: Path, other: Path, reads: list[int], known: int, at: int, begins: int, run_at: int
) -> None:
    playback = SongPlayback(ramp)
    playback.begin_run(1, 0, 0)
    playback.begin_run(2, run_at, 0)
    segment = SongSegment(2, ns(at), "Other", other, ns(begins))
    parts = []
    for number, count in enumerate(reads):
        if number == known:
            playback.plan(segment)
        parts.append(playback.read(count))
    places = np.concatenate(parts, axis=1)[0] * 32_768
    begin = run_at + at
    planned = known < len(reads)
    # Whole after the fades on both sides, and in its place in the show, not where it was asked for.
    first = max(begin, sum(reads[:known]) if planned else len(places)) + FADE
    expected = -np.arange(first - begin + begins + 1, len(places) - begin + begins + 1)
    np.testing.assert_allclose(places[first:], expected, atol=0.6)
    assert [one for one in playback.segments if one.song] == ([segment] if planned else [])
    playback.close()


def test_a_run_forgets_what_was_planned_in_the_one_before(ramp: Path, other: Path) -> None:
    playback = SongPlayback(None)
    playback.begin_run(1, 0, 0)
    playback.plan(SongSegment(1, ns(500), "Ramp", ramp))
    playback.plan(SongSegment(2, ns(100), "Other", other))
    playback.plan(SongSegment(1, ns(300), ""))  # It takes the place of what comes later.
    assert not playback.read(2000).any()
    playback.begin_run(2, 2000, 0)
    samples = playback.read(300)[0] * 32_768
    assert not samples[:100].any()
    np.testing.assert_allclose(samples[100:], -np.arange(1, 201), atol=0.6)
    with pytest.raises(OutputError):
        playback.plan(SongSegment(2, ns(400), "Lost", ramp.with_name("lost.wav")))
    np.testing.assert_allclose(playback.read(1)[0] * 32_768, [-201], atol=0.6)
    assert playback.notes == {}
    playback.close()


def test_a_song_missing_at_its_restart_is_silent_and_reported(ramp: Path) -> None:
    playback = SongPlayback(ramp)
    playback.begin_run(1, 0, 0)
    playback.read(1000)
    playback.begin_run(2, 2000, 0)
    ramp.unlink()
    samples = playback.read(4000)
    assert samples.shape == (2, 4000)
    assert not samples[:, 1000:].any()
    assert "could not start again" in playback.notes["song.fault"]
    playback.close()


def test_the_end_is_reported_after_a_second_of_silence_and_forgotten_at_a_new_start(
    ramp: Path,
) -> None:
    playback = SongPlayback(ramp)
    playback.begin_run(1, 0, 0)
    playback.read(LENGTH + 40_000)
    assert playback.notes == {}
    playback.read(10_000)
    assert "ended after 0:00" in playback.notes["song.ended"]
    playback.begin_run(2, LENGTH + 50_000, 0)
    playback.read(1000)
    assert playback.notes == {}
    playback.close()


runs = st.lists(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=6).map(sorted), min_size=1, max_size=5
)


@given(runs, st.sampled_from((0, 64_000_000)))
def test_the_programs_clock_never_runs_backwards(times: list[list[int]], lead_ns: int) -> None:
    timeline = ProgramTimeline(33_333_333, lead_ns)
    placed = [
        (run, timeline.place(run, t_show_ns))
        for run, shown in enumerate(times, 1)
        for t_show_ns in shown
    ]
    for (run_a, a), (run_b, b) in pairwise(placed):
        assert b.begins_run is (run_b > run_a)
        if b.begins_run:
            assert b.t_program_ns >= a.t_program_ns + 33_333_333 + lead_ns
        else:
            assert b.t_program_ns >= a.t_program_ns
