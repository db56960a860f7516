"""Test that masks of a target's colour are applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import moderngl
import numpy as np
import pytest

from renderer.graphics.drawables.base import Phase
from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.targets import (
    ALPHA_ALONE,
    NO_CHANNELS,
    Depth,
    Target,
    TargetSpec,
    masking_color,
)
from renderer.graphics.passes.depth import DepthPass

CORNERS = np.array([-1.0, -1.0, 3.0, -1.0, -1.0, 3.0], np.float32)
VERTEX = "#version 330\nin vec2 at; void main() { gl_Position = vec4(at, 0.0, 1.0); }"
WHITE = "#version 330\nout vec4 color; void main() { color = vec4(1.0); }"


@pytest.fixture
def context() -> Iterator[moderngl.Context]:
    opened, _ = open_context()
    yield opened
    opened.release()


@pytest.fixture
def fill(context: moderngl.Context) -> Callable[[], None]:
    """Return a function that draws white all over the bound target."""
    program = context.program(vertex_shader=VERTEX, fragment_shader=WHITE)
    array = context.vertex_array(program, [(context.buffer(CORNERS), "2f", "at")])
    return lambda: array.render(moderngl.TRIANGLES)


def color_of(target: Target) -> list[float]:
    """Return the colour of the first pixel, RGBA."""
    read = target.framebuffer.read((0, 0, 1, 1), components=4, dtype="f4")
    return [round(float(value), 3) for value in np.frombuffer(read, np.float32)]


def test_only_unmasked_channels_are_written(
    context: moderngl.Context, fill: Callable[[], None]
) -> None:
    target = Target(context, TargetSpec("color", (4, "f2")), (4, 4))
    # Bound already: a mask that is set on a bound framebuffer must have an effect, too.
    target.framebuffer.use()
    target.framebuffer.clear()
    with masking_color(target.framebuffer, NO_CHANNELS):
        fill()
    assert color_of(target) == [0.0, 0.0, 0.0, 0.0]
    with masking_color(target.framebuffer, ALPHA_ALONE):
        fill()
    assert color_of(target) == [0.0, 0.0, 0.0, 1.0]
    fill()
    assert color_of(target) == [1.0, 1.0, 1.0, 1.0]


def test_the_depth_prepass_writes_depth_alone(
    context: moderngl.Context, fill: Callable[[], None]
) -> None:
    target = Target(context, TargetSpec("scene", (4, "f2"), Depth.SAMPLED), (4, 4))

    def draw(phase: Phase, _target: moderngl.Framebuffer) -> None:
        assert phase is Phase.DEPTH
        fill()

    frame: Any = SimpleNamespace(context=context, draw=draw)
    targets: Any = {"scene": target}
    DepthPass(0, (0.25, 0.5, 0.75)).run(frame, targets)
    assert color_of(target)[:3] == [0.25, 0.5, 0.75]
    assert target.depth_texture is not None
    depth = np.frombuffer(target.depth_texture.read(), np.float32)
    np.testing.assert_allclose(depth, 0.5, atol=1e-3)
