"""Animate the dancer's face: lip sync to the score, blinks, smiles and brows.

The mouth reaches a vowel's shape when its note begins, and the consonant comes just before, as
singers time it. The lips close for m, b and p; the jaw nearly closes for dental consonants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.dance import choreography, score
from avatars.authoring.dance.timing import track
from avatars.authoring.figure.source import Floats
from avatars.names import ARKIT_INDEX

VOWEL_SHAPES: dict[str, dict[str, float]] = {
    "a": {"jawOpen": 0.62, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.2},
    "e": {"jawOpen": 0.32, "mouthStretchLeft": 0.3, "mouthStretchRight": 0.3},
    "i": {"jawOpen": 0.16, "mouthStretchLeft": 0.5, "mouthStretchRight": 0.5},
    "o": {"jawOpen": 0.40, "mouthFunnel": 0.65},
    "u": {"jawOpen": 0.14, "mouthPucker": 0.80, "mouthFunnel": 0.2},
}
"""ARKit weights of each vowel at full voice."""


@dataclass(frozen=True, slots=True)
class Closure:
    """The mouth shape of a consonant.

    Attributes:
        kept: factor applied to the surrounding vowels' weights, 0 to 1.
        seconds: how long the shape is held before the note.
        shapes: ARKit weights that are added.
    """

    kept: float
    seconds: float
    shapes: dict[str, float]


_LIPS = Closure(
    0.0,
    0.07,
    {
        "mouthPressLeft": 0.35,
        "mouthPressRight": 0.35,
        "mouthRollLower": 0.2,
        "mouthRollUpper": 0.15,
    },
)
_TONGUE = Closure(0.40, 0.04, {"jawOpen": 0.05})
_TEETH = Closure(0.20, 0.06, {"jawOpen": 0.04, "mouthStretchLeft": 0.2, "mouthStretchRight": 0.2})

CONSONANTS: dict[str, Closure] = {
    "m": _LIPS, "b": _LIPS, "p": _LIPS,
    "n": _TONGUE, "t": _TONGUE, "d": _TONGUE, "r": _TONGUE, "y": _TONGUE,
    "s": _TEETH,
    "ch": Closure(0.20, 0.06, {"jawOpen": 0.05, "mouthFunnel": 0.3}),
    "k": Closure(0.60, 0.03, {}),
    "h": Closure(0.80, 0.03, {}),
}  # fmt: skip

_SECOND = score.BPM / 60.0
"""Beats per second."""
_MOVE = 0.055
"""Time that lips and jaw take to reach a consonant's shape and to leave it, seconds."""


def face_weights(beats: Floats) -> Floats:
    """Return the ARKit weights (n, 52), 0 to 1, at times `beats` (n,)."""
    weights = np.zeros((len(beats), 52))

    def add(name: str, amount: Floats) -> None:
        weights[:, ARKIT_INDEX[name]] += amount

    rounded = np.zeros(len(beats))
    for note in score.MELODY:
        voice = _voice(beats, note)
        for name, amount in VOWEL_SHAPES[note.vowel].items():
            add(name, amount * voice)
        if note.vowel in "ou":
            rounded = np.maximum(rounded, voice)
    for note in score.MELODY:
        if note.consonant:
            closure = CONSONANTS[note.consonant]
            shut = _compute_closure(beats, note, closure.seconds)
            weights *= (1.0 - (1.0 - closure.kept) * shut)[:, None]
            for name, amount in closure.shapes.items():
                add(name, amount * shut)
    # Rounded lips suppress the smile.
    smile = track(choreography.SMILE, beats) * (1.0 - 0.8 * rounded)
    brows = track(choreography.BROWS, beats)
    frown = track(choreography.FROWN, beats)
    for side in ("Left", "Right"):
        add("mouthSmile" + side, smile)
        add("cheekSquint" + side, 0.5 * smile)
        add("eyeSquint" + side, 0.25 * smile + 0.2 * frown)
        add("browOuterUp" + side, 0.6 * brows)
        add("browDown" + side, frown)
        for beat in choreography.BLINKS:
            add("eyeBlink" + side, _blink(beats, beat, 0.0))
    for beat, side in choreography.WINKS:
        add("eyeBlink" + side, _blink(beats, beat, 0.35))
    add("browInnerUp", 0.7 * brows)
    return np.clip(weights, 0.0, 1.0)


def _voice(beats: Floats, note: score.Note) -> Floats:
    """Return the weight (n,), 0 to 1, of a note's vowel shape."""
    opening = (beats - note.beat) / (0.09 * _SECOND) + 0.4
    closing = (note.beat + 0.96 * note.length - beats) / (0.11 * _SECOND) + 0.6
    t = np.clip(np.minimum(opening, closing), 0.0, 1.0)
    smooth: Floats = t * t * (3.0 - 2.0 * t)
    return smooth


def _compute_closure(beats: Floats, note: score.Note, seconds: float) -> Floats:
    """Return the weight (n,), 0 to 1, of a note's consonant: 1 for `seconds` before the note."""
    late = (beats - note.beat) / _SECOND
    t = np.clip(np.minimum(1.0 + (late + seconds) / _MOVE, 1.0 - late / _MOVE), 0.0, 1.0)
    smooth: Floats = t * t * (3.0 - 2.0 * t)
    return smooth


def _blink(beats: Floats, beat: float, hold: float) -> Floats:
    """Return the weight (n,) of a blink: closing in 80 ms, held for `hold` s, opening in 130 ms."""
    late = (beats - beat) / _SECOND
    closing = 1.0 + late / 0.08
    opening = 1.0 - (late - hold) / 0.13
    shut: Floats = np.clip(np.minimum(closing, opening), 0.0, 1.0)
    return shut
