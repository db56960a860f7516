"""Test that samples are resolved with tone-mapped weights, and depth to the nearest sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from avatars.model import Avatar, Material
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet


def test_the_edge_of_a_bright_lamp_takes_even_steps(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
) -> None:
    c, s = np.cos(np.radians(10.0)), np.sin(np.radians(10.0))
    turned = np.eye(4, dtype=np.float32)
    turned[:2, :2] = (c, -s), (s, c)
    pose = PosedAvatar(0, turned[None], np.zeros(0, np.float32))
    lamp = card(Material("lamp", (0.0, 0.0, 0.0, 1.0), emissive=(9.0, 9.0, 9.0), unlit=True))
    drawing = renderer(120, 120, stage(), [lamp], samples=4)
    drawing.draw(state(pose))
    picture = drawing.picture()[..., 1].astype(int)
    # A pixel covered by a quarter by a lamp has the expected lightness; the mean of its linear
    # light would be 9 / 4, which clips to white.
    covered = np.unique(picture[(picture > 10) & (picture < 235)])
    assert len(covered) >= 3
    assert covered.min() < 150
