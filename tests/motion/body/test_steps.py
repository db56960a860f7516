"""Test that arms that leap, limbs found again and depths estimated again make no idol jump."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import about_axis, angle_between
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.capture.records import Observation
from renderer.motion.body.arm_leaps import ArmLeaps
from renderer.motion.body.end_speed import EndSpeed
from renderer.motion.body.limb_return import LimbReturn
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.core.records import LIMBS
from renderer.motion.solver import MotionSolver

FRAME = 1 / 30
LEFT = [13, 15, 17, 19, 21]
HAND = BONE_INDEX["leftHand"]


def hands_of(observations: list[Observation]) -> np.ndarray:
    """Return where the left hand is shown (n, 3), metres."""
    solver, out = MotionSolver(), []
    for seen in observations:
        motion = solver.solve(replace(seen, company=False))
        out.append(forward_kinematics(motion.rotations, motion.root)[1][HAND])
    return np.array(out)


def on_other_hand(seen: Observation) -> Observation:
    """Return what a detector sees that takes the right arm for the left one as well."""
    pose, world = seen.pose.copy(), seen.pose_world.copy()
    other = [row + 1 for row in LEFT]
    pose[LEFT], world[LEFT] = pose[other], world[other]
    return replace(seen, pose=pose, pose_world=world)


def test_an_arm_that_is_taken_for_the_other_every_second_frame_stays(performer: Any) -> None:
    pose = performer.standing(leftUpperArm=(2, -0.6), rightUpperArm=(2, 1.1))
    seen = [performer.observe(pose, k, hands=False, face=False) for k in range(60)]
    seen = [on_other_hand(one) if k > 30 and k % 2 else one for k, one in enumerate(seen)]
    hands = hands_of(seen)
    assert np.linalg.norm(np.diff(hands, axis=0), axis=1).max() < 0.02


def test_an_arm_that_stays_where_it_leapt_is_followed_without_a_jump(performer: Any) -> None:
    low, high = (performer.standing(leftUpperArm=(2, a)) for a in (-1.0, 0.2))
    seen = [performer.observe(low if k < 30 else high, k, hands=False) for k in range(70)]
    hands = hands_of(seen)
    steps = np.linalg.norm(np.diff(hands, axis=0), axis=1)
    assert steps[:29].max() < 0.02 and steps.max() <= 0.16
    assert hands[-1, 1] - hands[29, 1] > 0.3


def test_a_swift_arm_does_not_leap() -> None:
    leaps = ArmLeaps()
    for k in range(12):
        points = np.zeros((33, 3))
        # From rest to 8 metres per second in five frames, and back in five.
        points[15, 0] = 0.27 * sum(np.sin(np.pi * i / 11) for i in range(k))
        points[16, 1] = -0.5
        assert np.isfinite(leaps.hold(points, FRAME)).all(), k


def test_both_arms_at_once_are_no_leap() -> None:
    leaps, points = ArmLeaps(), np.zeros((33, 3))
    leaps.hold(points, FRAME)
    leaps.hold(points, FRAME)
    moved = points.copy()
    moved[[15, 16], 0] = 0.6
    assert np.isfinite(leaps.hold(moved, FRAME)).all()


def test_arms_that_are_exchanged_were_found_elsewhere() -> None:
    leaps, points = ArmLeaps(), np.zeros((33, 3))
    points[15, :2], points[16, :2] = (0.4, 0.2), (-0.3, 0.5)
    for _ in range(3):
        leaps.hold(points, FRAME)
    assert not leaps.found.any()
    exchanged = points.copy()
    exchanged[[15, 16]] = points[[16, 15]]
    assert np.isfinite(leaps.hold(exchanged, FRAME)).all()
    assert leaps.found.all()
    for _ in range(12):
        leaps.hold(exchanged, FRAME)
    assert not leaps.found.any()


def test_a_trunk_whose_depth_jumps_takes_no_hand_along(performer: Any) -> None:
    pose = performer.standing(leftUpperArm=(2, -0.2), leftLowerArm=(1, -0.8))
    seen = []
    for k in range(90):
        one = performer.observe(pose, k, hands=False, face=False)
        world = one.pose_world.copy()
        world[:23, 2] += 0.12 * (k // 20 % 2)
        seen.append(replace(one, pose_world=world))
    assert np.linalg.norm(np.diff(hands_of(seen), axis=0), axis=1).max() < 0.08


def ends(*angles: float, flat: float = 0.0) -> list[float]:
    """Return the angles that a left arm is shown at which is measured at `angles` about Z."""
    speed, out, lengths = EndSpeed(), [], np.full(8, 0.25)
    for k, angle in enumerate(angles):
        rotations = np.tile((0.0, 0.0, 0.0, 1.0), (10, 1))
        rotations[[2, 6]] = about_axis(2, np.array(angle))
        points = np.zeros((4, 3))
        points[0, 0] = flat * k
        shown = speed(rotations, points, lengths, FRAME, 0.0)
        out.append(float(angle_between(shown[2:3], np.array([[0.0, 0.0, 0.0, 1.0]]))[0]))
    return out


def test_ends_move_as_far_as_the_picture_shows() -> None:
    assert ends(0.0, 0.2)[1] == pytest.approx(0.2, abs=1e-6)
    assert ends(0.0, 0.5, flat=0.25)[1] > 0.37
    swung = ends(0.0, *[1.5] * 20)
    # 13 cm on a circle of half a metre.
    assert max(np.diff(swung)) < 0.27 and swung[-1] == pytest.approx(1.5, abs=1e-6)


def test_a_limb_that_is_found_again_is_eased_from_where_it_was_held() -> None:
    comes = LimbReturn()
    held = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))
    solved = held.copy()
    row, limb = BONE_INDEX["leftUpperArm"], LIMBS.index("leftArm")
    solved[row] = about_axis(2, np.array(1.0))
    seen, shown = np.ones(len(LIMBS), np.bool_), np.ones(len(LIMBS))
    comes.ease(held, held, seen, shown, FRAME)
    lost = seen.copy()
    lost[limb] = False
    comes.ease(held, held, lost, shown, FRAME)
    angles = [0.0]
    for _ in range(12):
        out = comes.ease(held, solved, seen, shown, FRAME)
        angles.append(float(angle_between(out[row : row + 1], held[row : row + 1])[0]))
    assert max(np.diff(angles)) < 0.25 and angles[1] < 0.05
    assert angles[-1] == pytest.approx(1.0)
    # A limb that had faded to the idle pose fades in by its weight alone.
    comes.ease(held, held, lost, shown, FRAME)
    gone = shown.copy()
    gone[limb] = 0.0
    back = comes.ease(held, solved, seen, gone, FRAME)
    assert angle_between(back[row : row + 1], solved[row : row + 1])[0] < 1e-6
