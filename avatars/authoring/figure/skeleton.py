"""Merge the source's 163 bones into VRM's human bones and compute VRM's rest pose, the T-pose.

VRM's jaw bone is omitted: the mouth is opened by morph targets, and a jaw bone would open it a
second time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.source import LEFT_EYE, RIGHT_EYE, VERTEX_COUNT, Floats, Source
from avatars.maths.quaternions import between, multiply, rotate, to_matrix
from avatars.names import BONE_INDEX, HUMAN_BONES, PARENT_INDEX

OMITTED = frozenset({"jaw"})
"""VRM human bones that are not written to the file."""

_FINGERS = {
    "Thumb": ("Metacarpal", "Proximal", "Distal"),
    "Index": ("Proximal", "Intermediate", "Distal"),
    "Middle": ("Proximal", "Intermediate", "Distal"),
    "Ring": ("Proximal", "Intermediate", "Distal"),
    "Little": ("Proximal", "Intermediate", "Distal"),
}


def _merge() -> dict[str, tuple[str, ...]]:
    """Map each VRM bone to the rig bones merged into it; the first one's head is its joint."""
    out: dict[str, tuple[str, ...]] = {
        "hips": ("root", "pelvis.L", "pelvis.R", "spine05"),
        "spine": ("spine04", "spine03"),
        "chest": ("spine02",),
        "upperChest": ("spine01", "breast.L", "breast.R"),
        "neck": ("neck01", "neck02", "neck03"),
        "head": ("head", "jaw"),
        "leftEye": ("eye.L",),
        "rightEye": ("eye.R",),
    }
    for side, letter in (("left", "L"), ("right", "R")):
        arm = {
            "Shoulder": ("clavicle", "shoulder01"),
            "UpperArm": ("upperarm01", "upperarm02"),
            "LowerArm": ("lowerarm01", "lowerarm02"),
            "Hand": ("wrist", "metacarpal1", "metacarpal2", "metacarpal3", "metacarpal4"),
            "UpperLeg": ("upperleg01", "upperleg02"),
            "LowerLeg": ("lowerleg01", "lowerleg02"),
            "Foot": ("foot",),
            "Toes": tuple(f"toe{i}-{j}" for i in range(1, 6) for j in range(1, 4)),
        }
        for bone, parts in arm.items():
            out[side + bone] = tuple(f"{part}.{letter}" for part in parts)
        for number, (finger, joints) in enumerate(_FINGERS.items(), start=1):
            for k, joint in enumerate(joints, start=1):
                out[side + finger + joint] = (f"finger{number}-{k}.{letter}",)
    return out


MERGED = _merge()


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The human bones fitted to a figure.

    Attributes:
        heads: (55, 3) start of each bone, metres; the jaw's row is unused.
        tips: (55, 3) end of each bone, metres.
        weights: (19158, 55) skinning weights; rows sum to 1, or to 0 for joint markers.
    """

    heads: Floats
    tips: Floats
    weights: Floats


def bind(source: Source, position: Floats) -> Skeleton:
    """Fit the skeleton to a figure of the source's topology, in any pose.

    Args:
        position: (19158, 3) vertex positions, metres.
    """
    heads, tips = np.zeros((55, 3)), np.zeros((55, 3))
    for bone, parts in MERGED.items():
        rig = source.rig[parts[-1] if bone.endswith(("Arm", "Leg")) else parts[0]]
        heads[BONE_INDEX[bone]] = source.place(source.rig[parts[0]].head, position)
        tips[BONE_INDEX[bone]] = source.place(rig.tail, position)
    for side, letter in (("left", "L"), ("right", "R")):
        # VRM has one toe bone where the rig has five: place it at their mean.
        roots = [source.rig[f"toe{i}-1.{letter}"].head for i in range(1, 6)]
        heads[BONE_INDEX[side + "Toes"]] = np.mean(
            [source.place(root, position) for root in roots], axis=0
        )
    for bone, eye in (("leftEye", LEFT_EYE), ("rightEye", RIGHT_EYE)):
        ball = position[eye]
        heads[BONE_INDEX[bone]] = (ball.min(axis=0) + ball.max(axis=0)) / 2
    return Skeleton(heads, tips, _weights(source))


def _weights(source: Source) -> Floats:
    owner = {part: BONE_INDEX[bone] for bone, parts in MERGED.items() for part in parts}

    def human(bone: str) -> int:
        while bone not in owner:
            bone = source.rig[bone].parent
        return owner[bone]

    weights = np.zeros((VERTEX_COUNT, 55))
    for bone, (vertices, amount) in source.weights.items():
        weights[vertices, human(bone)] += amount
    for name, eye in (("leftEye", LEFT_EYE), ("rightEye", RIGHT_EYE)):
        weights[eye] = 0.0
        weights[eye, BONE_INDEX[name]] = 1.0
    total = weights.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return shares


def globals_of(rotations: Floats) -> Floats:
    """Convert local rotations (55, 4) to global ones (55, 4), quaternions xyzw."""
    out = np.empty_like(rotations)
    for i, parent in enumerate(PARENT_INDEX):
        out[i] = rotations[i] if parent < 0 else multiply(out[parent], rotations[i])
    return out


def joint_places(heads: Floats, turned: Floats, root: Floats) -> Floats:
    """Compute posed joint positions (55, 3) by forward kinematics.

    Args:
        heads: (55, 3) joint positions at rest, metres.
        turned: (55, 4) global rotations, quaternions xyzw.
        root: (3,) translation of the root, metres.
    """
    out = np.empty_like(heads)
    for i, parent in enumerate(PARENT_INDEX):
        if parent < 0:
            out[i] = heads[i] + root
        else:
            out[i] = out[parent] + rotate(turned[parent], heads[i] - heads[parent])
    return out


def skinning_matrices(heads: Floats, turned: Floats, places: Floats) -> Floats:
    """Compute the matrices (55, 3, 4) that map rest positions to posed positions.

    Args:
        heads: (55, 3) joint positions at rest, metres.
        turned: (55, 4) global rotations, quaternions xyzw.
        places: (55, 3) posed joint positions, metres.
    """
    linear = to_matrix(turned)
    shift = places - np.einsum("bij,bj->bi", linear, heads)
    return np.concatenate((linear, shift[..., None]), axis=-1)


def skin(position: Floats, weights: Floats, matrices: Floats) -> Floats:
    """Apply linear blend skinning to positions (n, 3).

    Args:
        weights: (n, 55) skinning weights.
        matrices: (55, 3, 4) skinning matrices.
    """
    blended = (weights @ matrices.reshape(55, 12)).reshape(-1, 3, 4)
    out: Floats = np.einsum("vij,vj->vi", blended[..., :3], position) + blended[..., 3]
    return out


def t_pose_rotations(skeleton: Skeleton) -> Floats:
    """Compute the global rotations (55, 4), xyzw, that put a figure into VRM's T-pose.

    Arms point along ±X with palms down, legs straight down, feet along +Z, fingers are straight.
    Trunk, head and thumbs are not rotated relative to their parents.
    """
    heads, tips = skeleton.heads, skeleton.tips
    turned = np.tile([0.0, 0.0, 0.0, 1.0], (55, 1))

    def head(name: str) -> Floats:
        place: Floats = heads[BONE_INDEX[name]]
        return place

    def aim(base: Floats, direction: Floats, goal: Floats) -> Floats:
        now = rotate(base, direction)
        return multiply(between(now / np.linalg.norm(now), goal), base)

    def palm_down(side: str, turn: Floats, share: float) -> Floats:
        """Rotate about X until the line from little to index finger is level and points to +Z."""
        across = rotate(turn, head(side + "IndexProximal") - head(side + "LittleProximal"))
        angle = share * np.arctan2(across[1], across[2])
        return multiply(np.array([np.sin(angle / 2), 0.0, 0.0, np.cos(angle / 2)]), turn)

    down = np.array([0.0, -1.0, 0.0])
    for index, bone in enumerate(HUMAN_BONES):
        parent = PARENT_INDEX[index]
        base = turned[parent] if parent >= 0 else turned[index]
        side = "left" if bone.startswith("left") else "right"
        part = bone.removeprefix(side)
        along = np.array([1.0 if side == "left" else -1.0, 0.0, 0.0])
        match part:
            case "UpperArm":
                turn = aim(base, head(side + "LowerArm") - head(bone), along)
            case "LowerArm":
                turn = aim(base, head(side + "Hand") - head(bone), along)
                # The forearm takes 60 % of the hand's roll, or the wrist would collapse.
                hand = aim(turn, head(side + "MiddleProximal") - head(side + "Hand"), along)
                full = palm_down(side, hand, 1.0)
                part_way = multiply(full, hand * np.array([-1.0, -1.0, -1.0, 1.0]))
                angle = 0.6 * 2.0 * np.arctan2(part_way[0], part_way[3])
                roll = np.array([np.sin(angle / 2), 0.0, 0.0, np.cos(angle / 2)])
                turn = multiply(roll, turn)
            case "Hand":
                turn = aim(base, head(side + "MiddleProximal") - head(bone), along)
                turn = palm_down(side, turn, 1.0)
            case "UpperLeg":
                turn = aim(base, head(side + "LowerLeg") - head(bone), down)
            case "LowerLeg":
                turn = aim(base, head(side + "Foot") - head(bone), down)
            case "Foot":
                ahead = head(side + "Toes") - head(bone)
                yaw = -np.arctan2(ahead[0], ahead[2])
                turn = np.array([0.0, np.sin(yaw / 2), 0.0, np.cos(yaw / 2)])
            case _ if part.startswith(("Index", "Middle", "Ring", "Little")):
                turn = aim(base, tips[index] - heads[index], along)
            case _:
                turn = base
        turned[index] = turn
    return turned
