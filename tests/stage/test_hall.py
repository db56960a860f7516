"""Test the concert hall's file: it equals its script's output, and has room to perform."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from renderer.stage.building.bake import bake_groups, decode_light
from renderer.stage.building.build_hall import HALL_PATH, LIT, build
from renderer.stage.building.hall_house import place_seats
from renderer.stage.building.hall_stage import PIT
from renderer.stage.records import Light
from renderer.stage.sets.stage_set import StageSet, load_set


@pytest.fixture(scope="module")
def hall() -> StageSet:
    return load_set(HALL_PATH)


def test_the_hall_is_what_its_script_builds(hall: StageSet, tmp_path: Path) -> None:
    path = tmp_path / "concert_hall.glb"
    path.write_bytes(build().export(file_type="glb", include_normals=True))
    built = load_set(path)
    assert (hall.name, hall.backdrop, hall.spawns) == (built.name, built.backdrop, built.spawns)
    assert hall.fixtures == built.fixtures
    assert hall.lights == built.lights
    np.testing.assert_allclose(hall.seats, built.seats, atol=1e-5)
    for a, b in zip(hall.meshes, built.meshes, strict=True):
        assert (a.name, a.emissive, a.roughness) == (b.name, b.emissive, b.roughness)
        np.testing.assert_allclose(a.position, b.position, atol=1e-5)
        np.testing.assert_array_equal(a.triangles, b.triangles)
        if a.light is not None and b.light is not None:
            assert np.abs(a.light.astype(int) - b.light).max() <= 1
    assert [screen.name for screen in hall.screens] == [screen.name for screen in built.screens]


def test_light_is_baked_into_all_but_the_deck(hall: StageSet) -> None:
    for mesh in hall.meshes:
        assert (mesh.light is None) == (mesh.name in LIT), mesh.name
    riser = next(mesh for mesh in hall.meshes if mesh.name == "riser")
    assert riser.light is not None
    assert decode_light(riser.light).max(axis=0).min() >= 0.0


def test_baked_light_is_what_the_spot_brings() -> None:
    light = Light((0.0, 4.0, 0.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.3, 0.5))
    position = np.array([(0.0, 0.0, 0.0), (0.0, 2.0, 0.0), (5.0, 0.0, 0.0)])
    normal = np.tile((0.0, 1.0, 0.0), (3, 1))
    baked = decode_light(bake_groups(position, normal, [[light]]))
    # A light's own colour at its target, clipped at 2 where nearer, and nothing outside its cone.
    assert baked[:, 0] == pytest.approx([1.0, 2.0, 0.0], abs=0.01)
    assert not baked[:, 1:].any()


def test_performers_have_room_and_the_audience_does_not_stand_on_stage(hall: StageSet) -> None:
    points = np.concatenate([mesh.position for mesh in hall.meshes])
    near = (np.hypot(points[:, 0], points[:, 2]) < 1.5) & (points[:, 1] > 0.05)
    assert not (near & (points[:, 1] < 2.4)).any()
    seats = hall.seats
    on_deck = (np.abs(seats[:, 0]) < 7.5) & (seats[:, 2] < 2.4)
    on_thrust = np.hypot(seats[:, 0], seats[:, 2] - 6.9) < 2.1
    assert not (on_deck | on_thrust).any()
    assert len(seats) == 10_000
    assert (seats[:, 1] > PIT + 1.3).all()
    np.testing.assert_array_equal(seats, place_seats())


def test_nobody_stands_in_somebody(hall: StageSet) -> None:
    standing = hall.seats[hall.seats[:, 1] < 0.0][:, ::2].astype(float)
    apart = np.linalg.norm(standing[:, None] - standing[None], axis=-1)
    np.fill_diagonal(apart, 9.0)
    assert (apart.min(axis=1) < 0.15).mean() < 0.01


def test_the_hall_has_its_fixtures_and_screens(hall: StageSet) -> None:
    roles = Counter(place.role for place in hall.fixtures)
    assert roles == {"back": 8, "front": 6, "ladder": 6, "house": 14, "follow": 2}
    assert {screen.name for screen in hall.screens} == {"left", "right", "wall", "floor"}
    for screen in hall.screens:
        assert screen.uv.min() == 0.0
        assert screen.uv.max() == 1.0


def test_the_panel_in_the_floor_lies_on_deck_and_thrust_before_the_marks(hall: StageSet) -> None:
    panel = next(screen for screen in hall.screens if screen.name == "floor").position
    assert panel[:, 1] == pytest.approx([0.002] * len(panel))
    # On the thrust, 2.6 m wide to its round end at z = 9, and clear of where performers stand.
    assert np.abs(panel[:, 0]).max() < 1.3
    assert panel[:, 2].min() > 1.5
    assert np.hypot(panel[:, 0], panel[:, 2] - 6.9)[panel[:, 2] > 6.9].max() < 2.1
