"""Synthesise the consonant before a sung vowel; its sound ends where the note begins.

Nasals and liquids are voiced at the note's pitch; fricatives are band-passed noise; stops are a
short burst of noise after a silence. Centre frequencies after Stevens, "Acoustic phonetics" (1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.source import Floats


@dataclass(frozen=True, slots=True)
class Sound:
    """The synthesis parameters of a consonant.

    Attributes:
        hum: duration in seconds and amplitude of the voiced part.
        noise: duration in seconds and peak amplitude of the noise.
        centre: centre frequency of the noise band, hertz.
    """

    hum: tuple[float, float] = (0.0, 0.0)
    noise: tuple[float, float] = (0.0, 0.0)
    centre: float = 2000.0


SOUNDS: dict[str, Sound] = {
    "m": Sound(hum=(0.08, 0.40)),
    "n": Sound(hum=(0.06, 0.35)),
    "r": Sound(hum=(0.03, 0.25)),
    "y": Sound(hum=(0.05, 0.30)),
    "b": Sound(hum=(0.05, 0.28), noise=(0.010, 0.25), centre=700.0),
    "d": Sound(hum=(0.04, 0.25), noise=(0.012, 0.25), centre=3200.0),
    "p": Sound(noise=(0.022, 0.40), centre=900.0),
    "t": Sound(noise=(0.025, 0.34), centre=4200.0),
    "k": Sound(noise=(0.030, 0.36), centre=1900.0),
    "h": Sound(noise=(0.060, 0.12), centre=1400.0),
    "s": Sound(noise=(0.100, 0.20), centre=6500.0),
    "ch": Sound(noise=(0.070, 0.26), centre=3400.0),
}

_BAND = 0.0012
"""Length of the band-pass filter's window, seconds; it determines the noise bandwidth."""


def consonant(name: str, hertz: float, rate: int, noise: Floats) -> Floats:
    """Return the samples (n,) of a consonant, to be placed before its note; empty for "".

    Args:
        name: a key of SOUNDS, or "".
        hertz: the note's frequency.
        rate: sample rate, hertz.
        noise: white noise of at least 0.2 s.
    """
    sound = SOUNDS.get(name, Sound())
    seconds = max(sound.hum[0], sound.noise[0])
    count = round(seconds * rate)
    out = np.zeros(count)
    if sound.hum[0]:
        t = np.arange(round(sound.hum[0] * rate)) / rate
        wave = sum(np.sin(2.0 * np.pi * hertz * k * t) / k**2 for k in range(1, 7))
        out[count - len(t) :] += sound.hum[1] * wave * _edges(len(t), 0.25)
    if sound.noise[0]:
        length = round(sound.noise[0] * rate)
        window = np.hanning(round(_BAND * rate))
        tone = np.cos(2.0 * np.pi * sound.centre * np.arange(len(window)) / rate)
        breath = np.convolve(noise[: length + len(window) - 1], window * tone, "valid")
        loud = sound.noise[1] / float(np.abs(breath).max())
        out[count - length :] += loud * breath * _edges(length, 0.3)
    return out


def _edges(count: int, share: float) -> Floats:
    """Return a window (count,) that fades in and out over a share of its length at each end."""
    ramp = np.minimum(np.arange(count), np.arange(count)[::-1]) / max(1.0, share * count)
    window: Floats = np.sin(0.5 * np.pi * np.clip(ramp, 0.0, 1.0)) ** 2
    return window
