"""Test that beams are symmetrical and additive, and occluded by objects in front of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import Avatar, Material
from renderer.graphics.gpu.beams import MOST_BEAMS, pack_beams
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Air, Beam, Camera, PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 128
CAMERA = Camera((0.0, 0.0, 10.0), (0.0, 0.0, 0.0), math.radians(25.0))
ACROSS = Beam((-7.0, 0.0, 0.0), (1.0, 0.0, 0.0), 0.05, (0.5, 0.5, 0.5))
"""From left to right through the middle of the picture."""


@pytest.fixture
def light(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
) -> Callable[..., np.ndarray]:
    """Return the picture's linear light (height, width), of beams and avatars on black."""

    def draw(
        *beams: Beam, haze: float = 0.4, avatars: tuple[Avatar, ...] = (),
        posed: tuple[PosedAvatar, ...] = (), quality: Quality = FULL,
    ) -> np.ndarray:  # fmt: skip
        drawing = renderer(SIZE, SIZE, stage(), list(avatars), samples=0, quality=quality)
        frame = replace(state(*posed, camera=CAMERA), beams=beams, air=Air(haze=haze))
        assert drawing.draw(frame) == ()
        shown = drawing.picture()[..., 1] / 255.0
        return np.where(shown > 0.04045, ((shown + 0.055) / 1.055) ** 2.4, shown / 12.92)

    return draw


@pytest.mark.parametrize("quality", [SOFTWARE, FULL], ids=lambda one: one.name)
def test_a_beam_is_brightest_on_its_axis_and_alike_on_both_sides(
    light: Callable[..., np.ndarray], quality: Quality
) -> None:
    seen = light(ACROSS, quality=quality)
    column = seen[:, SIZE // 2 - 8 : SIZE // 2 + 8].mean(axis=1)
    assert column.argmax() in range(SIZE // 2 - 3, SIZE // 2 + 3)
    assert column.max() > 0.05
    assert np.abs(column - column[::-1]).max() < 0.04 * column.max() + 0.002
    assert column[: SIZE // 4].max() < 0.002


def test_the_closed_form_is_the_integral_along_a_ray(light: Callable[..., np.ndarray]) -> None:
    # Down a column, the distance between view rays and axis increases: the integrated Gaussian.
    seen = light(ACROSS)
    column = seen[:, SIZE // 2]
    high = 2.0 * 10.0 * math.tan(CAMERA.fov_y / 2.0)
    off = (np.arange(SIZE) + 0.5) / SIZE * high - high / 2.0
    radius = 0.05 + 7.0 * ACROSS.spread
    wanted = np.exp(-1.6 * off**2 / radius**2)
    strong = wanted > 0.2
    share = column[strong] / column.max()
    assert np.abs(share - wanted[strong]).max() < 0.08


def test_haze_and_beams_add_up(light: Callable[..., np.ndarray]) -> None:
    one, thick = light(ACROSS, haze=0.2), light(ACROSS, haze=0.4)
    two = light(ACROSS, ACROSS, haze=0.2)
    assert np.abs(thick - 2.0 * one).max() < 0.02
    assert np.abs(two - thick).max() < 0.01
    assert light(replace(ACROSS, haze=0.0)).max() < 0.01


@pytest.mark.parametrize(("z", "share"), [(1.0, 0.0), (0.0, 0.5), (-1.0, 1.0)])
def test_what_stands_in_a_beam_hides_what_lies_behind_it(
    light: Callable[..., np.ndarray], card: Callable[..., Avatar], z: float, share: float
) -> None:
    black = card(Material("black", (0.0, 0.0, 0.0, 1.0), unlit=True))
    world = np.eye(4, dtype=np.float32)[None]
    world[0, 2, 3] = z
    posed = PosedAvatar(0, world, np.zeros(0, np.float32))
    middle = slice(SIZE // 2 - 4, SIZE // 2 + 4)
    free = light(ACROSS)[middle, middle].mean()
    hidden = light(ACROSS, avatars=(black,), posed=(posed,))[middle, middle].mean()
    assert hidden / free == pytest.approx(share, abs=0.06)


def test_a_lens_glares_at_the_camera_unless_something_hides_it(
    light: Callable[..., np.ndarray], card: Callable[..., Avatar], standing: PosedAvatar
) -> None:
    towards = Beam((0.0, 0.0, -3.0), (0.0, 0.0, 1.0), 0.05, (1.0, 1.0, 1.0))
    away = replace(towards, direction=(0.0, 0.0, -1.0))
    assert light(towards, haze=0.0).max() > 0.25
    assert light(away, haze=0.0).max() < 0.3 * light(towards, haze=0.0).max()
    black = card(Material("black", (0.0, 0.0, 0.0, 1.0), unlit=True))
    assert light(towards, haze=0.0, avatars=(black,), posed=(standing,)).max() < 0.01


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(ACROSS, apex=(math.nan, 0.0, 0.0)), "not finite"),
        (replace(ACROSS, color=(math.inf, 0.0, 0.0)), "not finite"),
        (replace(ACROSS, direction=(0.0, 0.0, 0.0)), "no length"),
        (replace(ACROSS, spread=0.0), "spread"),
        (replace(ACROSS, spread=3.0), "spread"),
        (replace(ACROSS, length_m=-1.0), "length"),
    ],
)
def test_a_beam_that_cannot_be_drawn_is_reported_and_the_others_are_drawn(
    bad: Beam, reason: str
) -> None:
    rows, faults = pack_beams((ACROSS, bad, ACROSS))
    assert len(rows) == 2
    assert [fault.thing for fault in faults] == ["beam 2"]
    assert reason in str(faults[0].error)


def test_beams_beyond_the_buffer_are_reported() -> None:
    rows, faults = pack_beams((ACROSS,) * (MOST_BEAMS + 5))
    assert len(rows) == MOST_BEAMS
    assert str(MOST_BEAMS + 1) in faults[0].thing


def test_directions_are_brought_to_unit_length() -> None:
    rows, _ = pack_beams((replace(ACROSS, direction=(0.0, 3.0, 4.0)),))
    assert np.allclose(rows[0, 4:7], (0.0, 0.6, 0.8))
