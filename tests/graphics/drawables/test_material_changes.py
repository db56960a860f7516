"""Test that material changes of expressions are drawn as if the file contained them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from avatars.material_values import MaterialValues
from avatars.model import Avatar, ColorBind, Expression, Material, Texture, TextureUse, UvBind
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

FRONT = Light((0.0, 0.0, 5.0), (0.0, 0.0, 0.0), (0.8, 0.8, 0.8))
QUARTERS = np.zeros((2, 2, 4), np.uint8)
QUARTERS[0, 0], QUARTERS[0, 1] = (255, 0, 0, 255), (0, 255, 0, 255)
QUARTERS[1, 0], QUARTERS[1, 1] = (0, 0, 255, 255), (255, 255, 0, 255)
PATTERN = Texture("quarters", QUARTERS, ("clamp", "clamp"), nearest=True)
NO_SHAPES = (np.zeros(0, np.int32), np.zeros(0, np.float32))

REST = Material("rest", (0.2, 0.4, 0.6, 1.0), TextureUse(0), shade_color=(0.1, 0.1, 0.1))
CHANGED = replace(
    REST,
    base_color=(0.8, 0.1, 0.3, 1.0),
    emissive=(0.0, 0.2, 0.0),
    rim_color=(0.1, 0.1, 0.3),
    base_texture=TextureUse(0, (0.5, 0.0), (0.5, 0.5)),
)
BLUSH = Expression(
    "blush",
    False,
    *NO_SHAPES,
    color_binds=(
        ColorBind(0, "base_color", CHANGED.base_color),
        ColorBind(0, "emissive", (*CHANGED.emissive, 1.0)),
        ColorBind(0, "rim_color", (*CHANGED.rim_color, 1.0)),
    ),
    uv_binds=(UvBind(0, (0.5, 0.0), (0.5, 0.5)),),
)


def picture(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    avatar: Avatar,
    *poses: PosedAvatar,
) -> np.ndarray:
    drawing = renderer(60, 60, stage(), [avatar], samples=0)
    for number, pose in enumerate(poses):
        drawing.draw(state(pose, number=number, lights=(FRONT,), ambient=(0.1,) * 3))
        assert drawing.collect() is not None
    return drawing.picture().astype(int)


def test_an_expression_changes_colours_and_places_textures(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
) -> None:
    blushing = replace(card(REST, PATTERN), expressions=(BLUSH,))
    values = MaterialValues(blushing)
    poses = []
    for weight in (0.0, 1.0, 0.0):
        values.apply(np.float32([weight]))
        poses.append(replace(standing, colors=values.colors.copy(), uvs=values.uvs.copy()))
    rest = picture(renderer, stage, state, card(REST, PATTERN), standing)
    changed = picture(renderer, stage, state, card(CHANGED, PATTERN), standing)
    assert np.abs(rest - changed).max() > 50
    at_full = picture(renderer, stage, state, blushing, *poses[:2])
    assert np.abs(at_full - changed).max() <= 1
    back_at_rest = picture(renderer, stage, state, blushing, *poses)
    assert np.abs(back_at_rest - rest).max() <= 1


def test_without_values_materials_stay_at_rest(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
) -> None:
    blushing = replace(card(REST, PATTERN), expressions=(BLUSH,))
    left_alone = picture(renderer, stage, state, blushing, standing)
    rest = picture(renderer, stage, state, card(REST, PATTERN), standing)
    assert np.abs(left_alone - rest).max() <= 1
