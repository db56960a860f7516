"""Test materials: transparency, vertex colours, metallic-roughness, rims, outlines, floor light."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import AlphaMode, Avatar, Material, OutlineMode, Primitive
from renderer.graphics.drawables.avatar.geometry import merge, queue
from renderer.graphics.drawables.avatar.view_order import LAYER_M, ViewOrder
from renderer.graphics.gpu.bounce import floor_bounce
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Floor, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]
Card = Callable[..., Avatar]

FRONT = Light((0.0, 0.0, 5.0), (0.0, 0.0, 0.0), (0.6, 0.6, 0.6))
BEHIND = Light((0.0, 0.0, -5.0), (0.0, 0.0, 0.0), (0.6, 0.6, 0.6))
RED = Material("red", (0.8, 0.0, 0.0, 1.0), unlit=True, alpha_mode=AlphaMode.BLEND,
               double_sided=True)  # fmt: skip
BLUE = replace(RED, name="blue", base_color=(0.0, 0.0, 0.8, 1.0))
PLAIN = Material("plain", physically_based=True, metallic=0.0)
FROM_BEHIND = Camera((0.0, 0.0, -3.0), (0.0, 0.0, 0.0), math.radians(35.0))


def linear(srgb: np.ndarray) -> np.ndarray:
    value = np.asarray(srgb) / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


@pytest.fixture
def middle(
    renderer: Make, stage: Stage, state: State, standing: PosedAvatar
) -> Callable[..., np.ndarray]:
    """Return the linear colour in the middle of an avatar's picture."""

    def draw(
        avatar: Avatar, *lights: Light, ambient: float = 0.0, camera: Camera | None = None,
        floor: Floor | None = None,
    ) -> np.ndarray:  # fmt: skip
        drawing = renderer(60, 60, stage(), [avatar], samples=0)
        drawn = state(standing, lights=lights, ambient=(ambient,) * 3, camera=camera)
        assert not drawing.draw(drawn if floor is None else replace(drawn, floor=floor))
        return linear(drawing.picture()[30, 30])

    return draw


def panes(card: Card, *depths: tuple[Material, float]) -> Avatar:
    """Return cards at given z positions, in this order in the file."""
    avatar = card(depths[0][0])
    (one,) = avatar.meshes[0].primitives
    parts = tuple(
        replace(one, position=one.position + np.float32((0.0, 0.0, z)), material=number)
        for number, (_, z) in enumerate(depths)
    )
    return replace(
        avatar,
        meshes=(replace(avatar.meshes[0], primitives=parts),),
        materials=tuple(material for material, _ in depths),
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_far_pane_is_never_drawn_over_a_near_one(
    card: Card, middle: Callable[..., np.ndarray], order: int
) -> None:
    avatar = panes(card, *((RED, 0.2), (BLUE, -0.2))[::order])
    assert middle(avatar).argmax() == 0
    assert middle(avatar, camera=FROM_BEHIND).argmax() == 2


def test_the_render_queue_goes_before_depth(card: Card, middle: Callable[..., np.ndarray]) -> None:
    late = replace(BLUE, unlit=False, render_queue_offset=3)
    avatar = panes(card, (late, -0.2), (RED, 0.2))
    np.testing.assert_allclose(middle(avatar, FRONT), (0.0, 0.0, 0.48), atol=0.01)


def test_layers_of_one_surface_keep_the_order_of_the_file(card: Card) -> None:
    camera = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), 0.6)
    palette = np.eye(4, dtype=np.float32)[None]
    for gap, expected in ((0.5 * LAYER_M, [0, 1]), (2.0 * LAYER_M, [1, 0])):
        geometry = merge(panes(card, (RED, gap), (BLUE, 0.0)))
        ranges = [(d.first, d.count, queue(RED)) for d in geometry.draws]
        assert ViewOrder(geometry, ranges).sort(palette, camera) == expected


def test_parts_are_sorted_where_the_pose_puts_them(card: Card) -> None:
    geometry = merge(panes(card, (RED, 0.2), (BLUE, -0.2)))
    order = ViewOrder(geometry, [(d.first, d.count, 0) for d in geometry.draws])
    turned = np.diag(np.float32((-1.0, 1.0, -1.0, 1.0)))[None]
    camera = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), 0.6)
    assert order.sort(np.eye(4, dtype=np.float32)[None], camera) == [1, 0]
    assert order.sort(turned, camera) == [0, 1]


@pytest.mark.parametrize(
    ("material", "shown"),
    [
        (Material("unlit", (0.5, 1.0, 1.0, 1.0), unlit=True), (0.25, 0.25, 0.5)),
        (Material("toon", (0.5, 1.0, 1.0, 1.0)), (0.3, 0.6, 0.6)),
    ],
)
def test_vertex_colours_show_but_on_mtoon(
    card: Card, middle: Callable[..., np.ndarray], material: Material, shown: tuple[float, ...]
) -> None:
    avatar = color_avatar(card(material), (0.5, 0.25, 0.5, 1.0))
    np.testing.assert_allclose(middle(avatar, FRONT), shown, atol=0.01)


def test_vertex_alpha_makes_holes(card: Card, middle: Callable[..., np.ndarray]) -> None:
    masked = replace(PLAIN, alpha_mode=AlphaMode.MASK, alpha_cutoff=0.5)
    assert middle(color_avatar(card(masked), (1.0, 1.0, 1.0, 0.4)), FRONT).max() == 0.0
    assert middle(color_avatar(card(masked), (1.0, 1.0, 1.0, 0.6)), FRONT).min() > 0.3


def color_avatar(avatar: Avatar, color: tuple[float, ...]) -> Avatar:
    def paint(part: Primitive) -> Primitive:
        return replace(part, color=np.tile(np.float32(color), (len(part.position), 1)))

    mesh = avatar.meshes[0]
    return replace(avatar, meshes=(replace(mesh, primitives=tuple(map(paint, mesh.primitives))),))


def test_a_matt_white_surface_shows_the_light_and_never_more(
    card: Card, middle: Callable[..., np.ndarray]
) -> None:
    seen = middle(card(PLAIN), FRONT)
    # The specular reflection of a rough dielectric at normal incidence is 0.04 · D · V = 0.04 / 4.
    np.testing.assert_allclose(seen, 0.6 * (0.96 + 0.01), atol=0.01)
    for metallic in (0.0, 0.5, 1.0):
        for roughness in (0.1, 0.5, 1.0):
            glossy = replace(PLAIN, metallic=metallic, roughness=roughness)
            assert middle(card(glossy), ambient=0.5).max() <= 0.51


def test_gloss_is_bright_where_it_mirrors_and_metal_is_dark_elsewhere(
    card: Card, middle: Callable[..., np.ndarray]
) -> None:
    aside = replace(FRONT, position=(4.0, 0.0, 3.0))
    rough, glossy, metal = (
        card(replace(PLAIN, base_color=(0.1, 0.1, 0.1, 1.0), roughness=r, metallic=m))
        for r, m in ((1.0, 0.0), (0.2, 0.0), (0.2, 1.0))
    )
    assert middle(glossy, FRONT).max() > 2.0 * middle(rough, FRONT).max()
    assert middle(metal, aside).max() < 0.2 * middle(rough, aside).max()


def test_a_rim_is_as_bright_in_the_shade(card: Card, middle: Callable[..., np.ndarray]) -> None:
    rim = Material("rim", (0.0, 0.0, 0.0, 1.0), rim_color=(0.5, 0.5, 0.5), rim_lift=1.0)
    np.testing.assert_allclose(middle(card(rim), FRONT), 0.3, atol=0.01)
    np.testing.assert_allclose(middle(card(rim), BEHIND), 0.3, atol=0.01)


def test_old_mtoon_is_never_brighter_than_its_base(
    card: Card, middle: Callable[..., np.ndarray]
) -> None:
    toon = Material("toon", (0.3, 0.2, 0.1, 1.0))
    strong = replace(FRONT, color=(2.0, 2.0, 2.0))
    np.testing.assert_allclose(middle(card(toon), strong), (0.6, 0.4, 0.2), atol=0.01)
    old = replace(toon, limits_to_base=True)
    np.testing.assert_allclose(middle(card(old), strong), (0.3, 0.2, 0.1), atol=0.01)


def test_an_outline_mixes_in_the_shaded_colour(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    inked = Material(
        "inked", (0.5, 0.5, 0.5, 1.0), shade_color=(0.5, 0.5, 0.5), emissive=(0.0, 0.2, 0.0),
        outline_mode=OutlineMode.SCREEN, outline_width=0.05, outline_color=(1.0, 0.5, 1.0),
    )  # fmt: skip
    camera = Camera((0.0, 0.8, 4.0), (0.0, 0.8, 0.0), math.radians(20.0))
    drawing = renderer(120, 120, stage(), [replace(pillar, materials=(inked,))], samples=0)
    drawing.draw(state(pillar_pose, lights=(FRONT,), camera=camera))
    row = linear(drawing.picture()[60])
    edge = np.flatnonzero(row[:, 0] > 0.05)[2]
    np.testing.assert_allclose(row[edge], (0.3, 0.25, 0.3), atol=0.01)
    np.testing.assert_allclose(row[60], (0.3, 0.5, 0.3), atol=0.01)


def test_the_floor_scatters_light_up(card: Card, middle: Callable[..., np.ndarray]) -> None:
    down = Light((0.0, 5.0, 0.0), (0.0, 0.0, 0.0), (0.5, 0.5, 0.5))
    floor = Floor(albedo=(0.4, 0.2, 0.0))
    lit = StageState(0, 0, 0, (), (down,), (0.0,) * 3, FROM_BEHIND, floor=floor)
    assert floor_bounce(lit) == pytest.approx((0.2, 0.1, 0.0))
    assert floor_bounce(replace(lit, floor=Floor())) == (0.0, 0.0, 0.0)
    up = replace(down, position=(0.0, 0.0, 0.0), target=(0.0, 5.0, 0.0))
    assert floor_bounce(replace(lit, lights=(up,))) == (0.0, 0.0, 0.0)
    # A wall gets half as much as a ceiling, and so does every surface with full equalisation.
    for equal in (0.0, 1.0):
        wall = Material("wall", gi_equalization=equal)
        seen = middle(card(wall), down, floor=floor)
        dark = middle(card(wall), down)
        np.testing.assert_allclose(seen - dark, (0.1, 0.05, 0.0), atol=0.01)


def test_a_spot_counts_by_the_pool_that_it_casts() -> None:
    floor = Floor(albedo=(1.0, 1.0, 1.0))
    spot = Light((0.0, 5.0, 0.0), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.1, math.atan(0.2)))
    lit = StageState(0, 0, 0, (), (spot,), (0.0,) * 3, FROM_BEHIND, floor=floor)
    # A pool of radius 1 m has a form factor of one half, 1 m above its centre.
    assert floor_bounce(lit) == pytest.approx((0.5,) * 3)
    away = replace(spot, position=(30.0, 5.0, 0.0), target=(30.0, 0.0, 0.0))
    assert max(floor_bounce(replace(lit, lights=(away,)))) < 0.01
