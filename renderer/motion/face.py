"""MediaPipe's 52 scores → how far each face shape is to move, and where the eyes look.

The raw scores rest above zero, differ by performer, and top out below one; a lowered gaze reads as
a blink. Measured on real faces and on a synthetic one with known input.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.records import F32
from renderer.motion.filters import OneEuro
from renderer.motion.linear import Array, clamp

_RANGES: Final[dict[str, tuple[float, float]]] = {
    "eyeBlink": (0.12, 0.65),
    "eyeSquint": (0.30, 0.85),
    "eyeWide": (0.05, 0.60),
    "browDown": (0.10, 0.85),
    "browInnerUp": (0.10, 0.95),
    "browOuterUp": (0.08, 0.85),
    "jawOpen": (0.02, 0.75),
    "mouthSmile": (0.05, 0.90),
    "mouthPucker": (0.15, 1.00),
    "mouthFunnel": (0.05, 0.70),
    "mouthFrown": (0.03, 0.45),
    "mouthPress": (0.10, 0.80),
    "mouthRoll": (0.08, 0.70),
    "mouthShrug": (0.12, 0.80),
    "mouthStretch": (0.05, 0.60),
    "mouthLowerDown": (0.03, 0.60),
    "mouthUpperUp": (0.03, 0.60),
    "mouthDimple": (0.04, 0.40),
    "mouthClose": (0.03, 0.40),
    "jawLeft": (0.03, 0.35),
    "jawRight": (0.03, 0.35),
}
"""Name or start of a name: the score at rest, and the score at full."""

_DEAD: Final = ("cheekPuff", "cheekSquint", "noseSneer", "jawForward")
"""Scores that carry no signal: below this much they are noise and are left at 0."""

_LOOK_DOWN_LEAK: Final = 0.55
_LOOK_DOWN_FREE: Final = 0.2
"""A gaze lowered by more than the second leaks this much of the rest into the blink score."""

_QUANTILE: Final = 0.15
_NEUTRAL_RATE: Final = 0.05
_NEUTRAL_ROOM: Final = 0.12
"""A performer's own rest is the low quantile of each score, found at this rate a second, no
further above the usual rest than this: a long smile must not become the rest."""

_YAW_RANGE: Final = 0.6
_PITCH_RANGE: Final = 0.45
"""Radians that the eyes turn at a score of 1."""


def _table() -> tuple[Array, Array]:
    rest, full = np.zeros(len(ARKIT)), np.ones(len(ARKIT))
    for i, name in enumerate(ARKIT):
        for start, (low, high) in _RANGES.items():
            if name.startswith(start):
                rest[i], full[i] = low, high
        if name.startswith(_DEAD):
            rest[i], full[i] = 0.3, 1.0
    return rest, full


_REST, _FULL = _table()
_ADAPTS: Final = np.array([name.startswith(("brow", "eyeSquint", "mouth")) for name in ARKIT])
_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]
_DOWNS: Final = [ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]
_UPS: Final = [ARKIT_INDEX["eyeLookUpLeft"], ARKIT_INDEX["eyeLookUpRight"]]
_TO_LEFT: Final = [ARKIT_INDEX["eyeLookOutLeft"], ARKIT_INDEX["eyeLookInRight"]]
_TO_RIGHT: Final = [ARKIT_INDEX["eyeLookInLeft"], ARKIT_INDEX["eyeLookOutRight"]]


class FaceSolver:
    """One performer's face: their scores at rest, found as they perform, and the filters."""

    def __init__(self) -> None:
        self._neutral = _REST.copy()
        self.reset()

    def reset(self) -> None:
        """Forget how the face moved, not how it rests."""
        # Blinks and lips are quick: little smoothing. Eyes dart and then rest: more.
        self._smooth = OneEuro(np.zeros((len(ARKIT), 1)), 4.0, 6.0)
        self._smooth_gaze = OneEuro(np.zeros((2, 1)), 1.5, 4.0)

    def solve(self, scores: F32 | None, t_ns: int, dt: float) -> tuple[Array, Array]:
        """Face shapes (52,) 0 to 1 and gaze (2,) [rad] of raw scores (52,), None where unseen."""
        if scores is None:
            return self._smooth.value[:, 0], self._smooth_gaze.value[:, 0]
        raw = clamp(scores, 0.0, 1.0).astype(np.float64)
        shapes = self._smooth(self.expressions(raw, dt)[:, None], t_ns)
        gaze = self._smooth_gaze(gaze_of(raw)[:, None], t_ns)
        return shapes[:, 0], gaze[:, 0]

    def expressions(self, scores: Array, dt: float) -> Array:
        """Face shapes (52,) 0 to 1 of raw scores (52,), dt seconds after the last ones."""
        self._adapt(scores, dt)
        clean = scores.copy()
        leak = _LOOK_DOWN_LEAK * np.maximum(scores[_DOWNS] - _LOOK_DOWN_FREE, 0.0)
        clean[_BLINKS] = scores[_BLINKS] - leak
        span = np.maximum(_FULL - self._neutral, 0.1)
        return clamp((clean - self._neutral) / span, 0.0, 1.0)

    def _adapt(self, scores: Array, dt: float) -> None:
        # The quantile p is where steps down of 1 − p and steps up of p balance.
        step = np.where(scores < self._neutral, _QUANTILE - 1.0, _QUANTILE)
        moved = self._neutral + _ADAPTS * step * _NEUTRAL_RATE * min(dt, 0.1)
        self._neutral = clamp(moved, 0.0, _REST + _NEUTRAL_ROOM)


def gaze_of(scores: Array) -> Array:
    """Gaze (2,) [rad] from straight ahead, yaw to the performer's left and pitch up."""
    yaw = scores[_TO_LEFT].mean() - scores[_TO_RIGHT].mean()
    pitch = scores[_UPS].mean() - scores[_DOWNS].mean()
    return np.array([_YAW_RANGE * yaw, _PITCH_RANGE * pitch])
