"""Easing: how a value gets from one key to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from avatars.authoring.figure.source import Floats

Manner = Literal["hit", "go", "flow"]
"""Struck on the beat; plainly moved; drawn out."""

TRAVEL: dict[Manner, float] = {"hit": 0.55, "go": 0.75, "flow": 1.6}
"""Beats that each manner takes."""


@dataclass(frozen=True, slots=True)
class Key:
    """A value reached on a beat.

    Attributes:
        beat: when it is reached.
        value: what is reached.
        travel: for how many beats it moves before.
        manner: how.
    """

    beat: float
    value: float
    travel: float = TRAVEL["go"]
    manner: Manner = "go"


def ease(t: Floats) -> Floats:
    """A swift start and a soft arrival on [0, 1]; its speed is 0 at both ends.

    Perlin's quintic ("Improving noise", 2002) on a parameter that runs ahead at first.
    """
    t = np.clip(t, 0.0, 1.0) ** 0.85
    return t * t * t * (t * (6.0 * t - 15.0) + 10.0)


def strike(t: Floats) -> Floats:
    """A dancer's accent: a little wind-up, a rush that arrives at 1, and an overshoot that recoils.

    It leaves [0, 1]: below 0 while it winds up, above 1 just after the beat.
    """
    t = np.asarray(t, np.float64)
    rush = np.clip(t, 0.0, 1.0)
    rush = rush * rush * rush * (rush * (6.0 * rush - 15.0) + 10.0)
    shot: Floats = rush - 0.06 * _hump((t + 0.55) / 0.8) + 0.075 * _hump((t - 0.8) / 0.85)
    return shot


def move(beats: Floats, beat: float, travel: float, manner: Manner) -> Floats:
    """How far (n,) a move that arrives on `beat` has come, from 0 to 1, at beats (n,)."""
    t = (beats - beat) / travel + 1.0
    return strike(t) if manner == "hit" else ease(t)


def track(keys: list[Key], beats: Floats) -> Floats:
    """The value (n,) of keys at beats (n,)."""
    value = np.full(len(beats), keys[0].value)
    for key in keys[1:]:
        value += (key.value - value) * move(beats, key.beat, key.travel, key.manner)
    return value


def write_keys(text: str) -> list[Key]:
    """Keys written as "beat:value"; a "!" behind strikes, a "~" draws out."""
    keys = []
    for word in text.split():
        beat, value = word.rstrip("!~").split(":")
        manner = manner_of(word)
        keys.append(Key(float(beat), float(value), TRAVEL[manner], manner))
    return keys


def manner_of(word: str) -> Manner:
    """What a word's last sign says."""
    return "hit" if word.endswith("!") else "flow" if word.endswith("~") else "go"


def _hump(x: Floats) -> Floats:
    """Up to 1 and back to 0 over [0, 1], smooth at both ends."""
    hump: Floats = np.sin(np.pi * np.clip(x, 0.0, 1.0)) ** 2
    return hump
