"""Move hands onto the surfaces that they touch and out of the body, in compiled code.

Each hand gets a displacement: towards the place that it touches, by the contact's weight, and out
of head, chest and hips where a point of it is inside. The arm follows.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled, compiled_with
from avatars.contact import arms, lookup, push, targets
from avatars.contact.arms import bend_arm, turn_arm
from avatars.contact.lookup import node_position
from avatars.contact.push import is_behind, push_out
from avatars.contact.surface import Surface
from avatars.contact.targets import FACE_PART, HANDS_PART, find_contact_move, join_hands
from avatars.model import F32

F64 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

_PRESS: Final = 0.014
"""Metres by which the fingers of a hand on the face may press into it: their orientation is known
less well than the place that is touched."""

_STEPS: Final = 6
"""Steps at most to the displacement that lets no joint leap."""

_SLACK: Final = 1.05
"""Factor on a joint's way within which it has to come."""

_MOST: Final = 0.12
"""Metres between two frames up to which contacts add to a joint's own movement."""

_PASSES: Final = 2
"""Passes over both hands: each may rest on the other's arm."""


@compiled_with(lookup, targets, push, arms)
def reach(
    surface: Surface,
    world: F32,
    quaternions: F32,
    parts: I8,
    anchors: I8,
    places: F32,
    weights: F32,
    pushes: F64,
    behind: Flags,
    bends: F64,
    joints: F64,
    push_step: float,
    hand_step: float,
) -> bool:
    """Correct the rotations of both arms; return whether any changed.

    Args:
        surface: the avatar's.
        world: (n, 4, 4) posed matrices of its nodes.
        quaternions: (55, 4) xyzw, local, of the normalised skeleton; the arms' rows are changed.
        parts, anchors, places, weights: see HandContacts.
        pushes: (2, 3) metres, the displacements out of the body as of the last frame; updated.
        behind: (2,) whether each hand was behind the body; updated.
        bends: (2, 3) unit directions in which the elbows pointed; updated.
        joints: (2, 4, 3) metres, where each elbow and wrist were put and where they were without
            that; NaN where unknown; updated.
        push_step: metres by which the displacements out of the body may change in a frame.
        hand_step: metres by which a hand may move further in a frame than it does without contacts.
    """
    moves = np.zeros((2, 3))
    elbows = np.zeros((2, 3))
    for side in range(2):
        elbows[side] = node_position(world, surface.arm_nodes[side, 1])
    for _ in range(_PASSES):
        for side in range(2):
            if weights[side] <= 0.0 or parts[side] == 0 or parts[side] == HANDS_PART:
                continue
            target = find_contact_move(
                surface, world, side, parts[side], anchors[side], places[side], moves, elbows
            )
            for k in range(3):
                moves[side, k] = weights[side] * target[k]
            elbows[side] = bend_arm(surface, world, side, moves[side], bends[side])[0]
    if parts[0] == HANDS_PART and parts[1] == HANDS_PART:
        weight = min(float(weights[0]), float(weights[1]))
        if weight > 0.0:
            join_hands(surface, world, places, weight, moves)
    for side in range(2):
        behind[side] = is_behind(surface, world, side, moves[side], behind[side])
        slack = _PRESS * weights[side] if parts[side] == FACE_PART else 0.0
        push = push_out(surface, world, side, moves[side], behind[side], slack)
        step = push - pushes[side]
        size = sqrt(step[0] ** 2 + step[1] ** 2 + step[2] ** 2)
        share = 1.0 if size <= push_step else push_step / size
        for k in range(3):
            pushes[side, k] += share * step[k]
            moves[side, k] += pushes[side, k]
    changed = False
    for side in range(2):
        elbow, wrist, bend = _reach_within_step(
            surface, world, side, moves[side], bends[side], joints[side], hand_step
        )
        bends[side] = bend
        bare = node_position(world, surface.arm_nodes[side, 1])
        if (moves[side] @ moves[side]) > 1e-10 or _measure_step(elbow, bare) > 1e-5:
            turn_arm(surface, world, quaternions, side, elbow, wrist)
            changed = True
    return changed


@compiled_with(lookup, arms)
def _reach_within_step(
    surface: Surface, world: F32, side: int, move: F64, bend: F64, joints: F64, step: float
) -> tuple[F64, F64, F64]:
    """Return elbow, wrist and the elbow's direction (3,) of an arm that does not leap.

    Where a contact begins or ends, its displacement may change by more than an arm can move, and
    that of a hand near the shoulder swings the elbow.

    Args:
        surface: the avatar's.
        world: (n, 4, 4) posed matrices of its nodes.
        side: of the arm.
        move: (3,) metres, the hand's displacement; shortened in place.
        bend: (3,) direction in which the elbow pointed.
        joints: (4, 3) metres, elbow and wrist as put in the last frame, and both without that; NaN
            where unknown; updated.
        step: metres by which both may move further than they do without contacts.
    """
    bare_elbow = node_position(world, surface.arm_nodes[side, 1])
    bare = node_position(world, surface.arm_nodes[side, 2])
    wanted = move.copy()
    elbow, wrist, out = bend_arm(surface, world, side, move, bend)
    own_elbow, own = _measure_step(bare_elbow, joints[2]), _measure_step(bare, joints[3])
    allowed_elbow = max(own_elbow, min(own_elbow + step, _MOST))
    allowed = max(own, min(own + step, _MOST))
    share = 1.0
    for _ in range(_STEPS):
        # NaN compares as false.
        far = max(
            _measure_step(elbow, joints[0]) / allowed_elbow,
            _measure_step(bare + move, joints[1]) / allowed,
        )
        if not far > _SLACK:
            break
        share /= far
        for k in range(3):
            move[k] = joints[1, k] + share * (bare[k] + wanted[k] - joints[1, k]) - bare[k]
        elbow, wrist, out = bend_arm(surface, world, side, move, bend)
    if (move @ move) <= 1e-10 and not (
        _measure_step(bare_elbow, joints[0]) > _SLACK * allowed_elbow
    ):
        elbow = bare_elbow
    for k in range(3):
        joints[0, k], joints[1, k] = elbow[k], bare[k] + move[k]
        joints[2, k], joints[3, k] = bare_elbow[k], bare[k]
    return elbow, wrist, out


@compiled
def _measure_step(place: F64, before: F64) -> float:
    """Return the distance of two places (3,), metres."""
    off = place - before
    return sqrt(off @ off)
