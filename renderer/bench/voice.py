"""Benchmark vowel recognition: `python -m renderer.bench.voice [RECORDING.wav F0.csv]`.

The vowels are synthesised independently of the network's training data: glottal pulses (Rosenberg
1971) with vibrato through a cascade of resonators, with the formants of Hillenbrand and others
(1995). A recording's voicing is compared with its annotated pitch.
"""

from __future__ import annotations

import csv
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.capture.audio.vowels import RATE, VOWELS, VowelClassifier, VowelFrame
from renderer.errors import MotionError

MEN: Final = {
    "aa": (768.0, 1333.0, 2522.0, 3687.0),
    "ih": (342.0, 2322.0, 3000.0, 3657.0),
    "ou": (378.0, 997.0, 2343.0, 3357.0),
    "ee": (476.0, 2089.0, 2691.0, 3649.0),
    "oh": (497.0, 910.0, 2459.0, 3384.0),
}
WOMEN: Final = {
    "aa": (936.0, 1551.0, 2815.0, 4299.0),
    "ih": (437.0, 2761.0, 3372.0, 4352.0),
    "ou": (459.0, 1105.0, 2735.0, 4115.0),
    "ee": (536.0, 2530.0, 3047.0, 4319.0),
    "oh": (555.0, 1035.0, 2828.0, 3927.0),
}
"""Formants [Hz] of hod, heed, who'd, hayed and hoed."""

PITCHES: Final = {"men": (98.0, 147.0, 220.0, 330.0), "women": (220.0, 294.0, 392.0, 523.0, 659.0)}
_BANDWIDTHS: Final = (80.0, 90.0, 120.0, 200.0)
_STARTS: Final = 20
"""Number of windows until the recogniser has settled."""


def synthesise_vowel(
    formants: tuple[float, ...], pitch: float, seconds: float, seed: int = 0
) -> Array:
    """Return a sung vowel (n,) at RATE, with vibrato of a third of a semitone and slight noise."""
    count = round(seconds * RATE)
    t = np.arange(count) / RATE
    phase = np.cumsum(pitch * (1.0 + 0.02 * np.sin(2.0 * np.pi * 5.5 * t))) / RATE % 1.0
    opening, closing = phase / 0.4, (phase - 0.4) / 0.2
    flow = np.where(opening < 1.0, 0.5 - 0.5 * np.cos(np.pi * opening), 0.0)
    falls = (opening >= 1.0) & (closing < 1.0)
    flow = np.where(falls, np.cos(0.5 * np.pi * closing), flow)
    sound = np.fft.rfft(np.diff(flow, prepend=0.0), 2 * count)
    z = np.exp(-1j * np.linspace(0.0, np.pi, len(sound)))
    for formant, width in zip(formants, _BANDWIDTHS, strict=True):
        # Klatt 1980: a pole pair with unit gain at 0.
        r = np.exp(-np.pi * width / RATE)
        b, c = -2.0 * r * np.cos(2.0 * np.pi * formant / RATE), r * r
        sound *= (1.0 + b + c) / (1.0 + b * z + c * z * z)
    voice = np.fft.irfft(sound)[:count]
    noise = np.random.default_rng(seed).normal(0.0, 10.0 ** (-50.0 / 20.0), count)
    out: Array = 0.1 * voice / np.sqrt(np.mean(voice**2)) + noise
    return out


@dataclass(frozen=True, slots=True)
class Figures:
    """Share of windows with the right vowel, by kind of singer and pitch [Hz]."""

    hits: dict[tuple[str, float], dict[str, float]]

    @property
    def rate(self) -> float:
        """Return the share over all singers and pitches."""
        return float(np.mean([list(vowels.values()) for vowels in self.hits.values()]))


def vowel_figures(seconds: float = 0.6) -> Figures:
    """Measure every vowel, of men and women, at every pitch."""
    hits = {}
    for who, formants in (("men", MEN), ("women", WOMEN)):
        for pitch in PITCHES[who]:
            hits[who, pitch] = {
                vowel: _share_recognised(
                    VowelClassifier().hear(
                        _f32(synthesise_vowel(formants[vowel], pitch, seconds)), 0
                    ),
                    vowel,
                )
                for vowel in VOWELS
            }
    return Figures(hits)


def _share_recognised(heard: list[VowelFrame], vowel: str) -> float:
    rows = [int(np.argmax(each.vowels)) for each in heard[_STARTS:]]
    return float(np.mean([VOWELS[row] == vowel for row in rows]))


def voicing_agreement(recording: Path, pitches: Path) -> float:
    """Return the share of windows of a recording (16-bit WAV) with the right voicing decision.

    Args:
        pitches: a CSV file of seconds and Hz, 0 Hz where unvoiced.

    Raises:
        MotionError: a file cannot be read.
    """
    try:
        with wave.open(str(recording)) as file:
            rate, channels = file.getframerate(), file.getnchannels()
            data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        with pitches.open() as lines:
            truth = np.array([[float(cell) for cell in row] for row in csv.reader(lines)])
    except (OSError, wave.Error, EOFError, ValueError) as fault:
        raise MotionError(
            f"Recording {recording.name}", f"cannot be read ({fault})", "give a WAV and its pitches"
        ) from fault
    heard = VowelClassifier().hear(
        _f32(_resample(data.reshape(-1, channels).mean(axis=1) / 32768.0, rate)), 0
    )
    times = np.array([each.t_ns for each in heard]) * 1e-9
    sings = np.interp(times, truth[:, 0], (truth[:, 1] > 0.0).astype(np.float64)) > 0.5
    found = np.array([each.voice for each in heard]) > 0.5
    return float((sings == found).mean())


def _resample(samples: Array, rate: int) -> Array:
    """Return samples at RATE, low-pass filtered at half that rate."""
    count = round(len(samples) * RATE / rate)
    spectrum = np.fft.rfft(samples)[: count // 2 + 1]
    out: Array = np.fft.irfft(spectrum, count) * (count / len(samples))
    return out


def _f32(samples: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return samples.astype(np.float32)


def main(words: list[str]) -> int:
    """Print the results."""
    figures = vowel_figures()
    for (who, pitch), vowels in figures.hits.items():
        shares = "  ".join(f"{vowel} {share:4.0%}" for vowel, share in vowels.items())
        sys.stdout.write(f"{who:6} {pitch:4.0f} Hz  {shares}\n")
    sys.stdout.write(f"vowels told: {figures.rate:.0%} of windows\n")
    if len(words) == 2:
        agreement = voicing_agreement(Path(words[0]), Path(words[1]))
        sys.stdout.write(f"voiced or not: {agreement:.0%} of windows\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
