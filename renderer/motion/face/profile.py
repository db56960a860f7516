"""What is known of one performer's face: how it rests, and how far it goes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT
from renderer.motion.face.landmarks import MEASURES
from renderer.motion.face.regression import READ, whole_read


@dataclass(frozen=True, slots=True)
class FaceProfile:
    """A performer's face, as a calibration found it.

    Attributes:
        rest: (52,) raw scores of the face at rest, in the order of avatars.names.ARKIT.
        full: (52,) raw scores of whole shapes, above `rest`.
        points_rest: (40,) facepoints.MEASURES of the face at rest.
        points_full: (40,) by how much they differ from that at whole shapes, above 0.
        gaze_rest: (2,) radians that straight ahead is seen as: yaw to the left, pitch up.
        gaze_scale: (2,) by which a gaze apart from that is seen too small.
        leak: what a wholly lowered gaze adds to the blinks' scores.
        read_full: (7,) what facereading reads of whole shapes, above its noise.
    """

    rest: Array
    full: Array
    points_rest: Array
    points_full: Array
    gaze_rest: Array
    gaze_scale: Array
    leak: float
    read_full: Array = field(default_factory=whole_read)

    def __post_init__(self) -> None:
        shapes = {
            "rest": (len(ARKIT),), "full": (len(ARKIT),), "points_rest": (len(MEASURES),),
            "points_full": (len(MEASURES),), "gaze_rest": (2,), "gaze_scale": (2,),
            "read_full": (len(READ),),
        }  # fmt: skip
        for name, shape in shapes.items():
            values: Array = getattr(self, name)
            if values.shape != shape or not np.isfinite(values).all():
                raise ValueError(f"{name} is not {shape[0]} numbers")
            values.flags.writeable = False
        wholes = np.concatenate((self.points_full, self.read_full))
        if (self.full <= self.rest).any() or (wholes <= 0.0).any():
            raise ValueError("a whole shape is no more than rest")
        if not np.isfinite(self.leak) or (self.gaze_scale <= 0.0).any():
            raise ValueError("a scale is not above 0")
