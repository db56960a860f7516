"""The dancer's face: singing the score, blinking, smiling, raising the brows."""

from __future__ import annotations

import numpy as np

from avatars.build import choreography, score
from avatars.build.source import Floats
from avatars.build.timing import track
from avatars.names import ARKIT_INDEX

VOWEL_SHAPES: dict[str, dict[str, float]] = {
    "a": {"jawOpen": 0.62, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.2},
    "e": {"jawOpen": 0.32, "mouthStretchLeft": 0.3, "mouthStretchRight": 0.3},
    "i": {"jawOpen": 0.16, "mouthStretchLeft": 0.5, "mouthStretchRight": 0.5},
    "o": {"jawOpen": 0.40, "mouthFunnel": 0.65},
    "u": {"jawOpen": 0.14, "mouthPucker": 0.80, "mouthFunnel": 0.2},
}
"""What the mouth does for each vowel at full voice."""

_SECOND = score.BPM / 60.0
"""Beats in a second."""


def face_weights(beats: Floats) -> Floats:
    """The 52 weights (n, 52) at each of the beats (n,)."""
    weights = np.zeros((len(beats), 52))

    def add(name: str, amount: Floats) -> None:
        weights[:, ARKIT_INDEX[name]] += amount

    rounded = np.zeros(len(beats))
    for note in score.MELODY:
        voice = _voiced(beats, note)
        for name, amount in VOWEL_SHAPES[note.vowel].items():
            add(name, amount * voice)
        if note.vowel in "ou":
            rounded = np.maximum(rounded, voice)
    # Rounded lips cannot smile as well.
    smile = track(choreography.SMILE, beats) * (1.0 - 0.8 * rounded)
    brows = track(choreography.BROWS, beats)
    for side in ("Left", "Right"):
        add("mouthSmile" + side, smile)
        add("cheekSquint" + side, 0.5 * smile)
        add("eyeSquint" + side, 0.25 * smile)
        add("browOuterUp" + side, 0.6 * brows)
        for beat in choreography.BLINKS:
            add("eyeBlink" + side, _blink(beats, beat, 0.0))
    add("eyeBlinkLeft", _blink(beats, choreography.WINK, 0.35))
    add("browInnerUp", 0.7 * brows)
    return np.clip(weights, 0.0, 1.0)


def _voiced(beats: Floats, note: score.Note) -> Floats:
    """How far the mouth has gone to a note's shape; a consonant delays it."""
    start = note.beat + (0.03 if len(note.syllable) > 1 else 0.0) * _SECOND
    opening = (beats - start) / (0.09 * _SECOND) + 0.4
    closing = (note.beat + 0.96 * note.length - beats) / (0.11 * _SECOND) + 0.6
    t = np.clip(np.minimum(opening, closing), 0.0, 1.0)
    smooth: Floats = t * t * (3.0 - 2.0 * t)
    return smooth


def _blink(beats: Floats, beat: float, hold: float) -> Floats:
    """Shut in about 80 ms, open in about 130 ms, shut for `hold` seconds between."""
    late = (beats - beat) / _SECOND
    closing = 1.0 + late / 0.08
    opening = 1.0 - (late - hold) / 0.13
    shut: Floats = np.clip(np.minimum(closing, opening), 0.0, 1.0)
    return shut
