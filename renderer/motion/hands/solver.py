"""Hand solver: wrists and fingers of one performer, filtered, from the best available source."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import from_matrix, inverse, multiply, slerp
from avatars.maths.vectors import Array
from renderer.capture.records import Hand
from renderer.motion.core.filters import OneEuro, OneEuroRotations
from renderer.motion.core.frames import to_stage
from renderer.motion.core.skeleton import FINGER_ROWS, bone_rows
from renderer.motion.hands.fingers import CURLS, finger_angles, finger_rotations, idle_angles
from renderer.motion.hands.palms import distribute_twist, palm_frames

_FOREARM_ROWS: Final = bone_rows("leftLowerArm", "rightLowerArm")
_HAND_ROWS: Final = bone_rows("leftHand", "rightHand")

_BOTH: Final = np.array([0, 1, 0, 1])
"""Rows of left and right: for the pose's hands, then for the hands' own points."""

# Cutoffs [Hz] and their slopes: the pose's three hand points lie close together and jitter, so
# their filter is slower.
_WRIST_CUTOFF: Final = ((0.8,), (0.8,), (2.0,), (2.0,))
_WRIST_BETA: Final = ((0.4,), (0.4,), (1.0,), (1.0,))


class HandSolver:
    """Solves one performer's hands; holds the filters of wrists and fingers."""

    def __init__(self) -> None:
        self._wrists = OneEuroRotations(4, _WRIST_CUTOFF, _WRIST_BETA)
        self._curls = OneEuro(idle_angles().reshape(-1, 1), 2.0, 1.5)
        self._fingers = finger_rotations(idle_angles())

    def solve(
        self,
        hands: tuple[Hand | None, Hand | None],
        points: Array | None,
        forearms: Array,
        weights: Array,
        t_ns: int,
        rotations: Array,
    ) -> None:
        """Write forearm twists, hands and fingers into `rotations`.

        Args:
            hands: left and right; None where not seen.
            points: (33, 3) the body's, stage axes; None where the body is not seen.
            forearms: (2, 4) xyzw, world rotations with the roll of the elbows' hinges.
            weights: (2,) trust in the hands' own points relative to the body's, 0 to 1.
            t_ns: time of the observation.
            rotations: (55, 4) xyzw, local; the forearms' must have the roll of `forearms`.
        """
        seen = np.full((4, 4), np.nan)
        present = np.array([hand is not None for hand in hands])
        shown = _stack_hands(hands) if present.any() else None
        palms = palm_frames(points, shown)
        if shown is not None:
            angles = finger_angles(shown, palms[2:])
            angles[~present] = np.nan
            smooth = self._curls(angles.reshape(-1, 1), t_ns).reshape(2, CURLS)
            self._fingers = finger_rotations(smooth)
        if points is not None:
            turned = multiply(inverse(forearms[_BOTH]), from_matrix(palms))
            seen[:2] = turned[:2]
            seen[2:][present] = turned[2:][present]

        wrists = self._wrists(seen, t_ns)
        twists, turned = distribute_twist(slerp(wrists[:2], wrists[2:], weights))
        rotations[_FOREARM_ROWS] = multiply(rotations[_FOREARM_ROWS], twists)
        rotations[_HAND_ROWS] = turned
        rotations[FINGER_ROWS] = self._fingers


def _stack_hands(hands: tuple[Hand | None, Hand | None]) -> npt.NDArray[np.float64]:
    """Return both hands' points (2, 21, 3), stage axes; zeros for a hand that is not seen."""
    points = np.zeros((2, 21, 3))
    for k, hand in enumerate(hands):
        if hand is not None:
            points[k] = to_stage(hand.world)
    return points
