"""Test fists, open hands, spread fingers and the rotation of the wrist."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between, from_axis_angle, multiply
from avatars.names import BONE_INDEX
from renderer.motion.core.forward import forward_kinematics

FINGERS = ("Index", "Middle", "Ring", "Little")
JOINTS = ("Proximal", "Intermediate", "Distal")


def fingers(performer: Any, bends: tuple[float, float, float]) -> np.ndarray:
    turns = {
        f"{side}{finger}{joint}": (2, -bend * sign)
        for side, sign in (("left", 1.0), ("right", -1.0))
        for finger in FINGERS
        for joint, bend in zip(JOINTS, bends, strict=True)
    }
    return performer.pose(**turns)


@pytest.mark.parametrize("bends", [(0.0, 0.0, 0.0), (0.6, 0.8, 0.4), (1.4, 1.6, 1.1)])
def test_fingers_bend_as_the_performer_s(performer: Any, bends: tuple[float, float, float]) -> None:
    truth = fingers(performer, bends)
    motion = performer.settle(truth)
    for side in ("left", "right"):
        for finger in FINGERS:
            for joint in JOINTS:
                bone = BONE_INDEX[f"{side}{finger}{joint}"]
                error = np.degrees(angle_between(truth[bone], motion.rotations[bone]))
                # A real hand's knuckles are spread at rest; the plain skeleton's are not.
                assert error < (16.0 if joint == "Proximal" else 5.0), (side, finger, joint)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_spread_goes_the_right_way(performer: Any, side: str) -> None:
    sign = 1.0 if side == "left" else -1.0
    wide = performer.pose(**{f"{side}IndexProximal": (1, -0.3 * sign)})
    row = BONE_INDEX[f"{side}IndexProximal"]
    found = [performer.settle(pose).rotations[row] for pose in (performer.pose(), wide)]
    assert (found[1][1] - found[0][1]) * -sign > 0.08


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_thumb_bends_and_swings(performer: Any, side: str) -> None:
    sign = 1.0 if side == "left" else -1.0
    pose = performer.pose(**{f"{side}ThumbMetacarpal": (1, 0.4 * sign)})
    row = BONE_INDEX[f"{side}ThumbMetacarpal"]
    found = performer.settle(pose).rotations[row]
    assert np.degrees(angle_between(found, pose[row])) < 6.0
    # Bent at its hinge, whatever the plain skeleton's thumb axis is.
    bent = performer.pose(**{f"{side}ThumbDistal": (1, 0.7 * sign)})
    row = BONE_INDEX[f"{side}ThumbDistal"]
    found = performer.settle(bent).rotations[row]
    assert 2.0 * np.arccos(abs(found[3])) == pytest.approx(0.7, abs=0.1)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("turn", [-1.2, -0.5, 0.5, 1.2])
@pytest.mark.parametrize("seen", [True, False])
def test_the_palm_turns_and_the_forearm_shares(
    performer: Any, side: str, turn: float, seen: bool
) -> None:
    truth = performer.pose(**{f"{side}Hand": (0, turn)})
    motion = performer.settle(truth, frames=60, hands=seen)
    world, _ = forward_kinematics(truth, np.zeros(3))
    found, _ = forward_kinematics(motion.rotations, np.zeros(3))
    hand, forearm = BONE_INDEX[f"{side}Hand"], BONE_INDEX[f"{side}LowerArm"]
    assert np.degrees(angle_between(world[hand], found[hand])) < 8.0
    shared = angle_between(np.array([0.0, 0.0, 0.0, 1.0]), motion.rotations[forearm])
    assert 0.3 * abs(turn) < shared < 0.7 * abs(turn)


def test_a_wrist_bends_no_further_than_a_wrist_can(performer: Any) -> None:
    motion = performer.settle(performer.pose(leftHand=(2, -2.2)))
    hand = motion.rotations[BONE_INDEX["leftHand"]]
    assert 2.0 * np.arccos(abs(hand[3])) < 1.4


def test_unseen_hands_are_at_ease(performer: Any) -> None:
    motion = performer.settle(performer.standing(), hands=False)
    curl = motion.rotations[BONE_INDEX["leftMiddleIntermediate"]]
    assert 0.2 < 2.0 * np.arccos(abs(curl[3])) < 0.8


def test_crossed_turns_do_not_mix_the_sides(performer: Any) -> None:
    turned = performer.pose(leftHand=(0, 0.9))
    turned[BONE_INDEX["leftIndexProximal"]] = multiply(
        from_axis_angle(np.array([0.0, 0.0, 1.0]), -1.0), turned[BONE_INDEX["leftIndexProximal"]]
    )
    motion = performer.settle(turned)
    right = motion.rotations[BONE_INDEX["rightIndexProximal"]]
    left = motion.rotations[BONE_INDEX["leftIndexProximal"]]
    assert abs(right[2]) < 0.1 and left[2] < -0.4
