"""Arms and legs as two-bone chains with a hinge each.

A bone's direction leaves its roll undetermined. A bent elbow or knee determines it: the hinge is
perpendicular to both bones. A straight limb does not, so the roll is stored relative to the roll of
the shortest rotation from the T-pose, and drifts back to it.
"""

from __future__ import annotations

from math import exp
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, basis, clamp, cross, dot, length, normalise, smoothstep
from renderer.motion.core.skeleton import LIMB_AXIS, LIMB_HINGE

_REST_INVERSE: Final[Array] = np.swapaxes(basis(LIMB_AXIS, LIMB_HINGE), -1, -2)

_BEND_SINE: Final = (0.3, 0.7)
"""Sine of the bend below which the hinge gives no roll, and above which it gives it fully."""

_MIN_ROLL_COSINE: Final[Array] = np.array([[-0.6], [-0.6], [0.3], [0.3]])
"""Cosine of the largest roll that shoulders and hips allow: 127° and 73°."""

_NO_ROLL: Final[Array] = np.array((1.0, 0.0))
"""Cosine and sine of the roll 0."""

_ROLL_FOLLOW_S: Final = 0.05
"""Time constant [s] at which the roll follows a bent limb's hinge."""

_ROLL_DRIFT_S: Final = 6.0
"""Time constant [s] at which the roll of a straight limb drifts back to 0."""


class LimbSolver:
    """Solves both arms and legs; holds the rolls of left arm, right arm, left leg, right leg."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Set all rolls to 0."""
        self._roll = np.tile((1.0, 0.0), (4, 1))

    def solve(self, base: Array, upper: Array, lower: Array, dt: float) -> Array:
        """Compute world rotation matrices (8, 3, 3): four upper bones, then four lower bones.

        Args:
            base: (4, 3, 3) world rotations of the parents: chest, chest, pelvis, pelvis.
            upper: (4, 3) directions of upper arms and thighs, world.
            lower: (4, 3) directions of forearms and shins, world.
            dt: seconds since the last solve.
        """
        into = base.swapaxes(-1, -2)
        first = normalise((into @ upper[..., None])[..., 0])
        second = normalise((into @ lower[..., None])[..., 0])

        # The hinge h after the shortest rotation a → d, with h perpendicular to a: h − (h·d) / (1 +
        # a·d) · (a + d).
        hinge = LIMB_HINGE - dot(LIMB_HINGE, first) / np.maximum(
            1.0 + dot(LIMB_AXIS, first), 0.02
        ) * (LIMB_AXIS + first)
        frame = basis(first, hinge)
        hinge, across = frame[..., 1], frame[..., 2]

        normal = cross(first, second)
        sine = length(normal)
        seen = np.concatenate((dot(normal, hinge), dot(normal, across)), axis=1)
        seen /= np.maximum(sine, 1e-6)
        trust = smoothstep(sine, *_BEND_SINE)
        trust = trust * clamp((seen[:, :1] - _MIN_ROLL_COSINE) / 0.2, 0.0, 1.0)
        roll = self._roll + trust * (1.0 - exp(-dt / _ROLL_FOLLOW_S)) * (seen - self._roll)
        roll += (1.0 - trust) * (1.0 - exp(-dt / _ROLL_DRIFT_S)) * (_NO_ROLL - roll)
        # Two opposite rolls average to zero: then the roll is reset to 0.
        self._roll = np.where(length(roll) > 0.1, normalise(roll), _NO_ROLL)

        normal = self._roll[:, :1] * hinge + self._roll[:, 1:] * across
        # A knee does not bend forwards; an apparent forward bend is a depth error.
        forward = cross(normal, first)[2:]
        second[2:] -= np.minimum(dot(second[2:], forward), 0.0) * forward

        local = basis(np.array((first, second)), normal) @ _REST_INVERSE
        return (base @ local).reshape(8, 3, 3)
