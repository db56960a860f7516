"""Draw moving-head fixtures at the origins of their beams: yokes that pan, heads that tilt."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.solids import make_box, make_prism
from renderer.graphics.gpu.beams import tabulate_beams
from renderer.graphics.gpu.matrices import visible_spheres
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import StageState

MOST: Final = 128
"""Maximum number of heads in a frame; further ones are not drawn."""
_REACH_M: Final = 0.6
"""Radius of a sphere around a beam's origin that holds the head, metres."""
_YOKE, _CAN, _LENS = range(3)
_INSTANCE: Final = np.dtype([("apex", "f4", 3), ("direction", "f4", 3), ("color", "f4", 3)])


class MovingHeadsModel:
    """All moving heads in a view, in one instanced draw call."""

    name = "the moving heads"
    phases = frozenset({Phase.SET})

    def __init__(self, context: moderngl.Context, programs: Programs) -> None:
        program = programs.get("head.vert.glsl", "baked.frag.glsl")
        self._rows = np.zeros(MOST, _INSTANCE)
        self._shown = np.zeros(MOST, _INSTANCE)
        self._spheres = np.full((MOST, 4), _REACH_M, np.float32)
        self._instances = context.buffer(reserve=self._rows.nbytes, dynamic=True)
        self._count = 0
        corners, order = np.unique(_solids(), axis=0, return_inverse=True)
        solids = context.buffer(corners)
        fields = "in_position", "in_normal", "in_part"
        placed = "in_apex", "in_direction", "in_color"
        names = [name for name in fields if name in program]
        self._array = context.vertex_array(
            program,
            [(solids, "3f 3f 1f", *names), (self._instances, "3f 3f 3f/i", *placed)],
            index_buffer=context.buffer(order.reshape(-1).astype(np.uint32)),
        )

    def update(self, state: StageState) -> bool:
        """Load the origins of the beams; return whether there are any."""
        self._count = min(len(state.beams), MOST)
        if not self._count:
            return False
        rows, table = self._rows[: self._count], tabulate_beams(state.beams)[: self._count]
        rows["apex"], rows["direction"], rows["color"] = table[:, :3], table[:, 4:7], table[:, 8:11]
        self._spheres[: self._count, :3] = rows["apex"]
        return True

    def center(self) -> Point | None:
        """Return None: the heads surround the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: they are not lit."""
        return None

    def draw(self, _phase: Phase, drawing: Drawing) -> None:
        """Draw the heads that the view shows."""
        rows = self._rows[: self._count]
        if drawing.matrix is not None:
            rows = rows[visible_spheres(drawing.matrix, self._spheres[: self._count])]
        if len(rows):
            self._shown[: len(rows)] = rows
            # Write the whole buffer: Mesa's noop driver, which a benchmark uses, crashes otherwise.
            self._instances.write(self._shown)
            self._array.render(moderngl.TRIANGLES, instances=len(rows))


def _solids() -> npt.NDArray[np.float32]:
    """Return a head's triangles about its pivot, beam along +z: position, normal, part."""
    yoke = [make_box((0.03, 0.30, 0.10), (side * 0.16, 0.10, 0.0)) for side in (-1, 1)] + [
        make_box((0.35, 0.03, 0.12), (0.0, 0.26, 0.0))
    ]
    can = [make_prism((-0.15, 0.155), 0.115, 10)]
    lens = [make_prism((0.15, 0.17), 0.085, 10)]
    return np.concatenate(
        [_rows(solid, part) for part, solids in ((_YOKE, yoke), (_CAN, can), (_LENS, lens))
         for solid in solids]
    )  # fmt: skip


def _rows(corners: npt.NDArray[np.float64], part: int) -> npt.NDArray[np.float32]:
    """Return a solid's triangles (n, 3, 3) as vertices with their normals and part."""
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal = np.repeat(across / np.linalg.norm(across, axis=1, keepdims=True), 3, axis=0)
    position = corners.reshape(-1, 3)
    return np.hstack((position, normal, np.full((len(position), 1), part))).astype(np.float32)
