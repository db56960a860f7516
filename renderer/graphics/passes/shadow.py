"""The shadow map of the one light that casts one.

Avatars alone cast it. A set stands still, its shadows change nothing that anyone watches, and
drawing it again would cost a software rasteriser as much as the avatars do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.avatar_model import AvatarModel
from renderer.graphics.drawables.materials import UNITS
from renderer.graphics.gpu.shaders import Programs


class ShadowMap:
    """A depth texture that shaders compare with.

    Args:
        size: of its side, texels.
    """

    def __init__(self, context: Any, programs: Programs, size: int) -> None:
        self._context = context
        self.texel = 1.0 / size
        self._texture = context.depth_texture((size, size))
        self._texture.compare_func = "<="
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._texture.repeat_x = self._texture.repeat_y = False
        self._target = context.framebuffer(depth_attachment=self._texture)
        self._programs = programs

    def draw(self, projection: npt.NDArray[np.float32], casters: Iterable[AvatarModel]) -> None:
        """Draw what hides the light.

        Args:
            projection: (4, 4) stage to the map's clip space, transposed for GL.
        """
        for program in self._programs.of("depth.vert.glsl", "light_projection"):
            program["light_projection"].write(projection)
        self._target.use()
        self._target.clear(depth=1.0)
        self._context.enable_only(moderngl.DEPTH_TEST)
        # Both faces are drawn, so lit ones lie in the map: push them a little away from the light.
        self._context.polygon_offset = 1.5, 2.0
        for caster in casters:
            caster.draw_depth()
        self._context.polygon_offset = 0.0, 0.0

    def use(self) -> None:
        """Bind the map for the surfaces that it falls on."""
        self._texture.use(UNITS["shadow_map"])
