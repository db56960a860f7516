"""Test any number of lights and shadows, and that lights out of reach change nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import Avatar, Material, OutlineMode
from renderer.graphics.drawables.avatar.geometry import merge
from renderer.graphics.drawables.avatar.joint_spheres import JointSpheres
from renderer.graphics.drawables.clusters import split_clusters
from renderer.graphics.gpu import light_lists
from renderer.graphics.gpu.context import Adapter
from renderer.graphics.gpu.lights import pack_lights
from renderer.graphics.quality import FULL
from renderer.graphics.renderer import StageRenderer
from renderer.stage.building.build_set import SET_PATH
from renderer.stage.lights import rig
from renderer.stage.lights.reach import lights_reach
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet, load_set

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]

CAMERA = Camera((0.0, 0.8, 5.0), (0.0, 0.8, 0.0), math.radians(35.0))
FRONT = Light((0.0, 1.0, 5.0), (0.0, 0.8, 0.0), (0.02, 0.02, 0.02), (0.5, 0.6))


def pictures(
    renderer: Make, stage: StageSet, avatars: list[Avatar], *states: StageState
) -> list[np.ndarray]:
    drawing = renderer(160, 120, stage, avatars, samples=0, quality=FULL)
    made = []
    for state in states:
        assert drawing.draw(state) == ()
        drawing.collect()
        made.append(drawing.picture().astype(int))
    return made


@pytest.mark.parametrize("seconds", [0.0, 7.3, 20.0])
@pytest.mark.parametrize("size", [(160, 90), (96, 96)])
def test_leaving_out_lights_that_do_not_reach_changes_no_pixel(
    renderer: Make, pillar: Avatar, pillar_pose: PosedAvatar, monkeypatch: pytest.MonkeyPatch,
    seconds: float, size: tuple[int, int],
) -> None:  # fmt: skip
    stage = load_set(SET_PATH)
    state = StageState(
        0, 0, 0, (pillar_pose,), rig.default_lights(seconds), rig.AMBIENT,
        rig.default_camera(size[0] / size[1]),
    )  # fmt: skip
    made = []
    for everything in (False, True):
        if everything:
            monkeypatch.setattr(
                "renderer.graphics.scene.lights_reach",
                lambda lights, spheres, starts: np.ones((len(lights), len(starts)), bool),
            )
        drawing = renderer(*size, stage, [pillar])
        drawing.draw(state)
        made.append(drawing.picture())
    np.testing.assert_array_equal(*made)


def test_the_stages_parts_are_reached_by_a_part_of_the_lights(pillar: Avatar) -> None:
    stage = load_set(SET_PATH)
    lights = rig.default_lights(0.0)
    position = np.concatenate([mesh.position for mesh in stage.meshes])
    first = np.cumsum([0, *(len(mesh.position) for mesh in stage.meshes)])
    triangles = np.concatenate(
        [m.triangles + np.uint32(f) for m, f in zip(stage.meshes, first, strict=False)]
    )
    clusters = split_clusters(position, triangles)
    reached = lights_reach(lights, clusters.spheres, clusters.starts)
    assert reached.mean() < 0.5


@pytest.mark.parametrize("software", [True, False])
@pytest.mark.parametrize("count", [9, 40, 150])
def test_many_lights_add_up(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    monkeypatch: pytest.MonkeyPatch, software: bool, count: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(Adapter, "is_software", property(lambda self: software))
    wall = stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0))
    held = min(count, light_lists.MAX_LIGHTS - 1)
    total = replace(FRONT, color=(0.02 * held / 3,) * 3)
    weak = replace(FRONT, color=(0.02 / 3,) * 3)
    key = replace(FRONT, color=(0.1, 0.1, 0.1))
    many, one = pictures(
        renderer, wall, [pillar],
        state(pillar_pose, lights=(key, *[weak] * count), camera=CAMERA),
        state(pillar_pose, lights=(key, total), camera=CAMERA, number=1),
    )  # fmt: skip
    assert one.max() > 100
    assert np.abs(many - one).max() <= 2


def test_loops_and_unrolled_variants_draw_the_same(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    inked = Material(
        "inked", (0.9, 0.7, 0.6, 1.0), outline_mode=OutlineMode.WORLD, outline_width=0.02,
        outline_lighting_mix=1.0, outline_color=(0.5, 0.5, 0.5),
    )  # fmt: skip
    wall = stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0))
    lit = state(pillar_pose, lights=rig.default_lights(3.0), camera=CAMERA)
    avatar = replace(pillar, materials=(inked,))
    (unrolled,) = pictures(renderer, wall, [avatar], lit)
    monkeypatch.setattr(
        light_lists, "_variant", lambda *args, **options: light_lists.light_variant(7, looped=True)
    )
    (looped,) = pictures(renderer, wall, [avatar], lit)
    assert np.abs(unrolled - looped).max() <= 1


def test_only_the_strongest_stay_where_more_reach_than_a_list_holds() -> None:
    lights = [replace(FRONT, color=(0.001 * n, 0.0, 0.0)) for n in range(1, 201)]
    table = pack_lights(lights, 1024, 16384)
    for software in (True, False):
        variant, rows = light_lists._rows_of((1 << 200) - 1, table, software=software)
        assert len(rows) == light_lists.MAX_LIGHTS == variant.capacity
        assert set(range(202 - light_lists.MAX_LIGHTS, 200)) <= set(rows)
        assert rows[0] == 0


def test_each_light_casts_its_own_shadow(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    wall = stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0))
    lights = tuple(
        Light((x, 0.8, 2.0), (0.0, 0.8, 0.0), (0.3, 0.3, 0.3), (0.9, 1.0), casts_shadow=True)
        for x in (2.0, -2.0, 0.9)
    )
    without = tuple(replace(light, casts_shadow=False) for light in lights)
    plain, *shaded, together = pictures(
        renderer, wall, [pillar],
        state(pillar_pose, lights=without, camera=CAMERA),
        *(
            state(
                pillar_pose, number=1 + number, camera=CAMERA,
                lights=tuple(replace(one, casts_shadow=one is lights[number]) for one in lights),
            )
            for number in range(3)
        ),
        state(pillar_pose, number=4, lights=lights, camera=CAMERA),
    )  # fmt: skip
    # The wall alone: toon shading also depends on which light is the key.
    across = 60.0 / (6.0 * math.tan(math.radians(17.5)))
    row = slice(55, 65)
    for x, one in zip((2.0, -2.0, 0.9), shaded, strict=True):
        middle = 80.0 - 0.5 * x * across
        dark = (plain - one)[60].max(axis=-1) > 12
        columns = np.flatnonzero(dark & (np.abs(np.arange(160) - 80) > 6))
        assert columns.size
        assert columns.mean() == pytest.approx(middle, abs=5.0)
        assert ((plain - together)[row][:, columns].max(axis=-1) > 6).all()


def test_shadow_maps_lie_side_by_side_and_shrink_where_they_do_not_fit() -> None:
    light = replace(FRONT, casts_shadow=True)
    table = pack_lights([light] * 5, 1024, 16384)
    assert table.shadow_side == 3072
    assert len({caster.viewport for caster in table.casters}) == 5
    assert pack_lights([light] * 5, 1024, 2048).shadow_side <= 2048
    assert [caster.light for caster in pack_lights([FRONT, light], 64, 64).casters] == [0]


def test_lights_that_cannot_be_used_are_left_out_and_told(
    renderer: Make, stage: Stage, state: State
) -> None:
    wall = stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0))
    drawing = renderer(32, 32, wall, [], samples=0)
    good = replace(FRONT, color=(0.5, 0.5, 0.5))
    drawing.draw(state(lights=(good,), camera=CAMERA))
    drawing.collect()
    expected = drawing.picture()
    bad = (
        replace(FRONT, target=FRONT.position),
        replace(FRONT, color=(math.nan, 0.0, 0.0)),
        replace(FRONT, range_m=0.0),
    )
    faults = drawing.draw(state(lights=(*bad, good), camera=CAMERA, number=1))
    assert [fault.thing for fault in faults] == ["light 1", "light 2", "light 3"]
    np.testing.assert_array_equal(drawing.picture(), expected)


def test_a_range_ends_a_light_and_leaves_its_target_as_bright(
    renderer: Make, stage: Stage, state: State
) -> None:
    wall = stage(((0.0, 0.0, 0.0), 4.0, 0.5, 0.0))
    lamp = Light((0.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.4, 0.4, 0.4), (math.pi, math.pi))
    camera = Camera((0.0, 0.0, 6.0), (0.0, 0.0, 0.0), math.radians(60.0))
    drawing = renderer(120, 120, wall, [], samples=0)
    made = []
    for number, reach in enumerate((math.inf, 1.5)):
        drawing.draw(state(lights=(replace(lamp, range_m=reach),), camera=camera, number=number))
        drawing.collect()
        made.append(drawing.picture()[60, :, 0].astype(int))
    endless, ended = made
    assert abs(endless[60] - ended[60]) <= 2
    # The range of 1.5 m meets the wall 1.12 m from the middle: 19 of 120 pixels.
    assert ended[60 + 14] > 0
    assert ended[60 + 22 :].max() == 0
    assert endless[60 + 22] > 10


def test_an_avatars_spheres_hold_every_vertex(pillar: Avatar, pillar_pose: PosedAvatar) -> None:
    geometry = merge(pillar)
    spheres = JointSpheres(geometry, 1)
    random = np.random.default_rng(3)
    for _ in range(20):
        palette = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
        angle, scale = random.uniform(-0.8, 0.8), random.uniform(0.5, 2.0)
        c, s = scale * np.cos(angle), scale * np.sin(angle)
        palette[:, :3, :3] = np.float32([(c, -s, 0), (s, c, 0), (0, 0, scale)])
        palette[:, :3, 3] = random.uniform(-2.0, 2.0, 3)
        morphs = np.float32([random.uniform(-1.0, 1.0)])
        placed = spheres.place(palette, morphs)
        rows = geometry.vertices
        moved = np.zeros((len(rows), 3))
        for first, count in {tuple(row) for row in rows["morphs"].tolist()}:
            owners = np.flatnonzero((rows["morphs"] == (first, count)).all(axis=1))
            for entry in range(first, first + count):
                moved[owners] += morphs[0] * geometry.morphs[entry, 0, :3]
        points = np.einsum("ij,nj->ni", palette[0, :3, :3], rows["position"] + moved)
        points += palette[0, :3, 3]
        away = np.linalg.norm(points[:, None] - placed[None, :, :3], axis=2) - placed[None, :, 3]
        assert (away.min(axis=1) <= 1e-4).all()


def test_clusters_keep_every_triangle_and_bound_it() -> None:
    stage = load_set(SET_PATH)
    mesh = next(mesh for mesh in stage.meshes if mesh.name == "ground")
    clusters = split_clusters(mesh.position, mesh.triangles)
    assert len(clusters.triangles) == len(clusters.starts) > 1
    together = np.concatenate(clusters.triangles)
    assert sorted(map(tuple, together.tolist())) == sorted(map(tuple, mesh.triangles.tolist()))
    random = np.random.default_rng(1)
    ends = [*clusters.starts[1:], len(clusters.spheres)]
    for triangles, start, end in zip(clusters.triangles, clusters.starts, ends, strict=True):
        share = random.dirichlet((1.0, 1.0, 1.0), 50)
        points = np.einsum("wk,mkc->mwc", share, mesh.position[triangles]).reshape(-1, 3)
        spheres = clusters.spheres[start:end]
        away = np.linalg.norm(points[:, None] - spheres[None, :, :3], axis=2) - spheres[None, :, 3]
        assert (away.min(axis=1) <= 0.0).all()
