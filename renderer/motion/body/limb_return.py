"""Ease limbs that are seen again from where they were held.

A limb that is lost for a moment is held still, and where it is found again it may be elsewhere. The
difference is added to what is seen and fades out (inertialisation).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import IDENTITY, inverse, multiply, power
from avatars.maths.vectors import Array, smoothstep
from avatars.names import HUMAN_BONES
from renderer.motion.core.records import LIMBS
from renderer.motion.core.skeleton import BONE_LIMB

Bools = npt.NDArray[np.bool_]

_FADE_S: Final = 0.25
"""Seconds in which the difference fades out."""

_EASED: Final = np.array([name not in ("head", "face") for name in LIMBS])
"""Limbs to ease; the head has its own filters."""


class LimbReturn:
    """Remembers how far one performer's limbs were from where they were found again."""

    def __init__(self) -> None:
        self._seen = np.zeros(len(LIMBS), np.bool_)
        self._left_s: Array = np.zeros(len(LIMBS))
        self._offsets: Array = np.tile(IDENTITY, (len(HUMAN_BONES), 1))

    def ease(self, held: Array, solved: Array, seen: Bools, shown: Array, dt: float) -> Array:
        """Return the rotations (55, 4) to show, xyzw, local.

        Args:
            held: (55, 4) rotations as of the last frame.
            solved: (55, 4) rotations of this frame.
            seen: (9,) whether each of LIMBS is trusted in this frame.
            shown: (9,) how much each was shown in the last frame, 0 (idle) to 1.
            dt: seconds since the last frame.
        """
        back = seen & ~self._seen & (shown > 0.0) & _EASED
        self._seen = seen.copy()
        self._left_s = np.where(seen, np.maximum(self._left_s - dt, 0.0), 0.0)
        if back.any():
            rows = back[BONE_LIMB]
            self._offsets[rows] = multiply(held[rows], inverse(solved[rows]))
            self._left_s[back] = _FADE_S * shown[back]
        if not self._left_s.any():
            return solved
        share = smoothstep(self._left_s / _FADE_S, 0.0, 1.0)[BONE_LIMB]
        return multiply(power(self._offsets, share), solved)
