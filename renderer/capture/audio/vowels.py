"""Which vowel is sung: from a voice at 16 kHz, every ten milliseconds.

A window of 32 ms is looked at in bands that are spaced as the ear does (mel scale, O'Shaughnessy
1987); their levels about their mean, and the pitch, go through a small network that was trained on
sung vowels of our own synthesis (voice_training). Whether there is a voice at all is told by how
periodic the sound is (the peak of its autocorrelation, which the pitch is read from as well) and by
its level over the quietest of the last seconds.

What is told is as of the window's middle, so a change is heard 16 ms late, and 20 ms more by the
smoothing: under 60 ms with a block of sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from renderer.capture.records import F32

RATE: Final = 16_000
WINDOW: Final = 512
HOP: Final = 160
"""Samples a second, in a window, and from one to the next."""

VOWELS: Final = ("aa", "ih", "ou", "ee", "oh")
"""VRM's five, as in f·a·ther, s·ee·, s·oo·n, b·e·d, m·o·re."""

BANDS: Final = 24
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 6000.0
_PITCH: Final = (70.0, 1000.0)
_PERIODIC: Final = (0.45, 0.75)
"""Peak of the autocorrelation: below the first it is noise, from the second on surely a voice."""

_FLOOR_DB: Final = -60.0
_OVER_DB: Final = (8.0, 16.0)
"""Level under which nothing is a voice, and how far over the quietest it is surely one."""
_FLOOR_RISE_DB: Final = 3.0 * HOP / RATE
"""The quietest is forgotten by 3 dB a second."""

_SMOOTH: Final = 1.0 - np.exp(-HOP / RATE / 0.020)
_HANN: Final[Array] = np.hanning(WINDOW)


@dataclass(frozen=True, slots=True)
class VowelFrame:
    """What is heard at one time.

    Attributes:
        t_ns: the window's middle, on the clock of the sound.
        voice: 0 to 1, how surely there is a voice.
        vowels: (5,) shares of VOWELS, adding up to 1.
        level_db: of the window, re full scale.
        pitch_hz: of the voice; 0 where there is none.
    """

    t_ns: int
    voice: float
    vowels: Array
    level_db: float
    pitch_hz: float


def _bands() -> Array:
    """(BANDS, WINDOW / 2 + 1) triangles on the mel scale, m = 2595·log10(1 + f/700)."""
    mel = 2595.0 * np.log10(1.0 + np.array([_LOWEST_HZ, _HIGHEST_HZ]) / 700.0)
    edges = 700.0 * (10.0 ** (np.linspace(mel[0], mel[1], BANDS + 2) / 2595.0) - 1.0)
    hertz = np.fft.rfftfreq(WINDOW, 1.0 / RATE)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
    # Narrow bands between two bins still take their share of both.
    triangles = clamp(np.minimum(rising, falling), 0.0, 1.0) + 1e-3
    out: Array = triangles / triangles.sum(axis=1, keepdims=True)
    return out


_BANDS: Final[Array] = _bands()
_LAGS: Final = slice(int(RATE / _PITCH[1]), int(RATE / _PITCH[0]) + 1)
# The window itself makes later lags weaker; what it does to a constant is divided out.
_DECAY: Final[Array] = np.fft.irfft(np.abs(np.fft.rfft(_HANN, 2 * WINDOW)) ** 2)[:WINDOW]


def look(window: Array) -> tuple[Array, float, float, float]:
    """What is in a window (WINDOW,) of sound.

    Returns:
        Features (BANDS + 1,), the level [dB re full scale], how periodic it is, and the pitch [Hz].
    """
    tapered = (window - window.mean()) * _HANN
    power = np.abs(np.fft.rfft(tapered)) ** 2
    level = 10.0 * np.log10(float(np.mean(window**2)) + 1e-12)
    wide = np.abs(np.fft.rfft(tapered, 2 * WINDOW)) ** 2
    # Overtones make false peaks: the pitch is sought below 1 kHz.
    wide[2 * round(1100.0 * WINDOW / RATE) :] *= 0.1
    echo = np.fft.irfft(wide)[:WINDOW] / _DECAY
    echo = echo / max(float(echo[0]), 1e-12)
    periodic, pitch = _peak(echo)
    bands = 10.0 * np.log10(_BANDS @ power + 1e-9)
    features = np.empty(BANDS + 1)
    features[:BANDS] = (bands - bands.mean()) / 15.0
    features[BANDS] = np.log2(max(pitch, _PITCH[0]) / 220.0)
    return features, level, periodic, pitch


def _peak(echo: Array) -> tuple[float, float]:
    """Height of the autocorrelation's first high peak, and its pitch [Hz]."""
    part = echo[_LAGS]
    inner = part[1:-1]
    peaks = np.flatnonzero((inner >= part[:-2]) & (inner > part[2:])) + 1
    if not len(peaks):
        return 0.0, 0.0
    # The first within a tenth of the highest: later ones are its multiples.
    best = peaks[np.argmax(part[peaks] >= part[peaks].max() - 0.1)]
    return float(part[best]), RATE / float(best + _LAGS.start)


class Network:
    """Two layers: softmax(b2 + W2 · tanh(b1 + W1 · features)).

    Args:
        weights: W1 (h, BANDS + 1), b1 (h,), W2 (5, h), b2 (5,).
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._w = weights

    @classmethod
    def trained(cls) -> Network:
        """The one that voice_training made."""
        with (
            (files("renderer.capture.audio") / "voice_vowels.npz").open("rb") as file,
            np.load(file) as kept,
        ):
            return cls({name: kept[name].astype(np.float64) for name in kept.files})

    def __call__(self, features: Array) -> Array:
        """Shares (..., 5) of VOWELS for features (..., BANDS + 1)."""
        w = self._w
        hidden = np.tanh(features @ w["w1"].T + w["b1"])
        told = hidden @ w["w2"].T + w["b2"]
        told = np.exp(told - told.max(axis=-1, keepdims=True))
        out: Array = told / told.sum(axis=-1, keepdims=True)
        return out


class VowelClassifier:
    """Hears one voice, block after block."""

    def __init__(self, network: Network | None = None) -> None:
        self._network = Network.trained() if network is None else network
        self._samples = np.zeros(0)
        self._next_ns = 0
        self._quiet_db = 0.0
        self._vowels: Array = np.full(len(VOWELS), 1.0 / len(VOWELS))
        self._voice = 0.0

    def hear(self, samples: F32, t_ns: int) -> list[VowelFrame]:
        """What is heard in further samples (n,), the first of which was at t_ns.

        A gap in time starts anew.
        """
        if abs(t_ns - self._next_ns) > 50_000_000 or not len(self._samples):
            self._samples = np.zeros(0)
        self._next_ns = t_ns + round(len(samples) * 1e9 / RATE)
        sane = np.where(np.isfinite(samples), samples, 0.0)
        self._samples = np.concatenate((self._samples, clamp(sane, -1.0, 1.0)))
        out = []
        while len(self._samples) >= WINDOW:
            begin_ns = self._next_ns - round(len(self._samples) * 1e9 / RATE)
            out.append(self._heard(self._samples[:WINDOW], begin_ns + round(WINDOW * 5e8 / RATE)))
            self._samples = self._samples[HOP:]
        return out

    def _heard(self, window: Array, t_ns: int) -> VowelFrame:
        features, level, periodic, pitch = look(window)
        self._quiet_db = min(max(self._quiet_db + _FLOOR_RISE_DB, _FLOOR_DB), max(level, _FLOOR_DB))
        loud = smoothstep(np.array(level - self._quiet_db), *_OVER_DB)
        held = smoothstep(np.array(periodic), *_PERIODIC)
        # One who sings on and on is no quiet room.
        sure = float(held) * float(max(loud, smoothstep(np.array(level), -35.0, -25.0)))
        sure = sure if level > _FLOOR_DB else 0.0
        self._voice += _SMOOTH * (sure - self._voice)
        self._vowels = self._vowels + _SMOOTH * sure * (self._network(features) - self._vowels)
        return VowelFrame(t_ns, self._voice, self._vowels, level, pitch if sure > 0.5 else 0.0)
