"""Recognise a voice that sounds through closed lips: m, and the voiced part of b.

Closed lips send the voice through the nose: what is above 700 Hz falls by 10 to 30 dB below the
vowels around it, and the rest hardly does (Fujimura 1962; Stevens 1998). A dark vowel such as *ou*
is dark as well, so a small network judges the shape of the spectrum together with both falls. Its
training data are synthesised (renderer.training.closure). The nasal n, whose lips are open, sounds
nearly alike; whether lips may be closed at all is up to the camera (motion.face.voice.closure).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Self

import numpy as np

from avatars.maths.vectors import Array

INPUTS: Final = 27
"""Numbers that the network judges: 24 mel bands and the pitch, as for vowels, and two falls."""

_LOW_BANDS: Final = slice(0, 5)
"""Mel bands up to about 600 Hz, where a murmur is loud."""
_HIGH_BANDS: Final = slice(7, 19)
"""Mel bands from about 800 to 3500 Hz, where it is not."""

_FALL_DB: Final = 20.0
"""Decibels of a fall that count as 1."""
_MAX_FALL: Final = 3.0
"""Largest fall of the network's input."""

_FORGET_DB: Final = 0.08
"""Decibels per window of 10 ms by which the reference falls: 8 dB a second, so that a fading voice
takes it along."""

_FILE: Final = "voice_closure.npz"


class ClosureNetwork:
    """A network of two layers: 1 / (1 + exp(−b2 − w2 · tanh(b1 + w1 · inputs))).

    Args:
        weights: w1 (h, INPUTS), b1 (h,), w2 (h,), b2 ().
    """

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._w = weights

    @classmethod
    def load_trained(cls) -> Self:
        """Load the weights that renderer.training.closure made."""
        with (
            (files("renderer.capture.audio") / _FILE).open("rb") as file,
            np.load(file) as kept,
        ):
            return cls({name: kept[name].astype(np.float64) for name in kept.files})

    def __call__(self, inputs: Array) -> Array:
        """Return how certainly the lips are closed, (...,) 0 to 1, for inputs (..., INPUTS)."""
        w = self._w
        hidden = np.tanh(inputs @ w["w1"].T + w["b1"])
        out: Array = 1.0 / (1.0 + np.exp(-np.clip(hidden @ w["w2"] + w["b2"], -30.0, 30.0)))
        return out


def measure_levels(bands: Array) -> Array:
    """Return the levels [dB] of the low and of the high bands (..., 2) of mel bands (..., 24)."""
    power = 10.0 ** (bands / 10.0)
    both = np.stack(
        (power[..., _LOW_BANDS].mean(axis=-1), power[..., _HIGH_BANDS].mean(axis=-1)), axis=-1
    )
    out: Array = 10.0 * np.log10(both + 1e-12)
    return out


def closure_inputs(features: Array, falls: Array) -> Array:
    """Return the network's inputs (..., INPUTS).

    Args:
        features: (..., 25) from vowels.look.
        falls: (..., 2) decibels by which low and high bands are below the vowels.
    """
    limited = np.clip(falls / _FALL_DB, -_MAX_FALL, _MAX_FALL)
    out: Array = np.concatenate((features, limited), axis=-1)
    return out


class ClosureDetector:
    """Recognises closed lips in one voice, window by window."""

    def __init__(self, network: ClosureNetwork | None = None) -> None:
        self._network = ClosureNetwork.load_trained() if network is None else network
        self._loud: Array | None = None

    def update(self, features: Array, bands: Array, voice: float) -> float:
        """Add a window and return how certainly its voice sounds through closed lips, 0 to 1.

        Args:
            features: (25,) from vowels.look.
            bands: (24,) levels of the mel bands [dB].
            voice: how certainly it holds a voice, 0 to 1.
        """
        levels = measure_levels(bands)
        if voice < 0.5:
            return 0.0
        if self._loud is None:
            # A voice that begins with m has no vowel yet to compare with.
            self._loud = levels
        self._loud = np.maximum(self._loud - _FORGET_DB, levels)
        falls = self._loud - levels
        return voice * float(self._network(closure_inputs(features, falls)))
