"""Face shapes of sung vowels."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.audio.vowels import VOWELS

SHAPES: Final[dict[str, dict[str, float]]] = {
    "aa": {"jawOpen": 0.60, "mouthLowerDown": 0.20},
    "ih": {"jawOpen": 0.15, "mouthStretch": 0.45, "mouthSmile": 0.15},
    "ou": {"jawOpen": 0.14, "mouthPucker": 0.75, "mouthFunnel": 0.20},
    "ee": {"jawOpen": 0.30, "mouthStretch": 0.30, "mouthUpperUp": 0.10},
    "oh": {"jawOpen": 0.38, "mouthFunnel": 0.65},
}
"""Face shapes of each of VOWELS at full voice; a name without Left or Right applies to both sides.
"""


def _build_table() -> Array:
    """Return (5, 52) shape values by vowel."""
    table = np.zeros((len(VOWELS), len(ARKIT)))
    for vowel, shapes in SHAPES.items():
        for name, amount in shapes.items():
            for side in ("", "Left", "Right"):
                if name + side in ARKIT_INDEX:
                    table[VOWELS.index(vowel), ARKIT_INDEX[name + side]] = amount
    return table


VOWEL_SHAPES: Final[Array] = _build_table()
"""(5, 52) face shapes of VOWELS at full voice, in the order of ARKIT."""
