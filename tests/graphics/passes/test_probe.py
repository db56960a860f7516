"""Test that glossy surfaces reflect the set and its screens."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import Avatar, Material
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, LedContent, PosedAvatar, Screens, StageState
from renderer.stage.sets.stage_set import Backdrop, Screen, SetMesh, StageSet

SIZE = 64
METAL = Material(
    "metal", physically_based=True, metallic=1.0, roughness=0.1, base_color=(1.0, 1.0, 1.0, 1.0)
)
BLACK = (0.0, 0.0, 0.0)
CORNERS = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float32)
UV = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
TRIANGLES = np.array([(0, 1, 2), (0, 2, 3)], np.uint32)
SEEN = Camera((0.0, 1.2, 2.0), (0.0, 1.2, 0.0), math.radians(20.0))
"""Before the card; it mirrors what is behind the camera."""


def build_stage(*meshes: SetMesh, screens: tuple[Screen, ...] = ()) -> StageSet:
    speck = SetMesh(
        "speck", CORNERS * 0.001 + np.float32((0, -9, 0)), np.tile(np.float32((0, 0, 1)), (4, 1)),
        np.zeros((4, 3), np.float32), TRIANGLES,
    )  # fmt: skip
    return StageSet("around", (speck, *meshes), Backdrop(BLACK, BLACK, BLACK), screens=screens)


def build_wall(place: tuple[float, float, float], color: tuple[float, float, float]) -> SetMesh:
    """Return a wall of light of 6 m, which faces Z."""
    return SetMesh(
        "wall", CORNERS * 3.0 + np.float32(place), np.tile(np.float32((0, 0, -1)), (4, 1)),
        np.zeros((4, 3), np.float32), TRIANGLES, emissive=color,
    )  # fmt: skip


@pytest.fixture
def card_seen(card: Callable[..., Avatar]) -> Callable[..., np.ndarray]:
    """Return a function that draws a metal card at head height, and returns its middle."""
    avatar = card(METAL)
    world = np.eye(4, dtype=np.float32)[None].copy()
    world[0, 1, 3] = 1.2
    posed = PosedAvatar(0, world, np.zeros(0, np.float32))

    def draw(stage: StageSet, quality: Quality, *states: dict[str, object]) -> np.ndarray:
        plain = StageState(0, 0, 0, (posed,), (), BLACK, SEEN)
        with StageRenderer(SIZE, SIZE, stage, [avatar], samples=0, quality=quality) as drawing:
            for changes in states or ({},):
                assert drawing.draw(replace(plain, **changes)) == ()
                drawing.collect()
            return drawing.picture()[SIZE // 2, SIZE // 2].astype(int)

    return draw


def test_metal_mirrors_what_is_before_it(card_seen: Callable[..., np.ndarray]) -> None:
    ahead = build_wall((0.0, 1.2, 6.0), (0.8, 0.0, 0.0))
    behind = build_wall((0.0, 1.2, -6.0), (0.0, 0.8, 0.0))
    left = build_wall((0.0, 1.2, 0.0), (0.0, 0.0, 0.8))
    turned = left.position[:, [2, 1, 0]] + np.float32((-6.0, 0.0, 0.0))
    stage = build_stage(ahead, behind, replace(left, position=turned))
    red, green, blue = card_seen(stage, FULL)
    assert red > 100
    assert blue < 5
    # The wall ahead mirrors a twenty-fifth of the one behind.
    assert 20 < green < 70
    assert card_seen(stage, SOFTWARE).max() < 30


def test_metal_mirrors_a_screen_as_its_content_changes(
    card_seen: Callable[..., np.ndarray],
) -> None:
    wall = Screen("wall", CORNERS * 4.0 + np.float32((1.5, -1.3, 6.0)), UV, TRIANGLES)
    stage = build_stage(screens=(wall,))

    def shown(cool: tuple[float, float, float], number: int = 0) -> dict[str, object]:
        screens = Screens(LedContent.VEIL, 1.0, cool=cool, warm=cool)
        return {"screens": screens, "number": number}

    blue = card_seen(stage, FULL, shown((0.0, 0.0, 1.0)))
    assert blue.argmax() == 2
    assert blue[2] > 20
    later = [shown((1.0, 0.0, 0.0), number) for number in range(1, 7)]
    red = card_seen(stage, FULL, shown((0.0, 0.0, 1.0)), *later)
    assert red.argmax() == 0


def test_nothing_is_drawn_for_surfaces_that_reflect_nothing(card: Callable[..., Avatar]) -> None:
    for material, has_probe in ((METAL, True), (Material("cloth"), False)):
        with StageRenderer(
            SIZE, SIZE, build_stage(), [card(material)], samples=0, quality=FULL
        ) as drawing:
            assert ("probe" in drawing.pass_times_ms()) == has_probe


def test_a_frame_after_a_jump_does_not_depend_on_earlier_ones(
    card_seen: Callable[..., np.ndarray],
) -> None:
    wall = Screen("wall", CORNERS * 4.0 + np.float32((1.5, -1.3, 6.0)), UV, TRIANGLES)
    stage = build_stage(screens=(wall,))

    def shown(number: int, cool: tuple[float, float, float]) -> dict[str, object]:
        screens = Screens(LedContent.VEIL, 1.0, cool=cool, warm=cool)
        return {"screens": screens, "number": number}

    red, blue = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
    alone = card_seen(stage, FULL, shown(0, red))
    for number in (0, 40):
        assert (card_seen(stage, FULL, shown(10, blue), shown(number, red)) == alone).all()
    assert (card_seen(stage, FULL, shown(10, blue), shown(11, red)) != alone).any()
