"""Draw the screen-space motion of an avatar's surfaces between two frames, for motion blur."""

from __future__ import annotations

import math
from typing import Final

import moderngl

from avatars.model import AlphaMode, Avatar
from renderer.graphics.drawables.avatar.geometry import Geometry
from renderer.graphics.gpu.recorded.commands import CommandList
from renderer.graphics.gpu.recorded.player import CommandPlayer
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.cameras.lens import SHUTTER_ANGLE

EXPOSURE: Final = SHUTTER_ANGLE / math.tau
"""Exposure as a fraction of the frame's interval."""
SHADERS: Final = ("motion.vert.glsl", "motion.frag.glsl")


class MotionHistory:
    """The skinned vertices of the previous frame, for one level of detail of an avatar.

    Args:
        geometry: of the level.
        skinned: its skinned vertices, each of which begins with its position.
        floats: number of floats of a skinned vertex.
        indices: of its triangles.
    """

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        avatar: Avatar,
        geometry: Geometry,
        skinned: moderngl.Buffer,
        floats: int,
        indices: moderngl.Buffer,
    ) -> None:
        before = context.buffer(reserve=skinned.size)
        self._copy = CommandList(CommandPlayer(context))
        self._copy.copy(skinned, before)
        program = programs.get(*SHADERS)
        self._values = programs.values(program)
        form = f"3f {4 * (floats - 3)}x"
        self._array = context.vertex_array(
            program,
            [(skinned, form, "in_position"), (before, form, "in_before")],
            index_buffer=indices,
        )
        opaque = (
            draw
            for draw in geometry.draws
            if avatar.materials[draw.material].alpha_mode is AlphaMode.OPAQUE
        )
        self._count = max((draw.first + draw.count for draw in opaque), default=0)
        self._number: int | None = None
        self._has_before = False

    def keep(self, number: int) -> None:
        """Keep the last skinned vertices, if they are those of the previous frame.

        Must be called before frame `number` is skinned; repeated calls for a frame change nothing.
        """
        if number == self._number:
            return
        self._has_before = self._number == number - 1
        self._number = number
        if self._has_before:
            self._copy.run()

    def draw(self, *, jumps: bool) -> None:
        """Draw the paths and the depth of the opaque surfaces.

        Args:
            jumps: whether the avatar was elsewhere in the previous frame: it has no path then, and
                stays sharp.
        """
        if self._count:
            self._values.set("exposure", EXPOSURE if self._has_before and not jumps else 0.0)
            self._array.render(moderngl.TRIANGLES, vertices=self._count)
