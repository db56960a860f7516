"""MediaPipe's 52 scores → how far each face shape is to move, and where the eyes look.

The raw scores rest above zero, differ by performer, and top out below one; a lowered gaze reads as
a blink. Measured on real faces and on a synthetic one with known input.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.records import F32
from renderer.motion.core.filters import OneEuro
from renderer.motion.face.gaze import LOOKS, EyeGaze, look_shapes
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.shapes import PointShapes

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

LOOK_DOWN_LEAK: Final = 0.55
LOOK_DOWN_FREE: Final = 0.2
_LOOK_DOWN_S: Final = 0.4
"""A gaze lowered by more than the second leaks this much of the rest into the blink score. A blink
in turn looks like a lowered gaze, but not for as long as the third."""

_QUANTILE: Final = 0.15
_NEUTRAL_RATE: Final = 0.05
_FIRST_RATE: Final = 1.0
_FIRST_S: Final = 2.0
_NEUTRAL_ROOM: Final = 0.12
_BROW_ROOM: Final = 0.6
_KNOWN_ROOM: Final = 0.05
"""A performer's own rest is the low quantile of each score, found at this rate a second, faster in
the first seconds, no further above the usual rest than this: a long smile must not become the rest.
Raised brows rest between .1 and .75, by performer and by how the head is held. Around a rest that a
calibration found there is the last."""

LEARN_S: Final = 1.0
"""How long a performer is asked to keep still to have their face at rest learnt."""

_WINK_PIXELS: Final = 7.0
"""Over the pixels between the eyes: by how much one eye seems more shut than the other, by noise.
Where nobody winks, 99 % are below .37 at 20 pixels (a dancer), .23 at 28 (the demo) and .18 at 50
(two people); the demo's winks are .34 to .52.
"""


def _table() -> tuple[Array, Array]:
    rest, full = np.zeros(len(ARKIT)), np.ones(len(ARKIT))
    for i, name in enumerate(ARKIT):
        for start, (low, high) in _RANGES.items():
            if name.startswith(start):
                rest[i], full[i] = low, high
        if name.startswith(_DEAD):
            rest[i], full[i] = 0.3, 1.0
    return rest, full


REST, FULL = _table()
_ROOM: Final[Array] = np.array(
    [_BROW_ROOM if n.startswith("brow") and "Up" in n else _NEUTRAL_ROOM for n in ARKIT]
)
_ADAPTS: Final = np.array([name.startswith(("brow", "eyeSquint", "mouth")) for name in ARKIT])
_BROWS: Final = np.array([name.startswith("brow") for name in ARKIT])
# Hz, and Hz a second: blinks and lips are quick; brows move a few points of a small face.
_CUTOFF: Final = np.where(_BROWS, 0.8, 4.0)
_BETA: Final = np.where(_BROWS, 1.5, 6.0)
_RAISED: Final = [ARKIT_INDEX[f"brow{n}"] for n in ("InnerUp", "OuterUpLeft", "OuterUpRight")]
_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]
_DOWNS: Final = [ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]


class FaceSolver:
    """One performer's face: how it rests and how far it goes, found or known, and the filters."""

    def __init__(self) -> None:
        self._neutral = REST.copy()
        self._floor, self._room, self._full = REST.copy(), _ROOM.copy(), FULL.copy()
        self._points = PointShapes()
        self._gaze = EyeGaze()
        self._leak = LOOK_DOWN_LEAK
        self._seen_s = 0.0
        self._learning: list[tuple[Array, Array | None]] = []
        self._learn_s = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget how the face moved, not how it rests."""
        self._smooth = OneEuro(np.zeros((len(ARKIT), 1)), _CUTOFF[:, None], _BETA[:, None])
        self._smooth_gaze = OneEuro(np.zeros((2, 1)), 1.5, 4.0)
        self._lowered = 0.0
        self._gaze.reset()

    def know(self, profile: FaceProfile) -> None:
        """Take what a calibration found for this performer's rest and range."""
        self._floor, self._neutral = profile.rest.copy(), profile.rest.copy()
        self._full = profile.full.copy()
        self._room = np.full(len(ARKIT), _KNOWN_ROOM)
        lift = float(profile.rest[_RAISED].mean())
        self._points.learn(profile.points_rest, lift)
        self._points.full = profile.points_full.copy()
        self._points.read_full = profile.read_full.copy()
        self._gaze.know(profile.gaze_rest, profile.gaze_scale, profile.points_rest)
        self._leak = profile.leak
        self._seen_s = _FIRST_S

    def learn_rest(self) -> None:
        """Take the face of the next LEARN_S seconds in which it is seen for this performer's rest.

        Without it the rest is found as they perform.
        """
        self._learning, self._learn_s = [], LEARN_S

    def solve(
        self, scores: F32 | None, points: Array | None, t_ns: int, dt: float
    ) -> tuple[Array, Array]:
        """Face shapes (52,) 0 to 1 and gaze (2,) [rad]. The eyeLook shapes say what the gaze does.

        Args:
            scores: (52,) raw; None where no face is seen.
            points: (41,) what facepoints.measured says; None where the points are not known.
            dt: seconds since the last solve.
        """
        if scores is None:
            return self._smooth.value[:, 0], self._smooth_gaze.value[:, 0]
        raw = clamp(scores, 0.0, 1.0).astype(np.float64)
        if self._learn_s > 0.0:
            self._learn(raw, points, dt)
        if points is not None:
            raw[_BLINKS] = even_blinks(raw[_BLINKS], float(points[-1]))
        wanted = self.expressions(raw, dt)
        if points is not None:
            self._points.blend(wanted, points, float(raw[_RAISED].mean()), dt)
        looks = self._gaze.look(raw, points, float(wanted[_BLINKS].max()), dt)
        gaze = self._smooth_gaze(looks[:, None], t_ns)
        wanted[LOOKS] = look_shapes(gaze[:, 0])
        return self._smooth(wanted[:, None], t_ns)[:, 0], gaze[:, 0]

    def expressions(self, scores: Array, dt: float) -> Array:
        """Face shapes (52,) 0 to 1 of raw scores (52,), dt seconds after the last ones."""
        self._adapt(scores, dt)
        clean = scores.copy()
        lowered = float(scores[_DOWNS].mean())
        self._lowered += (1.0 - np.exp(-dt / _LOOK_DOWN_S)) * (lowered - self._lowered)
        leak = self._leak * max(min(lowered, self._lowered) - LOOK_DOWN_FREE, 0.0)
        # A lowered gaze lowers both lids: what only one of them shows is a wink.
        clean[_BLINKS] -= min(leak, float(scores[_BLINKS].min()))
        span = np.maximum(self._full - self._neutral, 0.1)
        return clamp((clean - self._neutral) / span, 0.0, 1.0)

    def _adapt(self, scores: Array, dt: float) -> None:
        self._seen_s += dt
        rate = _FIRST_RATE if self._seen_s < _FIRST_S else _NEUTRAL_RATE
        # The quantile p is where steps down of 1 − p and steps up of p balance.
        step = np.where(scores < self._neutral, _QUANTILE - 1.0, _QUANTILE)
        moved = self._neutral + _ADAPTS * step * rate * min(dt, 0.1)
        self._neutral = clamp(moved, 0.0, self._floor + self._room)

    def _learn(self, scores: Array, points: Array | None, dt: float) -> None:
        self._learning.append((scores, points))
        self._learn_s -= dt
        if self._learn_s > 0.0:
            return
        rest = np.median([seen for seen, _ in self._learning], axis=0)
        self._floor = np.where(_ADAPTS, rest, REST)
        self._neutral = np.where(_ADAPTS, rest, self._neutral)
        self._seen_s = _FIRST_S
        measures = [seen for _, seen in self._learning if seen is not None]
        if measures:
            middle = np.median(measures, axis=0)
            self._points.learn(middle, float(rest[_RAISED].mean()))
            self._gaze.learn(middle, float(middle[-1]))
        self._learning = []


def even_blinks(blinks: Array, pixels: float) -> Array:
    """Blink scores (2,) without what of their difference is a small face's noise.

    Args:
        pixels: between the eyes' outer corners.
    """
    noise = _WINK_PIXELS / max(pixels, 1.0)
    apart = np.abs(blinks[0] - blinks[1])
    kept = smoothstep(np.array(apart), 0.7 * noise, 1.3 * noise)
    mean = blinks.mean()
    out: Array = mean + kept * (blinks - mean)
    return out
