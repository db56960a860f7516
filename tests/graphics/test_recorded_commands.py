"""Test that recorded commands draw what moderngl's methods draw."""

from __future__ import annotations

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest

from renderer.graphics.gpu.context import open_context
from renderer.graphics.gpu.recorded.commands import CommandList
from renderer.graphics.gpu.recorded.player import CommandPlayer
from renderer.graphics.gpu.shaders import BLOCKS

SIDE = 16
VERTEX = """#version 410 core
in vec2 in_place;
uniform int row;
void main() { gl_Position = vec4(in_place + 0.25 * float(row), 0.0, 1.0); }
"""
FRAGMENT = """#version 410 core
layout(std140) uniform Material { vec4 tint; };
uniform sampler2D first;
uniform sampler2D second;
uniform float share;
out vec4 color;
void main() { color = tint * mix(texture(first, vec2(0.5)), texture(second, vec2(0.5)), share); }
"""
CAPTURED = """#version 410 core
in float in_value;
uniform int row;
out float out_value;
void main() { out_value = in_value + float(row); }
"""


@pytest.fixture
def context() -> Iterator[moderngl.Context]:
    context, _ = open_context()
    with context:
        yield context
    context.release()


def pixel(context: moderngl.Context, value: int) -> moderngl.Texture:
    return context.texture((1, 1), 4, bytes((value, 255 - value, value // 2, 255)))


def test_a_list_draws_what_its_calls_draw(context: moderngl.Context) -> None:
    program = context.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
    block = program["Material"]
    assert isinstance(block, moderngl.UniformBlock)
    block.binding = BLOCKS["Material"]
    program["second"] = 1
    corners = np.array([(-1, -1), (0, -1), (0, 0), (-1, 0)], np.float32)
    array = context.vertex_array(
        program,
        [(context.buffer(corners), "2f", "in_place")],
        index_buffer=context.buffer(np.array((0, 1, 2, 0, 2, 3, 0, 3, 2), np.uint32)),
    )
    blocks = [context.buffer(np.array(tint, np.float32)) for tint in ((1, 1, 1, 1), (0, 1, 1, 1))]
    textures = [pixel(context, value) for value in (40, 200, 90)]
    target = context.framebuffer([context.texture((SIDE, SIDE), 4)])
    # Block, textures, uniforms, whether faces are left out, and the range of each draw call.
    calls = (
        (0, (0, 1), 0, 0.25, False, (0, 6)),
        (1, (0, 2), 1, 0.75, True, (3, 3)),
        (1, (0, 2), 2, 0.5, True, (6, 3)),
        (0, (1, 2), 3, 0.0, False, (6, 3)),
    )

    def draw_directly() -> None:
        for material, used, row, share, culls, (first, count) in calls:
            blocks[material].bind_to_uniform_block(BLOCKS["Material"])
            for unit, number in enumerate(used):
                textures[number].use(unit)
            program["row"], program["share"] = row, share
            (context.enable if culls else context.disable)(moderngl.CULL_FACE)
            array.render(moderngl.TRIANGLES, vertices=count, first=first)

    recorded = CommandList(CommandPlayer(context))
    for material, used, row, share, culls, (first, count) in calls:
        recorded.bind_material(
            blocks[material], tuple((textures[number], unit) for unit, number in enumerate(used))
        )
        recorded.set_integer(program, "row", row)
        recorded.set_float(program, "share", share)
        recorded.set_culling(culls)
        recorded.render(array, first, count)
    pictures = []
    for draw in (draw_directly, recorded.run, recorded.run):
        target.use()
        target.clear()
        draw()
        pictures.append(target.read(components=4))
    assert np.frombuffer(pictures[0], np.uint8).any()
    assert pictures[1] == pictures[0]
    assert pictures[2] == pictures[0], "a list can be run again"
    assert context.error == "GL_NO_ERROR"


def test_a_list_captures_and_copies_vertices(context: moderngl.Context) -> None:
    values = np.arange(5, dtype=np.float32)
    program = context.program(vertex_shader=CAPTURED, varyings=("out_value",))
    array = context.vertex_array(program, [(context.buffer(values), "1f", "in_value")])
    captured, copied = (context.buffer(reserve=values.nbytes) for _ in range(2))
    recorded = CommandList(CommandPlayer(context))
    recorded.set_integer(program, "row", 7)
    recorded.transform(array, len(values), captured)
    recorded.copy(captured, copied)
    context.framebuffer([context.texture((1, 1), 1)]).use()
    recorded.run()
    np.testing.assert_array_equal(np.frombuffer(copied.read(), np.float32), values + 7.0)
    assert context.error == "GL_NO_ERROR"


def test_a_list_keeps_what_it_draws_with(context: moderngl.Context) -> None:
    """Commands hold OpenGL names, which are given again once their objects are released."""
    program = context.program(vertex_shader=CAPTURED, varyings=("out_value",))
    recorded = CommandList(CommandPlayer(context))
    into = context.buffer(reserve=4)

    def record() -> None:
        source = context.buffer(np.array([3.0], np.float32))
        array = context.vertex_array(program, [(source, "1f", "in_value")])
        recorded.transform(array, 1, into)

    context.gc_mode = "auto"
    record()
    context.framebuffer([context.texture((1, 1), 1)]).use()
    recorded.run()
    assert np.frombuffer(into.read(), np.float32).tolist() == [3.0]
