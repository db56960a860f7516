"""Face solver: MediaPipe's 52 scores and landmarks to face shapes and gaze.

The raw scores are above zero at rest, differ by performer, and saturate below one; a lowered gaze
reads as a blink. The ranges were measured on real faces and on a synthetic one with known input.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.records import F32
from renderer.motion.core.filters import OneEuro
from renderer.motion.face.gaze import LOOKS, EyeGaze, look_shapes
from renderer.motion.face.lateral import limit_lateral
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.shapes import PointShapes, measure_fineness
from renderer.motion.face.tongue import TONGUE
from renderer.motion.priors.expressions import PersonalFace

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
"""By name or prefix: the score of a neutral face, and of a whole shape."""

_DEAD_SCORES: Final = ("cheekPuff", "cheekSquint", "noseSneer", "jawForward")
"""Scores without a signal: up to 0.3 is noise and is left at 0."""

LOOK_DOWN_LEAK: Final = 0.55
"""Share of a gaze lowered beyond LOOK_DOWN_MIN that leaks into the blink score."""

LOOK_DOWN_MIN: Final = 0.2
"""eyeLookDown score below which nothing leaks."""

_LOOK_DOWN_S: Final = 0.4
"""Time constant [s] of the lowered gaze: a blink looks like a lowered gaze too, but not for this
long."""

_NEUTRAL_QUANTILE: Final = 0.15
"""Quantile of a performer's scores that is taken as neutral."""

_NEUTRAL_RATE: Final = 0.05
"""Speed of that quantile's estimate per second."""

_NEUTRAL_ROOM: Final = 0.12
"""Largest amount by which a neutral score exceeds the usual one: a long smile must not become
neutral."""

_BROW_ROOM: Final = 0.6
"""The same for raised brows, whose neutral scores are between .1 and .75, depending on the
performer and on how the head is held."""

_CALIBRATED_ROOM: Final = 0.05
"""The same around a calibrated neutral score."""

LEARN_S: Final = 1.0
"""Seconds for which a performer keeps still to have their neutral face learnt."""

_WINK_NOISE_PIXELS: Final = 7.0
"""Divided by the pixels between the eyes: the difference between both eyes' blink scores that is
noise. Without winks, 99 % of the differences are below .37 at 20 pixels (a dancer), .23 at 28 (the
demo) and .18 at 50 (two people); the demo's winks are .34 to .52."""


def _build_table() -> tuple[Array, Array]:
    """Return neutral and full scores, (52,) each."""
    rest, full = np.zeros(len(ARKIT)), np.ones(len(ARKIT))
    for i, name in enumerate(ARKIT):
        for start, (low, high) in _RANGES.items():
            if name.startswith(start):
                rest[i], full[i] = low, high
        if name.startswith(_DEAD_SCORES):
            rest[i], full[i] = 0.3, 1.0
    return rest, full


REST, FULL = _build_table()
_ROOM: Final[Array] = np.array(
    [_BROW_ROOM if n.startswith("brow") and "Up" in n else _NEUTRAL_ROOM for n in ARKIT]
)
_ADAPTS: Final = np.array([name.startswith(("brow", "eyeSquint", "mouth")) for name in ARKIT])
_BROWS: Final = np.array([name.startswith("brow") for name in ARKIT])
_LIDS: Final = np.array([name.startswith("eyeBlink") for name in ARKIT])
# Cutoff [Hz] and its slope [Hz per unit per second]: blinks and lips are fast; brows move by a few
# points of a small face.
_CUTOFF: Final = np.where(_BROWS, 3.0, np.where(_LIDS, 8.0, 4.0))
_BETA: Final = np.where(_BROWS, 4.0, 6.0)
_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]
_DOWNS: Final = [ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]


class FaceSolver:
    """Solves one performer's face; holds neutral face, range and filters."""

    def __init__(self) -> None:
        self._neutral = REST.copy()
        self._floor, self._room, self._full = REST.copy(), _ROOM.copy(), FULL.copy()
        self._points = PointShapes()
        self._gaze = EyeGaze()
        self._leak = LOOK_DOWN_LEAK
        self._completion: PersonalFace | None = None
        self._learning: list[tuple[Array, Array | None]] = []
        self._learn_s = 0.0
        self.reset()

    def reset(self) -> None:
        """Forget the face's movement; keep its neutral state."""
        self._smooth = OneEuro(np.zeros((len(ARKIT), 1)), _CUTOFF[:, None], _BETA[:, None])
        self._smooth_gaze = OneEuro(np.zeros((2, 1)), 1.5, 4.0)
        self._shapes: Array = np.zeros(len(ARKIT))
        self._lowered = 0.0
        self._gaze.reset()

    def set_profile(self, profile: FaceProfile) -> None:
        """Apply a calibration: this performer's neutral face and range."""
        self._floor, self._neutral = profile.rest.copy(), profile.rest.copy()
        self._full = profile.full.copy()
        self._room = np.full(len(ARKIT), _CALIBRATED_ROOM)
        self._points.learn(profile.points_rest, profile.rest)
        self._points.full = profile.points_full.copy()
        self._points.read_full = profile.read_full.copy()
        self._gaze.set_profile(profile.gaze_rest, profile.gaze_scale, profile.points_rest)
        self._leak = profile.leak

    def set_completion(self, model: PersonalFace | None) -> None:
        """Complete what a camera does not see of this performer's face by a model of theirs."""
        self._completion = model

    def learn_rest(self) -> None:
        """Learn the neutral face from the next LEARN_S seconds in which the face is seen.

        Without this the neutral face is estimated while they perform.
        """
        self._learning, self._learn_s = [], LEARN_S

    def solve(
        self, scores: F32 | None, points: Array | None, t_ns: int, dt: float
    ) -> tuple[Array, Array]:
        """Compute face shapes (52,), 0 to 1, and gaze (2,), radians.

        The eyeLook shapes are derived from the gaze.

        Args:
            scores: (52,) raw; None where no face is seen.
            points: (41,) from landmarks.measure; None where the points are unknown.
            t_ns: time of the observation.
            dt: seconds since the last solve.
        """
        if scores is None:
            return self._shapes, self._smooth_gaze.value[:, 0]
        raw = clamp(scores, 0.0, 1.0).astype(np.float64)
        if self._learn_s > 0.0:
            self._learn(raw, points, dt)
        if points is not None:
            raw[_BLINKS] = even_blinks(raw[_BLINKS], float(points[-1]))
        lids_seen = 0.0 if points is None else measure_fineness(points)
        wanted = self.expressions(raw, dt, lids_seen)
        if points is not None:
            self._points.blend(wanted, points, raw, dt)
        looks = self._gaze.solve(raw, points, float(wanted[_BLINKS].max()), dt)
        gaze = self._smooth_gaze(looks[:, None], t_ns)
        wanted[LOOKS] = look_shapes(gaze[:, 0])
        # Each shape has its own filter, so the sum is limited after them.
        self._shapes = limit_lateral(self._smooth(wanted[:, None], t_ns)[:, 0])
        if self._completion is not None:
            self._shapes = limit_lateral(self._completion.complete(self._shapes))
        return self._shapes, gaze[:, 0]

    def expressions(self, scores: Array, dt: float, lids_seen: float = 0.0) -> Array:
        """Normalise raw scores (52,) to face shapes (52,), 0 to 1.

        Args:
            scores: (52,) raw.
            dt: seconds since the last call.
            lids_seen: how well landmarks show the lids, 0 to 1. Where they do, nothing is taken off
                a blink for a lowered gaze: it is what leaves shut eyes half open.
        """
        self._adapt(scores, dt)
        clean = scores.copy()
        lowered = float(scores[_DOWNS].mean())
        self._lowered += (1.0 - np.exp(-dt / _LOOK_DOWN_S)) * (lowered - self._lowered)
        leak = (
            (1.0 - lids_seen) * self._leak * max(min(lowered, self._lowered) - LOOK_DOWN_MIN, 0.0)
        )
        # A lowered gaze lowers both lids; what only one of them shows is a wink.
        clean[_BLINKS] -= min(leak, float(scores[_BLINKS].min()))
        span = np.maximum(self._full - self._neutral, 0.1)
        shapes: Array = clamp((clean - self._neutral) / span, 0.0, 1.0)
        # A redness of the chin, which only landmarks make a tongue of.
        shapes[TONGUE] = 0.0
        return shapes

    def _adapt(self, scores: Array, dt: float) -> None:
        """Update the neutral scores."""
        # At the quantile p, steps down of 1 − p and steps up of p balance.
        step = np.where(scores < self._neutral, _NEUTRAL_QUANTILE - 1.0, _NEUTRAL_QUANTILE)
        moved = self._neutral + _ADAPTS * step * _NEUTRAL_RATE * min(dt, 0.1)
        self._neutral = clamp(moved, 0.0, self._floor + self._room)

    def _learn(self, scores: Array, points: Array | None, dt: float) -> None:
        """Record a frame of the neutral face; apply the median when LEARN_S is over."""
        self._learning.append((scores, points))
        self._learn_s -= dt
        if self._learn_s > 0.0:
            return
        rest = np.median([seen for seen, _ in self._learning], axis=0)
        self._floor = np.where(_ADAPTS, rest, REST)
        self._neutral = np.where(_ADAPTS, rest, self._neutral)
        measures = [seen for _, seen in self._learning if seen is not None]
        if measures:
            middle = np.median(measures, axis=0)
            self._points.learn(middle, rest)
            self._gaze.learn(middle, float(middle[-1]))
        self._learning = []


def even_blinks(blinks: Array, pixels: float) -> Array:
    """Remove the noise of a small face from the difference of the blink scores (2,).

    Args:
        blinks: (2,) left and right, raw.
        pixels: between the outer corners of the eyes.
    """
    noise = _WINK_NOISE_PIXELS / max(pixels, 1.0)
    apart = np.abs(blinks[0] - blinks[1])
    kept = smoothstep(np.array(apart), 0.7 * noise, 1.3 * noise)
    mean = blinks.mean()
    out: Array = mean + kept * (blinks - mean)
    return out
