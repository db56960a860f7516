"""Draw the flat floor of a set, lit at a reduced size.

The light on a floor varies little from pixel to pixel, and costs a software rasteriser more than
any other surface. A pass lights the floor at a fraction of the picture's size without anything on
it, so that its border is the only edge; the border is moved outwards, so that full-size pixels
there have samples around them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.sets.flat_floor import extend_floor
from renderer.graphics.drawables.sets.model import SetModel, merge_meshes, set_array
from renderer.graphics.gpu.light_lists import LightVariant
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.stage.records import Camera, StageState
from renderer.stage.sets.stage_set import SetMesh

_MARGIN_M: Final = 1.0
"""Distance by which the border of the lit floor is moved outwards, metres."""
_FLATTEST: Final = 0.1
"""Minimum height of the camera over the floor, as a fraction of its distance from the middle. From
lower down, a pixel spans too much of the floor, and the floor too few pixels."""


class FloorModel:
    """A flat floor that samples its light from the target of ReducedPass.

    Args:
        name: for messages.
        floor: as `split_floor` returns it.
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
    """

    # Without depth ahead: its fragments cost less than that.
    phases = frozenset({Phase.FLOOR_LIGHT, Phase.SET})

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        name: str,
        floor: SetMesh,
        *,
        surface_defines: tuple[str, ...],
        variants: Sequence[LightVariant],
    ) -> None:
        self.name = name
        self._reduced, self._whole = (
            SetModel(
                context, programs, name, [mesh], surface_defines=(*surface_defines, *defines),
                variants=variants,
            )
            for mesh, defines in ((extend_floor(floor, _MARGIN_M), ("COVERAGE",)), (floor, ()))
        )  # fmt: skip
        reduced, whole = self._reduced.bounds(), self._whole.bounds()
        self._parts = len(reduced.starts)
        self._bounds = Bounds(
            np.concatenate((reduced.spheres, whole.spheres)),
            np.concatenate((reduced.starts, whole.starts + len(reduced.spheres))),
        )
        corners = floor.position[floor.triangles].reshape(-1, 3)
        self._middle = 0.5 * (corners.min(axis=0) + corners.max(axis=0))
        self._is_reduced = False
        vertices, triangles = merge_meshes([floor], has_uv=False)
        self._surface = set_array(
            context,
            programs.get("set.vert.glsl", "floor_light.frag.glsl", textures=UNITS),
            context.buffer(vertices),
            context.buffer(triangles),
            has_uv=False,
        )

    def update(self, _state: StageState) -> bool:
        """Return True: the set is in every frame."""
        return True

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return the bounding spheres of its clusters, at the reduced size and at full size."""
        return self._bounds

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw its light at the reduced size, or its surface from that light or pixel by pixel."""
        is_warm_up = drawing.matrix is None
        if phase is Phase.FLOOR_LIGHT:
            self._is_reduced = is_warm_up or self._is_steep(drawing.camera)
            if self._is_reduced:
                self._reduced.draw(
                    Phase.SET, replace(drawing, lights=drawing.lights[: self._parts])
                )
            return
        if self._is_reduced:
            self._surface.render(moderngl.TRIANGLES)
        if is_warm_up or not self._is_reduced:
            self._whole.draw(Phase.SET, replace(drawing, lights=drawing.lights[self._parts :]))

    def _is_steep(self, camera: Camera | None) -> bool:
        """Return whether a camera looks at the floor from well above."""
        if camera is None:
            return False
        x, y, z = (float(value) for value in np.subtract(camera.position, self._middle))
        return y >= _FLATTEST * math.hypot(x, z)
