"""Write the recording of the simulated show's song, so that its waveform can be drawn."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Final

import numpy as np

LENGTH_S: Final = 220.0
BPM: Final = 88.0
_RATE: Final = 4000
"""Samples per second: it is looked at, not heard."""
_PARTS: Final = (
    (0.0, 0.35), (22.0, 0.55), (87.0, 0.95), (120.0, 0.6), (153.0, 1.0), (185.0, 0.4), (207.0, 0.25)
)  # fmt: skip
"""Second from which a part of the song has a loudness."""


def write_song(path: Path) -> None:
    """Write a recording: noise that decays with each beat, as loud as the song's parts are."""
    t = np.arange(round(LENGTH_S * _RATE)) / _RATE
    beat = 60.0 / BPM
    envelope = np.exp(-3.0 * (t % beat) / beat) * 0.8 + 0.2
    begins, levels = zip(*_PARTS, strict=True)
    envelope *= np.array(levels)[np.searchsorted(begins, t, side="right") - 1]
    noise = np.random.default_rng(1).uniform(-1.0, 1.0, len(t))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(np.round(noise * envelope * 32000).astype("<i2").tobytes())
