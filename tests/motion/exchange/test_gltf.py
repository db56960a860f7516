"""Test a take as plain glTF: every bone in place, every face curve under its name."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from avatars.maths.quaternions import angle_between, multiply, rotate
from avatars.names import ARKIT_INDEX, BONE_INDEX, HUMAN_BONES
from renderer.errors import MotionError, RendererError
from renderer.motion.core.forward import HIPS_HEIGHT, forward_kinematics
from renderer.motion.core.records import Motion
from renderer.motion.core.sources import Source
from renderer.motion.exchange.gltf import write_gltf
from renderer.motion.exchange.sequence import animation_from_motions
from renderer.motion.solver import MotionSolver
from renderer.motion.takes.write import TakeWriter
from renderer.tools.export_take import export


@pytest.fixture
def dance(performer: Any) -> list[Motion]:
    solver, out = MotionSolver(), []
    for k in range(20):
        seen = performer.observe(performer.standing(leftUpperArm=(2, -1.3 + 0.05 * k)), k)
        motion = solver.solve(seen)
        shapes = np.zeros(52, np.float32)
        shapes[ARKIT_INDEX["jawOpen"]] = k / 20
        gaze = np.array([0.02 * k, -0.1], np.float32)
        out.append(replace(motion, expressions=shapes, gaze=gaze))
    return out


class File:
    """A .glb file as its JSON and its accessors' arrays."""

    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack("<4sII", data[:12])
        assert (magic, version, length) == (b"glTF", 2, len(data))
        (size,) = struct.unpack("<I", data[12:16])
        self.json = json.loads(data[20 : 20 + size])
        self._binary = data[28 + size :]

    def array(self, accessor: int) -> np.ndarray:
        told = self.json["accessors"][accessor]
        width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}[told["type"]]
        view = self.json["bufferViews"][told["bufferView"]]
        kind = {5126: "<f4", 5121: "<u1", 5123: "<u2"}[told["componentType"]]
        count = told["count"] * width
        values = np.frombuffer(self._binary, kind, count, view["byteOffset"])
        return values.reshape(told["count"], width)

    def track(self, name: str, path: str) -> np.ndarray:
        (animation,) = self.json["animations"]
        for channel in animation["channels"]:
            target = channel["target"]
            if self.json["nodes"][target["node"]]["name"] == name and target["path"] == path:
                return self.array(animation["samplers"][channel["sampler"]]["output"])
        raise AssertionError(f"no {path} of {name}")


def test_every_bone_moves_as_it_did(dance: list[Motion]) -> None:
    file = File(write_gltf(animation_from_motions(dance, "take", perfect_sync=True)))
    nodes = file.json["nodes"]
    last, scale = dance[-1], dance[-1].hips_height / HIPS_HEIGHT
    _, wanted = forward_kinematics(last.rotations.astype(np.float64), last.root / scale)
    moved = (
        nodes[channel["target"]["node"]]["name"]
        for channel in file.json["animations"][0]["channels"]
        if channel["target"]["path"] == "rotation"
    )
    turned = {name: file.track(name, "rotation") for name in moved}
    places: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def walk(node: int, place: np.ndarray, turn: np.ndarray) -> None:
        told = nodes[node]
        offset = np.array(told["translation"])
        if told["name"] == "hips":
            offset = file.track("hips", "translation")[-1].astype(np.float64)
        place = place + rotate(turn, offset)
        own = turned.get(told["name"], np.array([[0.0, 0.0, 0.0, 1.0]]))[-1].astype(np.float64)
        places[node] = place, own
        for child in told.get("children", ()):
            walk(child, place, multiply(turn, own))

    walk(0, np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0]))
    for node, (place, _) in places.items():
        bone = BONE_INDEX[nodes[node]["name"]]
        np.testing.assert_allclose(place, wanted[bone] * scale, atol=2e-3)
    assert len(places) == len(HUMAN_BONES)
    arm = turned["leftUpperArm"][-1]
    assert angle_between(arm, last.rotations[BONE_INDEX["leftUpperArm"]]) < 1e-3


def test_the_face_s_curves_stand_under_their_names(dance: list[Motion]) -> None:
    file = File(write_gltf(animation_from_motions(dance, perfect_sync=True)))
    (face,) = (mesh for mesh in file.json["meshes"] if mesh["name"] == "face")
    names = face["extras"]["targetNames"]
    assert len(face["primitives"][0]["targets"]) == len(names) == len(face["weights"])
    curves = file.track("face", "weights").reshape(-1, len(names))
    np.testing.assert_allclose(curves[:, names.index("jawOpen")], np.arange(20) / 20, atol=1e-6)
    yaw = 2.0 * np.arcsin(file.track("leftEye", "rotation")[-1][1])
    assert yaw == pytest.approx(dance[-1].gaze[0], abs=2e-3)


def test_the_skin_is_bound_at_rest(dance: list[Motion]) -> None:
    file = File(write_gltf(animation_from_motions(dance)))
    (skin,) = file.json["skins"]
    inverse = file.array(skin["inverseBindMatrices"]).reshape(-1, 4, 4)
    places: dict[int, np.ndarray] = {}

    def walk(node: int, place: np.ndarray) -> None:
        places[node] = place + np.array(file.json["nodes"][node]["translation"])
        for child in file.json["nodes"][node].get("children", ()):
            walk(child, places[node])

    walk(0, np.zeros(3))
    for joint, matrix in zip(skin["joints"], inverse, strict=True):
        np.testing.assert_allclose(matrix[3, :3], -places[joint], atol=1e-5)


def test_another_program_s_reader_reads_it(dance: list[Motion], tmp_path: Path) -> None:
    path = tmp_path / "take.glb"
    path.write_bytes(write_gltf(animation_from_motions(dance, perfect_sync=True)))
    scene = trimesh.load(path, force="scene")
    height = np.ptp(scene.bounds[:, 1])
    assert 1.2 < height < 2.0


def test_a_face_that_never_moved_is_left_out(dance: list[Motion]) -> None:
    still = [replace(m, expressions=np.zeros(52, np.float32)) for m in dance]
    file = File(write_gltf(animation_from_motions(still)))
    assert [mesh["name"] for mesh in file.json["meshes"]] == ["sticks"]


def test_the_same_take_gives_the_same_bytes(dance: list[Motion]) -> None:
    assert write_gltf(animation_from_motions(dance)) == write_gltf(animation_from_motions(dance))


def test_an_animation_without_hips_is_refused(dance: list[Motion]) -> None:
    animation = animation_from_motions(dance)
    rest = animation.rest.copy()
    rest[0] = np.nan
    with pytest.raises(MotionError, match="hips"):
        write_gltf(replace(animation, rest=rest))


@pytest.fixture
def take(performer: Any, tmp_path: Path) -> Path:
    path = tmp_path / "take.mcap"
    with TakeWriter(path, {}) as writer:
        for frame in range(15):
            writer.put(Source.CAMERA, performer.observe(performer.pose(), frame))
    return path


@pytest.mark.parametrize("kind", [".glb", ".vrma", ".bvh"])
def test_a_take_is_exported_in_each_kind(take: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"out{kind}"
    assert export(take, target, 30.0) == ()
    assert target.stat().st_size > 1000


@pytest.mark.parametrize("kind", [".fbx", "", ".gltf"])
def test_other_kinds_are_refused_by_name(take: Path, tmp_path: Path, kind: str) -> None:
    with pytest.raises(RendererError, match=r"\.glb"):
        export(take, tmp_path / f"out{kind}", 30.0)


def test_a_place_that_cannot_be_written_is_reported(take: Path, tmp_path: Path) -> None:
    with pytest.raises(RendererError, match="cannot be written"):
        export(take, tmp_path / "none" / "out.glb", 30.0)
