"""Test that the audience is drawn alike with and without indirect draws."""

from __future__ import annotations

import moderngl
import numpy as np
import pytest

from renderer.graphics.drawables.crowd.figures import build_distant_figure, build_jointed_figure
from renderer.graphics.drawables.crowd.levels import LevelDraws
from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.shaders import BLOCKS, Programs

SIZE = 64, 64
COUNTS = [(2, 3), (0, 4), (5, 0), (0, 0)]


def draw(context: moderngl.Context, counts: tuple[int, int], *, is_joined: bool) -> np.ndarray:
    """Return the picture of a row of people, the first ones at the finer level."""
    program = Programs(context).get("crowd.vert.glsl", "crowd.frag.glsl")
    for name, value in (("energy", 0.5), ("stick_gain", 1.0), ("stage_light", (1.0, 1.0, 1.0))):
        program[name] = value
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
