"""Limit how far elbows and hands move between two frames on the stage, in compiled code.

Whatever moves an arm adds up: what the picture shows, a body that turns or walks, an arm that is
held while it is not seen, one that comes back from the idle pose. So the motion as it will be shown
is limited last, on the reference skeleton. An arm that would move farther keeps a part of its
direction and gets to its place in the frames that follow; its lag is limited.

Two movements are true however fast they are, since no fault lasts so long or moves so much at once:
a trunk that keeps turning one way, which carries both arms, and two arms that are flung at once
while the trunk does not turn. There the arms go as far as they are to, and make good their lag.
"""

from __future__ import annotations

from math import atan2, exp
from typing import Final

import numpy as np

from avatars.compile import compiled_with
from avatars.maths.vectors import Array
from renderer.motion.core import turning
from renderer.motion.core.forward import OFFSETS
from renderer.motion.core.skeleton import bone_rows

_STEP: Final = 0.135
"""Metres that elbow and hand move between two frames, however close these are."""

_SPEED: Final = 2.75
"""Metres per second at which they do where frames are farther apart."""

_LAG: Final = 0.44
"""Metres by which a hand lags at most."""

_FLUNG: Final = 0.22
"""Metres between two frames beyond which both hands are flung, from rest too."""

_SWINGING, _SWUNG = 0.5, 1.2
"""Multiples of the limit: hands that both exceeded the first in the last frame are flung beyond the
second, and hands that both exceeded the second beyond the limit."""

_UNTURNED: Final = 0.9962
"""Cosine of half the angle, 10°, by which the trunk turns at most meanwhile."""

_SPIN: Final = 1.75
"""Radians, 100°, that a spinning trunk has turned about the vertical of late: at a steady rate that
is 333° per second, at which a stretched arm is carried as fast as the limit."""

_TURNED_S: Final = 0.3
"""Time constant [s] at which its turn is forgotten; turns in which arms are lost end sooner."""

_MADE_GOOD: Final = 0.25
"""Share of the limit by which an arm that is followed makes good its lag, per frame."""

_LONGEST_GAP_S: Final = 0.25
"""Gap [s] after which an arm may be anywhere."""

_STEPS: Final = 6
"""Steps at most to the share of a turn that keeps an arm within its way."""

_SLACK: Final = 1.02
"""Factor on the way within which elbow and hand have to come."""

_TRUNK: Final = bone_rows("spine", "chest", "upperChest")
_ARMS: Final = np.array(
    [
        bone_rows("leftShoulder", "leftUpperArm", "leftLowerArm", "leftHand"),
        bone_rows("rightShoulder", "rightUpperArm", "rightLowerArm", "rightHand"),
    ]
)
_OFFSETS: Final = np.ascontiguousarray(OFFSETS)


class ArmSpeed:
    """Limits the steps of one performer's arms on the stage."""

    def __init__(self) -> None:
        self._turns: Array = np.zeros((2, 2, 4))
        self._places: Array = np.zeros((2, 2, 3))
        self._wanted: Array = np.zeros((2, 3))
        self._trunk: Array = np.zeros(4)
        self._recent: Array = np.zeros(2)
        self._known = False

    def __call__(self, rotations: Array, root: Array, dt: float, is_seen: bool = True) -> Array:
        """Return the local rotations (55, 4), xyzw, with arms as near to theirs as they may be.

        Args:
            rotations: (55, 4) xyzw, local; returned unchanged where no arm is too fast.
            root: (3,) metres, the hips' displacement on the reference skeleton.
            dt: seconds since the last call.
            is_seen: whether both arms are shown as they are seen; those that come back from the
                idle pose are neither flung nor carried by a spin, and may lag by any distance.
        """
        moves = self._known and 0.0 < dt < _LONGEST_GAP_S
        way = max(_STEP, _SPEED * dt) if moves else np.inf
        if moves:
            self._recent[0] *= exp(-dt / _TURNED_S)
        else:
            self._recent[:] = 0.0
        out = rotations.copy()
        changed = limit_arms(
            out,
            root,
            self._trunk,
            self._recent,
            self._wanted,
            self._turns,
            self._places,
            way,
            is_seen,
        )
        self._known = True
        return out if changed else rotations


@compiled_with(turning)
def limit_arms(
    rotations: Array,
    root: Array,
    torso: Array,
    recent: Array,
    wanted: Array,
    turns: Array,
    places: Array,
    most: float,
    is_seen: bool,
) -> bool:
    """Limit the arms' steps in place; return whether any rotation changed.

    Args:
        rotations: (55, 4) xyzw, local.
        root: (3,) metres.
        torso: (4,) xyzw, world rotation of the upper chest in the last frame; updated.
        recent: (2,) radians that it has turned about the vertical of late, and metres that both
            hands were to move at least in the last frame; updated.
        wanted: (2, 3) metres, where the hands were to be then; updated.
        turns: (2, 2, 4) xyzw, world rotations of upper arm and forearm of the left and the right
            arm in the last frame; updated.
        places: (2, 2, 3) metres, their elbows and hands; updated.
        most: metres that both may move; infinite after a gap, with `recent` zero.
        is_seen: whether the arms may be followed however fast they are.
    """
    trunk, neck = rotations[0].copy(), root.copy()
    for bone in _TRUNK:
        neck += turning.rotate(trunk, _OFFSETS[bone])
        trunk = turning.multiply(trunk, rotations[bone])
    joints, girdles = np.empty((2, 3)), np.empty((2, 4))
    bones, ends = np.empty((2, 2, 4)), np.empty((2, 2, 3))
    for side in range(2):
        shoulder, upper, lower, hand = _ARMS[side]
        girdle = turning.multiply(trunk, rotations[shoulder])
        girdles[side] = girdle
        joints[side] = (
            neck
            + turning.rotate(trunk, _OFFSETS[shoulder])
            + turning.rotate(girdle, _OFFSETS[upper])
        )
        bones[side, 0] = turning.multiply(girdle, rotations[upper])
        bones[side, 1] = turning.multiply(bones[side, 0], rotations[lower])
        ends[side, 0] = joints[side] + turning.rotate(bones[side, 0], _OFFSETS[lower])
        ends[side, 1] = ends[side, 0] + turning.rotate(bones[side, 1], _OFFSETS[hand])
    own = turning.distance(ends[0, 1], wanted[0]), turning.distance(ends[1, 1], wanted[1])
    least = _FLUNG
    if recent[1] > _SWINGING * most:
        least = most if recent[1] > _SWUNG * most else _SWUNG * most
    flung = min(own) > least and abs(trunk @ torso) > _UNTURNED
    if most < np.inf:
        recent[0] += _vertical_turn(torso, trunk)
        recent[1] = min(own)
    # NaN compares as false.
    if not abs(recent[0]) < np.inf:
        recent[0] = 0.0
    followed = is_seen and (flung or abs(recent[0]) > _SPIN)
    torso[:], wanted[:] = trunk, ends[:, 1]
    changed = False
    for side in range(2):
        _, upper, lower, hand = _ARMS[side]
        joint, first, second = joints[side], bones[side, 0], bones[side, 1]
        elbow, wrist = ends[side, 0], ends[side, 1]
        lag = _LAG if is_seen else np.inf
        way = max(most, turning.distance(wrist, places[side, 1]) - lag)
        if followed:
            way = max(way, own[side] + _MADE_GOOD * most)
        one, two, share = first, second, 1.0
        for _ in range(_STEPS):
            step = max(
                turning.distance(elbow, places[side, 0]), turning.distance(wrist, places[side, 1])
            )
            # NaN compares as false.
            if not step > _SLACK * way:
                break
            share *= way / step
            one = turning.blend(turns[side, 0], first, share)
            two = turning.blend(turns[side, 1], second, share)
            elbow = joint + turning.rotate(one, _OFFSETS[lower])
            wrist = elbow + turning.rotate(two, _OFFSETS[hand])
        if share < 1.0:
            rotations[upper] = turning.multiply(turning.invert(girdles[side]), one)
            rotations[lower] = turning.multiply(turning.invert(one), two)
            changed = True
        turns[side, 0], turns[side, 1] = one, two
        places[side, 0], places[side, 1] = elbow, wrist
    return changed


@compiled_with(turning)
def _vertical_turn(a: Array, b: Array) -> float:
    """Return the angle [rad] about the vertical, −π to π, by which rotation b exceeds a."""
    turn = turning.multiply(b, turning.invert(a))
    sign = 1.0 if turn[3] >= 0.0 else -1.0
    angle: float = 2.0 * atan2(sign * turn[1], sign * turn[3])
    return angle
