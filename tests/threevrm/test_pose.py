"""Test poses, faces and gaze: bones within 1 mm of three-vrm's, morph weights within 1e-3."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars.arkit import expression_matrix
from avatars.gltf import Gltf, read_gltf
from avatars.instance import AvatarInstance
from avatars.maths import quaternions, vectors
from avatars.model import Avatar
from avatars.names import ARKIT, BONE_INDEX, HUMAN_BONES
from avatars.pose import AvatarPose
from avatars.vrm import read_avatar

FILES = (
    "EmissionMigration_v0.107.0.vrm",
    "Godette_vrm_v4.vrm",
    "VRMC_materials_mtoon_UV_Animation_Test.vrm",
    "VRMC_vrm_expressions_isBinary_Overridden.vrm",
    "VRMC_vrm_expressions_isBinary_Overrides.vrm",
    "cool_loops.vrm",
    "blender_5.2/basic_armature.vrm",
    "blender_5.2/basic_armature_vrm1.vrm",
    "blender_5.2/minimal.vrm",
    "blender_5.2/sphere.vrm",
    "blender_5.2/triangle.vrm",
    "sweeps/mtoon_default.vrm",
    "sweeps/mtoon_rimLightingMix_0p5.vrm",
    "sweeps/mtoon_shadingShift_neg1.vrm",
    "sweeps/mtoon_shadingToony_1.vrm",
    "sweeps/springbone_collider_capsule_x0p02_r0p1.vrm",
)
MOUTH = ("aa", "ih", "ou", "ee", "oh")
LOOKS = ("lookLeft", "lookRight", "lookUp", "lookDown")
# (yaw to the left, pitch upwards) in degrees.
GAZES = ((0.0, 0.0), (20.0, 0.0), (-35.0, 0.0), (10.0, 15.0), (-80.0, 60.0))
AHEAD = np.zeros(2, np.float32)
UNTURNED = np.tile(quaternions.IDENTITY, (len(HUMAN_BONES), 1)).astype(np.float32)


@pytest.fixture(scope="module", params=(*FILES, "idol.vrm", "idol_2.vrm"))
def avatar(request: pytest.FixtureRequest, shared_data: Path) -> tuple[Path, Gltf, Avatar]:
    file = shared_data / "avatars" / request.param
    if request.param.startswith("idol"):
        file = Path(__file__).parents[2] / "avatars" / "library" / request.param
        if not file.is_file():
            pytest.skip("the default idol is not built")
    gltf = read_gltf(file)
    return file, gltf, read_avatar(gltf)


def ours_at(gltf: Gltf, instance: AvatarInstance) -> Any:
    """Return (n, 3) metres, in the file's order of nodes."""
    return instance.world[list(gltf.tree.place), :3, 3].copy()


def test_bones_stand_where_the_reference_puts_them(
    avatar: tuple[Path, Gltf, Avatar], reference: Any, difference: Callable[..., None]
) -> None:
    file, gltf, own = avatar
    random = np.random.default_rng(7)
    bones = [bone for bone in own.bones if not bone.endswith("Eye")]
    # A skirt that rises with a thigh is driven by a constraint.
    instance = AvatarInstance(own)
    frames, ours = [], []
    for _ in range(12):
        axes = vectors.normalise(random.normal(size=(len(HUMAN_BONES), 3)))
        turned = quaternions.from_axis_angle(axes, random.uniform(-1.2, 1.2, len(HUMAN_BONES)))
        rotations = np.tile(quaternions.IDENTITY, (len(HUMAN_BONES), 1))
        for bone in bones:
            rotations[BONE_INDEX[bone]] = turned[BONE_INDEX[bone]]
        root = random.uniform(-0.5, 0.5, 3)
        instance.pose(
            rotations.astype(np.float32),
            root.astype(np.float32),
            np.zeros(52, np.float32),
            np.zeros(2, np.float32),
        )
        ours.append(ours_at(gltf, instance))
        own_bones = {bone: rotations[BONE_INDEX[bone]].tolist() for bone in bones}
        frames.append({"bones": own_bones, "root": root.tolist()})
    instance.pose(UNTURNED, np.zeros(3, np.float32), np.zeros(52, np.float32), AHEAD)
    theirs = reference.run(file, [{}, *frames])
    apart = 1e3 * np.linalg.norm(
        np.array([ours_at(gltf, instance), *ours]) - theirs.positions, axis=2
    )
    difference("rest pose: bones", file.name, apart[0].max(), "mm", 1.0)
    difference("pose: bones", file.name, apart[1:].max(), "mm", 1.0)
    flags = {instance.node: instance.first_person for instance in own.instances}
    unlike = sum(flags[gltf.tree.place[n]] != flag for n, flag in theirs.first_person.items())
    difference("first person: flags unlike", file.name, unlike, "", 0.0)


def test_faces_have_the_weights_of_the_reference(
    avatar: tuple[Path, Gltf, Avatar], reference: Any, difference: Callable[..., None]
) -> None:
    file, _, own = avatar
    if not own.channel_count:
        pytest.skip("this avatar has no shapes")
    random = np.random.default_rng(11)
    pose = AvatarPose(own)
    names = [expression.name for expression in own.expressions]
    spoken = [names.index(name) for name in MOUTH if name in names]
    frames, ours = [], []
    for _ in range(12):
        some = random.uniform(size=len(ARKIT)) < 0.2
        shapes = (random.uniform(0.0, 1.0, len(ARKIT)) * some).astype(np.float32)
        raised = np.clip(expression_matrix(own.expressions) @ shapes, 0.0, 1.0)
        raised[spoken] /= max(1.0, float(raised[spoken].sum()))
        pose.apply(UNTURNED, np.zeros(3, np.float32), shapes, np.zeros(2, np.float32))
        ours.append(by_mesh(own, pose))
        given = zip(names, raised.tolist(), strict=True)
        frames.append({"expressions": {name: w for name, w in given if name not in LOOKS}})
    apart = largest_difference(ours, reference.run(file, frames).morphs)
    assert max(weight for frame in ours for mesh in frame for weight in mesh) > 0.1
    difference("expressions: morph weights", file.name, apart, "", 1e-3)


def test_eyes_look_where_those_of_the_reference_do(
    avatar: tuple[Path, Gltf, Avatar], reference: Any, difference: Callable[..., None]
) -> None:
    file, gltf, own = avatar
    eyes = [node for name, node in own.bones.items() if name.endswith("Eye")]
    if own.look_at is None or (own.look_at.kind == "bone" and not eyes):
        pytest.skip("this avatar has no look-at, or no eyes to look with")
    pose = AvatarPose(own)
    turns, weights = [], []
    for gaze in GAZES:
        angles = np.radians(gaze).astype(np.float32)
        pose.apply(UNTURNED, np.zeros(3, np.float32), np.zeros(52, np.float32), angles)
        turns.append(quaternions.from_matrix(pose.world[eyes, :3, :3]))
        weights.append(by_mesh(own, pose))
    # three-vrm's pitch is downwards.
    answer = reference.run(file, [{"look": (yaw, -pitch)} for yaw, pitch in GAZES])
    if own.look_at.kind == "bone":
        theirs = answer.turns[:, [gltf.tree.place.index(eye) for eye in eyes]]
        if own.meta.vrm_version == "0.x":
            # three-vrm rotates the whole scene; here every node's own axes are rotated as well.
            theirs = quaternions.multiply(theirs, np.array((0.0, 1.0, 0.0, 0.0)))
        apart = math.degrees(quaternions.angle_between(np.array(turns), theirs).max())
        assert math.degrees(quaternions.angle_between(turns[0], turns[1]).max()) > 1.0
        difference("look-at by bone", file.name, apart, "degrees", 0.05)
    else:
        apart = largest_difference(weights, answer.morphs)
        difference("look-at by expression", file.name, apart, "", 1e-3)


def by_mesh(avatar: Avatar, pose: AvatarPose) -> list[list[float]]:
    ends = [mesh.first_channel + len(mesh.target_names) for mesh in avatar.meshes]
    return [
        pose.morphs[mesh.first_channel : end].tolist()
        for mesh, end in zip(avatar.meshes, ends, strict=True)
    ]


def largest_difference(ours: Any, theirs: Any) -> float:
    """Return the largest difference between numbers in nested lists of the same form."""
    if isinstance(ours, list):
        assert len(ours) == len(theirs)
        pairs = zip(ours, theirs, strict=True)
        return max((largest_difference(a, b) for a, b in pairs), default=0.0)
    return abs(float(ours) - float(theirs))
