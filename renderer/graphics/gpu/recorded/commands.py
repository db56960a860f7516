"""Record draw calls once and repeat them each frame, without state changes that change nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.gpu.light_lists import LightList
from renderer.graphics.gpu.recorded import player as kinds
from renderer.graphics.gpu.recorded.player import CommandPlayer, pack_rows
from renderer.graphics.gpu.shaders import BLOCKS, uniform_of

_CULL_FACE: Final = 0x0B44
_TEXTURE_2D: Final = 0x0DE1
"""OpenGL's constants."""
_INDEX_BYTES: Final = 4


class CommandList:
    """GL commands that draw the same things every frame.

    A list assumes nothing of the state that it finds. Within it, textures, material and culling are
    set only where they differ from the draw call before.

    Args:
        player: that issues the commands.
    """

    def __init__(self, player: CommandPlayer) -> None:
        self._player = player
        self._commands: list[tuple[int, ...]] = []
        self._rows: npt.NDArray[np.int64] | None = None
        # Kept alive, because the commands hold only their OpenGL names.
        self._used: list[object] = []
        self._textures: dict[int, moderngl.Texture] = {}
        self._material: moderngl.Buffer | None = None
        self._culls: bool | None = None

    def set_culling(self, culls: bool) -> None:
        """Set whether the following draw calls leave out faces."""
        if culls is not self._culls:
            self._culls = culls
            change = kinds.ENABLE if culls else kinds.DISABLE
            self._add(change, _CULL_FACE)

    def bind_material(
        self, block: moderngl.Buffer, textures: tuple[tuple[moderngl.Texture, int], ...]
    ) -> None:
        """Bind a material's uniform block and its textures, each with its unit."""
        if block is not self._material:
            self._material = block
            self._used.append(block)
            self._add(kinds.BLOCK, BLOCKS["Material"], block.glo, 0, block.size)
        self.bind_textures(textures)

    def bind_textures(self, textures: Iterable[tuple[moderngl.Texture, int]]) -> None:
        """Bind textures, each with its unit."""
        for texture, unit in textures:
            if self._textures.get(unit) is not texture:
                self._textures[unit] = texture
                self._used.append(texture)
                self._add(kinds.TEXTURE, unit, _TEXTURE_2D, texture.glo)

    def bind_lights(self, lights: LightList) -> None:
        """Bind a light list."""
        self._used.append(lights)
        self._add(kinds.BLOCK, BLOCKS["Lights"], lights.buffer.glo, lights.offset, lights.size)

    def set_integer(self, program: moderngl.Program, name: str, value: int) -> None:
        """Set an integer uniform."""
        self._used.append(program)
        location = uniform_of(program, name).location
        self._add(kinds.INTEGER, program.glo, location, value)

    def set_float(self, program: moderngl.Program, name: str, value: float) -> None:
        """Set a float uniform."""
        kept = np.array([value], np.float32)
        self._used += [program, kept]
        location = uniform_of(program, name).location
        self._add(kinds.FLOATS, program.glo, location, 1, kept.ctypes.data)

    def copy(self, source: moderngl.Buffer, target: moderngl.Buffer) -> None:
        """Copy a buffer into another one of its size."""
        self._used += [source, target]
        self._add(kinds.COPY, source.glo, target.glo, source.size)

    def transform(self, array: moderngl.VertexArray, count: int, target: moderngl.Buffer) -> None:
        """Capture what a program makes of vertices in a buffer, by transform feedback."""
        self._used += [array, target]
        self._add(kinds.TRANSFORM, array.program.glo, array.glo, count, target.glo)

    def render(self, array: moderngl.VertexArray, first: int, count: int) -> None:
        """Draw a range of a vertex array's indices, each of four bytes, as triangles."""
        self._used.append(array)
        self._add(kinds.TRIANGLES, array.program.glo, array.glo, count, _INDEX_BYTES * first)

    def _add(self, *command: int) -> None:
        self._commands.append(command)
        self._rows = None

    def run(self) -> None:
        """Issue the commands."""
        if self._rows is None:
            self._rows = pack_rows(self._commands)
        self._player.play(self._rows)
