"""Test that the audience is drawn alike with and without indirect draws, and waves by block."""

from __future__ import annotations

import moderngl
import numpy as np
import pytest

from renderer.graphics.drawables.crowd.figures import build_distant_figure, build_jointed_figure
from renderer.graphics.drawables.crowd.levels import LevelDraws
from renderer.graphics.drawables.crowd.model import CrowdModel
from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.shaders import BLOCKS, Programs

SIZE = 64, 64
COUNTS = [(2, 3), (0, 4), (5, 0), (0, 0)]


def draw(
    context: moderngl.Context,
    counts: tuple[int, int],
    *,
    is_joined: bool,
    wave: tuple[float, float, float] = (0.0, 0.0, 0.0),
    stage_light: float = 1.0,
) -> np.ndarray:
    """Return the picture of a row of people, the first ones at the finer level.

    Args:
        wave: its front, axis and height; the people stand across the hall, from its left.
    """
    program = Programs(context).get("crowd.vert.glsl", "crowd.frag.glsl")
    for name, value in (("energy", 0.5), ("stick_gain", 1.0), ("stage_light", (stage_light,) * 3)):
        program[name] = value
    program["wave"] = wave
    program["stick_colors"] = [(1.0, 0.2, 0.6, 1.0)] * 3
    frame = np.zeros(68, np.float32)
    # An orthographic view of 4 by 4 metres, from 10 metres before the people.
    frame[[0, 5, 10, 15]] = 0.5, 0.5, 0.05, 1.0
    frame[32:35] = 0.0, 0.0, 10.0
    frame[48:50] = SIZE
    context.buffer(frame).bind_to_uniform_block(BLOCKS["Frame"])
    levels = LevelDraws(
        context, program, (build_jointed_figure(), build_distant_figure(0)), 5, is_joined=is_joined
    )
    levels.rows["place"][:, 0] = np.linspace(-1.5, 1.5, 5)
    levels.rows["place"][:, 3] = np.linspace(0.1, 0.9, 5)
    levels.rows["block"][:, 1] = np.linspace(0.0, 1.0, 5)
    target = context.simple_framebuffer(SIZE)
    target.use()
    target.clear()
    levels.write(counts)
    levels.draw()
    return np.frombuffer(target.read(components=4), np.uint8)


@pytest.mark.parametrize("counts", COUNTS)
def test_one_call_draws_what_several_do(counts: tuple[int, int]) -> None:
    context, _ = open_context()
    with context:
        if context.version_code < 430:
            pytest.skip("this driver has no indirect draws")
        joined, several = (draw(context, counts, is_joined=one) for one in (True, False))
    context.release()
    assert (joined == several).all()
    assert joined.any() == any(counts)


def test_a_wave_moves_the_block_that_it_has_reached() -> None:
    context, _ = open_context()
    with context:
        still, left, right = (
            draw(context, (5, 0), is_joined=False, wave=wave, stage_light=0.02).astype(np.float64)
            for wave in ((0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 1.0))
        )
    context.release()

    for picture, here, there in (
        (left, slice(16), slice(48, 64)), (right, slice(48, 64), slice(16)),
    ):  # fmt: skip
        moved = np.abs(picture - still).reshape(*SIZE, 4)[..., :3].sum((0, 2))
        assert moved[here].sum() > 3.0 * moved[there].sum()
        assert moved[here].sum() > 100.0


def test_blocks_have_their_place_across_the_hall_and_from_the_stage_back() -> None:
    x, z = np.meshgrid(np.arange(-30.0, 30.0, 0.5), np.arange(5.0, 40.0, 1.0))
    seats = np.stack((x.ravel(), np.zeros(x.size), z.ravel()), axis=1).astype(np.float32)
    context, _ = open_context()
    with context:
        people = CrowdModel(context, Programs(context), seats, software=True)._people
    context.release()
    place, block = people["place"], people["block"]
    assert block[:, 1:].min() >= 0.0 and block[:, 1:].max() <= 1.0
    # The audience's left is at -x; those of a block share a place.
    angle = np.arctan2(place[:, 0], place[:, 2])
    assert np.corrcoef(angle, block[:, 1])[0, 1] > 0.98
    assert np.corrcoef(np.hypot(place[:, 0], place[:, 2]), block[:, 2])[0, 1] > 0.98
    assert len(np.unique(block[:, 1:], axis=0)) < len(people) / 4
