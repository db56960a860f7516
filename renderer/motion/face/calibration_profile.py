"""What the steps of a calibration say of a face: its rest, and how far it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.gaze import gaze_elevation, gaze_of
from renderer.motion.face.landmarks import BROWS, CORNERS, GAP, MEASURES, ON_SURFACE, WIDTH
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.regression import READ, sums_read, whole_read
from renderer.motion.face.rest import WHOLE
from renderer.motion.face.solver import FULL, LOOK_DOWN_FREE, LOOK_DOWN_LEAK, REST

_SMALLEST_SPAN: Final = 0.15
_LARGEST_REST: Final = 0.75
"""Of scores: less between rest and whole is noise, and a face at rest does not read higher."""

_ROOM: Final = (0.55, 1.8)
"""Whole shapes of one performer, over everybody's: what lies beyond was not done, or mistaken."""

_LOOK: Final = np.array([0.5, 0.3])
"""Radians that people's eyes go aside, and up and down, when they are asked for all they can."""
_LOOK_ROOM: Final = (0.7, 2.0)

_BLINKS: Final = [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]
_DOWNS: Final = [ARKIT_INDEX["eyeLookDownLeft"], ARKIT_INDEX["eyeLookDownRight"]]


@dataclass(frozen=True, slots=True)
class Seen:
    """The frames of a step in which the face was seen.

    Attributes:
        scores: (n, 52) raw.
        points: (n, 41) from facepoints.measured.
    """

    scores: Array
    points: Array

    @property
    def middle(self) -> Array:
        """(41,) the median points."""
        out: Array = np.median(self.points, axis=0)
        return out


def profile_of(relax: Seen, smile: Seen, open_: Seen, close: Seen, look: Seen) -> FaceProfile:
    """A performer's face from the five steps."""
    rest = np.minimum(np.median(relax.scores, axis=0), _LARGEST_REST)
    # What nobody is asked to do keeps everybody's span above this performer's rest.
    full = np.clip(rest + (FULL - REST), 0.0, 1.0)
    for start, step in (
        ("mouthSmile", smile), ("jawOpen", open_), ("browInnerUp", open_),
        ("browOuterUp", open_), ("eyeBlink", close),
    ):  # fmt: skip
        rows = [k for k, name in enumerate(ARKIT) if name.startswith(start)]
        full[rows] = np.percentile(step.scores[:, rows], 80, axis=0)
    rest = np.minimum(rest, 1.0 - _SMALLEST_SPAN)
    full = np.clip(full, rest + _SMALLEST_SPAN, 1.0)

    whole = WHOLE.copy()
    base = relax.middle[: len(MEASURES)]
    for measures, step in (
        (slice(GAP, GAP + 1), open_), (slice(WIDTH, WIDTH + 1), smile),
        (CORNERS, smile), (BROWS, open_),
    ):  # fmt: skip
        reached = np.percentile(step.points[:, measures], 70, axis=0) - base[measures]
        usual = WHOLE[measures]
        whole[measures] = clamp(reached, _ROOM[0] * usual, _ROOM[1] * usual)

    ahead = np.median([gaze_of(scores) for scores in relax.scores], axis=0)
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


def _read_full(base: Array, done: dict[str, Seen]) -> Array:
    """(7,) what is read of whole shapes: of those that were done, this performer's own."""
    whole = whole_read()
    for name, step in done.items():
        k = READ.index(name)
        reached = [
            sums_read(float(points[GAP]), points[ON_SURFACE] - base[ON_SURFACE])[k]
            for points in step.points
        ]
        low, high = _ROOM[0] * whole[k], _ROOM[1] * whole[k]
        whole[k] = min(max(float(np.percentile(reached, 70)), low), high)
    return whole


def _gaze_scale(look: Seen) -> Array:
    """(2,) by how much the widest looks are seen too small."""
    shown = look.scores[:, _BLINKS].min(axis=1) < 0.5
    if shown.sum() < 2:
        return np.ones(2)
    seen = zip(look.scores[shown], look.points[shown], strict=True)
    gazes = np.array(
        [(gaze_of(scores)[0], gaze_elevation(points, points[-1])) for scores, points in seen]
    )
    spread = 0.5 * (np.percentile(gazes, 95, axis=0) - np.percentile(gazes, 5, axis=0))
    return clamp(_LOOK / np.maximum(spread, 1e-3), *_LOOK_ROOM)


def _leak(look: Seen, rest: Array) -> float:
    """How much of a lowered gaze reads as a blink: the least squares slope through rest."""
    lowered = look.scores[:, _DOWNS].mean(axis=1) - LOOK_DOWN_FREE
    shut = look.scores[:, _BLINKS].min(axis=1) - rest[_BLINKS].min()
    down = lowered > 0.05
    if down.sum() < 3:
        return LOOK_DOWN_LEAK
    slope = float((lowered[down] * shut[down]).sum() / (lowered[down] ** 2).sum())
    return min(max(slope, 0.0), 1.0)
