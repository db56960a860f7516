"""Test VRM animations against an independent implementation, and by a round trip."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from avatars.errors import AvatarError
from avatars.maths import quaternions
from avatars.model import Avatar
from avatars.names import BONE_INDEX, BONE_PARENTS
from avatars.pose import AvatarPose
from avatars.vrma import Animation, read_vrma, write_vrma
from avatars.vrma.tracks import Track

FILES = ("original_01.vrma", "original_02.vrma", "three_vrm_test.vrma")


@pytest.fixture(params=FILES)
def path(request: pytest.FixtureRequest, shared_data: Path) -> Path:
    return shared_data / "animation" / request.param


class Raw:
    """Evaluates the file's own nodes at a time, by a direct implementation of glTF."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        (size,) = struct.unpack_from("<I", data, 12)
        self.root: dict[str, Any] = json.loads(data[20 : 20 + size])
        self.binary = data[28 + size :]
        self.nodes = self.root["nodes"]
        self.parents = {c: i for i, n in enumerate(self.nodes) for c in n.get("children", ())}
        bones = self.root["extensions"]["VRMC_vrm_animation"]["humanoid"]["humanBones"]
        self.bones = {name: bone["node"] for name, bone in bones.items()}

    def numbers(self, index: int) -> np.ndarray:
        accessor = self.root["accessors"][index]
        view = self.root["bufferViews"][accessor["bufferView"]]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[accessor["type"]]
        start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
        flat = np.frombuffer(self.binary, "<f4", accessor["count"] * width, start)
        return flat.reshape(-1, width).astype(float)

    def value(self, node: int, path: str, seconds: float) -> Any:
        animation = self.root["animations"][0]
        for channel in animation["channels"]:
            if channel["target"] == {"node": node, "path": path}:
                sampler = animation["samplers"][channel["sampler"]]
                times, keys = self.numbers(sampler["input"])[:, 0], self.numbers(sampler["output"])
                at = float(np.clip(seconds, times[0], times[-1]))
                if path == "rotation":
                    return Slerp(times, Rotation.from_quat(keys))(at)
                return np.array([np.interp(at, times, column) for column in keys.T])
        if path == "rotation":
            return Rotation.from_quat(self.nodes[node].get("rotation", [0, 0, 0, 1]))
        return np.array(self.nodes[node].get(path, [0.0, 0.0, 0.0]))

    def rest(self, node: int) -> Rotation:
        own = Rotation.from_quat(self.nodes[node].get("rotation", [0, 0, 0, 1]))
        return self.rest(self.parents[node]) * own if node in self.parents else own

    def turn(self, node: int, seconds: float) -> Rotation:
        own = self.value(node, "rotation", seconds)
        return self.turn(self.parents[node], seconds) * own if node in self.parents else own


@pytest.mark.parametrize("seconds", [0.61, 2.9])
def test_bones_face_where_the_file_turns_them(path: Path, seconds: float) -> None:
    raw, moment = Raw(path), read_vrma(path).at(seconds)

    def chain(name: str) -> Rotation:
        own = Rotation.from_quat(moment.rotations[BONE_INDEX[name]])
        above = BONE_PARENTS[name]
        return own if above is None else chain(above) * own

    for name, node in raw.bones.items():
        # The file's rotation of the bone from rest, in model space.
        turned = raw.turn(node, seconds) * raw.rest(node).inv()
        assert (turned.inv() * chain(name)).magnitude() < 1e-3, name


@pytest.mark.parametrize("seconds", [0.0, 1.3])
def test_hips_go_where_the_file_takes_them(path: Path, seconds: float) -> None:
    raw, animation = Raw(path), read_vrma(path)
    node = raw.bones["hips"]
    assert node not in raw.parents
    rest = np.array(raw.nodes[node]["translation"])
    moved = raw.value(node, "translation", seconds) - rest
    assert np.allclose(animation.at(seconds).hips, moved, atol=1e-5)
    assert animation.hips_height == pytest.approx(rest[1])


def test_expressions_and_looks(shared_data: Path) -> None:
    animation = read_vrma(shared_data / "animation" / "three_vrm_test.vrma")
    raw = Raw(shared_data / "animation" / "three_vrm_test.vrma")
    assert set(animation.expressions) == {"happy"} and animation.duration == 3.0
    for seconds in (0.0, 0.25, 0.5, 1.5, 2.2):
        moment = animation.at(seconds)
        assert moment.expressions["happy"] == pytest.approx(
            raw.value(51, "translation", seconds)[0], abs=1e-5
        )
        ahead = raw.value(52, "rotation", seconds).apply([0.0, 0.0, 1.0])
        assert moment.gaze is not None
        yaw, pitch = moment.gaze
        told = [np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)]
        # Between keyframes, angles are interpolated where the file interpolates rotations.
        assert np.allclose(told, ahead, atol=0.02)


def test_through_a_file_and_back(path: Path, tmp_path: Path) -> None:
    first = read_vrma(path)
    copy = tmp_path / "copy.vrma"
    copy.write_bytes(write_vrma(first))
    second = read_vrma(copy)
    assert np.allclose(second.times, first.times, atol=1e-6)
    assert np.abs(second.rotations - first.rotations).max() < 1e-5
    assert np.allclose(second.hips, first.hips, atol=1e-5)
    assert np.allclose(second.rest, first.rest, atol=1e-5, equal_nan=True)
    assert second.expressions.keys() == first.expressions.keys()
    for name, weights in first.expressions.items():
        assert np.allclose(second.expressions[name], weights, atol=1e-6)
    assert (second.gaze is None) == (first.gaze is None)
    if first.gaze is not None and second.gaze is not None:
        assert np.allclose(second.gaze, first.gaze, atol=1e-5)
    assert write_vrma(first) == copy.read_bytes()


def made(**changes: Any) -> Animation:
    count = 5
    turns = np.zeros((count, 55, 4), np.float32)
    turns[..., 3] = 1.0
    angle = np.linspace(0.0, 1.0, count)
    turns[:, BONE_INDEX["leftUpperArm"]] = quaternions.from_axis_angle(np.array([0, 0, 1.0]), angle)
    whole: dict[str, Any] = {
        "times": np.linspace(0.0, 2.0, count),
        "rotations": turns,
        "hips": np.linspace((0, 0, 0), (0.1, 0.2, 0.3), count).astype(np.float32),
        "rest": np.linspace((0, 1, 0), (0, 1, 1), 55).astype(np.float32),
        "hips_height": 1.0,
        "expressions": {
            "happy": np.linspace(0, 1, count).astype(np.float32),
            "wink": np.ones(count, np.float32),
        },
        "gaze": np.linspace((0, 0), (0.4, -0.2), count).astype(np.float32),
        "name": "wave",
    }
    return Animation(**(whole | changes))


def test_made_animations_are_kept(tmp_path: Path) -> None:
    first = made()
    path = tmp_path / "made.vrma"
    path.write_bytes(write_vrma(first))
    second = read_vrma(path)
    assert second.name == "wave" and set(second.expressions) == {"happy", "wink"}
    for seconds in (-1.0, 0.0, 0.7, 1.0, 2.0, 5.0):
        one, other = first.at(seconds), second.at(seconds)
        assert np.allclose(one.rotations, other.rotations, atol=1e-6)
        assert np.allclose(one.hips, other.hips, atol=1e-6)
        assert one.gaze is not None and other.gaze is not None
        assert np.allclose(one.gaze, other.gaze, atol=1e-6)
        assert one.expressions["wink"] == other.expressions["wink"] == 1.0


def test_halfway_is_halfway() -> None:
    moment = made().at(1.0)
    arm = moment.rotations[BONE_INDEX["leftUpperArm"]]
    half = quaternions.from_axis_angle(np.array([0, 0, 1.0]), 0.5)
    assert np.allclose(arm, half, atol=1e-6)
    assert moment.expressions["happy"] == pytest.approx(0.5)
    assert np.allclose(moment.hips, (0.05, 0.1, 0.15))


def test_an_avatar_takes_it(tiny_avatar: Avatar) -> None:
    moment, pose = made().at(2.0), AvatarPose(tiny_avatar)
    rest = pose.bone_positions()
    own = moment.weights(tiny_avatar)
    assert own.tolist() == [1.0, 0.0, 0.0]
    pose.apply(moment.rotations, moment.hips, np.zeros(52, np.float32), np.zeros(2), own)
    moved = pose.bone_positions() - rest
    assert np.allclose(moved[BONE_INDEX["hips"]], (0.1, 0.2, 0.3), atol=1e-5)
    assert moved[BONE_INDEX["leftHand"], 1] > 0.3


def test_steps_hold(tmp_path: Path) -> None:
    data = write_vrma(made())
    (size,) = struct.unpack_from("<I", data, 12)
    root = json.loads(data[20 : 20 + size])
    channels = root["animations"][0]["channels"]
    happy = root["extensions"]["VRMC_vrm_animation"]["expressions"]["preset"]["happy"]["node"]
    step = next(c["sampler"] for c in channels if c["target"]["node"] == happy)
    root["animations"][0]["samplers"][step]["interpolation"] = "STEP"
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + size :]
    path = tmp_path / "steps.vrma"
    path.write_bytes(
        struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
        + struct.pack("<I4s", len(text), b"JSON") + text + rest
    )  # fmt: skip
    animation = read_vrma(path)
    assert animation.at(0.49).expressions["happy"] == pytest.approx(0.0, abs=1e-6)
    assert animation.at(0.51).expressions["happy"] == pytest.approx(0.25, abs=1e-6)
    assert animation.at(0.99).expressions["happy"] == pytest.approx(0.25, abs=1e-6)


def test_curves_follow_their_tangents() -> None:
    times = np.array([0.0, 1.0, 3.0])
    slopes = np.stack((3 * times**2, 3 * times**2), axis=1)[..., None]
    cubic = Track(times, (times**3)[:, None], slopes, False, False)
    fine = np.linspace(0.0, 3.0, 31)
    assert np.allclose(cubic.at(fine)[:, 0], fine**3)
    # The frames are dense enough for linear interpolation to match the curve.
    frames = cubic.frames()
    middles = (frames[1:] + frames[:-1]) / 2.0
    straight = np.interp(middles, frames, cubic.at(frames)[:, 0])
    assert np.abs(straight - middles**3).max() < 2e-3


@pytest.mark.parametrize(
    "name", ["c2pa/XCA.jpg", "gltf/RiggedFigure.glb", "avatars/cool_loops.vrm"]
)
def test_other_files_are_distinguished_from_animations(shared_data: Path, name: str) -> None:
    with pytest.raises(AvatarError):
        read_vrma(shared_data / name)


def test_hips_need_a_place() -> None:
    with pytest.raises(AvatarError, match="hips"):
        write_vrma(made(rest=np.full((55, 3), np.nan, np.float32)))
