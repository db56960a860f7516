"""Limbs turn no faster than the picture allows.

The picture gives a bone's depth up to its sign, and the sign comes from a noisy depth: where a
forearm that points at the camera seems to point away for a frame, its wrist would jump by twice its
length although it rests in the picture. So a bone that rests in the picture turns at a limited
rate, and the faster the more it moves there.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import about_axis, inverse, multiply, slerp
from avatars.maths.vectors import Array, length

_RATE: Final = 9.0
"""Radians per second at which a bone that rests in the picture may turn: the far end of a forearm
moves 7 cm a frame at 30 frames per second."""

_SHARE: Final = 2.0
"""Further radians for each by which it moves in the picture; the length of a bone is a radian."""

_LONGEST_GAP_S: Final = 0.25
"""Gap [s] after which a bone may point anywhere."""


class LimbRate:
    """Limits the rates at which one performer's bones turn.

    Args:
        rate: radians per second at which a bone that rests in the picture may turn.
    """

    def __init__(self, rate: float = _RATE) -> None:
        self._rate = rate
        self.reset()

    def reset(self) -> None:
        """Forget the limbs."""
        self._shown: Array | None = None
        self._measured: Array = np.zeros((0, 2))

    def __call__(
        self,
        rotations: Array,
        vectors: Array,
        lengths: Array,
        dt: float,
        turned: float,
        elsewhere: bool = False,
    ) -> Array:
        """Return the bones' world rotations (n, 4), xyzw, as near to `rotations` as they may be.

        Args:
            rotations: (n, 4) xyzw, world, as measured.
            vectors: (n, 2) or (n, 3) metres, stage axes, from each bone's near to its far end: the
                components that the cameras measure, without depth of a single camera.
            lengths: (n,) metres.
            dt: seconds since the last call.
            turned: radians about +Y by which the body has turned since then.
            elsewhere: whether the body was found elsewhere, so that nothing moved in the picture.
        """
        shown = self._shown
        if shown is not None and 0.0 < dt < _LONGEST_GAP_S:
            if turned:
                shown = multiply(about_axis(1, np.array(turned)), shown)
            moved = length(vectors - self._measured)[:, 0] / lengths
            way = self._rate * dt + (0.0 if elsewhere else _SHARE) * moved
            cosine = np.abs(multiply(rotations, inverse(shown))[:, 3])
            angle = 2.0 * np.arccos(np.minimum(cosine, 1.0))
            # NaN compares as false: bones that are or were not seen are left as they are.
            share = np.where(angle > way, way / np.maximum(angle, 1e-9), 1.0)
            if share.min() < 1.0:
                limited = slerp(shown, rotations, share)
                rotations = np.where(share[:, None] < 1.0, limited, rotations)
        self._shown, self._measured = rotations, vectors.copy()
        return rotations
