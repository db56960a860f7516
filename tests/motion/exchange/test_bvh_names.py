"""Test the joint names of many programs: one skeleton under each naming moves alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from avatars.names import BONE_PARENTS, HUMAN_BONES
from renderer.errors import MotionError
from renderer.motion.exchange.bvh import read_bvh
from renderer.motion.exchange.bvh_names import match_bones
from renderer.motion.exchange.bvh_text import Joint, read_text

BONES: Final = [bone for bone in HUMAN_BONES if bone not in ("jaw", "leftEye", "rightEye")]
_FINGERS: Final = ("Thumb", "Index", "Middle", "Ring", "Little")
_SEGMENTS: Final = ("Metacarpal", "Proximal", "Intermediate", "Distal")
_CENTRE: Final = ("hips", "spine", "chest", "upperChest", "neck", "head")
_PARTS: Final = ("Shoulder", "UpperArm", "LowerArm", "Hand",
                 "UpperLeg", "LowerLeg", "Foot", "Toes")  # fmt: skip


def split(bone: str) -> tuple[str, str, int]:
    """Return a bone's side, its part, and for fingers the joint's index from the palm, from 0."""
    side = "left" if bone.startswith("left") else "right" if bone.startswith("right") else ""
    part = bone.removeprefix(side)
    for finger in _FINGERS:
        if side and part.startswith(finger):
            first = 0 if finger == "Thumb" else 1
            names = [s for s in _SEGMENTS if (s != "Intermediate") == (finger == "Thumb") or first]
            joint = names.index(part.removeprefix(finger)) - (0 if finger == "Thumb" else first)
            return side, finger, joint
    return side, part, -1


def scheme(
    centre: tuple[str, ...],
    parts: tuple[str, ...],
    sided: Callable[[str, str], str],
    finger: Callable[[str, int], str],
) -> Callable[[str], str]:
    """Return a function that names VRM's bones by a program's scheme."""

    def name(bone: str) -> str:
        side, part, joint = split(bone)
        if not side:
            return centre[_CENTRE.index(bone)]
        return sided(side, finger(part, joint) if joint >= 0 else parts[_PARTS.index(part)])

    return name


def biped(root: str, blank: str) -> Callable[[str], str]:
    def finger(part: str, joint: int) -> str:
        return f"Finger{_FINGERS.index(part)}{joint or ''}"

    centre = ("Pelvis", "Spine", "Spine1", "Spine2", "Neck", "Head")
    parts = ("Clavicle", "UpperArm", "Forearm", "Hand", "Thigh", "Calf", "Foot", "Toe0")
    inner = scheme(centre, parts, lambda side, part: f"{side[0].upper()}{blank}{part}", finger)
    return lambda bone: f"{root}{blank}{inner(bone)}"


def motion_builder(prefix: str) -> Callable[[str], str]:
    def finger(part: str, joint: int) -> str:
        return f"Hand{'Pinky' if part == 'Little' else part}{joint + 1}"

    centre = ("Hips", "Spine", "Spine1", "Spine2", "Neck", "Head")
    parts = ("Shoulder", "Arm", "ForeArm", "Hand", "UpLeg", "Leg", "Foot", "ToeBase")
    inner = scheme(centre, parts, lambda side, part: side.capitalize() + part, finger)
    return lambda bone: prefix + inner(bone)


def vroid(bone: str) -> str:
    centre = ("C_Hips", "C_Spine", "C_Chest", "C_UpperChest", "C_Neck", "C_Head")
    inner = scheme(
        centre,
        ("Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "ToeBase"),
        lambda side, part: f"{side[0].upper()}_{part}",
        lambda part, joint: f"{part}{joint + 1}",
    )
    return f"J_Bip_{inner(bone)}"


UNREAL: Final = scheme(
    ("pelvis", "spine_01", "spine_02", "spine_03", "neck_01", "head"),
    ("clavicle", "upperarm", "lowerarm", "hand", "thigh", "calf", "foot", "ball"),
    lambda side, part: f"{part}_{side[0]}",
    lambda part, joint: f"{'pinky' if part == 'Little' else part.lower()}_0{joint + 1}",
)
SECOND_LIFE: Final = scheme(
    ("mPelvis", "mTorso", "mChest", "mUpperChest", "mNeck", "mHead"),
    ("mCollar", "mShoulder", "mElbow", "mWrist", "mHip", "mKnee", "mAnkle", "mToe"),
    lambda side, part: part + side.capitalize(),
    lambda part, joint: f"m{part}{joint + 1}",
)
MIKU: Final = scheme(
    ("センター", "上半身", "上半身1", "上半身２", "首", "頭"),
    ("肩", "腕", "ひじ", "手首", "足", "ひざ", "足首", "つま先"),
    lambda side, part: ("左" if side == "left" else "右") + part,
    lambda part, joint: (
        f"親指{'０１２'[joint]}"
        if part == "Thumb"
        else f"{dict(zip(_FINGERS, ('', '人指', '中指', '薬指', '小指'), strict=True))[part]}"
        f"{'１２３'[joint]}"
    ),
)
SCHEMES: Final[dict[str, tuple[Callable[[str], str], str]]] = {
    "VRM": (str, "utf-8"),
    "VRM in an armature": (lambda bone: f"Armature|{bone}", "utf-8"),
    "VRM with blanks": (lambda bone: f"My Rig {bone}", "utf-8"),
    "VRM in UTF-16": (str, "utf-16"),
    "VRoid": (vroid, "utf-8"),
    "Biped": (biped("Bip01", "_"), "utf-8"),
    "Biped with blanks": (biped("Bip001", " "), "utf-8"),
    "Character1": (motion_builder("Character1_"), "utf-8"),
    "Mixamo": (motion_builder("mixamorig:"), "utf-8"),
    "Robot": (motion_builder("Robot_"), "utf-8"),
    "a name of one's own": (motion_builder("Überspringer-7 "), "latin-1"),
    "Unreal": (UNREAL, "utf-8"),
    "Second Life": (SECOND_LIFE, "utf-8"),
    "MikuMikuDance in Shift-JIS": (MIKU, "cp932"),
    "MikuMikuDance in UTF-8": (MIKU, "utf-8-sig"),
}


def write(path: Path, name: Callable[[str], str], encoding: str) -> None:
    """Write three frames of a T-pose in which every joint turns by different angles."""

    def place(bone: str) -> tuple[float, float, float]:
        side, part, joint = split(bone)
        sign = -1.0 if side == "right" else 1.0
        if joint >= 0:
            return (sign * 3.0, 0.0, 2.0 - _FINGERS.index(part) if joint == 0 else 0.0)
        sizes = {"Shoulder": 5.0, "UpperArm": 12.0, "LowerArm": 26.0, "Hand": 24.0}
        if part in sizes:
            return (sign * sizes[part], 0.0, 0.0)
        drops = {"UpperLeg": -5.0, "LowerLeg": -40.0, "Foot": -38.0, "Toes": -6.0}
        if part in drops:
            across = sign * 9.0 if part == "UpperLeg" else 0.0
            return (across, drops[part], 12.0 if part == "Toes" else 0.0)
        return (0.0, 0.0 if bone == "hips" else 12.0, 0.0)

    order: list[str] = []

    def joint(bone: str) -> str:
        order.append(bone)
        below = [own for own in BONES if BONE_PARENTS[own] == bone]
        inner = "".join(map(joint, below)) or "End Site\n{\nOFFSET 0 1 0\n}\n"
        turns = "Zrotation Xrotation Yrotation"
        channels = f"6 Xposition Yposition Zposition {turns}" if bone == "hips" else f"3 {turns}"
        offset = " ".join(map(str, place(bone)))
        kind = "ROOT" if bone == "hips" else "JOINT"
        return f"{kind} {name(bone)}\n{{\nOFFSET {offset}\nCHANNELS {channels}\n{inner}}}\n"

    tree = joint("hips")
    rows = []
    for frame in range(3):
        angles = [10.0 * np.sin(1.0 + frame + 0.7 * k) for k in range(3 * len(order))]
        rows.append(" ".join(f"{value:.4f}" for value in (0.0, 85.0, float(frame), *angles)))
    motion = f"MOTION\nFrames: {len(rows)}\nFrame Time: 0.02\n" + "\n".join(rows) + "\n"
    path.write_bytes(f"HIERARCHY\n{tree}{motion}".encode(encoding))


@pytest.mark.parametrize("maker", SCHEMES)
def test_one_skeleton_under_every_makers_names_moves_alike(tmp_path: Path, maker: str) -> None:
    wanted, found = tmp_path / "vrm.bvh", tmp_path / "other.bvh"
    write(wanted, str, "utf-8")
    write(found, *SCHEMES[maker])
    bones = match_bones(read_text(found).joints)
    assert bones == match_bones(read_text(wanted).joints)
    assert bones.keys() == set(BONES)
    ours, theirs = read_bvh(found), read_bvh(wanted)
    np.testing.assert_array_equal(ours.rotations, theirs.rotations)
    np.testing.assert_array_equal(ours.hips, theirs.hips)


def test_joints_beside_the_body_are_left_alone() -> None:
    """Hair and skirts have another prefix, and often more joints than the body."""
    names = [vroid(bone) for bone in BONES] + [
        f"J_Sec_Hair{i}_{j:02}" for i in range(40) for j in (1, 2)
    ]
    joints = [Joint(name, -1, np.zeros(3), (), 0) for name in names]
    found = {bone: names[i] for bone, i in match_bones(joints).items()}
    spine = {"spine", "chest", "upperChest"}
    assert found == {bone: vroid(bone) for bone in BONES if bone not in spine}


def test_a_spine_beside_the_pelvis() -> None:
    """Biped parents the spine to its root and the legs to the pelvis."""
    places = [("Bip01", -1), ("Bip01 Pelvis", 0), ("Bip01 Spine", 0), ("Bip01 Spine1", 2),
              ("Bip01 Neck", 3), ("Bip01 Head", 4)]  # fmt: skip
    places += [(f"Bip01 {side} {part}", 1) for side in "LR" for part in ("Thigh", "Calf", "Foot")]
    places += [(f"Bip01 {s} {part}", 3) for s in "LR" for part in ("UpperArm", "Forearm", "Hand")]
    joints = [Joint(name, parent, np.zeros(3), (), 0) for name, parent in places]
    found = {bone: places[i][0] for bone, i in match_bones(joints).items()}
    assert found["hips"] == "Bip01 Pelvis"
    assert (found["spine"], found["chest"]) == ("Bip01 Spine", "Bip01 Spine1")


def test_endless_names_are_refused_in_good_time() -> None:
    names = ["_".join("ab" * 20_000) + str(i) for i in range(200)]
    assert match_bones([Joint(name, -1, np.zeros(3), (), 0) for name in names]) == {}


CASES: Final = ("biped_names", "character1_names", "names_with_spaces", "vroid_names")


@pytest.mark.parametrize("case", CASES)
def test_files_that_users_reported(shared_data: Path, case: str) -> None:
    path = shared_data.parent / "cases" / f"bvh_{case}.bvh"
    if not path.is_file():
        pytest.skip("the reported files are not beside this checkout")
    assert len(match_bones(read_text(path).joints)) == 22
    assert read_bvh(path).hips_height > 0.5


def test_the_refusal_names_the_schemes(tmp_path: Path) -> None:
    path = tmp_path / "odd.bvh"
    write(path, lambda bone: f"part {HUMAN_BONES.index(bone)}", "utf-8")
    with pytest.raises(MotionError, match=r"no joint for .*name its joints as CMU"):
        read_bvh(path)
