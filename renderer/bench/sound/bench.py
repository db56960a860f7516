"""Measure the mixer: loudness, peaks, leaks, processor time, and voice against picture."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from renderer.bench.sound.drift import run_drift
from renderer.bench.sound.ebur128 import measure_loudness
from renderer.output.sound.filters import F32
from renderer.output.sound.limiter import DELAY
from renderer.output.sound.mixer import BLOCK, Mixer
from renderer.output.sound.settings import CLICK, RATE, SONG, TALKBACK, MicrophonePlan, SoundPlan

_TARGET: Final = -14.0
_CEILING_DB: Final = -1.0
_SETTLE_S: Final = 10
_SINGERS: Final = 4
_PPM: Final = 200.0
"""Skew of the microphone's clock: above that of any device in use."""


@dataclass(frozen=True, slots=True)
class SoundFigures:
    """What was measured.

    Attributes:
        loudness_error_lu: loudness of the program against its target, by FFmpeg's ebur128, the
            worst of songs at about -25, -19 and -11 LUFS, after ten seconds.
        true_peak_db: highest true peak with a ceiling of -1 dB, by the same.
        core_share: processor time of a song, four microphones with every effect and all meters,
            per second of sound.
        av_offset_ms: voice against picture in the last second, with a microphone's clock that is
            off by 200 parts per million and blocks that jitter by 2 ms.
        av_offset_start_ms: in the first second.
        av_offset_worst_ms: largest after the first ten seconds.
        av_hours: length of that show, in compressed time.
        starved: blocks of it that came too late.
        click_leak_db: level of the program with click and talkback alone, at full gain.
        limiter_delay_ms: that is taken off again by reading ahead.
    """

    loudness_error_lu: float
    true_peak_db: float
    core_share: float
    av_offset_ms: float
    av_offset_start_ms: float
    av_offset_worst_ms: float
    av_hours: float
    starved: int
    click_leak_db: float
    limiter_delay_ms: float

    def as_dict(self) -> dict[str, object]:
        """See Figures."""
        return asdict(self)

    def text(self) -> str:
        """See Figures."""
        return "\n".join(
            (
                f"Loudness   {self.loudness_error_lu:+.2f} LU from {_TARGET:g} LUFS at worst",
                f"True peak  {self.true_peak_db:.2f} dB, ceiling {_CEILING_DB:g}",
                f"Processor  {100.0 * self.core_share:.1f} % of a core, {_SINGERS} microphones",
                f"Voice      {self.av_offset_start_ms:+.2f} ms from the picture at the start, "
                f"{self.av_offset_ms:+.2f} after {self.av_hours:g} h, "
                f"{self.av_offset_worst_ms:.2f} at worst; {self.starved} blocks late",
                f"Click      {self.click_leak_db:.0f} dB in the program",
            )
        )


def run_sound_bench(hours: float) -> SoundFigures:
    """Measure everything; `hours` of a show for the clocks, in compressed time."""
    drift = run_drift(hours * 3600.0, _PPM)
    errors = [_measure_error(level) for level in (0.06, 0.12, 0.3)]
    return SoundFigures(
        loudness_error_lu=max(errors, key=abs),
        true_peak_db=_measure_peak(),
        core_share=_measure_share(),
        av_offset_ms=drift.end_ms,
        av_offset_start_ms=drift.start_ms,
        av_offset_worst_ms=drift.worst_ms,
        av_hours=hours,
        starved=drift.starved,
        click_leak_db=_measure_leak(),
        limiter_delay_ms=DELAY * 1000.0 / RATE,
    )


def make_song(seconds: float, level: float, seed: int = 0) -> F32:
    """Return pink noise (2, n) with a beat: a spectrum and dynamics as songs have them."""
    count = round(seconds * RATE)
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.normal(0.0, 1.0, (2, count)))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.shape[1]), 20.0))
    pink = np.fft.irfft(spectrum, count)
    beat = 0.35 + np.exp(-6.0 * (np.arange(count) / RATE % 0.5))
    shaped = pink * beat
    song: F32 = (level * shaped / np.sqrt(np.mean(shaped**2))).astype(np.float32)
    return song


def _mix(mixer: Mixer, channels: dict[str, F32], length: int) -> F32:
    out: F32 = np.zeros((2, length), np.float32)
    for at in range(0, length, BLOCK):
        count = min(BLOCK, length - at)
        for name, samples in channels.items():
            buffer = mixer.input(name)
            buffer[:, :count] = samples[: buffer.shape[0], at : at + count]
        mixer.mix(count)
        out[:, at : at + count] = mixer.program[:, :count]
    return out


def _measure_error(level: float) -> float:
    song = make_song(3.0 * _SETTLE_S, level)
    mixer = Mixer(SoundPlan(loudness=_TARGET, ceiling_db=_CEILING_DB))
    mixed = _mix(mixer, {SONG: song}, song.shape[1])
    return measure_loudness(mixed[:, _SETTLE_S * RATE :])[0] - _TARGET


def _measure_peak() -> float:
    song = make_song(10.0, 1.5)
    mixed = _mix(Mixer(SoundPlan(ceiling_db=_CEILING_DB)), {SONG: song}, song.shape[1])
    return measure_loudness(mixed)[1]


def _measure_leak() -> float:
    mixer = Mixer(SoundPlan(loudness=_TARGET, click=True))
    mixer.mute(TALKBACK, is_muted=False)
    for name in (CLICK, TALKBACK):
        mixer.set_gain(name, 20.0)
    noise = make_song(2.0, 0.3)
    mixed = _mix(mixer, {CLICK: noise, TALKBACK: noise}, noise.shape[1])
    return 20.0 * math.log10(max(float(np.abs(mixed).max()), 1e-15))


def _measure_share() -> float:
    """Return the least of three runs: what others do on the machine only adds."""
    seconds = 5.0
    plan = SoundPlan(
        tuple(MicrophonePlan(f"mic-{number}", "", "null") for number in range(1, _SINGERS + 1)),
        loudness=_TARGET,
        duck_db=6.0,
        click=True,
    )
    song = make_song(seconds, 0.2)
    channels = {SONG: song} | {one.bus: song[:1] for one in plan.microphones}
    mixer = Mixer(plan)
    _mix(mixer, channels, RATE)
    shares = []
    for _ in range(3):
        begin = time.process_time()
        _mix(mixer, channels, song.shape[1])
        shares.append((time.process_time() - begin) / seconds)
    return min(shares)
