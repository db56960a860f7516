"""Limit how far knees and feet move between two frames on the stage, in compiled code.

A leg that another one hides is guessed, and a detector that exchanges the legs finds them elsewhere
in the next frame. So the motion as it will be shown is limited last, on the reference skeleton, as
that of the arms is (arm_speed.py): a leg that would move farther keeps a part of its direction and
gets to its place in the frames that follow; its lag is limited. Two legs that are flung far at once
are followed, unless each goes where the other one was; so are the legs of a body that jumps.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.compile import compiled_with
from avatars.maths.vectors import Array
from renderer.motion.core import turning
from renderer.motion.core.forward import OFFSETS
from renderer.motion.core.skeleton import bone_rows

_STEP: Final = 0.115
"""Metres that knee and foot move between two frames, however close these are; an avatar's legs may
be longer than the reference skeleton's."""

_SPEED: Final = 2.3
"""Metres per second at which they do where frames are farther apart."""

_FLUNG: Final = 0.2
"""Metres between two frames beyond which both feet are flung."""

_WITH_BODY: Final = 0.03
"""Metres that legs may move beyond the body's own step."""

_MADE_GOOD: Final = 0.25
"""Share of the limit by which a leg that is followed makes good its lag, per frame."""

_LAG: Final = 0.5
"""Metres by which a foot lags at most."""

_LONGEST_GAP_S: Final = 0.25
"""Gap [s] after which a leg may be anywhere."""

_STEPS: Final = 6
"""Steps at most to the share of a turn that keeps a leg within its way."""

_SLACK: Final = 1.02
"""Factor on the way within which knee and foot have to come."""

_LEGS: Final = np.array(
    [
        bone_rows("leftUpperLeg", "leftLowerLeg", "leftFoot"),
        bone_rows("rightUpperLeg", "rightLowerLeg", "rightFoot"),
    ]
)
_OFFSETS: Final = np.ascontiguousarray(OFFSETS)


class LegSpeed:
    """Limits the steps of one performer's legs on the stage."""

    def __init__(self) -> None:
        self._turns: Array = np.zeros((2, 2, 4))
        self._places: Array = np.zeros((2, 2, 3))
        self._wanted: Array = np.zeros((2, 3))
        self._root: Array = np.zeros(3)
        self._known = False

    def __call__(self, rotations: Array, root: Array, dt: float) -> Array:
        """Return the local rotations (55, 4), xyzw, with legs as near to theirs as they may be.

        Args:
            rotations: (55, 4) xyzw, local; returned unchanged where no leg is too fast.
            root: (3,) metres, the hips' displacement on the reference skeleton.
            dt: seconds since the last call.
        """
        moves = self._known and 0.0 < dt < _LONGEST_GAP_S
        way = max(_STEP, _SPEED * dt) if moves else np.inf
        out = rotations.copy()
        changed = limit_legs(out, root, self._root, self._wanted, self._turns, self._places, way)
        self._known = True
        return out if changed else rotations


@compiled_with(turning)
def limit_legs(
    rotations: Array,
    root: Array,
    before: Array,
    wanted: Array,
    turns: Array,
    places: Array,
    most: float,
) -> bool:
    """Limit the legs' steps in place; return whether any rotation changed.

    Args:
        rotations: (55, 4) xyzw, local.
        root: (3,) metres.
        before: (3,) metres, the root in the last frame; updated.
        wanted: (2, 3) metres, where the feet were to be in the last frame; updated.
        turns: (2, 2, 4) xyzw, world rotations of thigh and shin of the left and the right leg in
            the last frame; updated.
        places: (2, 2, 3) metres, their knees and feet; updated.
        most: metres that both may move; infinite after a gap.
    """
    pelvis = rotations[0].copy()
    joints, bones, ends = np.empty((2, 3)), np.empty((2, 2, 4)), np.empty((2, 2, 3))
    for side in range(2):
        upper, lower, foot = _LEGS[side]
        joints[side] = root + turning.rotate(pelvis, _OFFSETS[upper])
        bones[side, 0] = turning.multiply(pelvis, rotations[upper])
        bones[side, 1] = turning.multiply(bones[side, 0], rotations[lower])
        ends[side, 0] = joints[side] + turning.rotate(bones[side, 0], _OFFSETS[lower])
        ends[side, 1] = ends[side, 0] + turning.rotate(bones[side, 1], _OFFSETS[foot])
    own = turning.distance(ends[0, 1], wanted[0]), turning.distance(ends[1, 1], wanted[1])
    crossed = turning.distance(ends[0, 1], wanted[1]), turning.distance(ends[1, 1], wanted[0])
    are_flung = min(own) > max(most, _FLUNG) and max(crossed) > min(own)
    carried = turning.distance(root, before) + _WITH_BODY
    wanted[:], before[:] = ends[:, 1], root
    changed = False
    for side in range(2):
        upper, lower, foot = _LEGS[side]
        joint, first, second = joints[side], bones[side, 0], bones[side, 1]
        knee, ankle = ends[side, 0], ends[side, 1]
        way = max(most, carried, turning.distance(ankle, places[side, 1]) - _LAG)
        if are_flung:
            way = max(way, own[side] + _MADE_GOOD * most)
        one, two, share = first, second, 1.0
        for _ in range(_STEPS):
            step = max(
                turning.distance(knee, places[side, 0]), turning.distance(ankle, places[side, 1])
            )
            # NaN compares as false.
            if not step > _SLACK * way:
                break
            share *= way / step
            one = turning.blend(turns[side, 0], first, share)
            two = turning.blend(turns[side, 1], second, share)
            knee = joint + turning.rotate(one, _OFFSETS[lower])
            ankle = knee + turning.rotate(two, _OFFSETS[foot])
        if share < 1.0:
            rotations[upper] = turning.multiply(turning.invert(pelvis), one)
            rotations[lower] = turning.multiply(turning.invert(one), two)
            changed = True
        turns[side, 0], turns[side, 1] = one, two
        places[side, 0], places[side, 1] = knee, ankle
    return changed
