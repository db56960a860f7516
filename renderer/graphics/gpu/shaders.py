"""Programs from `.glsl` files: `#include "name"` pastes a file, defines choose a variant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import moderngl

from renderer.errors import GraphicsError

FOLDER: Final = Path(__file__).parents[1] / "shaders"
VERSION: Final = "#version 410 core\n"
BLOCKS: Final = {"Frame": 0, "Material": 1}
"""Binding points of uniform blocks, by name."""

_INCLUDE: Final = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)


def source(name: str, defines: tuple[str, ...] = ()) -> str:
    """The text of one shader stage.

    Args:
        name: the file, `skin.vert.glsl` say.
        defines: macros to set, each to 1 unless it says `NAME VALUE`.
    """
    head = "".join(f"#define {define if ' ' in define else define + ' 1'}\n" for define in defines)
    return VERSION + head + _expanded(name)


def _expanded(name: str) -> str:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return _INCLUDE.sub(lambda match: _expanded(match.group(1)), text)


class Programs:
    """Compiles each variant once and wires its uniform blocks and texture units."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._programs: dict[tuple[str, str | None, tuple[str, ...]], Any] = {}

    def get(
        self,
        vertex: str,
        fragment: str | None,
        defines: tuple[str, ...] = (),
        *,
        textures: dict[str, int] | None = None,
        varyings: tuple[str, ...] = (),
    ) -> Any:
        """A linked program.

        Args:
            vertex, fragment: file names; no fragment stage for depth alone and for feedback.
            textures: sampler name to texture unit; names that a variant lacks are passed over.
            varyings: outputs to capture by transform feedback, interleaved.

        Raises:
            GraphicsError: when the driver refuses the shader.
        """
        key = (vertex, fragment, defines)
        if key not in self._programs:
            self._programs[key] = self._linked(vertex, fragment, defines, varyings)
        program = self._programs[key]
        for name, unit in (textures or {}).items():
            if name in program:
                program[name].value = unit
        return program

    def of(self, vertex: str, uniform: str) -> list[Any]:
        """Every program compiled so far from a vertex stage that reads a uniform."""
        return [p for key, p in self._programs.items() if key[0] == vertex and uniform in p]

    def _linked(
        self, vertex: str, fragment: str | None, defines: tuple[str, ...], varyings: tuple[str, ...]
    ) -> Any:
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
            if name in program:
                program[name].binding = binding
        return program
