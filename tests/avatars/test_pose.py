"""Test posing against an independent, slow implementation of the same laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from avatars import load_avatar
from avatars.maths import quaternions
from avatars.model import Avatar
from avatars.names import BONE_INDEX, BONE_PARENTS, HUMAN_BONES
from avatars.pose import AvatarPose

REST = np.tile(np.float32([0, 0, 0, 1]), (55, 1))
STILL = np.zeros(3, np.float32)
NO_FACE = np.zeros(52, np.float32)
AHEAD = np.zeros(2, np.float32)


def random_pose(seed: int) -> np.ndarray:
    return Rotation.random(55, random_state=seed).as_quat().astype(np.float32)


def slow_world(avatar: Avatar, quaternions: np.ndarray, root: np.ndarray) -> list[np.ndarray]:
    """Compute world matrices by recursion, with bone rotations in model space.

    A bone's orientation is the product of all human rotations above it, times its rest orientation.
    Bones that the avatar lacks are included in the chain; those of the torso also for the segment
    below.
    """
    nodes = avatar.nodes
    bone_of = {node: name for name, node in avatar.bones.items()}

    def chain(name: str) -> Rotation:
        above = BONE_PARENTS[name]
        own = Rotation.from_quat(quaternions[BONE_INDEX[name]])
        return own if above is None else chain(above) * own

    def turned(name: str) -> Rotation:
        total = chain(name)
        upper = {"spine": ("chest", "upperChest"), "chest": ("upperChest",)}.get(name, ())
        for missing in upper:
            if missing in avatar.bones:
                break
            total = total * Rotation.from_quat(quaternions[BONE_INDEX[missing]])
        return total

    def rest_turn(node: int) -> Rotation:
        own = Rotation.from_quat(nodes.rotation[node])
        parent = nodes.parents[node]
        return own if parent < 0 else rest_turn(parent) * own

    def matrix(linear: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.block([[linear, at[:, None]], [np.zeros((1, 3)), np.ones((1, 1))]])

    def now_turn(node: int) -> Rotation:
        if node in bone_of:
            return turned(bone_of[node]) * rest_turn(node)
        own, parent = Rotation.from_quat(nodes.rotation[node]), nodes.parents[node]
        return own if parent < 0 else now_turn(parent) * own

    def world(node: int, move: bool) -> np.ndarray:
        parent = nodes.parents[node]
        above = np.eye(4) if parent < 0 else world(parent, move)
        turn_above = Rotation.identity() if parent < 0 else now_turn(parent)
        local = (turn_above.inv() * now_turn(node)).as_matrix() * nodes.scale[node]
        at = nodes.translation[node].astype(float)
        if move and node == avatar.bones["hips"]:
            at = at + np.linalg.solve(above[:3, :3], root)
        return above @ matrix(local, at)

    return [world(node, True) for node in range(len(nodes.parents))]


def test_the_t_pose_is_the_rest_pose(avatar_path: Path) -> None:
    pose = AvatarPose(load_avatar(avatar_path))
    before = pose.world.copy()
    pose.apply(random_pose(1), STILL, NO_FACE, AHEAD)
    pose.apply(REST, STILL, NO_FACE, AHEAD)
    assert np.allclose(pose.world, before, atol=1e-5)


def test_kinematics_agree_with_the_slow_reckoning(avatar_path: Path) -> None:
    avatar = load_avatar(avatar_path)
    pose = AvatarPose(avatar)
    quaternions, root = random_pose(2), np.float32([0.3, -0.1, 0.7])
    pose.apply(quaternions, root, NO_FACE, AHEAD)
    assert np.allclose(pose.world, slow_world(avatar, quaternions, root), atol=2e-5)


def test_poses_leave_no_trace(avatar_path: Path) -> None:
    avatar = load_avatar(avatar_path)
    used, fresh = AvatarPose(avatar), AvatarPose(avatar)
    world, morphs = used.world, used.morphs
    used.apply(
        random_pose(4), np.float32([1, 2, 3]), np.ones(52, np.float32), np.float32([0.5, 0.5])
    )
    for pose in (used, fresh):
        pose.apply(random_pose(5), STILL, NO_FACE, AHEAD)
    assert np.array_equal(used.world, fresh.world)
    assert np.array_equal(used.morphs, fresh.morphs)
    assert used.world is world and used.morphs is morphs


def test_a_raised_arm_raises_the_hand(avatar_path: Path) -> None:
    pose = AvatarPose(load_avatar(avatar_path))
    rest = pose.bone_positions()
    raised = REST.copy()
    # A rotation about +Z, the forward axis, raises a left arm along +X to +Y.
    raised[BONE_INDEX["leftUpperArm"]] = quaternions.from_axis_angle(np.array([0, 0, 1.0]), 1.0)
    pose.apply(raised, STILL, NO_FACE, AHEAD)
    moved = pose.bone_positions() - rest
    hand, other = BONE_INDEX["leftHand"], BONE_INDEX["rightHand"]
    assert moved[hand, 1] > 0.1 * pose.hips_height
    assert np.allclose(moved[other], 0.0, atol=1e-6)


def test_a_bent_elbow_brings_the_hand_forward(avatar_path: Path) -> None:
    pose = AvatarPose(load_avatar(avatar_path))
    rest = pose.bone_positions()
    bent = REST.copy()
    bent[BONE_INDEX["leftLowerArm"]] = quaternions.from_axis_angle(np.array([0, -1.0, 0]), 1.0)
    pose.apply(bent, STILL, NO_FACE, AHEAD)
    assert (pose.bone_positions() - rest)[BONE_INDEX["leftHand"], 2] > 0.02


def test_the_root_moves_every_bone_alike(avatar_path: Path) -> None:
    pose = AvatarPose(load_avatar(avatar_path))
    rest = pose.bone_positions()
    root = np.float32([0.25, -0.5, 1.0])
    pose.apply(REST, root, NO_FACE, AHEAD)
    moved = pose.bone_positions() - rest
    assert np.allclose(moved[~np.isnan(moved[:, 0])], root, atol=1e-5)


def test_absent_bones_have_no_place(avatar_path: Path) -> None:
    avatar = load_avatar(avatar_path)
    places = AvatarPose(avatar).bone_positions()
    absent = [name not in avatar.bones for name in HUMAN_BONES]
    assert np.array_equal(np.isnan(places[:, 0]), absent)


def test_a_missing_upper_chest_still_turns_shoulders_and_head(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")
    assert "upperChest" not in avatar.bones
    pose = AvatarPose(avatar)
    rest = pose.bone_positions()
    leant = REST.copy()
    leant[BONE_INDEX["upperChest"]] = quaternions.from_axis_angle(np.array([0, 1.0, 0]), 0.5)
    pose.apply(leant, STILL, NO_FACE, AHEAD)
    moved = pose.bone_positions() - rest
    # In a turn to its left, the left side moves back and the right side forward, shoulders first.
    assert (
        moved[BONE_INDEX["leftUpperArm"], 2] < -0.01 < 0.01 < moved[BONE_INDEX["rightUpperArm"], 2]
    )


def test_quaternions_of_any_length_turn_alike(shared_data: Path) -> None:
    pose = AvatarPose(load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm"))
    quaternions = random_pose(6)
    pose.apply(quaternions, STILL, NO_FACE, AHEAD)
    world = pose.world.copy()
    pose.apply(3.0 * quaternions, STILL, NO_FACE, AHEAD)
    assert np.allclose(pose.world, world, atol=1e-5)
    pose.apply(np.zeros((55, 4), np.float32), STILL, NO_FACE, AHEAD)
    assert np.all(np.isfinite(pose.world))


def test_hips_stand_as_high_as_the_file_says(shared_data: Path) -> None:
    avatars = shared_data / "avatars"
    emission = AvatarPose(load_avatar(avatars / "EmissionMigration_v0.107.0.vrm"))
    assert emission.hips_height == pytest.approx(1.0, abs=1e-3)
    # Its hips bone is on the floor between its feet; its legs are one metre long.
    minimal = AvatarPose(load_avatar(avatars / "blender_5.2" / "minimal.vrm"))
    assert minimal.hips_height == pytest.approx(1.0, abs=1e-3)
