"""Move hands onto the surfaces that they touch and out of the body, in compiled code.

Each hand gets a displacement: towards the place that it touches, by the contact's weight, and out
of head, chest and hips where a point of it is inside. The arm follows.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled_with
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
    push_step: float,
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
        push_step: metres by which these may change in a frame.
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
        size = moves[side, 0] ** 2 + moves[side, 1] ** 2 + moves[side, 2] ** 2
        elbow, wrist, bend = bend_arm(surface, world, side, moves[side], bends[side])
        bends[side] = bend
        if size > 1e-10:
            turn_arm(surface, world, quaternions, side, elbow, wrist)
            changed = True
    return changed
