"""Test that screens far out of focus look as at full size, and that others are drawn at it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from renderer.graphics.quality import SOFTWARE
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Focus, Screens, StageState
from renderer.stage.sets.stage_set import Backdrop, Screen, StageSet

BLACK = Backdrop((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
SIZE = 480, 270
FAR_M = 8.0


@pytest.fixture
def pair(
    renderer: Callable[..., StageRenderer], state: Callable[..., StageState]
) -> Callable[[Focus | None], list[np.ndarray]]:
    """Return a function that draws a wall 8 m away, pixel by pixel and at the reduced size."""
    corners = np.array([(-2, 0, 0), (2, 0, 0), (2, 2, 0), (-2, 2, 0)], np.float32)
    uv = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    wall = Screen("wall", corners, uv, np.array([(0, 1, 2), (0, 2, 3)], np.uint32))
    stage = StageSet("wall", (), BLACK, screens=(wall,))

    def draw(focus: Focus | None) -> list[np.ndarray]:
        camera = Camera((0.0, 1.0, FAR_M), (0.0, 1.0, 0.0), math.radians(20.0), focus=focus)
        shown = replace(state(camera=camera), screens=Screens(level=0.7))
        pictures = []
        for scale in (1.0, SOFTWARE.reduced_scale):
            quality = replace(SOFTWARE, reduced_scale=scale)
            drawing = renderer(*SIZE, stage, [], quality=quality)
            drawing.draw(shown)
            drawing.collect()
            pictures.append(drawing.picture().astype(float))
        return pictures

    return draw


def test_a_wall_that_defocus_replaces_looks_alike(
    pair: Callable[[Focus | None], list[np.ndarray]],
) -> None:
    whole, reduced = pair(Focus(2.0, 3.0, 0.02))
    assert whole.std() > 5.0
    assert np.abs(whole - reduced).mean() < 1.0


@pytest.mark.parametrize("focus", [None, Focus(FAR_M - 0.5, 3.0, 0.02), Focus(2.0, 3.0, 0.004)])
def test_a_wall_that_is_hardly_blurred_is_drawn_pixel_by_pixel(
    pair: Callable[[Focus | None], list[np.ndarray]], focus: Focus | None
) -> None:
    whole, reduced = pair(focus)
    assert whole.std() > 5.0
    assert (whole == reduced).all()
