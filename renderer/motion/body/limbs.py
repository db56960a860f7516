"""Arms and legs as two-bone chains with a hinge each.

A bone's direction leaves its roll undetermined. A bent elbow or knee determines it: the hinge is
perpendicular to both bones. A straight limb does not, so the roll is stored relative to the roll of
the shortest rotation from the T-pose, and drifts back to it.
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Final

import numpy as np

from avatars.compile import compiled, compiled_with
from avatars.maths.vectors import Array, basis
from renderer.motion.core import scalars
from renderer.motion.core.skeleton import LIMB_AXIS, LIMB_HINGE

_REST_INVERSE: Final[Array] = np.ascontiguousarray(
    np.swapaxes(basis(LIMB_AXIS, LIMB_HINGE), -1, -2)
)

_BEND_SINE: Final = (0.3, 0.7)
"""Sine of the bend below which the hinge gives no roll, and above which it gives it fully."""

_MIN_ROLL_COSINE: Final[Array] = np.array([-0.6, -0.6, 0.3, 0.3])
"""Cosine of the largest roll that shoulders and hips allow: 127° and 73°."""

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
        follow, drift = 1.0 - exp(-dt / _ROLL_FOLLOW_S), 1.0 - exp(-dt / _ROLL_DRIFT_S)
        return solve_limbs(
            np.ascontiguousarray(base),
            np.ascontiguousarray(upper),
            np.ascontiguousarray(lower),
            self._roll,
            follow,
            drift,
        )


@compiled_with(scalars)
def solve_limbs(
    base: Array, upper: Array, lower: Array, rolls: Array, follow: float, drift: float
) -> Array:
    """Compute world rotation matrices (8, 3, 3): four upper bones, then four lower bones.

    Args:
        base: (4, 3, 3) world rotations of the parents: chest, chest, pelvis, pelvis.
        upper, lower: (4, 3) directions of the bones, world.
        rolls: (4, 2) cosines and sines of the rolls; updated.
        follow: share by which a roll follows a bent limb's hinge.
        drift: share by which the roll of a straight limb drifts back to 0.
    """
    out = np.empty((8, 3, 3))
    first, second, hinge, across = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    normal, sideways, frame = np.empty(3), np.empty(3), np.empty((3, 3))
    for limb in range(4):
        axis, rest_hinge = LIMB_AXIS[limb], LIMB_HINGE[limb]
        for k in range(3):
            first[k] = second[k] = 0.0
            for j in range(3):
                first[k] += base[limb, j, k] * upper[limb, j]
                second[k] += base[limb, j, k] * lower[limb, j]
        scalars.normalise_in_place(first)
        scalars.normalise_in_place(second)
        # The hinge h after the shortest rotation a → d, with h perpendicular to a: h − (h·d) / (1 +
        # a·d) · (a + d).
        share = scalars.dot3(rest_hinge, first) / max(1.0 + scalars.dot3(axis, first), 0.02)
        for k in range(3):
            hinge[k] = rest_hinge[k] - share * (axis[k] + first[k])
        scalars.make_basis(first, hinge, frame)
        for k in range(3):
            hinge[k], across[k] = frame[k, 1], frame[k, 2]
        scalars.cross3(first, second, normal)
        sine = sqrt(scalars.dot3(normal, normal))
        cosine = scalars.dot3(normal, hinge) / max(sine, 1e-6)
        aside = scalars.dot3(normal, across) / max(sine, 1e-6)
        trust = scalars.smooth_step(sine, _BEND_SINE[0], _BEND_SINE[1])
        trust *= min(max((cosine - _MIN_ROLL_COSINE[limb]) / 0.2, 0.0), 1.0)
        one, two = rolls[limb, 0], rolls[limb, 1]
        one += trust * follow * (cosine - one)
        two += trust * follow * (aside - two)
        one += (1.0 - trust) * drift * (1.0 - one)
        two -= (1.0 - trust) * drift * two
        size = sqrt(one * one + two * two)
        # Two opposite rolls average to zero: then the roll is reset to 0.
        if size > 0.1:
            one, two = one / size, two / size
        else:
            one, two = 1.0, 0.0
        rolls[limb, 0], rolls[limb, 1] = one, two
        for k in range(3):
            normal[k] = one * hinge[k] + two * across[k]
        if limb >= 2:
            # A knee does not bend forwards; an apparent forward bend is a depth error.
            scalars.cross3(normal, first, sideways)
            bent = min(scalars.dot3(second, sideways), 0.0)
            for k in range(3):
                second[k] -= bent * sideways[k]
        scalars.make_basis(first, normal, frame)
        _place_bone(base[limb], frame, _REST_INVERSE[limb], out[limb])
        scalars.make_basis(second, normal, frame)
        _place_bone(base[limb], frame, _REST_INVERSE[limb], out[4 + limb])
    return out


@compiled
def _place_bone(base: Array, frame: Array, rest: Array, out: Array) -> None:
    """Write base · frame · rest, all (3, 3), to out."""
    for i in range(3):
        for j in range(3):
            total = 0.0
            for k in range(3):
                for m in range(3):
                    total += base[i, k] * frame[k, m] * rest[m, j]
            out[i, j] = total
