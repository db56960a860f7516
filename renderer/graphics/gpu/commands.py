"""Record draw calls once and repeat them each frame, without state changes that change nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import moderngl

from renderer.graphics.gpu.shaders import BLOCKS


class CommandList:
    """GL commands that draw the same things every frame.

    A list assumes nothing of the state that it finds. Within it, textures, material and culling are
    set only where they differ from the draw call before. The list holds moderngl's compiled
    methods: the Python ones around them would cost as much again.
    """

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._commands: list[Callable[[], object]] = []
        self._textures: dict[int, moderngl.Texture] = {}
        self._material: moderngl.Buffer | None = None
        self._culls: bool | None = None

    def set_culling(self, culls: bool) -> None:
        """Set whether the following draw calls leave out faces."""
        if culls is not self._culls:
            self._culls = culls
            context = self._context.mglo
            change = context.enable if culls else context.disable
            self._commands.append(partial(change, moderngl.CULL_FACE))

    def bind_material(
        self, block: moderngl.Buffer, textures: tuple[tuple[moderngl.Texture, int], ...]
    ) -> None:
        """Bind a material's uniform block and its textures, each with its unit."""
        if block is not self._material:
            self._material = block
            self._commands.append(
                partial(block.mglo.bind_to_uniform_block, BLOCKS["Material"], 0, -1)
            )
        for texture, unit in textures:
            if self._textures.get(unit) is not texture:
                self._textures[unit] = texture
                self._commands.append(partial(texture.mglo.use, unit))

    def render(self, array: moderngl.VertexArray, first: int, count: int) -> None:
        """Draw a range of a vertex array's indices as triangles."""
        self._commands.append(partial(array.mglo.render, moderngl.TRIANGLES, count, first, 1))

    def run(self) -> None:
        """Issue the commands."""
        for command in self._commands:
            command()
