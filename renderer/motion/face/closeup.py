"""Face from a close-up camera, blended over the face from the body's camera."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import IDENTITY
from avatars.maths.vectors import Array
from avatars.names import HUMAN_BONES
from renderer.capture.records import Observation
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.face.landmarks import measure_observation
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.solver import FaceSolver
from renderer.motion.mixing.layers import Layer
from renderer.motion.priors.expressions import PersonalFace

_LONGEST_STEP_S: Final = 0.1


class CloseUpFace:
    """Solves a close-up of one performer and blends its expressions and gaze over a motion.

    The head pose stays the body camera's: a camera mounted on the head moves with it, and the
    position of one on a stand is unknown. A close-up that loses the face hands it to the body's
    camera within half a second and takes it back as smoothly.
    """

    def __init__(self) -> None:
        self._face = FaceSolver()
        self._layer = Layer()
        self._last_ns: int | None = None

    @property
    def weight(self) -> float:
        """How much of the face came from the close-up at the last time, 0 to 1."""
        return float(self._layer.weights[LIMBS.index("face")])

    def set_face_profile(self, profile: FaceProfile) -> None:
        """Apply a face calibration of the performer."""
        self._face.set_profile(profile)

    def set_completion(self, model: PersonalFace | None) -> None:
        """Complete what a camera does not see of this performer's face by a model of theirs."""
        self._face.set_completion(model)

    def push(self, seen: Observation) -> None:
        """Add an observation of the close-up; one that is not newer than the last is ignored."""
        if self._last_ns is not None and seen.t_seen_ns <= self._last_ns:
            return
        dt = 0.0 if self._last_ns is None else (seen.t_seen_ns - self._last_ns) * 1e-9
        self._last_ns = seen.t_seen_ns
        if seen.scores is None or not np.isfinite(seen.scores).all():
            return
        shapes, gaze = self._face.solve(
            seen.scores, measure_observation(seen), seen.t_seen_ns, min(dt, _LONGEST_STEP_S)
        )
        self._layer.push(
            Motion(
                t_seen_ns=seen.t_seen_ns,
                root=_NO_ROOT,
                hips_height=1.0,
                rotations=_NO_ROTATION,
                expressions=_freeze(shapes),
                gaze=_freeze(gaze),
                confidence=_FACE_CONFIDENCE,
            )
        )

    def blend_over(self, below: Motion, t_ns: int) -> Motion:
        """Return `below` with the close-up's face at time t_ns, which rises from call to call."""
        return self._layer.blend_over(below, t_ns)


def _freeze(values: Array | F32) -> F32:
    out = values.astype(np.float32)
    out.flags.writeable = False
    return out


_NO_ROOT: Final = _freeze(np.zeros(3))
_NO_ROTATION: Final = _freeze(np.tile(IDENTITY, (len(HUMAN_BONES), 1)))
_FACE_CONFIDENCE: Final = _freeze(np.arange(len(LIMBS)) == LIMBS.index("face"))
