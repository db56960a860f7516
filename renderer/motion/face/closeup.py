"""The face that a camera close to it sees, over the one that the body's camera sees."""

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

_LONGEST_STEP_S: Final = 0.1


class CloseUpFace:
    """Solves a close-up of one performer and lays its expressions and gaze over a motion.

    The head stays the body's: a camera on the head turns with it, and where one on a stand stands,
    nobody knows. A close-up that loses the face leaves it to the body's camera in half a second and
    takes it back as softly.
    """

    def __init__(self) -> None:
        self._face = FaceSolver()
        self._layer = Layer()
        self._last_ns: int | None = None

    @property
    def weight(self) -> float:
        """How much of the face was the close-up's at the last time, 0 to 1."""
        return float(self._layer.weights[LIMBS.index("face")])

    def know_face(self, profile: FaceProfile) -> None:
        """Take what a calibration found for the performer's face."""
        self._face.know(profile)

    def see(self, seen: Observation) -> None:
        """Take in what the close-up shows; by rising time, what is not newer is left."""
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
                root=_NOWHERE,
                hips_height=1.0,
                rotations=_UNTURNED,
                expressions=_freeze(shapes),
                gaze=_freeze(gaze),
                confidence=_FACE_ALONE,
            )
        )

    def over(self, below: Motion, t_ns: int) -> Motion:
        """The motion with the close-up's face, at the time t_ns; times rise from call to call."""
        return self._layer.over(below, t_ns)


def _freeze(values: Array | F32) -> F32:
    out = values.astype(np.float32)
    out.flags.writeable = False
    return out


_NOWHERE: Final = _freeze(np.zeros(3))
_UNTURNED: Final = _freeze(np.tile(IDENTITY, (len(HUMAN_BONES), 1)))
_FACE_ALONE: Final = _freeze(np.arange(len(LIMBS)) == LIMBS.index("face"))
