"""Interpolate keyframes with easing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from avatars.authoring.figure.source import Floats

Manner = Literal["hit", "go", "flow"]
"""Easing of a move: "hit" overshoots on the beat, "go" is a plain ease, "flow" a slow one."""

TRAVEL: dict[Manner, float] = {"hit": 0.55, "go": 0.75, "flow": 1.6}
"""Duration of a move of each manner, beats."""


@dataclass(frozen=True, slots=True)
class Key:
    """A keyframe.

    Attributes:
        beat: when the value is reached.
        value: in the track's unit.
        travel: duration of the move to the value, which ends at `beat`, beats.
        manner: the move's easing.
    """

    beat: float
    value: float
    travel: float = TRAVEL["go"]
    manner: Manner = "go"


def ease(t: Floats) -> Floats:
    """Return an ease from 0 to 1 over t in [0, 1] with a fast start and zero speed at both ends.

    Perlin's quintic ("Improving noise", 2002) of t to the power of 0.85.
    """
    t = np.clip(t, 0.0, 1.0) ** 0.85
    return t * t * t * (t * (6.0 * t - 15.0) + 10.0)


def strike(t: Floats) -> Floats:
    """Return an ease from 0 to 1 with anticipation and overshoot, for a dancer's accents.

    It leaves [0, 1]: it is below 0 during the anticipation and above 1 just after the beat.
    """
    t = np.asarray(t, np.float64)
    rush = np.clip(t, 0.0, 1.0)
    rush = rush * rush * rush * (rush * (6.0 * rush - 15.0) + 10.0)
    shot: Floats = rush - 0.06 * _hump((t + 0.55) / 0.8) + 0.075 * _hump((t - 0.8) / 0.85)
    return shot


def move(beats: Floats, beat: float, travel: float, manner: Manner) -> Floats:
    """Return the progress (n,) at `beats` (n,) of a move that arrives on `beat`.

    It runs from 0 to 1; manner "hit" leaves that range.
    """
    t = (beats - beat) / travel + 1.0
    return strike(t) if manner == "hit" else ease(t)


def track(keys: list[Key], beats: Floats) -> Floats:
    """Return the interpolated value (n,) of keyframes at beats (n,)."""
    value = np.full(len(beats), keys[0].value)
    for key in keys[1:]:
        value += (key.value - value) * move(beats, key.beat, key.travel, key.manner)
    return value


def write_keys(text: str) -> list[Key]:
    """Parse keyframes written as "beat:value", with suffix "!" for "hit" and "~" for "flow"."""
    keys = []
    for word in text.split():
        beat, value = word.rstrip("!~").split(":")
        manner = manner_of(word)
        keys.append(Key(float(beat), float(value), TRAVEL[manner], manner))
    return keys


def manner_of(word: str) -> Manner:
    """Return the manner that a word's last character denotes."""
    return "hit" if word.endswith("!") else "flow" if word.endswith("~") else "go"


def _hump(x: Floats) -> Floats:
    """Return a bump over x in [0, 1] that rises to 1 and falls to 0, smooth at both ends."""
    hump: Floats = np.sin(np.pi * np.clip(x, 0.0, 1.0)) ** 2
    return hump
