"""Test the detection of faces, their shading without shadow edges, and rims on white cloth."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.load import load_avatar
from avatars.model import Avatar, Material
from renderer.graphics.drawables.avatar.faces import _rest_matrices, find_face
from renderer.graphics.drawables.avatar.geometry import merge
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 96
Make = Callable[..., StageRenderer]


@pytest.fixture(scope="module")
def idol() -> Avatar:
    return load_avatar(IDOL)


@pytest.fixture(scope="module")
def at_rest(idol: Avatar) -> PosedAvatar:
    world = _rest_matrices(idol).astype(np.float32)
    return PosedAvatar(0, world, np.zeros(idol.channel_count, np.float32))


def key_at(angle: float, target: tuple[float, float, float], up: float = 0.5) -> Light:
    x, y, z = target
    place = (x + 3.0 * math.sin(angle), y + up, z + 3.0 * math.cos(angle))
    return Light(place, target, (0.7, 0.7, 0.7), (0.4, 0.5), casts_shadow=True)


def test_the_idols_face_is_found_and_her_hair_is_not(idol: Avatar) -> None:
    geometry = merge(idol)
    face = find_face(idol, geometry)
    assert face is not None
    names = {idol.materials[number].name for number in face.materials}
    assert "hair" not in names
    assert "clothes" not in names
    share, forehead = face.values[:, 0], face.values[:, 1]
    height = geometry.vertices["position"][:, 1]
    eye = float(_rest_matrices(idol)[idol.bones["leftEye"], 1, 3])
    assert (share > 250).sum() > 500
    assert height[share > 0].min() > eye - 0.2
    assert height[forehead > 0].min() > eye
    assert np.allclose(np.linalg.norm(face.normals, axis=1), 1.0, atol=1e-3)


def test_what_lies_beneath_the_jaw_is_found(idol: Avatar) -> None:
    geometry = merge(idol)
    face = find_face(idol, geometry)
    assert face is not None
    beneath = face.values[:, 3] / 255.0
    position = geometry.vertices["position"]
    eye = _rest_matrices(idol)[idol.bones["leftEye"], 1, 3]
    chin = position[face.values[:, 0] > 128, 1].min()
    neck = _rest_matrices(idol)[idol.bones["neck"], 1, 3]
    assert (beneath > 0.5).sum() > 20
    # Nothing of the face above the mouth, and nothing below the neck's joint.
    where = position[beneath > 0.02, 1]
    assert where.max() < chin + 0.6 * (eye - chin)
    assert where.min() > neck - 0.03
    # A nose faces down too.
    assert not beneath[(face.values[:, 0] > 250) & (position[:, 1] > eye - 0.05)].any()


def test_normals_outside_the_face_stay(idol: Avatar) -> None:
    geometry = merge(idol)
    face = find_face(idol, geometry)
    assert face is not None
    outside = face.values[:, 0] == 0
    np.testing.assert_array_equal(face.normals[outside], geometry.vertices["normal"][outside])


def test_what_has_no_head_or_no_expressions_has_no_face(idol: Avatar, pillar: Avatar) -> None:
    assert find_face(pillar, merge(pillar)) is None
    mute = replace(idol, expressions=())
    assert find_face(mute, merge(mute)) is None


def face_light(
    make: Make, stage: StageSet, avatars: list[Avatar], states: list[StageState]
) -> list[np.ndarray]:
    """Return the central part of each picture: a face from brow to chin."""
    drawing = make(SIZE, SIZE, stage, avatars, samples=0)
    made = []
    for state in states:
        assert drawing.draw(state) == ()
        drawing.collect()
        quarter = SIZE // 4
        made.append(drawing.picture()[quarter:-quarter, quarter:-quarter].astype(float))
    return made


def test_a_face_darkens_steadily_as_its_light_goes_round(
    renderer: Make, stage: Callable[..., StageSet], idol: Avatar, at_rest: PosedAvatar
) -> None:
    eye = _rest_matrices(idol)[idol.bones["leftEye"], :3, 3]
    face = (0.0, float(eye[1]) - 0.03, float(eye[2]))
    camera = Camera((face[0], face[1], face[2] + 1.2), face, math.radians(9.0))
    states = [
        StageState(n, 0, 0, (at_rest,), (key_at(angle, face),), (0.05,) * 3, camera)
        for n, angle in enumerate(np.radians(np.linspace(0.0, 110.0, 9)))
    ]
    means = np.array([one.mean() for one in face_light(renderer, stage(), [idol], states)])
    assert (np.diff(means) < 2.0).all()
    assert means[0] > means[-1] + 20.0


def test_what_is_close_casts_no_shadow_on_a_face_and_what_is_far_does(
    renderer: Make, stage: Callable[..., StageSet], card: Callable[..., Avatar], idol: Avatar,
    at_rest: PosedAvatar,
) -> None:  # fmt: skip
    eye = _rest_matrices(idol)[idol.bones["leftEye"], :3, 3]
    face = (0.0, float(eye[1]) - 0.03, float(eye[2]) + 0.05)
    camera = Camera((face[0], face[1], face[2] + 1.2), face, math.radians(7.0))
    # From high up, so that the card above the face is not in the picture.
    key = key_at(0.0, face, up=5.0)
    towards = np.subtract(key.position, face)
    towards = towards / np.linalg.norm(towards)
    black = card(Material("black", (0.0, 0.0, 0.0, 1.0), unlit=True, double_sided=True))
    states = []
    for number, away in enumerate((0.13, 0.9)):
        world = np.eye(4, dtype=np.float32)[None].copy()
        world[0, :3, :3] *= 0.12
        world[0, :3, 3] = np.array(face) + away * towards
        posed = PosedAvatar(1, world, np.zeros(0, np.float32))
        lit = StageState(2 * number, 0, 0, (at_rest,), (key,), (0.05,) * 3, camera)
        states += [lit, replace(lit, number=2 * number + 1, avatars=(at_rest, posed))]
    lit, close, _, far = face_light(renderer, stage(), [idol, black], states)
    middle = np.s_[SIZE // 4 - 8 : SIZE // 4 + 8, SIZE // 4 - 8 : SIZE // 4 + 8]
    assert (lit - far)[middle].mean() > 10.0
    assert abs((lit - close)[middle].mean()) < 0.5 * (lit - far)[middle].mean()


def test_a_light_from_behind_does_not_flood_white_cloth(
    renderer: Make, stage: Callable[..., StageSet], card: Callable[..., Avatar]
) -> None:
    """Test that white reflects a smaller fraction of a back light than a dark colour does."""
    turn = math.radians(75.0)
    world = np.eye(4, dtype=np.float32)[None].copy()
    c, s = math.cos(turn), math.sin(turn)
    world[0, :3, :3] = ((c, 0.0, s), (0.0, 1.0, 0.0), (-s, 0.0, c))
    posed = PosedAvatar(0, world, np.zeros(0, np.float32))
    key = Light((0.0, 0.0, 9.0), (0.0, 0.0, 0.0), (1e-6,) * 3, casts_shadow=True)
    rim = Light((3.0, 0.0, -2.4), (0.0, 0.0, 0.0), (0.4, 0.4, 0.4))
    camera = Camera((0.0, 0.0, 4.0), (0.0, 0.0, 0.0), math.radians(20.0))
    taken = []
    for albedo in (0.1, 0.9):
        drawing = renderer(
            32, 32, stage(), [card(Material("m", (albedo,) * 3 + (1.0,)))], samples=0
        )
        drawing.draw(StageState(0, 0, 0, (posed,), (key, rim), (0.0,) * 3, camera))
        shown = drawing.picture().max() / 255.0
        linear = ((shown + 0.055) / 1.055) ** 2.4 if shown > 0.04045 else shown / 12.92
        taken.append(linear / albedo)
    dark, white = taken
    assert dark == pytest.approx(0.4, abs=0.04)
    assert 0.15 < white / dark < 0.6
