"""Compile programs from `.glsl` files, with `#include "name"` and defines for variants."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import moderngl

from renderer.errors import GraphicsError

FOLDER: Final = Path(__file__).parents[1] / "shaders"
VERSION: Final = "#version 410 core\n"
BLOCKS: Final = {"Frame": 0, "Material": 1, "Lights": 2, "Grade": 3}
"""Binding points of uniform blocks, by name."""

UNITS: Final = {
    "base_map": 0, "shade_map": 1, "shift_map": 2, "normal_map": 3, "emissive_map": 4,
    "rim_map": 5, "outline_map": 6, "uv_mask_map": 7, "matcap_map": 8,
    "shadow_map": 9, "pose": 10, "morphs": 11, "metallic_roughness_map": 12, "occlusion_map": 13,
    "gobo_map": 14, "shadow_depth": 15,
    "probe_map": 16, "floor_light": 17, "screen_light": 18,
}  # fmt: skip
"""Texture units of all passes; OpenGL 4.1 guarantees 80, of which a shader stage may use 16."""

_INCLUDE: Final = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)


def source(name: str, defines: tuple[str, ...] = ()) -> str:
    """Return the source of one shader stage.

    Args:
        name: file name, such as `skin.vert.glsl`.
        defines: macros, each set to 1 unless given as `NAME VALUE`.
    """
    head = "".join(f"#define {define if ' ' in define else define + ' 1'}\n" for define in defines)
    return VERSION + head + _expand_includes(name)


def _expand_includes(name: str) -> str:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda match: _expand_includes(match.group(1)), text)


def uniform_of(program: moderngl.Program, name: str) -> moderngl.Uniform:
    """Return a uniform of a program.

    Raises:
        KeyError: the program has no such uniform.
    """
    member = program[name]
    if not isinstance(member, moderngl.Uniform):
        raise KeyError(name)
    return member


def set_uniform(program: moderngl.Program, name: str, value: int) -> None:
    """Set an integer uniform or a sampler's texture unit.

    Raises:
        KeyError: the program has no such uniform.
    """
    uniform_of(program, name).value = value


class UniformValues:
    """Sets a program's uniforms, without the calls that would change nothing.

    A uniform that is set through it must not be set otherwise.
    """

    def __init__(self, program: moderngl.Program) -> None:
        members = {name: program[name] for name in program}
        self._uniforms = {
            name: one for name, one in members.items() if isinstance(one, moderngl.Uniform)
        }
        self._values: dict[str, object] = {}

    def set(self, name: str, value: object) -> None:
        """Set a uniform, if the program has it and it has another value."""
        uniform = self._uniforms.get(name)
        if uniform is not None and self._values.get(name) != value:
            uniform.value = self._values[name] = value


class Programs:
    """Compiles each variant once and sets its uniform block bindings and texture units."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._programs: dict[tuple[str, str | None, tuple[str, ...]], moderngl.Program] = {}
        self._values: dict[int, UniformValues] = {}

    def get(
        self,
        vertex: str,
        fragment: str | None,
        defines: tuple[str, ...] = (),
        *,
        textures: dict[str, int] | None = None,
        varyings: tuple[str, ...] = (),
    ) -> moderngl.Program:
        """Return a linked program.

        Args:
            vertex: file name of the vertex stage.
            fragment: file name of the fragment stage; None for depth-only and feedback programs.
            textures: sampler name to texture unit; samplers that a variant lacks are ignored.
            varyings: outputs to capture by transform feedback, interleaved.

        Raises:
            GraphicsError: the driver rejects the shader.
        """
        key = (vertex, fragment, defines)
        if key not in self._programs:
            self._programs[key] = self._link(vertex, fragment, defines, varyings)
        program = self._programs[key]
        for name, unit in (textures or {}).items():
            if name in program:
                set_uniform(program, name, unit)
        return program

    def values(self, program: moderngl.Program) -> UniformValues:
        """Return what sets a program's uniforms; the same for all objects that draw with it."""
        if program.glo not in self._values:
            self._values[program.glo] = UniformValues(program)
        return self._values[program.glo]

    def uniforms(self, vertex: str, name: str) -> list[moderngl.Uniform]:
        """Return a uniform from every compiled program with this vertex stage that uses it."""
        found = [p.get(name, None) for key, p in self._programs.items() if key[0] == vertex]
        return [uniform for uniform in found if isinstance(uniform, moderngl.Uniform)]

    def _link(
        self, vertex: str, fragment: str | None, defines: tuple[str, ...], varyings: tuple[str, ...]
    ) -> moderngl.Program:
        try:
            program = self._context.program(
                vertex_shader=source(vertex, defines),
                fragment_shader=source(fragment, defines) if fragment else None,
                varyings=varyings,
            )
        except moderngl.Error as error:
            reason = " ".join(str(error).split())
            raise GraphicsError(
                f"shader {fragment or vertex}",
                f"the driver refused it ({reason[:300]})",
                "update the graphics driver",
            ) from error
        for name, binding in BLOCKS.items():
            block = program.get(name, None)
            if isinstance(block, moderngl.UniformBlock):
                block.binding = binding
        return program
