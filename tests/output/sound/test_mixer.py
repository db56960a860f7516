"""Test the mixer: what reaches the program, how loud, and that blocks do not matter."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from renderer.bench.sound.ebur128 import measure_loudness
from renderer.errors import OutputError
from renderer.output.sound.limiter import DELAY
from renderer.output.sound.loudness import BusMeter
from renderer.output.sound.mixer import BLOCK, Mixer
from renderer.output.sound.settings import (
    CLICK,
    COUNT_IN,
    RATE,
    SONG,
    TALKBACK,
    MicrophonePlan,
    SoundPlan,
)

MIC = MicrophonePlan("mic-1", "Hana", "null")
PLAIN = MicrophonePlan(
    "mic-1", "", "null", high_pass_hz=0.0, gate_db=None, compressor_db=None, reverb_db=None
)


def noise(seconds: float, level: float, seed: int = 0) -> np.ndarray:
    """Return stereo noise (2, n), a different one in each channel."""
    count = round(seconds * RATE)
    return np.random.default_rng(seed).normal(0.0, level, (2, count)).astype(np.float32)


def tone(seconds: float, hertz: float, level: float) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.tile((level * np.sin(2.0 * np.pi * hertz * t)).astype(np.float32), (2, 1))


def mix(mixer: Mixer, block: int = BLOCK, **channels: np.ndarray) -> np.ndarray:
    """Return the program (2, n) of whole channels, mixed in blocks, and the limiter's delay off."""
    length = max(one.shape[1] for one in channels.values())
    out = np.zeros((2, length), np.float32)
    for at in range(0, length, block):
        count = min(block, length - at)
        for name, samples in channels.items():
            buffer = mixer.input(name.replace("_", "-"))
            buffer[:, :count] = samples[: buffer.shape[0], at : at + count]
        mixer.mix(count)
        out[:, at : at + count] = mixer.program[:, :count]
    return out[:, DELAY:]


def test_below_the_ceiling_the_song_passes_bit_by_bit() -> None:
    song = tone(0.5, 440.0, 0.5)
    mixed = mix(Mixer(SoundPlan()), song=song)
    np.testing.assert_array_equal(mixed, song[:, : mixed.shape[1]])


@pytest.mark.parametrize("channel", [CLICK, COUNT_IN, TALKBACK])
def test_click_and_talkback_never_reach_the_program(channel: str) -> None:
    mixer = Mixer(SoundPlan(microphones=(MIC,), loudness=-14.0, duck_db=12.0, click=True))
    mixer.mute(channel, is_muted=False)
    mixer.set_gain(channel, 20.0)
    mixed = mix(mixer, **{channel.replace("-", "_"): noise(1.0, 0.5)})
    assert np.abs(mixed).max() < 1e-12
    assert np.abs(mixer.performer_return).max() > 0.5


@pytest.mark.parametrize("level", [0.05, 0.5, 4.0])
def test_neither_does_their_presence_change_it(level: float) -> None:
    plan = SoundPlan(microphones=(MIC,), loudness=-14.0, duck_db=12.0, click=True)
    channels = {"song": noise(1.0, 0.4), "mic_1": noise(1.0, 0.2, 1)}
    alone = mix(Mixer(plan), **channels)
    with_both = Mixer(plan)
    with_both.mute(TALKBACK, is_muted=False)
    beside = mix(with_both, **channels, click=noise(1.0, level, 2), talkback=noise(1.0, level, 3))
    np.testing.assert_array_equal(alone, beside)


@pytest.mark.parametrize("block", [1, 100, 480])
def test_the_size_of_blocks_does_not_matter(block: int) -> None:
    plan = SoundPlan(microphones=(MIC,), duck_db=9.0)
    channels = {"song": noise(0.2, 0.6), "mic_1": tone(0.2, 300.0, 0.3)}
    np.testing.assert_allclose(
        mix(Mixer(plan), block, **channels), mix(Mixer(plan), BLOCK, **channels), atol=1e-6
    )


PEAKY: dict[str, Callable[[], np.ndarray]] = {
    "loud noise": lambda: noise(2.0, 0.8),
    "a quarter of the rate, between the samples": lambda: (
        1.5
        * np.tile(np.sin(np.pi / 2.0 * np.arange(RATE) + np.pi / 4.0).astype(np.float32), (2, 1))
    ),
    "clicks": lambda: (
        np.where(np.arange(RATE) % 997 == 0, 4.0, 0.01).astype("f4") * np.ones((2, 1), "f4")
    ),
    "bass": lambda: tone(1.0, 40.0, 3.0),
}


@pytest.mark.parametrize("name", sorted(PEAKY))
@pytest.mark.parametrize("ceiling", [-1.0, -6.0])
def test_the_true_peak_stays_below_the_ceiling_by_ffmpegs_measure(
    name: str, ceiling: float
) -> None:
    song = np.pad(PEAKY[name](), ((0, 0), (0, RATE // 10)))
    # The peak of an edge of unlimited bandwidth depends on the filter that looks at it.
    song[:, :240] *= np.linspace(0.0, 1.0, 240, dtype=np.float32)
    mixed = mix(Mixer(SoundPlan(ceiling_db=ceiling)), song=song)
    _, peak = measure_loudness(mixed)
    assert ceiling - 3.0 < peak <= ceiling + 0.1


def test_the_meter_agrees_with_ffmpegs() -> None:
    samples = np.concatenate([noise(3.0, 0.02), noise(4.0, 0.2, 1), noise(3.0, 0.001, 2)], axis=1)
    meter = BusMeter(BLOCK)
    for at in range(0, samples.shape[1], BLOCK):
        part = np.ascontiguousarray(samples[:, at : at + BLOCK])
        meter.run(part, part.shape[1])
    assert meter.integrated == pytest.approx(measure_loudness(samples)[0], abs=0.1)


def test_a_tone_of_minus_23_reads_minus_23() -> None:
    # EBU Tech 3341, case 1: 1 kHz at -23 dBFS in both channels.
    samples, meter = tone(4.0, 1000.0, 10.0 ** (-23.0 / 20.0)), BusMeter(BLOCK)
    for at in range(0, samples.shape[1], BLOCK):
        part = np.ascontiguousarray(samples[:, at : at + BLOCK])
        meter.run(part, part.shape[1])
    assert meter.momentary == pytest.approx(-23.0, abs=0.1)
    assert meter.short_term == pytest.approx(-23.0, abs=0.1)
    assert meter.integrated == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("level", [0.02, 0.1, 0.25])
def test_the_program_comes_to_its_loudness(level: float) -> None:
    mixed = mix(Mixer(SoundPlan(loudness=-16.0)), song=noise(14.0, level))
    later = measure_loudness(mixed[:, 9 * RATE :])[0]
    assert later == pytest.approx(-16.0, abs=0.5)


def test_silence_is_not_made_loud() -> None:
    mixer = Mixer(SoundPlan(loudness=-14.0))
    mix(mixer, song=noise(3.0, 0.0005))
    assert mixer.loudness.gain_db == 0.0


def test_the_song_is_lowered_while_somebody_sings_and_comes_back() -> None:
    mixer = Mixer(SoundPlan(microphones=(PLAIN,), duck_db=12.0))
    voice = tone(1.0, 300.0, 0.2)
    mix(mixer, song=tone(1.0, 5000.0, 0.1), mic_1=voice)
    assert mixer.status().ducking_db == pytest.approx(12.0, abs=0.2)
    mix(mixer, song=tone(3.0, 5000.0, 0.1), mic_1=0.0 * tone(3.0, 300.0, 0.2))
    assert mixer.status().ducking_db == pytest.approx(0.0, abs=0.1)


def level_db(samples: np.ndarray) -> float:
    return 20.0 * math.log10(float(np.sqrt(np.mean(samples**2))) + 1e-12)


def test_the_gate_closes_and_the_high_pass_removes_rumble() -> None:
    gated = MicrophonePlan("mic-1", "", "null", compressor_db=None, reverb_db=None)
    hiss = mix(Mixer(SoundPlan(microphones=(gated,))), mic_1=noise(1.0, 0.0004))
    assert level_db(hiss[:, RATE // 2 :]) < -120.0
    rumble, voice = tone(1.0, 25.0, 0.3), tone(1.0, 500.0, 0.3)
    heard = [mix(Mixer(SoundPlan(microphones=(gated,))), mic_1=one) for one in (rumble, voice)]
    low, high = (level_db(one[:, RATE // 2 :]) for one in heard)
    assert low < high - 20.0
    assert high == pytest.approx(level_db(voice), abs=0.2)


def test_the_compressor_follows_its_ratio() -> None:
    plan = MicrophonePlan(
        "mic-1", "", "null", high_pass_hz=0.0, gate_db=None, compressor_db=-30.0, ratio=4.0,
        reverb_db=None,
    )  # fmt: skip
    loud, quiet = (
        level_db(
            mix(Mixer(SoundPlan(microphones=(plan,))), mic_1=tone(1.0, 1000.0, level))[
                :, RATE // 2 :
            ]
        )
        for level in (0.4, 0.2)
    )
    assert loud - quiet == pytest.approx(6.02 / 4.0, abs=0.3)


def test_reverberation_dies_away_and_is_finite() -> None:
    plan = MicrophonePlan("mic-1", "", "null", gate_db=None, compressor_db=None, reverb_db=-6.0)
    impulse = np.zeros((2, 4 * RATE), np.float32)
    impulse[:, 100] = 0.5
    heard = mix(Mixer(SoundPlan(microphones=(plan,))), mic_1=impulse)
    early, late = (
        level_db(heard[:, round(a * RATE) : round(b * RATE)]) for a, b in ((0.05, 0.3), (1.85, 2.1))
    )
    assert early > -80.0
    assert late < early - 50.0
    assert np.isfinite(heard).all()


def test_gain_and_mute_change_without_a_click() -> None:
    mixer = Mixer(SoundPlan())
    before = mix(mixer, song=tone(0.1, 100.0, 0.5))
    mixer.mute(SONG, is_muted=True)
    after = mix(mixer, song=tone(0.1, 100.0, 0.5))
    assert np.abs(np.diff(after)).max() < 1.5 * np.abs(np.diff(before)).max()
    assert np.abs(after[:, 2 * BLOCK :]).max() == 0.0


def test_the_song_can_be_later_in_the_program_than_for_the_performers() -> None:
    mixer = Mixer(SoundPlan(song_delay_ms=100.0))
    song = noise(0.5, 0.1)
    mixed = mix(mixer, song=song)
    late = round(0.1 * RATE)
    np.testing.assert_array_equal(mixed[:, late:], song[:, : mixed.shape[1] - late])


@pytest.mark.parametrize("db", [math.nan, math.inf, -math.inf, 21.0, -121.0])
def test_a_gain_that_is_none_is_refused(db: float) -> None:
    with pytest.raises(OutputError, match="give -120"):
        Mixer(SoundPlan()).set_gain(SONG, db)


def test_an_unknown_bus_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        OutputError, match="it has song, click, count-in, talkback, program, return"
    ):
        Mixer(SoundPlan()).mute("vocals", is_muted=True)


def test_a_microphone_that_gives_no_numbers_does_not_silence_the_program() -> None:
    mixer = Mixer(SoundPlan(microphones=(MIC,)))
    broken = noise(0.1, 0.2)
    broken[:, 1000:1010] = np.nan
    broken[:, 2000] = np.inf
    mix(mixer, song=noise(0.1, 0.1), mic_1=broken)
    song = noise(2.0, 0.1)
    assert np.isfinite(mix(mixer, song=song)[:, RATE:]).all()


def test_a_block_allocates_nothing_that_stays() -> None:
    mixer = Mixer(SoundPlan(microphones=(MIC,), loudness=-14.0, duck_db=9.0))
    for name in (SONG, "mic-1"):
        mixer.input(name)[:] = 0.1
    for _ in range(20):
        mixer.mix(BLOCK)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    for _ in range(20):
        mixer.mix(BLOCK)
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A block of the smallest array would be 2 kB.
    assert now - before < 2000
    assert peak - before < 8000
