"""Test node constraints: within 1 mm of three-vrm's, measured at the nodes' children."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from avatars.constraints import NodeConstraints, read_constraints
from avatars.gltf import read_gltf
from avatars.maths import quaternions, vectors
from avatars.names import BONE_INDEX, HUMAN_BONES
from avatars.pose import AvatarPose
from avatars.vrm import read_avatar


def make_turn(x: float, y: float, z: float) -> list[float]:
    angle = math.hypot(x, y, z)
    return [float(v) for v in quaternions.from_axis_angle(np.array((x, y, z)) / angle, angle)]


def constrain(body: Any, name: str, parent: str, kind: str, source: str, **more: Any) -> None:
    """Add a constrained node with a tip, so that its rotation is measurable."""
    rest = make_turn(0.3 + 0.1 * len(name), -0.4, 0.2)
    own = {"source": body.place(source), **more}
    extension = {"specVersion": "1.0", "constraint": {kind: own}}
    body.add(
        name,
        parent,
        (0.05, 0.02, 0.01),
        rotation=rest,
        extensions={"VRMC_node_constraint": extension},
    )
    body.add(f"{name} tip", name, (0.1, 0.2, 0.3), scale=[1.2, 1.2, 1.2])
    body.add(f"{name} end", f"{name} tip", (0.3, -0.2, 0.1))


def test_constrained_nodes_turn_as_in_the_reference(
    new_body: Callable[[str], Any],
    reference: Any,
    difference: Callable[..., None],
    tmp_path: Path,
) -> None:
    body = new_body("1.0")
    body.nodes[body.place("leftLowerArm")]["rotation"] = make_turn(0.2, 0.1, -0.3)
    constrain(body, "roll", "leftLowerArm", "roll", "leftHand", rollAxis="X", weight=0.6)
    constrain(body, "sleeve", "leftUpperArm", "aim", "leftHand", aimAxis="PositiveX")
    constrain(body, "cuff", "spine", "aim", "rightHand", aimAxis="NegativeY", weight=0.5)
    constrain(body, "copy", "hips", "rotation", "head", weight=0.7)
    # Each of these follows another constrained node, and precedes it in the file's order.
    constrain(body, "twice", "rightUpperArm", "rotation", "roll")
    constrain(body, "watcher", "head", "aim", "sleeve end", aimAxis="PositiveZ")
    constrain(body, "twist", "rightLowerArm", "roll", "copy", rollAxis="Z")
    file = body.write(tmp_path / "constraints.vrm")

    gltf = read_gltf(file)
    avatar = read_avatar(gltf)
    pose = AvatarPose(avatar)
    constraints = NodeConstraints(read_constraints(gltf), avatar.nodes)
    random = np.random.default_rng(3)
    frames, ours = [], []
    for _ in range(20):
        rotations = np.tile(quaternions.IDENTITY, (len(HUMAN_BONES), 1))
        for bone in avatar.bones:
            axis = vectors.normalise(random.normal(size=3))
            rotations[BONE_INDEX[bone]] = quaternions.from_axis_angle(axis, random.uniform(-1, 1))
        pose.apply(
            rotations.astype(np.float32),
            np.zeros(3, np.float32),
            np.zeros(52, np.float32),
            np.zeros(2, np.float32),
        )
        constraints.apply(pose.world)
        ours.append(pose.world[list(gltf.tree.place), :3, 3])
        frames.append({"bones": {b: rotations[BONE_INDEX[b]].tolist() for b in avatar.bones}})
    theirs = reference.run(file, frames).positions
    apart = 1e3 * np.linalg.norm(np.array(ours) - theirs, axis=2).max(axis=0)
    for feature, names in (
        ("constraint: roll", ("roll",)),
        ("constraint: aim", ("sleeve", "cuff")),
        ("constraint: rotation", ("copy",)),
        ("constraints that follow others", ("twice", "watcher", "twist")),
    ):
        seen = [body.place(name + part) for name in names for part in ("", " tip", " end")]
        difference(feature, file.name, apart[seen].max(), "mm", 1.0)
