"""Poses, faces and looks: bones within 1 mm of three-vrm's, morph weights within 1e-3."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import rotation
from avatars.arkit import expression_matrix
from avatars.gltf import Gltf, read_gltf
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
    "sweeps/mtoon_default.vrm",
)
LOOKS = ("lookLeft", "lookRight", "lookUp", "lookDown")
# (yaw to the left, pitch upwards) in degrees.
GAZES = ((0.0, 0.0), (20.0, 0.0), (-35.0, 0.0), (10.0, 15.0), (-80.0, 60.0))


@pytest.fixture(scope="module", params=(*FILES, "idol.vrm"))
def avatar(request: pytest.FixtureRequest, shared_data: Path) -> tuple[Path, Gltf, Avatar]:
    file = shared_data / "avatars" / request.param
    if request.param == "idol.vrm":
        file = Path(__file__).parents[2] / "avatars" / "library" / "idol.vrm"
        if not file.is_file():
            pytest.skip("the default idol is not built")
    gltf = read_gltf(file)
    return file, gltf, read_avatar(gltf)


def ours_at(gltf: Gltf, pose: AvatarPose) -> Any:
    """(n, 3) metres, in the file's order of nodes."""
    return pose.world[list(gltf.tree.place), :3, 3].copy()


def test_bones_stand_where_the_reference_puts_them(
    avatar: tuple[Path, Gltf, Avatar], reference: Any, difference: Callable[..., None]
) -> None:
    file, gltf, own = avatar
    random = np.random.default_rng(7)
    bones = [bone for bone in own.bones if not bone.endswith("Eye")]
    pose = AvatarPose(own)
    frames, ours = [], []
    for _ in range(12):
        axes = rotation.normalized(random.normal(size=(len(HUMAN_BONES), 3)))
        turned = rotation.from_axis_angle(axes, random.uniform(-1.2, 1.2, len(HUMAN_BONES)))
        rotations = np.tile(rotation.IDENTITY, (len(HUMAN_BONES), 1))
        for bone in bones:
            rotations[BONE_INDEX[bone]] = turned[BONE_INDEX[bone]]
        root = random.uniform(-0.5, 0.5, 3)
        pose.apply(
            rotations.astype(np.float32),
            root.astype(np.float32),
            np.zeros(52, np.float32),
            np.zeros(2, np.float32),
        )
        ours.append(ours_at(gltf, pose))
        own_bones = {bone: rotations[BONE_INDEX[bone]].tolist() for bone in bones}
        frames.append({"bones": own_bones, "root": root.tolist()})
    theirs = reference.run(file, frames).positions
    apart = 1e3 * float(np.linalg.norm(np.array(ours) - theirs, axis=2).max())
    difference("bones", file.name, apart, "mm")
    assert apart < 1.0


def test_faces_have_the_weights_of_the_reference(
    avatar: tuple[Path, Gltf, Avatar], reference: Any, difference: Callable[..., None]
) -> None:
    file, _, own = avatar
    if not own.channel_count:
        pytest.skip("this avatar has no shapes")
    random = np.random.default_rng(11)
    pose = AvatarPose(own)
    to_expressions = expression_matrix(own.expressions)
    rotations = np.tile(rotation.IDENTITY, (len(HUMAN_BONES), 1)).astype(np.float32)
    largest = 0.0
    for _ in range(3):
        shapes = random.uniform(0.0, 1.0, len(ARKIT)) * (random.uniform(size=len(ARKIT)) < 0.2)
        raised = np.clip(to_expressions @ shapes.astype(np.float32), 0.0, 1.0)
        names = [expression.name for expression in own.expressions]
        spoken = [names.index(name) for name in ("aa", "ih", "ou", "ee", "oh") if name in names]
        raised[spoken] /= max(1.0, float(raised[spoken].sum()))
        pose.apply(
            rotations, np.zeros(3, np.float32), shapes.astype(np.float32), np.zeros(2, np.float32)
        )
        weights = {
            name: float(weight)
            for name, weight in zip(names, raised, strict=True)
            if name not in LOOKS
        }
        morphs = reference.run(file, [{"expressions": weights}]).morphs
        for mesh, theirs in zip(own.meshes, morphs, strict=True):
            ours = pose.morphs[mesh.first_channel : mesh.first_channel + len(theirs)]
            largest = max([largest, *np.abs(ours - theirs)])
    difference("morph weights", file.name, largest, "")
    assert largest < 1e-3


def test_eyes_look_where_those_of_the_reference_do(
    avatar: tuple[Path, Gltf, Avatar], reference: Any, difference: Callable[..., None]
) -> None:
    """By the nodes' own turn, seen in what hangs from the eyes or in the look's shapes."""
    file, gltf, own = avatar
    if own.look_at is None:
        pytest.skip("this avatar has no look-at")
    pose = AvatarPose(own)
    rotations = np.tile(rotation.IDENTITY, (len(HUMAN_BONES), 1)).astype(np.float32)
    largest = 0.0
    for yaw, pitch in GAZES:
        gaze = np.radians((yaw, pitch)).astype(np.float32)
        pose.apply(rotations, np.zeros(3, np.float32), np.zeros(52, np.float32), gaze)
        # three-vrm's pitch is downwards.
        answer = reference.run(file, [{"look": (yaw, -pitch)}])
        if own.look_at.kind == "bone":
            eyes = [n for name, n in own.bones.items() if name.endswith("Eye")]
            places = [gltf.tree.place.index(eye) for eye in eyes]
            ours = rotation.from_matrix(pose.world[eyes, :3, :3])
            theirs = answer.turns[-1, places]
            if len(eyes):
                largest = max(largest, math.degrees(rotation.angle_between(ours, theirs).max()))
        else:
            for mesh, theirs in zip(own.meshes, answer.morphs, strict=True):
                ours = pose.morphs[mesh.first_channel : mesh.first_channel + len(theirs)]
                largest = max([largest, *np.abs(ours - theirs)])
    unit = "degrees" if own.look_at.kind == "bone" else ""
    difference(f"look-at by {own.look_at.kind}", file.name, largest, unit)
    assert largest < (0.05 if unit else 1e-3)
