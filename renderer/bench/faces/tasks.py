"""Questions that a labelled face answers, and the limits at which a viewer sees the difference.

A limit says from which value on a shape is seen: an eye is shut from a blink of .75 on, brows are
raised from .25 on, a look is up from 10 degrees on. A solver that is right but faint fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT_INDEX

RAW_DEGREES: Final = (17.0, 18.5)
"""Degrees of yaw and of pitch per unit of the summed eyeLook scores of both eyes: with these the
raw scores agree best with the labels."""

_OWN_SIDE: Final = {"left": "Right", "right": "Left"}
"""The performer's side, by the picture's."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a face in n frames.

    Attributes:
        shapes: (n, 52) in the order of avatars.names.ARKIT.
        gaze: (n, 2) degrees, yaw to the performer's left and pitch up.
    """

    shapes: Array
    gaze: Array

    def __call__(self, name: str) -> Array:
        """Return (n,) values of a face shape."""
        values: Array = self.shapes[:, ARKIT_INDEX[name]]
        return values

    def mean(self, name: str) -> Array:
        """Return (n,) means of a shape's left and right side."""
        values: Array = 0.5 * (self(f"{name}Left") + self(f"{name}Right"))
        return values

    def difference(self, name: str) -> Array:
        """Return (n,) left minus right side of a shape."""
        values: Array = self(f"{name}Left") - self(f"{name}Right")
        return values

    @property
    def lateral(self) -> Array:
        """Return (n,) the sum of all that draws the mouth and the jaw to a side."""
        names = ("mouthLeft", "mouthRight", "jawLeft", "jawRight")
        total: Array = np.sum([self(name) for name in names], axis=0)
        return total + np.abs(self.difference("mouthSmile"))


@dataclass(frozen=True, slots=True)
class Task:
    """One question about a face.

    Attributes:
        columns: columns of the labels that answer it.
        truth: class of a label's word; None where it answers nothing.
        evidence: what is shown, (n,), by column.
        limits: rising, between the classes.
        first: number of the lowest class.
    """

    columns: tuple[str, ...]
    truth: Callable[[str], int | None]
    evidence: Callable[[Shown, str], Array]
    limits: tuple[float, ...]
    first: int = 0

    def classify(self, evidence: Array) -> Array:
        """Return the class of each value of the evidence."""
        steps = np.searchsorted(np.array(self.limits), evidence, side="right")
        return self.first + steps.astype(np.float64)


def _shape_is(*names: str) -> Callable[[str], int | None]:
    """Return a function that tells whether a mouth has one of these shapes."""
    return lambda word: int(bool(set(word.split("+")) & set(names)))


def _side(word: str) -> int:
    """Return 1 for a mouth drawn to the performer's left, −1 to the right, 0 for neither."""
    shapes = set(word.split("+"))
    return ("right" in shapes) - ("left" in shapes)


def _is_smile(word: str) -> bool:
    return bool(set(word.split("+")) & {"smile", "grin"})


def _of(words: Mapping[str, int]) -> Callable[[str], int | None]:
    return lambda word: words.get(word)


def _blink(shown: Shown, column: str) -> Array:
    return shown(f"eyeBlink{_OWN_SIDE[column.removeprefix('eye_')]}")


def _brow(shown: Shown, column: str) -> Array:
    side = _OWN_SIDE[column.removeprefix("brow_")]
    rise: Array = 0.5 * (shown(f"browOuterUp{side}") + shown("browInnerUp"))
    return rise - shown(f"browDown{side}")


_EYES, _BROWS = ("eye_left", "eye_right"), ("brow_left", "brow_right")

TASKS: Final[dict[str, Task]] = {
    "eye": Task(_EYES, _of({"open": 0, "half": 1, "closed": 2}), _blink, (0.35, 0.75)),
    "shut": Task(_EYES, _of({"open": 0, "closed": 1}), _blink, (0.6,)),
    "gaze_yaw": Task(
        ("gaze_yaw",),
        lambda word: int(np.sign(int(word))) if word else None,
        lambda shown, _: shown.gaze[:, 0],
        (-9.0, 9.0),
        -1,
    ),
    "level": Task(
        ("gaze_pitch",), _of({"0": 0}), lambda shown, _: shown.gaze[:, 1], (-10.0, 10.0), -1
    ),
    "raised_look": Task(
        ("gaze_pitch",), _of({"1": 1}), lambda shown, _: shown.gaze[:, 1], (-10.0, 10.0), -1
    ),
    "brow": Task(_BROWS, _of({"lowered": -1, "neutral": 0, "raised": 1}), _brow, (-0.2, 0.25), -1),
    "mouth_open": Task(
        ("mouth_open",),
        int,
        lambda shown, _: np.maximum(shown("jawOpen") - shown("mouthClose"), 0.0),
        (0.08, 0.3, 0.6),
    ),
    "smile": Task(
        ("mouth_shape",),
        _shape_is("smile", "grin"),
        lambda shown, _: np.maximum(shown("mouthSmileLeft"), shown("mouthSmileRight")),
        (0.3,),
    ),
    "frown": Task(
        ("mouth_shape",), _shape_is("frown"), lambda shown, _: shown.mean("mouthFrown"), (0.3,)
    ),
    "pucker": Task(
        ("mouth_shape",),
        _shape_is("pucker"),
        lambda shown, _: np.maximum(shown("mouthPucker"), shown("mouthFunnel")),
        (0.35,),
    ),
    "aside": Task(
        ("mouth_shape",),
        lambda word: None if _is_smile(word) else _side(word),
        lambda shown, _: shown.difference("mouth"),
        (-0.3, 0.3),
        -1,
    ),
    "one_sided": Task(
        ("mouth_shape",),
        lambda word: _side(word) if _is_smile(word) else None,
        lambda shown, _: shown.difference("mouthSmile"),
        (-0.25, 0.25),
        -1,
    ),
    "worried": Task(
        _BROWS[:1],
        lambda word: int(word == "worried"),
        lambda shown, _: shown("browInnerUp") - shown.mean("browOuterUp"),
        (0.2,),
    ),
}  # fmt: skip
"""By the name that the report gives them. An answer is right where the evidence is in the class of
the label. `level` and `raised_look` have one class each: of level gazes those shown level, of
raised ones those shown raised."""


def gaze_of_scores(scores: Array) -> Array:
    """Compute the gaze (n, 2), degrees, that the raw scores (n, 52) say: yaw left, pitch up."""
    shown = Shown(scores, np.zeros((len(scores), 2)))
    left = shown("eyeLookOutLeft") + shown("eyeLookInRight")
    right = shown("eyeLookInLeft") + shown("eyeLookOutRight")
    up, down = (2.0 * shown.mean(f"eyeLook{way}") for way in ("Up", "Down"))
    return np.stack(((left - right) * RAW_DEGREES[0], (up - down) * RAW_DEGREES[1]), axis=-1)


def balanced_accuracy(truth: Array, said: Array) -> float:
    """Return the mean over the classes that occur in `truth` of the share that is met."""
    return float(np.mean([np.mean(said[truth == each] == each) for each in np.unique(truth)]))
