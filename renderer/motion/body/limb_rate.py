"""Limbs turn no faster than the picture allows.

The picture gives a bone's depth up to its sign, and the sign comes from a noisy depth: where a
forearm that points at the camera seems to point away for a frame, its wrist would jump by twice its
length although it rests in the picture. So a bone that rests in the picture turns at a limited
rate, and the faster the more it moves there.
"""

from __future__ import annotations

from math import acos, sqrt
from typing import Final

import numpy as np

from avatars.compile import compiled
from avatars.maths.quaternions import about_axis, multiply, slerp
from avatars.maths.vectors import Array

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
        shown, vectors = self._shown, vectors.copy()
        if shown is not None and 0.0 < dt < _LONGEST_GAP_S:
            if turned:
                shown = multiply(about_axis(1, np.array(turned)), shown)
            share = measure_shares(
                np.ascontiguousarray(rotations),
                np.ascontiguousarray(shown),
                vectors,
                self._measured,
                lengths,
                self._rate * dt,
                0.0 if elsewhere else _SHARE,
            )
            if share.min() < 1.0:
                limited = slerp(shown, rotations, share)
                rotations = np.where(share[:, None] < 1.0, limited, rotations)
        self._shown, self._measured = rotations, vectors
        return rotations


@compiled
def measure_shares(
    rotations: Array,
    shown: Array,
    vectors: Array,
    measured: Array,
    lengths: Array,
    least: float,
    further: float,
) -> Array:
    """Return (n,) the share of its turn that each bone may make, at most 1.

    Args:
        rotations, shown: (n, 4) xyzw, as measured, and as shown before.
        vectors, measured: (n, d) metres, as the cameras measure them now and did before.
        lengths: (n,) metres.
        least: radians that a bone which rests in the picture may turn.
        further: radians for each by which it moves there.
    """
    out = np.ones(len(rotations))
    for i in range(len(rotations)):
        square, cosine = 0.0, 0.0
        for k in range(vectors.shape[1]):
            square += (vectors[i, k] - measured[i, k]) ** 2
        for k in range(4):
            cosine += rotations[i, k] * shown[i, k]
        way = least + further * sqrt(square) / lengths[i]
        angle = 2.0 * acos(min(abs(cosine), 1.0))
        # NaN compares as false: bones that are or were not seen are left as they are.
        if angle > way:
            out[i] = way / max(angle, 1e-9)
    return out
