"""Test BVH input and output: captured dance and walks, against the files' own values."""

from __future__ import annotations

import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatars.maths.quaternions import angle_between, from_axis_angle, multiply, rotate
from avatars.maths.vectors import normalise
from avatars.names import BONE_INDEX, PARENT_INDEX
from avatars.vrma import Animation, read_vrma, write_vrma
from renderer.errors import MotionError
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.exchange.bvh import read_bvh
from renderer.motion.exchange.bvh_names import match_bones
from renderer.motion.exchange.bvh_out import write_bvh
from renderer.motion.exchange.bvh_text import Joint, read_text

TAKES = ("01_01", "60_01_scaled", "61_05_scaled", "Boxing_Toes", "mocopi-mobile-arm-raise-turn")
LIMBS = (("UpperArm", "LowerArm"), ("LowerArm", "Hand"), ("UpperLeg", "LowerLeg"),
         ("LowerLeg", "Foot"))  # fmt: skip
SMALL = """HIERARCHY
ROOT hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT spine
  {
    OFFSET 0 0.3 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 0.3 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.0333333
0 1 0 0 0 0 0 0 0
0 1 0 0 0 90 10 0 0
"""


@pytest.fixture(scope="session")
def unpacked(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("mocap")

    def unpack(name: str) -> Path:
        path = folder / f"{name}.bvh"
        if not path.exists():
            packed = (shared_data / "mocap" / f"{name}.bvh.xz").read_bytes()
            path.write_bytes(lzma.decompress(packed))
        return path

    return unpack


def world_turns(animation: Animation) -> np.ndarray:
    out = np.empty((len(animation.times), 55, 4))
    for i, parent in enumerate(PARENT_INDEX):
        local = animation.rotations[:, i].astype(np.float64)
        out[:, i] = local if parent < 0 else multiply(out[:, parent], local)
    return out


@pytest.mark.parametrize("name", TAKES)
def test_limbs_point_where_the_files_limbs_point(
    unpacked: Callable[[str], Path], name: str
) -> None:
    path = unpacked(name)
    animation, file = read_bvh(path), read_text(path)
    bones = match_bones(file.joints)
    _, places = file.world()
    places = places[-len(animation.times) :]
    world = world_turns(animation)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for bone, following in LIMBS:
            points = places[:, bones[side + following]] - places[:, bones[side + bone]]
            rest = (sign, 0.0, 0.0) if "Arm" in bone else (0.0, -1.0, 0.0)
            turned = rotate(world[:, BONE_INDEX[side + bone]], np.array(rest))
            cosine = (turned * normalise(points)).sum(axis=1)
            assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).max() < 0.1


@pytest.mark.parametrize("name", TAKES)
def test_performers_are_of_human_size_and_stand_on_the_floor(
    unpacked: Callable[[str], Path], name: str
) -> None:
    animation = read_bvh(unpacked(name))
    assert 0.6 < animation.hips_height < 1.15
    # They stand for most of the take.
    assert abs(np.median(animation.hips[:, 1])) < 0.06
    np.testing.assert_allclose(animation.hips[0, [0, 2]], 0.0, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(animation.rotations, axis=-1), 1.0, atol=1e-5)
    # Heads are up, and hardly a joint jumps between frames a hundredth of a second apart.
    up = rotate(world_turns(animation)[:, BONE_INDEX["head"]], np.array([0.0, 1.0, 0.0]))
    assert np.median(up[:, 1]) > 0.9
    rest = animation.rest
    assert rest[BONE_INDEX["leftHand"], 0] > 0.4
    assert rest[BONE_INDEX["rightHand"], 0] < -0.4
    assert rest[BONE_INDEX["leftHand"], 1] == pytest.approx(
        rest[BONE_INDEX["leftUpperArm"], 1], abs=1e-4
    )


def test_the_mocopi_take_raises_an_arm_and_turns_as_it_is_called(
    unpacked: Callable[[str], Path],
) -> None:
    animation = read_bvh(unpacked("mocopi-mobile-arm-raise-turn"))
    heights = []
    for rotations in animation.rotations[::20]:
        _, positions = forward_kinematics(rotations, np.zeros(3))
        hands = positions[[BONE_INDEX["leftHand"], BONE_INDEX["rightHand"]], 1]
        heights.append(hands - positions[BONE_INDEX["head"], 1])
    assert np.max(heights) > 0.0
    ahead = rotate(animation.rotations[:, 0], np.array([0.0, 0.0, 1.0]))
    assert ahead[0, 2] > 0.9
    assert ahead[:, 2].min() < 0.6


def test_two_dancers_keep_their_distance(unpacked: Callable[[str], Path]) -> None:
    names = ("60_01_scaled", "61_01_scaled")
    dancers = [read_bvh(unpacked(name), centred=False) for name in names]
    files = [read_text(unpacked(name)) for name in names]
    frames = min(len(d.times) for d in dancers)
    ours = dancers[0].hips[:frames, [0, 2]] - dancers[1].hips[:frames, [0, 2]]
    theirs = files[0].table[-frames:, [0, 2]] - files[1].table[-frames:, [0, 2]]
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("name", ["60_01_scaled", "mocopi-mobile-arm-raise-turn"])
def test_what_is_written_is_read(
    unpacked: Callable[[str], Path], name: str, tmp_path: Path
) -> None:
    first = read_bvh(unpacked(name))
    short = Animation(
        first.times[:200], first.rotations[:200], first.hips[:200], first.rest,
        first.hips_height, {}, name="short",
    )  # fmt: skip
    rate = 1.0 / (first.times[1] - first.times[0])
    path = tmp_path / "out.bvh"
    path.write_text(write_bvh(short, rate))
    again = read_bvh(path)
    assert len(again.times) == 200
    np.testing.assert_allclose(again.times, short.times, atol=1e-4)
    assert angle_between(again.rotations, short.rotations).max() < 2e-3
    np.testing.assert_allclose(again.rest - again.rest[0], first.rest - first.rest[0], atol=1e-4)
    np.testing.assert_allclose(np.diff(again.hips, axis=0), np.diff(short.hips, axis=0), atol=1e-4)


def test_turns_past_upright_are_written_truly(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    _, rest = forward_kinematics(np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)), np.zeros(3))
    rotations = normalise(rng.normal(size=(30, 55, 4))).astype(np.float32)
    rotations[0] = from_axis_angle(np.array([1.0, 0.0, 0.0]), np.pi / 2)
    rotations[1] = from_axis_angle(np.array([1.0, 0.0, 0.0]), -np.pi / 2)
    times = np.arange(30) / 30.0
    hips = np.zeros((30, 3), np.float32)
    animation = Animation(times, rotations, hips, rest.astype(np.float32), 0.9, {}, name="wild")
    path = tmp_path / "wild.bvh"
    path.write_text(write_bvh(animation, 30.0))
    assert angle_between(read_bvh(path).rotations, rotations).max() < 2e-3


def test_a_dance_goes_to_vrma_and_back(unpacked: Callable[[str], Path], tmp_path: Path) -> None:
    dance = read_bvh(unpacked("60_01_scaled"))
    path = tmp_path / "dance.vrma"
    path.write_bytes(write_vrma(dance))
    again = read_vrma(path)
    body = [i for i in range(55) if i not in (BONE_INDEX["leftEye"], BONE_INDEX["rightEye"])]
    assert angle_between(again.rotations[:, body], dance.rotations[:, body]).max() < 1e-3
    np.testing.assert_allclose(again.hips, dance.hips, atol=1e-5)


def test_other_skeletons_stand_upright_and_face_us(tmp_path: Path) -> None:
    # Z up, facing −Y, as in Blender.
    names = {
        "Hips": ("", (0, 0, 0)), "Spine": ("Hips", (0, 0, 20)), "Neck": ("Spine", (0, 0, 30)),
        "Head": ("Neck", (0, 0, 10)),
        "LeftArm": ("Spine", (15, 0, 25)), "LeftForeArm": ("LeftArm", (20, 0, -20)),
        "LeftHand": ("LeftForeArm", (17, 0, -17)),
        "RightArm": ("Spine", (-15, 0, 25)), "RightForeArm": ("RightArm", (-20, 0, -20)),
        "RightHand": ("RightForeArm", (-17, 0, -17)),
        "LeftUpLeg": ("Hips", (9, 0, -5)), "LeftLeg": ("LeftUpLeg", (0, 0, -40)),
        "LeftFoot": ("LeftLeg", (0, 0, -40)),
        "RightUpLeg": ("Hips", (-9, 0, -5)), "RightLeg": ("RightUpLeg", (0, 0, -40)),
        "RightFoot": ("RightLeg", (0, 0, -40)),
    }  # fmt: skip

    def joint(name: str) -> str:
        offset = " ".join(map(str, names[name][1]))
        channels = "CHANNELS 3 Zrotation Xrotation Yrotation"
        if name == "Hips":
            channels = "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"
        inner = "".join(joint(n) for n, (parent, _) in names.items() if parent == name)
        inner = inner or "End Site { OFFSET 0 0 1 }"
        kind = "ROOT" if name == "Hips" else "JOINT"
        return f"{kind} {name} {{ OFFSET {offset} {channels} {inner} }}\n"

    # The left arm hangs at 45° at rest; here all lean forward about the skeleton's left.
    row = " ".join(["0 0 85 0 30 0", *["0 0 0"] * (len(names) - 1)])
    text = f"HIERARCHY\n{joint('Hips')}MOTION\nFrames: 1\nFrame Time: 0.01\n{row}\n"
    path = tmp_path / "blender.bvh"
    path.write_text(text)
    animation = read_bvh(path)
    assert animation.rest[BONE_INDEX["head"], 1] > 1.2
    up = rotate(world_turns(animation)[0, BONE_INDEX["head"]], np.array([0.0, 1.0, 0.0]))
    np.testing.assert_allclose(up, (0.0, np.cos(np.pi / 6), np.sin(np.pi / 6)), atol=1e-4)
    arm = rotate(world_turns(animation)[0, BONE_INDEX["leftUpperArm"]], np.array([1.0, 0.0, 0.0]))
    half = np.sqrt(0.5)
    np.testing.assert_allclose(arm, (half, -half * np.cos(np.pi / 6), -half / 2), atol=1e-4)


@pytest.mark.parametrize(
    ("name", "bone"),
    [("mixamorig:LeftArm", "leftUpperArm"), ("lShldr", "leftUpperArm"), ("L_Clavicle", ""),
     ("RightUpLeg", "rightUpperLeg"), ("thigh.R", "rightUpperLeg"), ("r_low_leg", "rightLowerLeg"),
     ("Left_Foot", "leftFoot"), ("LeftHandIndex2", "leftIndexIntermediate"),
     ("rPinky1", "rightLittleProximal"), ("lower_torso", ""), ("Pelvis", "hips")],
)  # fmt: skip
def test_names_of_many_makers(name: str, bone: str) -> None:
    found = match_bones([Joint(name, -1, np.zeros(3), (), 0)])
    assert list(found) in ([bone] if bone else [], ["leftShoulder"], [bone])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="does not exist"):
        read_bvh(tmp_path / "no.bvh")
    with pytest.raises(MotionError, match="cannot be read"):
        read_bvh(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("HIERARCHY", "", "not a BVH"),
        ("MOTION", "", "cut off"),
        ("Frames: 2", "Frames: 9", "numbers instead of"),
        ("Frames: 2", "Frames: 0", "no frames"),
        ("Frames: 2", "Frames: two", "damaged"),
        ("0.0333333", "-1", "frame time of"),
        ("0.0333333", "nan", "frame time of"),
        ("90 10", "nan 10", "not finite"),
        ("90 10", "x 10", "damaged"),
        ("OFFSET 0 0.3 0", "OFFSET 0 inf 0", "not finite"),
        ("Zrotation", "Wrotation", "channel"),
        ("End Site", "Site", "among its joints"),
        ("}\n}\nMOTION", "}\nMOTION", "no end"),
        ("JOINT spine", "JOINT bone", "no joint for"),
    ],
)
def test_damaged_files_are_reported(tmp_path: Path, old: str, new: str, fault: str) -> None:
    path = tmp_path / "damaged.bvh"
    path.write_text(SMALL.replace(old, new, 1))
    with pytest.raises(MotionError, match=fault):
        read_bvh(path)


def test_a_fault_quotes_no_endless_word(tmp_path: Path) -> None:
    path = tmp_path / "damaged.bvh"
    path.write_text(SMALL.replace("End Site", "E" * 10_000, 1))
    with pytest.raises(MotionError, match="among its joints") as fault:
        read_bvh(path)
    assert len(str(fault.value)) < 500


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "noise.bvh"
    path.write_bytes(b"HIERARCHY \xff\xfe\x00")
    with pytest.raises(MotionError, match="not a BVH"):
        read_bvh(path)
    path.write_bytes(b"")
    with pytest.raises(MotionError, match="not a BVH"):
        read_bvh(path)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(SMALL)), noise=st.text(max_size=8), cut=st.booleans())
def test_no_damage_is_more_than_one_sentence(
    tmp_path: Path, at: int, noise: str, cut: bool
) -> None:
    path = tmp_path / "damaged.bvh"
    path.write_text(SMALL[:at] + noise + ("" if cut else SMALL[at + 3 :]), "utf-8")
    with pytest.raises(MotionError):
        read_bvh(path)
