"""Test that emissive surfaces bloom, and that lit surfaces do not, however bright."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import AlphaMode, Avatar, Material
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Grade, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 128
GLOWING = Grade(bloom=0.5)


def pair(drawing: StageRenderer, state: StageState) -> tuple[np.ndarray, np.ndarray]:
    """Return the pictures without and with bloom."""
    made = []
    for grade in (Grade(saturation=1.0, contrast=1e-6), replace(GLOWING, contrast=1e-6)):
        drawing.draw(replace(state, grade=grade))
        drawing.collect()
        made.append(drawing.picture().astype(int))
    return made[0], made[1]


@pytest.mark.parametrize("quality", [SOFTWARE, FULL], ids=lambda one: one.name)
def test_a_lamp_glows_to_all_sides_alike_and_less_with_distance(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    quality: Quality,
) -> None:
    drawing = renderer(
        SIZE, SIZE, stage(((0.0, 0.0, 0.0), 0.1, 0.0, 4.0)), [], samples=0, quality=quality
    )
    plain, glowing = pair(drawing, state())
    gained = (glowing - plain)[..., 1]
    assert gained.min() >= -1
    row = gained[SIZE // 2]
    assert row[: SIZE // 4].max() > 20
    assert np.all(np.diff(row[4:36]) >= -1)
    for turned in (gained[::-1], gained[:, ::-1], gained.T):
        assert np.abs(gained - turned).max() <= 2


@pytest.mark.parametrize("mode", [AlphaMode.OPAQUE, AlphaMode.BLEND])
def test_skin_and_cloth_do_not_glow_however_strongly_they_are_lit(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
    mode: AlphaMode,
) -> None:
    white = card(Material("white", shade_color=(1.0, 1.0, 1.0), alpha_mode=mode))
    drawing = renderer(SIZE, SIZE, stage(), [white], samples=0)
    light = Light((0.0, 0.0, 4.0), (0.0, 0.0, 0.0), (6.0, 6.0, 6.0))
    plain, glowing = pair(drawing, state(standing, lights=(light,)))
    assert plain.max() > 200
    assert np.abs(glowing - plain).max() == 0


def test_what_covers_a_lamp_weakens_its_glow(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
) -> None:
    lamp = stage(((0.0, 0.0, -0.5), 0.2, 0.0, 4.0))
    veil = card(Material("veil", (0.0, 0.0, 0.0, 0.9), unlit=True, alpha_mode=AlphaMode.BLEND))
    drawing = renderer(SIZE, SIZE, lamp, [veil], samples=0)
    gained = []
    for avatars in ((), (standing,)):
        plain, glowing = pair(drawing, state(*avatars))
        gained.append((glowing - plain)[:24].sum())
    assert gained[1] < 0.3 * gained[0]


@pytest.mark.parametrize("samples", [0, 4])
@pytest.mark.parametrize("quality", [SOFTWARE, FULL], ids=lambda one: one.name)
def test_a_colour_that_is_no_number_does_not_spread(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    quality: Quality,
    samples: int,
) -> None:
    lamp = ((0.5, 0.0, 0.0), 0.1, 0.0, 4.0)
    broken = ((-0.5, 0.0, 0.0), 0.05, 0.0, float("nan"))
    pictures = []
    for squares in ((lamp,), (lamp, broken)):
        drawing = renderer(SIZE, SIZE, stage(*squares), [], samples=samples, quality=quality)
        pictures.append(pair(drawing, state())[1])
    # Outside the broken square and the pixel beside it.
    off = np.abs(pictures[1] - pictures[0]).max(axis=-1)
    assert off[:, SIZE // 2 :].max() <= 2
    assert (off > 2).sum() < 12 * 12
