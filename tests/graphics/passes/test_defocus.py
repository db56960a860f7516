"""Test that the background is blurred, and that the subject stays sharp up to its outlines."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import Avatar, Material, OutlineMode
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Focus, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 128
CAMERA = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), math.radians(35.0))
BEHIND = Focus(3.5, 1.0, 0.03)
"""Begins half a metre behind the card."""


@pytest.fixture(params=[SOFTWARE, FULL], ids=lambda one: one.name)
def pictures(
    request: pytest.FixtureRequest,
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pictures of a card with an outline in front of lamps on a wall, and the card's mask.

    The first picture is sharp, the second has a focus.
    """
    quality: Quality = request.param
    inked = Material(
        "inked", (0.4, 0.3, 0.3, 1.0), unlit=True, double_sided=True,
        outline_mode=OutlineMode.WORLD, outline_width=0.03, outline_color=(0.0, 0.0, 0.0),
    )  # fmt: skip
    lamps = [
        ((0.35 * x, 0.35 * y, -4.0), 0.08, 0.0, 0.5) for x in range(-6, 7) for y in range(-6, 7)
    ]
    wall = stage(((0.0, 0.0, -4.2), 4.0, 0.0, 0.05), *lamps)
    drawing = renderer(SIZE, SIZE, wall, [card(inked)], samples=0, quality=quality)
    made = []
    for camera in (CAMERA, replace(CAMERA, focus=BEHIND)):
        drawing.draw(state(standing, camera=camera))
        drawing.collect()
        made.append(drawing.picture()[..., 1].astype(int))
    empty = renderer(SIZE, SIZE, stage(), [card(inked)], samples=0)
    empty.draw(state(standing, camera=CAMERA))
    half = 0.5 / (3.0 * math.tan(CAMERA.fov_y / 2.0)) * SIZE / 2
    low, high = math.ceil(SIZE / 2 - half), math.floor(SIZE / 2 + half)
    foreground = np.zeros((SIZE, SIZE), bool)
    foreground[low:high, low:high] = True
    return made[0], made[1], foreground


def test_the_background_blurs_and_keeps_its_light(
    pictures: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    sharp, blurred, _ = pictures
    outer = np.s_[:20, :]
    assert blurred[outer].std() < 0.6 * sharp[outer].std()
    linear = [(picture / 255.0) ** 2.2 for picture in (sharp, blurred)]
    assert linear[1][outer].mean() == pytest.approx(linear[0][outer].mean(), rel=0.45)


def test_what_stands_before_the_focus_is_untouched(
    pictures: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    sharp, blurred, foreground = pictures
    assert np.abs(sharp - blurred)[foreground].max() <= 3


def test_lines_count_as_what_they_are_drawn_around(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    pillar: Avatar,
    pillar_pose: PosedAvatar,
) -> None:
    # Without their own depth, outlines would have the wall's and be blurred with it.
    inked = Material(
        "inked", (0.4, 0.3, 0.3, 1.0), unlit=True,
        outline_mode=OutlineMode.WORLD, outline_width=0.04, outline_color=(0.0, 0.0, 0.0),
    )  # fmt: skip
    wall = stage(((0.0, 0.0, -4.0), 4.0, 0.0, 0.6))
    drawing = renderer(SIZE, SIZE, wall, [replace(pillar, materials=(inked,))], samples=0)
    camera = Camera((0.0, 0.8, 3.0), (0.0, 0.8, 0.0), math.radians(35.0))
    made = []
    for seen in (camera, replace(camera, focus=BEHIND)):
        drawing.draw(state(pillar_pose, camera=seen))
        drawing.collect()
        made.append(drawing.picture()[..., 1].astype(int))
    lines = made[0] < 20
    assert np.count_nonzero(lines) > 100
    assert made[1][lines].max() < 30


@pytest.mark.parametrize("quality", [SOFTWARE, FULL], ids=lambda one: one.name)
def test_what_is_near_blurs_over_a_subject_that_stays_sharp(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
    quality: Quality,
) -> None:
    # Bars at 1 m before the left half of a card at 3 m.
    bars = [
        ((-0.30 + 0.05 * x, 0.05 * y, 2.0), 0.008, 0.0, 0.7) for x in range(6) for y in range(-7, 8)
    ]
    subject = card(Material("plain", (0.3, 0.3, 0.3, 1.0), unlit=True, double_sided=True))
    drawing = renderer(SIZE, SIZE, stage(*bars), [subject], samples=0, quality=quality)
    made = []
    for focus in (Focus(20.0, 1.0, 0.03), Focus(20.0, 1.0, 0.03, front_m=2.4)):
        drawing.draw(state(standing, camera=replace(CAMERA, focus=focus)))
        drawing.collect()
        made.append(drawing.picture()[..., 1].astype(int))
    left, right = np.s_[30:98, 8:50], np.s_[50:78, 84:98]
    assert made[1][left].std() < 0.7 * made[0][left].std()
    assert np.abs(made[1] - made[0])[right].max() <= 2
