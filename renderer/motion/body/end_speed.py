"""Limit how far hands and feet move between two frames beyond what the picture shows.

What a camera shows of a limb jumps when the detector finds it again or estimates its depth again. A
limb whose end would move farther than it does in the picture turns a share of the way, and the rest
in the frames that follow; a gesture that is very fast in the picture is eased a little. Limbs that
all leap at once belong to a body found afresh.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import about_axis, multiply, rotate, slerp
from avatars.maths.vectors import Array, length, rotation_about_vertical
from renderer.motion.core.skeleton import LIMB_AXIS

_STEP: Final = 0.05
"""Metres that the end of a limb may move in depth between two frames, however close these are."""

_SPEED: Final = 1.0
"""Metres per second at which it may do so where frames are farther apart."""

_FREE: Final = 0.13
"""Metres between two frames that the end of a limb may always move."""

_FAST: Final = 0.11
"""Metres between two frames up to which what the picture shows is followed at once."""

_FAST_SHARE: Final = 0.85
"""Share of the movement beyond that."""

_LOST: Final = 0.28
"""Metres in the picture between two frames beyond which one arm alone was found elsewhere rather
than moved; both arms may be flung so fast."""

_LEAP: Final = 0.25
"""Metres; limbs that all move farther were found afresh."""

_LONGEST_GAP_S: Final = 0.25
"""Gap [s] after which a limb may be anywhere."""

_ROOTS: Final[Array] = np.array(
    [[0.16, 0.45, 0.0], [-0.16, 0.45, 0.0], [0.1, 0.0, 0.0], [-0.1, 0.0, 0.0]]
)
"""(4, 3) metres from the hips to shoulders and hip joints of an adult who stands upright."""

_TRUNK: Final = np.array([1, 1, 0, 0])
"""Rows of chest, chest, pelvis and pelvis, which carry the limbs' roots."""

_ARMS: Final = slice(0, 2)
"""The arms among the limbs."""

_AXES: Final[Array] = np.concatenate((LIMB_AXIS, LIMB_AXIS))


class EndSpeed:
    """Limits the steps of one performer's hands and feet relative to the hips."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the limbs."""
        self._shown: Array | None = None
        self._ends: Array = np.zeros((4, 3))
        self._flat: Array = np.zeros((4, 2))

    def __call__(
        self,
        rotations: Array,
        points: Array,
        lengths: Array,
        dt: float,
        turned: float,
        elsewhere: bool = False,
    ) -> Array:
        """Return the body's world rotations (10, 4), xyzw, as near to `rotations` as they may be.

        Args:
            rotations: (10, 4) pelvis, chest, four upper and four lower bones.
            points: (4, 3) metres about the hips, the limbs' ends as the picture shows them.
            lengths: (8,) metres, of the upper and lower bones.
            dt: seconds since the last call.
            turned: radians about +Y by which the body has turned since then.
            elsewhere: whether the body was found elsewhere, so that nothing moved in the picture.
        """
        ends, flat = _limb_ends(rotations, lengths), points[:, :2].copy()
        shown = self._shown
        if shown is not None and 0.0 < dt < _LONGEST_GAP_S:
            before = self._ends
            if turned:
                shown = multiply(about_axis(1, np.array(turned)), shown)
                before = before @ rotation_about_vertical(turned)
            seen = length(flat - self._flat)[:, 0]
            if elsewhere:
                seen = np.zeros(4)
            elif (seen[_ARMS] > _LOST).sum() == 1:
                seen = np.where(seen > _LOST, 0.0, seen)
            seen = np.minimum(seen, _FAST + _FAST_SHARE * (seen - _FAST))
            way = np.maximum(np.hypot(seen, max(_STEP, _SPEED * dt)), _FREE)
            steps = length(ends - before)[:, 0]
            far = steps > way
            if far.any() and (elsewhere or not (steps > _LEAP).all()):
                share = np.where(far, way / np.maximum(steps, 1e-9), 1.0)
                limbs = slerp(shown[2:], rotations[2:], np.concatenate((share, share)))
                rotations = np.concatenate((rotations[:2], limbs))
                ends = _limb_ends(rotations, lengths)
        self._shown, self._ends, self._flat = rotations, ends, flat
        return rotations


def _limb_ends(rotations: Array, lengths: Array) -> Array:
    """Return where hands and feet are (4, 3), metres from the hips."""
    bones = np.concatenate((_ROOTS, _AXES * lengths[:, None]))
    turned = rotate(np.concatenate((rotations[_TRUNK], rotations[2:])), bones)
    ends: Array = turned[:4] + turned[4:8] + turned[8:]
    return ends
