"""Test that without samples, edges of the finished picture are anti-aliased, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from avatars.model import Avatar, Material
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet


@pytest.fixture
def pictures(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
    standing: PosedAvatar,
) -> tuple[np.ndarray, np.ndarray]:
    """Return a white card turned by 10° on black: aliased, then with the CPU renderer's default."""
    c, s = np.cos(np.radians(10.0)), np.sin(np.radians(10.0))
    turned = np.eye(4, dtype=np.float32)
    turned[:2, :2] = (c, -s), (s, c)
    pose = PosedAvatar(0, turned[None], np.zeros(0, np.float32))
    white = card(Material("white", unlit=True))
    made = []
    for options in ({"samples": 0}, {}):
        drawing = renderer(120, 120, stage(), [white], **options)
        if not drawing.adapter.is_software:
            pytest.skip("a GPU joins samples instead")
        drawing.draw(state(pose))
        made.append(drawing.picture()[..., 1].astype(int))
    return made[0], made[1]


def test_a_slanted_edge_takes_values_between_its_sides(
    pictures: tuple[np.ndarray, np.ndarray],
) -> None:
    jagged, smooth = pictures
    between = [np.count_nonzero((picture > 20) & (picture < 235)) for picture in (jagged, smooth)]
    assert between[0] == 0
    assert between[1] > 60


def test_what_is_no_edge_stays_as_it_is(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    jagged, smooth = pictures
    padded = np.pad(jagged, 2, mode="edge")
    around = np.stack([padded[y : y + 120, x : x + 120] for y in range(5) for x in range(5)])
    plain = around.max(axis=0) - around.min(axis=0) <= 1
    assert plain.mean() > 0.8
    assert np.abs(jagged - smooth)[plain].max() <= 1


def test_no_lightness_is_won_or_lost(pictures: tuple[np.ndarray, np.ndarray]) -> None:
    jagged, smooth = pictures
    assert smooth.mean() == pytest.approx(jagged.mean(), rel=0.01)
