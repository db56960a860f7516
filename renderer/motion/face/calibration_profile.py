"""Computes a face profile from the recorded steps of a calibration: neutral face and range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.gaze import gaze_elevation, gaze_from_scores
from renderer.motion.face.landmarks import BROWS, CORNERS, GAP, MEASURES, ON_SURFACE, WIDTH
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.regression import (
    REGRESSED_SHAPES,
    compute_weighted_sums,
    default_full_sums,
)
from renderer.motion.face.rest import WHOLE
from renderer.motion.face.solver import FULL, LOOK_DOWN_LEAK, LOOK_DOWN_MIN, REST

_MIN_SPAN: Final = 0.15
"""Smallest difference between the scores of a whole shape and of the neutral face; less is noise.
"""

_MAX_REST: Final = 0.75
"""Largest score of a neutral face."""

_SPAN_LIMITS: Final = (0.55, 1.8)
"""A performer's whole shapes over the average person's: beyond these limits the action was not
performed, or misdetected."""

_USUAL_LOOK: Final = np.array([0.5, 0.3])
"""Radians that people's eyes turn sideways, and up or down, when asked to look as far as they can.
"""
_GAZE_SCALE_LIMITS: Final = (0.7, 2.0)
"""Limits of the gaze scale."""

_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]
_DOWNS: Final = [ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]


@dataclass(frozen=True, slots=True)
class StepFrames:
    """The frames of a step in which the face was seen.

    Attributes:
        scores: (n, 52) raw.
        points: (n, 41) from landmarks.measure.
    """

    scores: Array
    points: Array

    @property
    def middle(self) -> Array:
        """(41,) the median points."""
        out: Array = np.median(self.points, axis=0)
        return out


def build_profile(
    relax: StepFrames, smile: StepFrames, open_: StepFrames, close: StepFrames, look: StepFrames
) -> FaceProfile:
    """Compute a performer's face profile from the five recorded steps."""
    rest = np.minimum(np.median(relax.scores, axis=0), _MAX_REST)
    # Shapes without a step keep the average person's span above this performer's neutral score.
    full = np.clip(rest + (FULL - REST), 0.0, 1.0)
    for start, step in (
        ("mouthSmile", smile), ("jawOpen", open_), ("browInnerUp", open_),
        ("browOuterUp", open_), ("eyeBlink", close),
    ):  # fmt: skip
        rows = [k for k, name in enumerate(ARKIT) if name.startswith(start)]
        full[rows] = np.percentile(step.scores[:, rows], 80, axis=0)
    rest = np.minimum(rest, 1.0 - _MIN_SPAN)
    full = np.clip(full, rest + _MIN_SPAN, 1.0)

    whole = WHOLE.copy()
    base = relax.middle[: len(MEASURES)]
    for measures, step in (
        (slice(GAP, GAP + 1), open_), (slice(WIDTH, WIDTH + 1), smile),
        (CORNERS, smile), (BROWS, open_),
    ):  # fmt: skip
        reached = np.percentile(step.points[:, measures], 70, axis=0) - base[measures]
        usual = WHOLE[measures]
        whole[measures] = clamp(reached, _SPAN_LIMITS[0] * usual, _SPAN_LIMITS[1] * usual)

    ahead = np.median([gaze_from_scores(scores) for scores in relax.scores], axis=0)
    return FaceProfile(
        rest=rest,
        full=full,
        points_rest=base,
        points_full=whole,
        gaze_rest=ahead,
        gaze_scale=_gaze_scale(look),
        leak=_leak(look, rest),
        read_full=_read_full(base, {"mouthSmile": smile, "mouthPress": close}),
    )


def _read_full(base: Array, done: dict[str, StepFrames]) -> Array:
    """Return (7,) the regression's sums of whole shapes: this performer's own where recorded.

    Args:
        base: measures of the neutral face.
        done: the recorded steps by shape.
    """
    whole = default_full_sums()
    for name, step in done.items():
        k = REGRESSED_SHAPES.index(name)
        reached = [
            compute_weighted_sums(float(points[GAP]), points[ON_SURFACE] - base[ON_SURFACE])[k]
            for points in step.points
        ]
        low, high = _SPAN_LIMITS[0] * whole[k], _SPAN_LIMITS[1] * whole[k]
        whole[k] = min(max(float(np.percentile(reached, 70)), low), high)
    return whole


def _gaze_scale(look: StepFrames) -> Array:
    """Return (2,) the factors by which the widest looks are measured too small."""
    shown = look.scores[:, _BLINKS].min(axis=1) < 0.5
    if shown.sum() < 2:
        return np.ones(2)
    seen = zip(look.scores[shown], look.points[shown], strict=True)
    gazes = np.array(
        [
            (gaze_from_scores(scores)[0], gaze_elevation(points, points[-1]))
            for scores, points in seen
        ]
    )
    spread = 0.5 * (np.percentile(gazes, 95, axis=0) - np.percentile(gazes, 5, axis=0))
    return clamp(_USUAL_LOOK / np.maximum(spread, 1e-3), *_GAZE_SCALE_LIMITS)


def _leak(look: StepFrames, rest: Array) -> float:
    """Return how much of a lowered gaze reads as a blink: the least-squares slope from rest."""
    lowered = look.scores[:, _DOWNS].mean(axis=1) - LOOK_DOWN_MIN
    shut = look.scores[:, _BLINKS].min(axis=1) - rest[_BLINKS].min()
    down = lowered > 0.05
    if down.sum() < 3:
        return LOOK_DOWN_LEAK
    slope = float((lowered[down] * shut[down]).sum() / (lowered[down] ** 2).sum())
    return min(max(slope, 0.0), 1.0)
