"""Close lips that nearly touch while a voice sounds through closed ones, as during m and b.

The landmarks of a small or blurred face leave a gap of a few pixels between lips that touch. The
voice knows better: but n sounds like m and parts the lips, so only lips that are seen nearly closed
are closed.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, smoothstep
from avatars.names import ARKIT, ARKIT_INDEX

_NEARLY_CLOSED: Final = (0.08, 0.22)
"""jawOpen up to which lips may be closed by a voice, and from which they are not."""

_FOLLOW_S: Final = 0.015
"""Time constant [s] that smooths the voice's windows of 10 ms; lips close for 60 ms and longer."""

_JAW: Final = ARKIT_INDEX["jawOpen"]
_CLOSE: Final = ARKIT_INDEX["mouthClose"]
_OPENERS: Final = np.array([
    row
    for row, name in enumerate(ARKIT)
    if name.startswith(("jawOpen", "mouthFunnel", "mouthLowerDown", "mouthUpperUp", "tongueOut"))
])  # fmt: skip
"""Shapes that part the lips."""


class VoiceClosure:
    """Closes one performer's lips."""

    def __init__(self) -> None:
        self._closed = 0.0

    def update(self, closed: float, dt: float) -> float:
        """Add what a voice says of the lips, 0 to 1; return it smoothed.

        Args:
            closed: how certainly the voice sounds through closed lips.
            dt: seconds since the last call.
        """
        self._closed += (1.0 - math.exp(-dt / _FOLLOW_S)) * (closed - self._closed)
        return self._closed


def close_lips(shapes: Array, closed: float) -> None:
    """Close lips that are nearly closed in face shapes (52,), in place.

    Args:
        shapes: (52,) 0 to 1.
        closed: how certainly a voice sounds through closed lips, 0 to 1.
    """
    near = 1.0 - float(smoothstep(shapes[_JAW : _JAW + 1], *_NEARLY_CLOSED)[0])
    shapes[_OPENERS] *= 1.0 - closed * near
    # mouthClose beyond the jaw tears the lips.
    shapes[_CLOSE] = min(float(shapes[_CLOSE]), float(shapes[_JAW]))
