"""The song on the program's clock: started again to the sample, never short, never a fault."""

from __future__ import annotations

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renderer.output.audio.playback import SongPlayback
from renderer.output.audio.sound import FADE
from renderer.output.encode.timeline import ProgramTimeline

LENGTH = 30_000


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """A song whose every sample tells its place."""
    path = tmp_path / "ramp.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.repeat(np.arange(1, LENGTH + 1, dtype="<i2"), 2).tobytes())
    return path


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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
    playback.restart_at(restart, skip)
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


def test_a_song_that_is_gone_when_it_is_to_start_again_is_silence_and_told(ramp: Path) -> None:
    playback = SongPlayback(ramp)
    playback.read(1000)
    playback.restart_at(2000)
    ramp.unlink()
    samples = playback.read(4000)
    assert samples.shape == (2, 4000)
    assert not samples[:, 1000:].any()
    assert "could not start again" in playback.notes["song.fault"]
    playback.close()


def test_the_end_is_told_after_a_second_of_silence_and_forgotten_at_a_new_start(ramp: Path) -> None:
    playback = SongPlayback(ramp)
    playback.read(LENGTH + 40_000)
    assert playback.notes == {}
    playback.read(10_000)
    assert "ended after 0:00" in playback.notes["song.ended"]
    playback.restart_at(LENGTH + 50_000)
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
