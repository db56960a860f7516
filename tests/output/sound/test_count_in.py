"""Test that a song is counted in on the performers' return, on its own beats, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.output.audio.playback import SongPlayback
from renderer.output.requests import SongSegment
from renderer.output.sound.click import COUNT_IN_BARS, Click
from renderer.output.sound.mixer import BLOCK
from renderer.output.sound.program_sound import ProgramSound
from renderer.output.sound.settings import CLICK, RATE, BeatPlan, SoundPlan
from renderer.protocol.sound import MuteBus

S = 1_000_000_000
BEATS = tuple(0.25 + 0.5 * number for number in range(40))


def clicks_of(click: Click, first: int, last: int) -> list[int]:
    """Return the samples at which clicks begin, from one sample of the song to another."""
    heard = np.zeros((2, BLOCK), np.float32)
    found: list[int] = []
    heard_at = first - RATE
    for at in range(first, last, BLOCK):
        click.run(heard, BLOCK, at)
        for place in np.flatnonzero(heard[0]):
            sample = at + int(place)
            if sample - heard_at > RATE // 20:
                found.append(sample)
            heard_at = sample
    return found


def test_the_count_in_goes_on_the_songs_own_beats() -> None:
    found = clicks_of(Click(BEATS, 4), -2 * RATE, RATE)
    # The tone begins at zero, so that its first sample is silent.
    expected = [round((0.25 + 0.5 * number) * RATE) for number in range(-4, 2)]
    assert [abs(one - two) <= 2 for one, two in zip(found, expected, strict=True)] == [True] * 6


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 30.0), st.floats(0.2, 2.0), st.integers(1, 7))
def test_nothing_is_clicked_in_a_song_before_its_first_beat(
    first: float, interval: float, per_bar: int
) -> None:
    click = Click([first, first + interval], per_bar)
    within = [one for one in click._samples if 0 <= one < round(first * RATE)]
    assert not within
    before = [one for one in click._samples if one < 0]
    assert COUNT_IN_BARS * per_bar - 1 <= len(before) <= COUNT_IN_BARS * per_bar + 1
    assert np.allclose(np.diff(before), interval * RATE, atol=1.5)


@pytest.mark.parametrize("has_click", [False, True])
def test_a_song_is_counted_in_on_the_return_alone(has_click: bool) -> None:
    plan = SoundPlan(click=has_click, beats=(BeatPlan("Next", BEATS, 4),))
    sound = ProgramSound(plan, SongPlayback(None), live=False)
    sound.begin_run(1, 0, 0)
    sound.plan(SongSegment(1, 0))
    sound.plan(SongSegment(1, 1 * S, "Next"))

    def hear(seconds: float) -> tuple[float, float]:
        """Return the loudest sample of the program and of the return."""
        program = performers = 0.0
        for _ in range(round(seconds * RATE / BLOCK)):
            program = max(program, float(np.abs(sound.read(BLOCK)).max()))
            performers = max(performers, float(np.abs(sound.mixer.performer_return).max()))
        return program, performers

    program, performers = hear(0.9)
    assert program == 0.0 and performers > 0.2
    hear(0.2)
    program, performers = hear(1.0)
    assert program == 0.0 and (performers > 0.2) is has_click, "the song's click is another bus"
    sound.close()


def test_a_count_in_can_be_muted_by_itself() -> None:
    sound = ProgramSound(
        SoundPlan(beats=(BeatPlan("Next", BEATS, 4),)), SongPlayback(None), live=False
    )
    sound.begin_run(1, 0, 0)
    sound.apply(MuteBus("count-in"))
    sound.plan(SongSegment(1, 0))
    sound.plan(SongSegment(1, 1 * S, "Next"))
    sound.read(RATE // 4)
    for _ in range(RATE // 2 // BLOCK):
        sound.read(BLOCK)
        assert np.abs(sound.mixer.performer_return).max() < 1e-4
    assert CLICK in {one.name for one in sound.status().buses}
    sound.close()
