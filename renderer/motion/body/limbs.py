"""Arms and legs: two bones and a hinge each.

A bone's direction leaves its roll open. A bent elbow or knee settles it: the hinge is at right
angles to both bones. A straight limb says nothing, so the roll is kept as an angle from the roll
that the shortest swing from the T-pose would give, and drifts back to it.
"""

from __future__ import annotations

from math import exp
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, basis, clamp, cross, dot, length, normalise, smoothstep
from renderer.motion.core.skeleton import LIMB_AXIS, LIMB_HINGE

_REST_INVERSE: Final[Array] = np.swapaxes(basis(LIMB_AXIS, LIMB_HINGE), -1, -2)

_TRUST_BEND: Final = (0.3, 0.7)
"""Sine of the bend below which it says nothing of the roll, and above which it says all."""

_LOWEST_COSINE: Final[Array] = np.array([[-0.6], [-0.6], [0.3], [0.3]])
"""Cosine of the furthest roll that a shoulder or a hip allows: 127° and 73°."""

_STRAIGHT: Final[Array] = np.array((1.0, 0.0))
_FOLLOW_S: Final = 0.05
_DRIFT_S: Final = 6.0


class Limbs:
    """The rolls of left arm, right arm, left leg, right leg."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the rolls."""
        self._roll = np.tile((1.0, 0.0), (4, 1))

    def solve(self, base: Array, upper: Array, lower: Array, dt: float) -> Array:
        """World rotations (8, 3, 3) of the upper and then of the lower bones.

        Args:
            base: (4, 3, 3) rotations of what the limbs hang on: chest, chest, pelvis, pelvis.
            upper: (4, 3) directions of upper arms and thighs, world.
            lower: (4, 3) directions of forearms and shins, world.
            dt: seconds since the last solve.
        """
        into = base.swapaxes(-1, -2)
        first = normalise((into @ upper[..., None])[..., 0])
        second = normalise((into @ lower[..., None])[..., 0])

        # The hinge after the shortest swing a → d, for h at right angles to a:
        # h − (h·d) / (1 + a·d) · (a + d).
        hinge = LIMB_HINGE - dot(LIMB_HINGE, first) / np.maximum(
            1.0 + dot(LIMB_AXIS, first), 0.02
        ) * (LIMB_AXIS + first)
        frame = basis(first, hinge)
        hinge, across = frame[..., 1], frame[..., 2]

        normal = cross(first, second)
        sine = length(normal)
        seen = np.concatenate((dot(normal, hinge), dot(normal, across)), axis=1)
        seen /= np.maximum(sine, 1e-6)
        trust = smoothstep(sine, *_TRUST_BEND)
        trust = trust * clamp((seen[:, :1] - _LOWEST_COSINE) / 0.2, 0.0, 1.0)
        roll = self._roll + trust * (1.0 - exp(-dt / _FOLLOW_S)) * (seen - self._roll)
        roll += (1.0 - trust) * (1.0 - exp(-dt / _DRIFT_S)) * (_STRAIGHT - roll)
        # Two opposite rolls average to nothing: then the shortest swing's stands.
        self._roll = np.where(length(roll) > 0.1, normalise(roll), _STRAIGHT)

        normal = self._roll[:, :1] * hinge + self._roll[:, 1:] * across
        # A knee does not bend forwards; what looks so is an error of depth.
        forward = cross(normal, first)[2:]
        second[2:] -= np.minimum(dot(second[2:], forward), 0.0) * forward

        local = basis(np.array((first, second)), normal) @ _REST_INVERSE
        return (base @ local).reshape(8, 3, 3)
