"""Test that an avatar's update runs its parts in the order that VRM defines."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from avatars.constraints import Constraint, NodeConstraints
from avatars.constraints.records import ConstraintKind
from avatars.instance import AvatarInstance
from avatars.maths.quaternions import from_axis_angle
from avatars.model import Avatar
from avatars.names import BONE_INDEX, HUMAN_BONES
from avatars.pose import AvatarPose
from avatars.springs import SpringSimulation
from avatars.springs.records import SpringChain, SpringJoint, Springs

STEP = 1.0 / 60.0
HEAD, NECK = BONE_INDEX["head"], BONE_INDEX["neck"]
FACE = np.zeros(52, np.float32), np.zeros(2, np.float32)


@pytest.fixture
def avatar(tiny_avatar: Avatar) -> Avatar:
    """Return the minimal avatar with its head constrained to its neck, and a lock of hair below."""
    joints = tuple(SpringJoint(node, stiffness=0.5, gravity_power=0.2) for node in (55, 56))
    return replace(
        tiny_avatar,
        constraints=(Constraint(ConstraintKind.ROTATION, HEAD, NECK),),
        springs=Springs(chains=(SpringChain("hair", joints),)),
    )


def frame(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rotations and root of a frame in which the neck nods."""
    rotations = np.tile(np.float32([0, 0, 0, 1]), (len(HUMAN_BONES), 1))
    angle = 0.6 * np.sin(0.3 * number)
    rotations[NECK] = from_axis_angle(np.array([1.0, 0.0, 0.0]), angle)
    return rotations, np.float32([0.01 * number, 0.0, 0.0])


def test_an_update_is_pose_then_constraints_then_springs(avatar: Avatar) -> None:
    instance = AvatarInstance(avatar)
    pose = AvatarPose(avatar)
    constraints = NodeConstraints(avatar.constraints, avatar.nodes)
    springs = SpringSimulation(avatar.springs, avatar.nodes)
    for number in range(30):
        rotations, root = frame(number)
        pose.apply(rotations, root, *FACE)
        constraints.apply(pose.world)
        springs.step(pose.world, STEP)
        instance.update(rotations, root, *FACE, STEP)
        np.testing.assert_array_equal(instance.world, pose.world)
        np.testing.assert_array_equal(instance.expressions, pose.expressions)


def test_springs_see_what_constraints_have_turned(avatar: Avatar) -> None:
    """A lock at rest hangs from its node's constrained pose, at its own length."""
    instance = AvatarInstance(avatar)
    unconstrained = AvatarInstance(replace(avatar, constraints=()))
    for number in range(100):
        for one in (instance, unconstrained):
            one.update(*frame(5), *FACE, None if number == 0 else STEP)
    moved = np.linalg.norm(instance.world[55, :3, 3] - unconstrained.world[55, :3, 3])
    assert moved > 0.05
    for one in (instance, unconstrained):
        length = np.linalg.norm(one.world[56, :3, 3] - one.world[55, :3, 3])
        assert length == pytest.approx(0.1, abs=1e-5)


def test_no_time_lets_springs_come_to_rest(avatar: Avatar) -> None:
    moved, fresh = AvatarInstance(avatar), AvatarInstance(avatar)
    for number in range(20):
        moved.update(*frame(number), *FACE, STEP)
    for instance in (moved, fresh):
        instance.update(*frame(40), *FACE, None)
        instance.update(*frame(40), *FACE, STEP)
    np.testing.assert_array_equal(moved.world, fresh.world)


def test_instances_of_one_avatar_are_independent(avatar: Avatar) -> None:
    one, other = AvatarInstance(avatar), AvatarInstance(avatar)
    still = other.world.copy()
    one.update(*frame(9), *FACE, STEP)
    np.testing.assert_array_equal(other.world, still)


def test_bone_positions_are_those_of_the_pose(avatar: Avatar) -> None:
    instance = AvatarInstance(avatar)
    rest = instance.bone_positions()
    instance.pose(*frame(7), *FACE)
    moved = instance.bone_positions() - rest
    assert moved[BONE_INDEX["hips"], 0] == pytest.approx(0.07, abs=1e-6)


def test_reading_files_loads_no_compiler() -> None:
    """A check or a command that reads an avatar must not wait a second for numba."""
    code = (
        "import sys, avatars.check, avatars.vrma, avatars.write; from avatars import load_avatar; "
        "sys.exit('numba' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=100)
