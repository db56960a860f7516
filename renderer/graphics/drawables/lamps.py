"""Draw strobes, blinders and pixel bars: one box per cell, in one instanced draw call."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.matrices import visible_spheres
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import StageState

MOST: Final = 1024
"""Maximum number of cells in a frame; further ones are not drawn."""
_ROW: Final = np.dtype(
    [("position", "f4", 3), ("direction", "f4", 3), ("size", "f4", 2), ("color", "f4", 3)]
)
_FACES: Final = ((0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5))
"""Corner numbers of a box's sides: bit 0 is x, bit 1 y, bit 2 z."""


_DEPTH_M: Final = 0.08
"""Depth of a cell's housing, as in shaders/lamp.vert.glsl, metres."""


class LampsModel:
    """All cells of all lamps in a view."""

    name = "the lamps"
    phases = frozenset({Phase.SET})

    def __init__(self, context: moderngl.Context, programs: Programs) -> None:
        program = programs.get("lamp.vert.glsl", "baked.frag.glsl")
        self._rows = np.zeros(MOST, _ROW)
        self._shown = np.zeros(MOST, _ROW)
        self._spheres = np.zeros((MOST, 4), np.float32)
        self._instances = context.buffer(reserve=self._rows.nbytes, dynamic=True)
        self._count = 0
        corners, indices = (context.buffer(part) for part in _box())
        names = "in_position", "in_direction", "in_size", "in_color"
        self._array = context.vertex_array(
            program,
            [(corners, "3f", "in_corner"), (self._instances, "3f 3f 2f 3f/i", *names)],
            index_buffer=indices,
        )

    def update(self, state: StageState) -> bool:
        """Load a frame's lamps; return whether there are any."""
        lamps = state.lamps
        self._count = 0 if lamps is None else min(len(lamps.position), MOST)
        if lamps is None or not self._count:
            return False
        rows = self._rows[: self._count]
        rows["position"] = lamps.position[: self._count]
        rows["direction"] = lamps.direction[: self._count]
        rows["size"] = lamps.size[: self._count]
        rows["color"] = lamps.color[: self._count]
        np.nan_to_num(rows["color"], copy=False)
        spheres = self._spheres[: self._count]
        spheres[:, :3] = rows["position"]
        spheres[:, 3] = 0.5 * np.hypot(rows["size"][:, 0], rows["size"][:, 1]) + _DEPTH_M
        return True

    def center(self) -> Point | None:
        """Return None: lamps surround the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: they are not lit."""
        return None

    def draw(self, _phase: Phase, drawing: Drawing) -> None:
        """Draw the cells that the view shows."""
        rows = self._rows[: self._count]
        if drawing.matrix is not None:
            rows = rows[visible_spheres(drawing.matrix, self._spheres[: self._count])]
        if len(rows):
            self._shown[: len(rows)] = rows
            # Write the whole buffer: Mesa's noop driver, which a benchmark uses, crashes otherwise.
            self._instances.write(self._shown)
            self._array.render(moderngl.TRIANGLES, instances=len(rows))


def _box() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
    """Return a box's corners (8, 3), x and y from -1 to 1, z from 0 to 1, and its 36 indices."""
    corners = [(2.0 * (n & 1) - 1.0, 2.0 * (n >> 1 & 1) - 1.0, float(n >> 2)) for n in range(8)]
    indices = [n for a, b, c, d in _FACES for n in (a, b, c, a, c, d)]
    return np.array(corners, np.float32), np.array(indices, np.uint32)
