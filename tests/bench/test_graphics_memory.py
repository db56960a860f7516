"""A show that goes on allocates nothing that stays."""

from __future__ import annotations

import pytest

from renderer.bench.graphics_memory import measure_growth

SONG = 48
"""Frames of a song: two for each of its 24 shots."""


@pytest.mark.slow
def test_frames_of_whole_songs_leave_nothing_behind() -> None:
    growth = measure_growth(3 * SONG, SONG)
    # Less than a small object for each frame.
    assert growth.least_song_bytes < 32 * SONG
    assert growth.resident_bytes < 16 * 2**20
