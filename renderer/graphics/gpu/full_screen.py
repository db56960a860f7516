"""Create full-screen draws for passes that read one picture and write another."""

from __future__ import annotations

import moderngl

from renderer.graphics.gpu.shaders import Programs


def full_screen(
    context: moderngl.Context,
    programs: Programs,
    fragment: str,
    defines: tuple[str, ...] = (),
    *,
    samplers: dict[str, int] | None = None,
) -> moderngl.VertexArray:
    """Return a vertex array with one triangle that covers the bound target.

    Args:
        fragment: file name of the fragment stage.
        samplers: texture unit of each sampler, by its name in the shader.
    """
    program = programs.get("full.vert.glsl", fragment, defines, textures=samplers)
    return context.vertex_array(program, [])
