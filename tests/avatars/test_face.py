"""Test morph weights from shapes, presets, overrides and gaze."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from avatars import load_avatar
from avatars.arkit import PRESET_SHAPES, expression_matrix
from avatars.maths import quaternions
from avatars.model import Avatar, Expression, LookAt
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX, PRESETS
from avatars.pose import AvatarPose

REST = np.tile(np.float32([0, 0, 0, 1]), (55, 1))
STILL = np.zeros(3, np.float32)
MOUTH = ("aa", "ih", "ou", "ee", "oh")


def shapes(**weights: float) -> np.ndarray:
    values = np.zeros(52, np.float32)
    for name, weight in weights.items():
        values[ARKIT_INDEX[name]] = weight
    return values


def played(avatar: Avatar, face: np.ndarray, gaze: tuple[float, float] = (0.0, 0.0)) -> AvatarPose:
    pose = AvatarPose(avatar)
    pose.apply(REST, STILL, face, np.float32(gaze))
    return pose


def expressed(
    avatar: Avatar, face: np.ndarray, gaze: tuple[float, float] = (0.0, 0.0)
) -> dict[str, float]:
    weights = played(avatar, face, gaze).expressions
    return {e.name: float(w) for e, w in zip(avatar.expressions, weights, strict=True)}


def made(name: str, *channels: int, **more: object) -> Expression:
    ones = np.ones(len(channels), np.float32)
    return replace(Expression(name, name in PRESETS, np.array(channels, np.int32), ones), **more)


@pytest.fixture(scope="module")
def godette(shared_data: Path) -> Avatar:
    return load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")


def test_an_open_jaw_says_aa(godette: Avatar) -> None:
    weights = expressed(godette, shapes(jawOpen=0.8))
    assert weights["aa"] > 0.8 and weights["ou"] == 0.0
    pose = played(godette, shapes(jawOpen=0.8))
    assert pose.morphs[5] == pytest.approx(weights["aa"])


def test_each_eye_blinks_alone(godette: Avatar) -> None:
    weights = expressed(godette, shapes(eyeBlinkLeft=1.0))
    assert (weights["blinkLeft"], weights["blinkRight"], weights["blink"]) == (1.0, 0.0, 0.0)


def test_one_blink_serves_both_eyes_where_there_is_no_pair(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars" / "cool_loops.vrm")
    weights = expressed(avatar, shapes(eyeBlinkLeft=1.0, eyeBlinkRight=1.0))
    assert weights["blink"] == 1.0 and weights["blinkLeft"] == 0.0


@given(arrays(np.float32, 52, elements=st.floats(-0.5, 1.5, width=32)))
def test_weights_stay_in_bounds_and_mouths_add_up(godette: Avatar, face: np.ndarray) -> None:
    weights = expressed(godette, face)
    assert all(0.0 <= weight <= 1.0 for weight in weights.values())
    assert sum(weights[name] for name in MOUTH) <= 1.0 + 1e-5


def test_own_shapes_go_straight_through(godette: Avatar) -> None:
    own = tuple(made(name, i % godette.channel_count) for i, name in enumerate(ARKIT))
    avatar = replace(godette, expressions=(*own, *godette.expressions))
    weights = expressed(avatar, shapes(jawOpen=0.4, eyeBlinkLeft=1.0, mouthSmileLeft=1.0))
    assert weights["jawOpen"] == pytest.approx(0.4)
    assert all(weights[name] == 0.0 for name in PRESETS if name in weights)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("EyeBlinkLeft", "eyeBlinkLeft"), ("eyeBlink_L", "eyeBlinkLeft"),
        ("mouthSmileR", "mouthSmileRight"), ("jaw_open", "jawOpen"), ("JAWLEFT", "jawLeft"),
        ("Brow Inner Up", "browInnerUp"), ("wink", "wink"), ("eyeBlink", "eyeBlink"),
    ],
)  # fmt: skip
def test_shapes_are_known_by_any_spelling(
    edited: Any, tiny_file: bytes, written: str, meant: str
) -> None:
    def change(root: dict[str, Any]) -> None:
        expressions = root["extensions"]["VRMC_vrm"]["expressions"]
        expressions["custom"] = {written: {}}

    avatar = load_avatar(edited(tiny_file, change))
    assert avatar.expressions[-1].name == meant


def test_the_map_names_only_what_exists() -> None:
    assert PRESET_SHAPES.keys() <= set(PRESETS)
    assert all(shape in ARKIT_INDEX for row in PRESET_SHAPES.values() for shape in row)
    assert expression_matrix([]).shape == (0, 52)


def test_a_binary_blink_under_a_blending_smile_is_off(shared_data: Path) -> None:
    name = "VRMC_vrm_expressions_isBinary_Overridden.vrm"
    avatar = load_avatar(shared_data / "avatars" / name)
    blink = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
    assert expressed(avatar, shapes(**blink))["blink"] == 1.0
    assert expressed(avatar, shapes(eyeBlinkLeft=0.8))["blink"] == 0.0
    smiling = expressed(avatar, shapes(**blink, mouthSmileLeft=0.5))
    assert 0.0 < smiling["happy"] < 0.5 and smiling["blink"] == 0.0


def test_a_binary_smile_takes_the_blink_whole(shared_data: Path) -> None:
    name = "VRMC_vrm_expressions_isBinary_Overrides.vrm"
    avatar = load_avatar(shared_data / "avatars" / name)
    blink = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 0.6}
    faint = expressed(avatar, shapes(**blink, mouthSmileLeft=1.0, mouthSmileRight=0.2))
    assert faint["happy"] == 0.0 and faint["blink"] == pytest.approx(0.8)
    broad = expressed(avatar, shapes(**blink, mouthSmileLeft=1.0, mouthSmileRight=1.0))
    assert broad["happy"] == 1.0 and broad["blink"] == 0.0


@pytest.mark.parametrize(("override", "kept"), [("none", 1.0), ("blend", 0.4), ("block", 0.0)])
def test_overrides_leave_what_they_do_not_claim(
    godette: Avatar, override: str, kept: float
) -> None:
    smile = made("happy", 0, override_mouth=override, override_look_at=override)
    avatar = replace(godette, expressions=(smile, made("ou", 1), made("lookLeft", 2)))
    face = shapes(mouthSmileLeft=1.0, mouthSmileRight=1.0, mouthPucker=1.0)
    weights = expressed(avatar, face, (1.5, 0.0))
    assert weights["happy"] == pytest.approx(0.6)
    assert weights["ou"] == pytest.approx(0.9 * kept, abs=1e-6)
    assert weights["lookLeft"] == pytest.approx(kept, abs=1e-6)


def test_looks_by_expression(godette: Avatar) -> None:
    assert godette.look_at is not None and godette.look_at.kind == "expression"
    left_up = expressed(godette, shapes(), (0.1, 0.1))
    assert left_up["lookLeft"] > 0.0 and left_up["lookUp"] > 0.0
    assert left_up["lookRight"] == left_up["lookDown"] == 0.0
    right_down = expressed(godette, shapes(), (-0.1, -0.1))
    assert right_down["lookRight"] > 0.0 and right_down["lookDown"] > 0.0


def test_looks_by_bone_turn_the_eyes_by_their_ranges(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars/blender_5.2/basic_armature_vrm1.vrm")
    ranges = ((1.0, 0.1), (1.0, 0.2), (1.0, 0.3), (1.0, 0.4))
    avatar = replace(avatar, look_at=LookAt("bone", (0, 0, 0), ranges))
    rest = AvatarPose(avatar).world.copy()

    def turn(gaze: tuple[float, float], eye: str) -> np.ndarray:
        node = avatar.bones[eye]
        now = played(avatar, shapes(), gaze).world[node, :3, :3]
        return now @ np.linalg.inv(rest[node, :3, :3]) @ np.array([0.0, 0.0, 1.0])

    # Half the input gives half the output; left is +X, the left eye's outer side.
    assert turn((0.5, 0.0), "leftEye")[0] == pytest.approx(np.sin(0.1), abs=1e-4)
    assert turn((0.5, 0.0), "rightEye")[0] == pytest.approx(np.sin(0.05), abs=1e-4)
    assert turn((-9.0, 0.0), "leftEye")[0] == pytest.approx(-np.sin(0.1), abs=1e-4)
    assert turn((-9.0, 0.0), "rightEye")[0] == pytest.approx(-np.sin(0.2), abs=1e-4)
    assert turn((0.0, 1.0), "leftEye")[1] == pytest.approx(np.sin(0.4), abs=1e-4)
    assert turn((0.0, -1.0), "leftEye")[1] == pytest.approx(-np.sin(0.3), abs=1e-4)


def test_a_gaze_is_added_to_an_eye_that_motion_turns(shared_data: Path) -> None:
    avatar = load_avatar(shared_data / "avatars/blender_5.2/basic_armature_vrm1.vrm")
    pose = AvatarPose(avatar)
    turned = REST.copy()
    turned[BONE_INDEX["leftEye"]] = quaternions.from_axis_angle(np.array([0, 1.0, 0]), 0.3)
    pose.apply(turned, STILL, shapes(), np.float32([0.0, 0.0]))
    by_motion = pose.world[avatar.bones["leftEye"]].copy()
    pose.apply(turned, STILL, shapes(), np.float32([1.0, 0.0]))
    assert not np.allclose(pose.world[avatar.bones["leftEye"]], by_motion)


def test_resting_weights_hold_where_no_expression_reaches(godette: Avatar) -> None:
    mesh = replace(
        godette.meshes[0], default_weights=np.full(godette.channel_count, 0.25, np.float32)
    )
    avatar = replace(godette, meshes=(mesh, *godette.meshes[1:]), expressions=(made("aa", 5),))
    morphs = played(avatar, shapes()).morphs
    assert morphs[5] == 0.0 and np.all(np.delete(morphs, 5) == 0.25)
