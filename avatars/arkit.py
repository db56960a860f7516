"""Map ARKit's 52 blend shapes to an avatar's expressions.

A shape drives the expression of the same name directly where the avatar has one. Otherwise it
drives VRM's presets with the weights below, which are kept to short, readable sums: vowels use the
shapes that form them; emotions have small weights, because they look exaggerated on a lit face
that is small in the picture. A negative weight marks a shape that contradicts the vowel.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

import numpy as np

from avatars.model import F32, Expression
from avatars.names import ARKIT, ARKIT_INDEX

_BOTH: Final = ("Left", "Right")


def _pair_blinks(shape: str, weight: float) -> dict[str, float]:
    return {shape + side: weight for side in _BOTH}


PRESET_SHAPES: Final[dict[str, dict[str, float]]] = {
    "aa": {"jawOpen": 1.2, "mouthFunnel": -0.6, "mouthPucker": -0.6, "mouthClose": -1.0},
    "ih": {
        **_pair_blinks("mouthStretch", 0.35),
        **_pair_blinks("mouthDimple", 0.15),
        "jawOpen": -0.4,
    },
    "ou": {"mouthPucker": 0.9, "mouthFunnel": -0.4},
    "ee": {
        **_pair_blinks("mouthLowerDown", 0.25),
        **_pair_blinks("mouthUpperUp", 0.15),
        "jawOpen": -0.3,
    },
    "oh": {"mouthFunnel": 1.0, "jawOpen": 0.15},
    "happy": _pair_blinks("mouthSmile", 0.3),
    "angry": {**_pair_blinks("browDown", 0.2), **_pair_blinks("noseSneer", 0.1)},
    "sad": _pair_blinks("mouthFrown", 0.25),
    "surprised": {
        "browInnerUp": 0.2,
        **_pair_blinks("browOuterUp", 0.05),
        **_pair_blinks("eyeWide", 0.15),
    },
    "blink": _pair_blinks("eyeBlink", 0.5),
    "blinkLeft": {"eyeBlinkLeft": 1.0},
    "blinkRight": {"eyeBlinkRight": 1.0},
}
"""The shapes that drive each preset, with the preset's weight when the shape is at 1."""

_PAIRED_BLINK: Final = frozenset({"blinkLeft", "blinkRight"})


def expression_matrix(expressions: Sequence[Expression]) -> F32:
    """Return the matrix M (e, 52) for which expression weights are M · shapes, before clipping.

    Args:
        expressions: the avatar's expressions, in the avatar's order.
    """
    by_name = {expression.name: row for row, expression in enumerate(expressions)}
    moving = {expression.name for expression in expressions if len(expression.channels)}
    matrix = np.zeros((len(expressions), len(ARKIT)), np.float32)
    direct = [name for name in ARKIT if name in moving]
    for name in direct:
        matrix[by_name[name], ARKIT_INDEX[name]] = 1.0
    skipped = _find_unused_blinks(moving) or _find_unused_blinks(by_name.keys())
    for preset, shapes in PRESET_SHAPES.items():
        if preset in by_name and preset not in skipped:
            for shape, weight in shapes.items():
                if shape not in direct:
                    matrix[by_name[preset], ARKIT_INDEX[shape]] = weight
    return matrix


def _find_unused_blinks(names: Set[str]) -> Set[str]:
    """Return the blink presets to skip so that no lid closes twice.

    Where blinkLeft and blinkRight both exist, they take precedence over the two-eyed blink.
    """
    if names >= _PAIRED_BLINK:
        return {"blink"}
    return _PAIRED_BLINK if "blink" in names else frozenset()
