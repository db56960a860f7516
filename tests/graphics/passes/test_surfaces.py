from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import AlphaMode, Avatar, Material, OutlineMode, Texture, TextureUse
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]
Card = Callable[..., Avatar]

BASE, SHADE = (0.6, 0.3, 0.1), (0.1, 0.2, 0.4)
FRONT = Light((0.0, 0.0, 5.0), (0.0, 0.0, 0.0), (0.8, 0.8, 0.8))
BEHIND = Light((0.0, 0.0, -5.0), (0.0, 0.0, 0.0), (0.8, 0.8, 0.8))
QUARTERS = np.zeros((2, 2, 4), np.uint8)
QUARTERS[0, 0], QUARTERS[0, 1] = (255, 0, 0, 255), (0, 255, 0, 255)
QUARTERS[1, 0], QUARTERS[1, 1] = (0, 0, 255, 255), (255, 255, 255, 0)
PATTERN = Texture("quarters", QUARTERS, ("clamp", "clamp"), nearest=True)
BACK = (0.0, 0.0, -3.0), 9.0, 0.0, 0.25


def encode(linear: tuple[float, ...]) -> np.ndarray:
    rgb = np.asarray(linear)
    return 255.0 * np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)


@pytest.fixture
def middle(
    renderer: Make, stage: Stage, state: State, card: Card, standing: PosedAvatar
) -> Callable[..., np.ndarray]:
    """Return the picture (60, 60, 3) of a card of some material, about 32 pixels across."""

    def draw(
        material: Material,
        *lights: Light,
        ambient: float = 0.0,
        texture: Texture | None = None,
        camera: Camera | None = None,
        seconds: float = 0.0,
        behind: tuple[object, ...] = (),
    ) -> np.ndarray:
        drawing = renderer(60, 60, stage(*behind), [card(material, texture)], samples=0)
        drawing.draw(
            state(standing, lights=lights, ambient=(ambient,) * 3, camera=camera, seconds=seconds)
        )
        return drawing.picture()

    return draw


def test_unlit_shows_the_base_colour_in_any_light(middle: Callable[..., np.ndarray]) -> None:
    for lights in ((), (FRONT,), (BEHIND,)):
        seen = middle(Material("m", (*BASE, 1.0), unlit=True), *lights)
        np.testing.assert_allclose(seen[30, 30], encode(BASE), atol=1.01)


@pytest.mark.parametrize(("light", "color"), [(FRONT, BASE), (BEHIND, SHADE)])
def test_toon_shows_base_in_light_and_shade_out_of_it(
    middle: Callable[..., np.ndarray], light: Light, color: tuple[float, float, float]
) -> None:
    seen = middle(Material("m", (*BASE, 1.0), shade_color=SHADE), light)
    np.testing.assert_allclose(seen[30, 30], encode(tuple(0.8 * c for c in color)), atol=1.5)


def test_shading_follows_mtoons_ramp(middle: Callable[..., np.ndarray]) -> None:
    # VRMC_materials_mtoon-1.0, "Lighting": linearstep(-1 + toony, 1 - toony, N.L + shift).
    toony, shift, angle = 0.3, 0.1, math.radians(75.0)
    light = replace(FRONT, position=(5.0 * math.sin(angle), 0.0, 5.0 * math.cos(angle)))
    seen = middle(
        Material("m", (*BASE, 1.0), shade_color=SHADE, shading_toony=toony, shading_shift=shift),
        light,
    )
    part = (math.cos(angle) + shift + 1.0 - toony) / (2.0 - 2.0 * toony)
    expected = [0.8 * (s + part * (b - s)) for b, s in zip(BASE, SHADE, strict=True)]
    np.testing.assert_allclose(seen[30, 30], encode(tuple(expected)), atol=1.5)


def test_other_lights_add_to_what_faces_them_alone(middle: Callable[..., np.ndarray]) -> None:
    material = Material("m", (*BASE, 1.0), shade_color=SHADE)
    one = middle(material, FRONT)[30, 30]
    np.testing.assert_array_equal(middle(material, FRONT, BEHIND, BEHIND)[30, 30], one)
    half = replace(FRONT, color=(0.2, 0.2, 0.2))
    np.testing.assert_allclose(middle(material, FRONT, half)[30, 30], encode(BASE), atol=1.5)


def test_a_spot_brings_its_colour_to_its_target_and_nothing_outside_its_cone(
    middle: Callable[..., np.ndarray],
) -> None:
    material = Material("m", (*BASE, 1.0))
    spot = Light((0.0, 0.0, 2.0), (0.0, 0.0, 0.0), (0.8, 0.8, 0.8), (0.05, 0.1))
    seen = middle(material, spot)
    np.testing.assert_allclose(seen[30, 30], encode(tuple(0.8 * c for c in BASE)), atol=2.0)
    assert seen[30, 18:22].max() <= 1


def test_texture_lies_upright(middle: Callable[..., np.ndarray]) -> None:
    seen = middle(Material("m", base_texture=TextureUse(0), unlit=True), texture=PATTERN)
    corners = [int(seen[y, x].argmax()) for y, x in ((22, 22), (22, 38), (38, 22))]
    assert corners == [0, 1, 2]


def test_texture_transform_and_scroll_move_the_picture(middle: Callable[..., np.ndarray]) -> None:
    moved = Material(
        "m", base_texture=TextureUse(0, offset=(0.5, 0.0), scale=(0.5, 1.0)), unlit=True
    )
    green = middle(moved, texture=PATTERN)[22, 22].astype(int)
    assert green[1] > 200 > green[0]
    scrolled = Material("m", base_texture=TextureUse(0), unlit=True, uv_scroll=(0.25, 0.0))
    green = middle(scrolled, texture=PATTERN, seconds=2.0)[22, 22].astype(int)
    assert green[1] > 200 > green[0]
    # A quarter turn of uv counter-clockwise moves the top right quarter to the top left.
    turned = Material("m", base_texture=TextureUse(0), unlit=True, uv_rotation=math.pi / 2)
    quarter = middle(turned, texture=PATTERN, seconds=1.0)[22, 22].astype(int)
    assert quarter[2] > 200 > quarter[0]


def test_masked_texels_are_holes(middle: Callable[..., np.ndarray]) -> None:
    material = Material(
        "m", base_texture=TextureUse(0), unlit=True, alpha_mode=AlphaMode.MASK, alpha_cutoff=0.5
    )
    seen = middle(material, texture=PATTERN, behind=(BACK,))
    np.testing.assert_allclose(seen[38, 38], encode((0.25,) * 3), atol=1.5)
    assert seen[22, 22, 0] > 200


def test_blending_mixes_with_what_lies_behind(middle: Callable[..., np.ndarray]) -> None:
    material = Material("m", (*BASE, 0.4), unlit=True, alpha_mode=AlphaMode.BLEND)
    seen = middle(material, behind=(BACK,))[30, 30]
    expected = tuple(0.4 * c + 0.6 * 0.25 for c in BASE)
    np.testing.assert_allclose(seen, encode(expected), atol=1.5)


def test_backs_are_drawn_only_where_asked(middle: Callable[..., np.ndarray]) -> None:
    behind = Camera((0.0, 0.0, -3.0), (0.0, 0.0, 0.0), math.radians(35.0))
    for double, expected in ((False, (0.0, 0.0, 0.0)), (True, BASE)):
        material = Material("m", (*BASE, 1.0), unlit=True, double_sided=double)
        seen = middle(material, camera=behind)[30, 30]
        np.testing.assert_allclose(seen, encode(expected), atol=1.01)


def test_emission_needs_no_light(middle: Callable[..., np.ndarray]) -> None:
    seen = middle(Material("m", emissive=(0.3, 0.2, 0.5)))
    np.testing.assert_allclose(seen[30, 30], encode((0.3, 0.2, 0.5)), atol=1.5)


def test_rim_is_bright_where_the_surface_turns_away(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    rim = Material("m", (0.0, 0.0, 0.0, 1.0), rim_color=(0.5, 0.5, 0.5), rim_lighting_mix=0.0)
    camera = Camera((0.0, 0.8, 4.0), (0.0, 0.8, 0.0), math.radians(20.0))
    drawing = renderer(120, 120, stage(), [replace(pillar, materials=(rim,))], samples=0)
    drawing.draw(state(pillar_pose, camera=camera))
    row = drawing.picture()[60, :, 0].astype(int)
    inside = np.flatnonzero(row > 0)
    assert row[inside[1]] > 40
    assert row[inside[-2]] > 40
    assert row[60] < 4


@pytest.mark.parametrize("mode", [OutlineMode.WORLD, OutlineMode.SCREEN])
def test_outlines_are_as_wide_as_asked(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    mode: OutlineMode,
) -> None:  # fmt: skip
    size, distance, fov = 240, 4.0, math.radians(20.0)
    camera = Camera((0.0, 0.8, distance), (0.0, 0.8, 0.0), fov)
    pixels_a_metre = size / (2.0 * (distance * math.tan(fov / 2.0)))
    wanted = 6.0
    width = wanted / pixels_a_metre if mode is OutlineMode.WORLD else wanted / size
    inked = Material(
        "m", (1.0, 1.0, 1.0, 1.0), unlit=True, outline_mode=mode, outline_width=width,
        outline_color=(0.5, 0.0, 0.0), outline_lighting_mix=0.0,
    )  # fmt: skip
    drawing = renderer(size, size, stage(), [replace(pillar, materials=(inked,))], samples=0)
    drawing.draw(state(pillar_pose, camera=camera))
    row = drawing.picture()[size // 2].astype(int)
    ink = (row[:, 0] > 100) & (row[:, 1] < 20)
    assert ink.sum() == pytest.approx(2.0 * wanted, abs=3.0)
    np.testing.assert_allclose(row[ink][:, 0], encode((0.5,))[0], atol=1.01)


@pytest.mark.parametrize("mode", [OutlineMode.WORLD, OutlineMode.SCREEN])
def test_outlines_thinner_than_a_pixel_are_faint_and_unbroken(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    mode: OutlineMode,
) -> None:  # fmt: skip
    size, distance, fov = 240, 4.0, math.radians(20.0)
    # Not quite level, so that the pillar's edges cross columns of pixels.
    camera = Camera((0.0, 1.3, distance), (0.0, 0.8, 0.0), fov)
    pixels_a_metre = size / (2.0 * (distance * math.tan(fov / 2.0)))
    wanted = 0.3
    width = wanted / pixels_a_metre if mode is OutlineMode.WORLD else wanted / size
    inked = Material(
        "m", (0.0, 0.0, 0.0, 1.0), unlit=True, outline_mode=mode, outline_width=width,
        outline_color=(1.0, 1.0, 1.0), outline_lighting_mix=0.0,
    )  # fmt: skip
    drawing = renderer(size, size, stage(), [replace(pillar, materials=(inked,))], samples=0)
    drawing.draw(state(pillar_pose, camera=camera))
    ink = drawing.picture()[80:160, :, 0].astype(int)
    assert (ink.max(axis=1) > 0).all()
    assert ink.max() <= encode((wanted,))[0] + 6.0


def shadow_pictures(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pose: PosedAvatar, cone: object
) -> tuple[np.ndarray, np.ndarray]:
    camera = Camera((0.0, 0.8, 5.0), (0.0, 0.8, 0.0), math.radians(35.0))
    wall = stage(((0.0, 0.8, -1.0), 4.0, 0.5, 0.0))
    drawing = renderer(160, 120, wall, [pillar], samples=0)
    pictures = []
    for number, casts in enumerate((False, True)):
        light = Light((2.0, 0.8, 2.0), (0.0, 0.8, 0.0), (0.6, 0.6, 0.6), cone, casts)
        drawing.draw(state(pose, number=number, lights=(light,), camera=camera))
        drawing.collect()
        pictures.append(drawing.picture().astype(int))
    return pictures[0], pictures[1]


@pytest.mark.parametrize("cone", [(0.6, 0.7), None])
def test_a_shadow_falls_where_light_is_hidden_and_nowhere_else(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    cone: object,
) -> None:  # fmt: skip
    without, with_shadow = shadow_pictures(renderer, stage, state, pillar, pillar_pose, cone)
    darker = (without - with_shadow).max(axis=-1) > 25
    # From (2, 2) past the pillar at 0, light reaches the wall at z = -1 where x = -1.
    across = 60.0 / (6.0 * math.tan(math.radians(17.5)))
    columns = np.flatnonzero(darker[60])
    assert columns.mean() == pytest.approx(80.0 - 1.0 * across, abs=4.0)
    assert 0.3 * across < len(columns) < 0.9 * across
    unchanged = np.abs(without - with_shadow).max(axis=-1) <= 2
    assert unchanged[:, 90:].mean() > 0.99


def test_a_pillar_in_the_light_does_not_spot_itself(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    without, with_shadow = shadow_pictures(renderer, stage, state, pillar, pillar_pose, (0.6, 0.7))
    lit_side = slice(81, 86)
    np.testing.assert_allclose(with_shadow[40:80, lit_side], without[40:80, lit_side], atol=2)
