"""Classify the sung vowel of a voice sampled at 16 kHz, every ten milliseconds.

The power spectrum of a 32 ms window is summed in mel bands (O'Shaughnessy 1987). The band levels
relative to their mean, and the pitch, are the features of a small network trained on synthesized
sung vowels (voice_training). Voice activity is detected from the periodicity of the sound (the peak
of its autocorrelation, which also gives the pitch) and from its level above the noise floor of the
last seconds.

A result is stamped with the centre of its window, which adds 16 ms of latency; the smoothing adds
20 ms more: under 60 ms in total with a block of sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from renderer.capture.audio.closure import ClosureDetector
from renderer.capture.records import F32

RATE: Final = 16_000
WINDOW: Final = 512
HOP: Final = 160
"""Sample rate in Hz, window length and hop size in samples."""

VOWELS: Final = ("aa", "ih", "ou", "ee", "oh")
"""VRM's vowels, as in f·a·ther, s·ee·, s·oo·n, b·e·d, m·o·re."""

BANDS: Final = 24
"""Number of mel bands."""
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 6000.0
"""Frequency range of the mel bands."""
_PITCH: Final = (70.0, 1000.0)
"""Range of the pitch, Hz."""
_PERIODIC: Final = (0.45, 0.75)
"""Peak of the autocorrelation: noise below the first value, certainly a voice above the second."""

_FLOOR_DB: Final = -60.0
"""Level below which nothing counts as a voice, dB re full scale."""
_OVER_DB: Final = (8.0, 16.0)
"""Level above the noise floor, dB: no voice below the first value, a voice above the second."""
_FLOOR_RISE_DB: Final = 3.0 * HOP / RATE
"""Rise of the noise floor per hop: 3 dB per second."""

_SMOOTH: Final = 1.0 - np.exp(-HOP / RATE / 0.020)
"""Weight of a new window in the exponential smoothing, with a time constant of 20 ms."""
_HANN: Final[Array] = np.hanning(WINDOW)


@dataclass(frozen=True, slots=True)
class VowelFrame:
    """The classification of one window.

    Attributes:
        t_ns: centre of the window on the clock of the sound, nanoseconds.
        voice: confidence that there is a voice, 0 to 1.
        vowels: (5,) weights of VOWELS, which sum to 1.
        level_db: level of the window, dB re full scale.
        pitch_hz: pitch of the voice; 0 without a voice.
        closed: how certainly the voice sounds through closed lips, as during m, 0 to 1.
    """

    t_ns: int
    voice: float
    vowels: Array
    level_db: float
    pitch_hz: float
    closed: float = 0.0


def _bands() -> Array:
    """Return a triangular mel filter bank, (BANDS, WINDOW / 2 + 1).

    The mel scale is m = 2595·log10(1 + f/700).
    """
    mel = 2595.0 * np.log10(1.0 + np.array([_LOWEST_HZ, _HIGHEST_HZ]) / 700.0)
    edges = 700.0 * (10.0 ** (np.linspace(mel[0], mel[1], BANDS + 2) / 2595.0) - 1.0)
    hertz = np.fft.rfftfreq(WINDOW, 1.0 / RATE)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    # The offset keeps bands non-zero that are too narrow to contain an FFT bin.
    triangles = clamp(np.minimum(rising, falling), 0.0, 1.0) + 1e-3
    out: Array = triangles / triangles.sum(axis=1, keepdims=True)
    return out


_BANDS: Final[Array] = _bands()
_LAGS: Final = slice(int(RATE / _PITCH[1]), int(RATE / _PITCH[0]) + 1)
# The window attenuates longer lags, so the autocorrelation is divided by that of the window.
_DECAY: Final[Array] = np.fft.irfft(np.abs(np.fft.rfft(_HANN, 2 * WINDOW)) ** 2)[:WINDOW]


def look(window: Array) -> tuple[Array, float, float, float, Array]:
    """Analyse a window of sound, (WINDOW,).

    Returns:
        Features (BANDS + 1,), the level [dB re full scale], the periodicity, the pitch [Hz] and the
        levels of the bands (BANDS,) [dB].
    """
    tapered = (window - window.mean()) * _HANN
    power = np.abs(np.fft.rfft(tapered)) ** 2
    level = 10.0 * np.log10(float(np.mean(window**2)) + 1e-12)
    wide = np.abs(np.fft.rfft(tapered, 2 * WINDOW)) ** 2
    # Overtones cause false peaks, so frequencies above the pitch range are attenuated.
    wide[2 * round(1100.0 * WINDOW / RATE) :] *= 0.1
    echo = np.fft.irfft(wide)[:WINDOW] / _DECAY
    echo = echo / max(float(echo[0]), 1e-12)
    periodic, pitch = _peak(echo)
    bands = 10.0 * np.log10(_BANDS @ power + 1e-9)
    features = np.empty(BANDS + 1)
    features[:BANDS] = (bands - bands.mean()) / 15.0
    features[BANDS] = np.log2(max(pitch, _PITCH[0]) / 220.0)
    return features, level, periodic, pitch, bands


def _peak(echo: Array) -> tuple[float, float]:
    """Return the height of the autocorrelation's first high peak and its pitch [Hz]."""
    part = echo[_LAGS]
    inner = part[1:-1]
    peaks = np.flatnonzero((inner >= part[:-2]) & (inner > part[2:])) + 1
    if not len(peaks):
        return 0.0, 0.0
    # The first peak within 0.1 of the highest: later ones are at multiples of the period.
    best = peaks[np.argmax(part[peaks] >= part[peaks].max() - 0.1)]
    return float(part[best]), RATE / float(best + _LAGS.start)


class Network:
    """A network of two layers: softmax(b2 + W2 · tanh(b1 + W1 · features)).

    Args:
        weights: W1 (h, BANDS + 1), b1 (h,), W2 (5, h), b2 (5,).
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._w = weights

    @classmethod
    def load_trained(cls) -> Network:
        """Load the network trained by voice_training."""
        with (
            (files("renderer.capture.audio") / "voice_vowels.npz").open("rb") as file,
            np.load(file) as kept,
        ):
            return cls({name: kept[name].astype(np.float64) for name in kept.files})

    def __call__(self, features: Array) -> Array:
        """Return weights of VOWELS, (..., 5), for features (..., BANDS + 1)."""
        w = self._w
        hidden = np.tanh(features @ w["w1"].T + w["b1"])
        scores = hidden @ w["w2"].T + w["b2"]
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        out: Array = scores / scores.sum(axis=-1, keepdims=True)
        return out


class VowelClassifier:
    """Classifies one voice, block by block."""

    def __init__(self, network: Network | None = None) -> None:
        self._network = Network.load_trained() if network is None else network
        self._samples = np.zeros(0)
        self._next_ns = 0
        self._quiet_db = 0.0
        self._vowels: Array = np.full(len(VOWELS), 1.0 / len(VOWELS))
        self._voice = 0.0
        self._closure = ClosureDetector()

    def hear(self, samples: F32, t_ns: int) -> list[VowelFrame]:
        """Process further samples and return the windows that they complete.

        A jump in time of more than 50 ms discards the buffered samples.

        Args:
            samples: (n,) at RATE, in [-1, 1].
            t_ns: time of the first sample, nanoseconds.
        """
        if abs(t_ns - self._next_ns) > 50_000_000 or not len(self._samples):
            self._samples = np.zeros(0)
        self._next_ns = t_ns + round(len(samples) * 1e9 / RATE)
        sane = np.where(np.isfinite(samples), samples, 0.0)
        self._samples = np.concatenate((self._samples, clamp(sane, -1.0, 1.0)))
        out = []
        while len(self._samples) >= WINDOW:
            begin_ns = self._next_ns - round(len(self._samples) * 1e9 / RATE)
            out.append(
                self._classify(self._samples[:WINDOW], begin_ns + round(WINDOW * 5e8 / RATE))
            )
            self._samples = self._samples[HOP:]
        return out

    def _classify(self, window: Array, t_ns: int) -> VowelFrame:
        features, level, periodic, pitch, bands = look(window)
        self._quiet_db = min(max(self._quiet_db + _FLOOR_RISE_DB, _FLOOR_DB), max(level, _FLOOR_DB))
        loud = smoothstep(np.array(level - self._quiet_db), *_OVER_DB)
        held = smoothstep(np.array(periodic), *_PERIODIC)
        # Sustained singing raises the noise floor, so an absolute level also counts as loud.
        sure = float(held) * float(max(loud, smoothstep(np.array(level), -35.0, -25.0)))
        sure = sure if level > _FLOOR_DB else 0.0
        self._voice += _SMOOTH * (sure - self._voice)
        self._vowels = self._vowels + _SMOOTH * sure * (self._network(features) - self._vowels)
        closed = self._closure.update(features, bands, sure)
        hertz = pitch if sure > 0.5 else 0.0
        return VowelFrame(t_ns, self._voice, self._vowels, level, hertz, closed)
