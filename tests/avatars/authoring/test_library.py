"""Test that the library's idols are complete, upright, licensed VRMs with working expressions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.gltf import read_gltf
from avatars.instance import AvatarInstance
from avatars.maths.quaternions import from_axis_angle
from avatars.model import Avatar
from avatars.names import ARKIT, BONE_INDEX, HUMAN_BONES, PRESETS
from avatars.springs import read_springs

LIBRARY = Path(__file__).resolve().parents[3] / "avatars" / "library"


@pytest.fixture(scope="module", params=["idol.vrm", "idol_2.vrm", "idol_lod.vrm", "idol_2_lod.vrm"])
def path(request: pytest.FixtureRequest) -> Path:
    return LIBRARY / str(request.param)


@pytest.fixture(scope="module")
def idol(path: Path) -> Avatar:
    return load_avatar(path)


@pytest.fixture(scope="module")
def places(idol: Avatar) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return the position of each human bone's head; nodes only translate."""
    world = np.zeros((len(idol.nodes.names), 3))
    for i, parent in enumerate(idol.nodes.parents):
        world[i] = idol.nodes.translation[i] + (0.0 if parent < 0 else world[parent])
    return {bone: world[node] for bone, node in idol.bones.items()}


def test_it_loads_without_a_warning(idol: Avatar) -> None:
    assert idol.warnings == ()


def test_it_has_every_human_bone_but_the_jaw(idol: Avatar) -> None:
    assert set(idol.bones) == set(HUMAN_BONES) - {"jaw"}


def test_its_soles_stand_on_the_ground(idol: Avatar) -> None:
    lowest = min(float(p.position[:, 1].min()) for mesh in idol.meshes for p in mesh.primitives)
    assert abs(lowest) < 1e-5


def test_it_is_an_adult_s_height(idol: Avatar) -> None:
    highest = max(float(p.position[:, 1].max()) for mesh in idol.meshes for p in mesh.primitives)
    assert 1.6 < highest < 1.95


def test_it_faces_plus_z_with_its_left_at_plus_x(places: dict[str, np.ndarray]) -> None:  # type: ignore[type-arg]
    assert places["leftHand"][0] > 0.5 > -0.5 > places["rightHand"][0]
    for side in ("left", "right"):
        assert places[side + "Toes"][2] > places[side + "Foot"][2] + 0.05
        assert places[side + "Eye"][2] > places["head"][2]


def test_it_rests_in_a_t_pose(places: dict[str, np.ndarray]) -> None:  # type: ignore[type-arg]
    def along(start: str, end: str, axis: tuple[float, float, float]) -> None:
        way = places[end] - places[start]
        assert way @ np.array(axis) / np.linalg.norm(way) > 0.999, (start, end)

    for side, x in (("left", 1.0), ("right", -1.0)):
        along(side + "UpperArm", side + "LowerArm", (x, 0, 0))
        along(side + "LowerArm", side + "Hand", (x, 0, 0))
        along(side + "IndexProximal", side + "IndexIntermediate", (x, 0, 0))
        along(side + "UpperLeg", side + "LowerLeg", (0, -1, 0))
        along(side + "LowerLeg", side + "Foot", (0, -1, 0))
        toes = places[side + "Toes"] - places[side + "Foot"]
        assert abs(toes[0]) < 0.05 * np.linalg.norm(toes)


def test_left_mirrors_right(places: dict[str, np.ndarray]) -> None:  # type: ignore[type-arg]
    for bone in idol_sides(places):
        mirrored = places["right" + bone] * np.array([-1.0, 1.0, 1.0])
        np.testing.assert_allclose(places["left" + bone], mirrored, atol=2e-3, err_msg=bone)


def idol_sides(places: dict[str, np.ndarray]) -> list[str]:  # type: ignore[type-arg]
    return [bone.removeprefix("left") for bone in places if bone.startswith("left")]


def test_every_vertex_has_at_most_four_weights_that_sum_to_one(idol: Avatar) -> None:
    for mesh in idol.meshes:
        for primitive in mesh.primitives:
            assert primitive.weights.shape[1] == 4
            assert np.all(primitive.weights >= 0.0)
            np.testing.assert_allclose(primitive.weights.sum(axis=1), 1.0, atol=1e-5)
            assert primitive.joints.max() < len(idol.skins[0].joints)


def test_normals_are_unit_and_triangles_whole(idol: Avatar) -> None:
    for mesh in idol.meshes:
        for primitive in mesh.primitives:
            np.testing.assert_allclose(np.linalg.norm(primitive.normal, axis=1), 1.0, atol=1e-4)
            a, b, c = primitive.triangles.T
            assert np.all((a != b) & (b != c) & (a != c))


def test_each_arkit_shape_moves_something_of_a_likely_size(idol: Avatar) -> None:
    custom = {e.name: e for e in idol.expressions if not e.preset}
    assert set(ARKIT) <= set(custom)
    for name in ARKIT:
        assert farthest(idol, custom[name].channels) > 3e-4, name
        assert farthest(idol, custom[name].channels) < 6e-2, name


def farthest(idol: Avatar, channels: np.ndarray) -> float:  # type: ignore[type-arg]
    """Return the longest displacement of a vertex by the channels, metres."""
    longest = 0.0
    for mesh in idol.meshes:
        for channel in channels:
            index = int(channel) - mesh.first_channel
            if 0 <= index < len(mesh.target_names):
                for primitive in mesh.primitives:
                    moved = np.linalg.norm(primitive.targets[index].position, axis=1)
                    longest = max(longest, float(moved.max(initial=0.0)))
    return longest


def test_shapes_move_their_own_side(idol: Avatar) -> None:
    face = idol.meshes[0]
    for name, sign in (("eyeBlinkLeft", 1.0), ("eyeBlinkRight", -1.0), ("browDownLeft", 1.0)):
        skin = face.primitives[0]
        target = skin.targets[ARKIT.index(name)]
        size = np.linalg.norm(target.position, axis=1)
        x = skin.position[target.indices, 0]
        assert np.average(x, weights=size) * sign > 0.01, name


def test_an_open_jaw_lowers_the_chin_and_not_the_brow(idol: Avatar) -> None:
    skin = idol.meshes[0].primitives[0]
    target = skin.targets[ARKIT.index("jawOpen")]
    assert target.position[:, 1].min() < -0.01
    eyes = skin.position[:, 1].max() - 0.10
    high = skin.position[target.indices, 1] > eyes
    assert np.all(np.abs(target.position[high]) < 2e-3)


def test_all_presets_are_there_and_move_something_but_neutral(idol: Avatar) -> None:
    presets = {e.name: e for e in idol.expressions if e.preset}
    assert set(presets) == set(PRESETS)
    for name, expression in presets.items():
        assert (farthest(idol, expression.channels) > 3e-4) == (name != "neutral"), name


def test_the_eyes_follow_by_bones_and_are_balls_about_them(
    idol: Avatar,
    places: dict[str, np.ndarray],  # type: ignore[type-arg]
) -> None:
    assert idol.look_at is not None
    assert idol.look_at.kind == "bone"
    names = [idol.nodes.names[j] for j in idol.skins[0].joints]
    eyes = next(mesh for mesh in idol.meshes if mesh.name == "Eyes").primitives[0]
    for side in ("left", "right"):
        mine = eyes.joints[:, 0] == names.index(side + "Eye")
        radius = np.linalg.norm(eyes.position[mine] - places[side + "Eye"], axis=1)
        assert np.ptp(radius) < 0.002
        assert BONE_INDEX[side + "Eye"] >= 0


def test_its_hair_and_cloth_swing_without_a_warning(path: Path) -> None:
    gltf = read_gltf(path)
    springs = read_springs(gltf)
    assert gltf.warnings.texts == ()
    names = {chain.name.rstrip("0123456789") for chain in springs.chains}
    wanted = "tailLeft" if "_2" in path.name else "skirt"
    assert wanted in names
    # Cloth collides with both legs, thigh and shin.
    cloth = next(c for c in springs.chains if c.name.startswith(wanted))
    heeded = {n for group in cloth.groups for n in springs.groups[group].colliders}
    assert len(heeded) >= 4


def test_cloth_stays_outside_a_leg_that_is_raised(idol: Avatar) -> None:
    instance = AvatarInstance(idol)
    turns = np.tile(np.float32((0, 0, 0, 1)), (len(HUMAN_BONES), 1))
    still = np.zeros(3, np.float32), np.zeros(len(ARKIT), np.float32), np.zeros(2, np.float32)
    for frame in range(90):
        angle = np.radians(-80.0 * min(1.0, frame / 45.0))
        turns[BONE_INDEX["leftUpperLeg"]] = from_axis_angle(np.array([1.0, 0.0, 0.0]), angle)
        instance.update(turns, *still, 1.0 / 60.0)
    hip, knee = (instance.world[idol.bones[b], :3, 3] for b in ("leftUpperLeg", "leftLowerLeg"))
    hems = [
        chain.joints[-1].node
        for chain in idol.springs.chains
        if chain.name.startswith(("skirt", "tail"))
    ]
    assert hems
    for node in hems:
        point = instance.world[node, :3, 3] - hip
        along = knee - hip
        t = np.clip(point @ along / (along @ along), 0.0, 1.0)
        assert np.linalg.norm(point - t * along) > 0.06, idol.nodes.names[node]


def test_its_licence_is_open_and_decent(idol: Avatar) -> None:
    meta = idol.meta
    assert meta.authors == ("Encore",)
    assert (meta.avatar_permission, meta.commercial_usage) == ("everyone", "corporation")
    assert meta.redistribution
    assert meta.credit == "unnecessary"
    assert meta.modification == "allowModificationRedistribution"
    assert not (meta.violent_usage or meta.sexual_usage or meta.antisocial_or_hate_usage)
    notice = (LIBRARY / "NOTICE.md").read_text()
    assert "Mika Suominen" in notice
    assert "CC0 1.0" in notice


def test_it_is_light_enough_for_a_renderer_without_a_gpu(idol: Avatar, path: Path) -> None:
    triangles = sum(len(p.triangles) for mesh in idol.meshes for p in mesh.primitives)
    assert triangles <= (10_000 if "lod" in path.name else 50_000)
    assert all(max(texture.pixels.shape[:2]) <= 1024 for texture in idol.textures)
    assert path.stat().st_size < 5_000_000
