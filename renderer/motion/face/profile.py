"""A performer's face profile: their neutral face, and its range."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT
from renderer.motion.face.landmarks import MEASURES
from renderer.motion.face.regression import REGRESSED_SHAPES, default_full_sums


@dataclass(frozen=True, slots=True)
class FaceProfile:
    """A performer's face as calibrated.

    Attributes:
        rest: (52,) raw scores of the neutral face, in the order of avatars.names.ARKIT.
        full: (52,) raw scores of whole shapes, above `rest`.
        points_rest: (40,) landmarks.MEASURES of the neutral face.
        points_full: (40,) differences of the measures from neutral at whole shapes, above 0.
        gaze_rest: (2,) radians measured for a gaze straight ahead: yaw to the left, pitch up.
        gaze_scale: (2,) factors that correct a gaze measured too small.
        leak: what a fully lowered gaze adds to the blink scores.
        read_full: (7,) the regression's sums at whole shapes, above its noise.

    Raises:
        ValueError: an array has another shape, or a value is out of range.
    """

    rest: Array
    full: Array
    points_rest: Array
    points_full: Array
    gaze_rest: Array
    gaze_scale: Array
    leak: float
    read_full: Array = field(default_factory=default_full_sums)

    def __post_init__(self) -> None:
        shapes = {
            "rest": (len(ARKIT),), "full": (len(ARKIT),), "points_rest": (len(MEASURES),),
            "points_full": (len(MEASURES),), "gaze_rest": (2,), "gaze_scale": (2,),
            "read_full": (len(REGRESSED_SHAPES),),
        }  # fmt: skip
        for name, shape in shapes.items():
            values: Array = getattr(self, name)
            if values.shape != shape or not np.isfinite(values).all():
                raise ValueError(f"{name} is not {shape[0]} finite numbers")
            values.flags.writeable = False
        wholes = np.concatenate((self.points_full, self.read_full))
        if (self.full <= self.rest).any() or (wholes <= 0.0).any():
            raise ValueError("a whole shape is not above the neutral face")
        if not np.isfinite(self.leak) or (self.gaze_scale <= 0.0).any():
            raise ValueError("a scale is not above 0")
