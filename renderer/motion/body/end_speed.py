"""Limit how far hands and feet move between two frames beyond what the picture shows.

What a camera shows of a limb jumps when the detector finds it again or estimates its depth again. A
limb whose end would move farther than it does in the picture turns a share of the way, and the rest
in the frames that follow; a gesture that is very fast in the picture is eased a little. Limbs that
all leap at once belong to a body found afresh.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.maths.quaternions import about_axis, multiply, slerp
from avatars.maths.vectors import Array, length, rotation_about_vertical
from renderer.motion.core.skeleton import LIMB_AXIS

Bools = npt.NDArray[np.bool_]

_STEP: Final = 0.05
"""Metres that the end of a limb may move in depth between two frames, however close these are."""

_SPEED: Final = 1.0
"""Metres per second at which it may do so where frames are farther apart."""

_FREE: Final = 0.13
"""Metres between two frames that the end of a limb may always move."""

_FAST: Final = 0.11
"""Metres between two frames up to which what the picture shows is followed at once."""

_FAST_SHARE: Final = 0.6
"""Share of the movement beyond that."""

_LOST: Final = 0.28
"""Metres in the picture between two frames beyond which one arm alone was found elsewhere rather
than moved; both arms may be flung so fast."""

_LEAP: Final = 0.25
"""Metres; limbs that all move farther were found afresh."""

_LONGEST_GAP_S: Final = 0.25
"""Gap [s] after which a limb may be anywhere."""

_STEPS: Final = 4
"""Steps at most to the share of a turn that keeps an end within its way."""

_SLACK: Final = 1.02
"""Factor on the way within which an end has to come."""

_ROOTS: Final[Array] = np.array(
    [[0.16, 0.45, 0.0], [-0.16, 0.45, 0.0], [0.1, 0.0, 0.0], [-0.1, 0.0, 0.0]]
)
"""(4, 3) metres from the hips to shoulders and hip joints of an adult who stands upright."""

_NONE: Final[Bools] = np.zeros(2, np.bool_)

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
        self._places: Array = np.zeros((8, 3))
        self._flat: Array = np.zeros((4, 2))

    def __call__(
        self,
        rotations: Array,
        points: Array,
        lengths: Array,
        dt: float,
        turned: float,
        elsewhere: bool = False,
        leapt: Bools = _NONE,
    ) -> Array:
        """Return the body's world rotations (10, 4), xyzw, as near to `rotations` as they may be.

        Args:
            rotations: (10, 4) pelvis, chest, four upper and four lower bones.
            points: (4, 3) metres about the hips, the limbs' ends as the picture shows them.
            lengths: (8,) metres, of the upper and lower bones.
            dt: seconds since the last call.
            turned: radians about +Y by which the body has turned since then.
            elsewhere: whether the body was found elsewhere, so that nothing moved in the picture.
            leapt: (2,) whether each arm was found elsewhere.
        """
        places, flat = _limb_places(rotations, lengths), points[:, :2].copy()
        shown = self._shown
        if shown is not None and 0.0 < dt < _LONGEST_GAP_S:
            before = self._places
            if turned:
                shown = multiply(about_axis(1, np.array(turned)), shown)
                before = before @ rotation_about_vertical(turned)
            seen = length(flat - self._flat)[:, 0]
            if elsewhere:
                seen = np.zeros(4)
            elif (seen[_ARMS] > _LOST).sum() == 1:
                seen = np.where(seen > _LOST, 0.0, seen)
            seen[_ARMS] = np.where(leapt, 0.0, seen[_ARMS])
            seen = np.minimum(seen, _FAST + _FAST_SHARE * (seen - _FAST))
            way = np.maximum(np.hypot(seen, max(_STEP, _SPEED * dt)), _FREE)
            steps = _measure_steps(places, before)
            if (steps > way).any() and (elsewhere or not (steps > _LEAP).all()):
                rotations, places = _approach(shown, rotations, before, way, lengths)
        self._shown, self._places, self._flat = rotations, places, flat
        return rotations


def _approach(
    shown: Array, wanted: Array, before: Array, way: Array, lengths: Array
) -> tuple[Array, Array]:
    """Return rotations (10, 4) between those shown and wanted, and the limbs' places (8, 3).

    An end moves along an arc, so the share of the turn that keeps it within its way is less than
    that of the chord.

    Args:
        shown, wanted: (10, 4) xyzw.
        before: (8, 3) metres, where the limbs were.
        way: (4,) metres by which each may move.
        lengths: (8,) metres, of the bones.
    """
    share = np.ones(4)
    rotations, places = wanted, _limb_places(wanted, lengths)
    for _ in range(_STEPS):
        steps = _measure_steps(places, before)
        if not (steps > _SLACK * way).any():
            break
        share = np.where(steps > way, share * way / np.maximum(steps, 1e-9), share)
        limbs = slerp(shown[2:], wanted[2:], np.concatenate((share, share)))
        rotations = np.concatenate((wanted[:2], limbs))
        places = _limb_places(rotations, lengths)
    return rotations, places


def _limb_places(rotations: Array, lengths: Array) -> Array:
    """Return where hands and feet, then elbows and knees are (8, 3), metres from the hips."""
    return place_limbs(np.ascontiguousarray(rotations), lengths)


@compiled
def place_limbs(rotations: Array, lengths: Array) -> Array:
    """Return places (8, 3) of limbs; arguments as of `_limb_places`."""
    out, parts = np.empty((8, 3)), np.empty((3, 3))
    for limb in range(4):
        for part in range(3):
            row = limb // 2
            # The chest carries the arms, the pelvis the legs.
            q = rotations[1 - row if part == 0 else 2 + limb + 4 * (part - 1)]
            for k in range(3):
                if part == 0:
                    parts[part, k] = _ROOTS[limb, k]
                else:
                    bone = limb + 4 * (part - 1)
                    parts[part, k] = _AXES[bone, k] * lengths[bone]
            v = parts[part]
            # v + 2w(q × v) + 2q × (q × v)
            x = 2.0 * (q[1] * v[2] - q[2] * v[1])
            y = 2.0 * (q[2] * v[0] - q[0] * v[2])
            z = 2.0 * (q[0] * v[1] - q[1] * v[0])
            x, y, z = (
                v[0] + q[3] * x + q[1] * z - q[2] * y,
                v[1] + q[3] * y + q[2] * x - q[0] * z,
                v[2] + q[3] * z + q[0] * y - q[1] * x,
            )
            v[0], v[1], v[2] = x, y, z
        for k in range(3):
            out[4 + limb, k] = parts[0, k] + parts[1, k]
            out[limb, k] = out[4 + limb, k] + parts[2, k]
    return out


def _measure_steps(places: Array, before: Array) -> Array:
    """Return (4,) how far each limb moved, its end or its middle, whichever is farther, metres."""
    steps: Array = length(places - before)[:, 0].reshape(2, 4).max(axis=0)
    return steps
