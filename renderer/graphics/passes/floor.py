"""Composite reflections and contact shadows onto the stage's floor.

Both are drawn over the finished surfaces, so that they work with the floor of any set.
"""

from __future__ import annotations

import math
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.gpu.blending import blend_multiplied, blend_reflected
from renderer.graphics.gpu.matrices import is_any_visible
from renderer.graphics.gpu.shaders import Programs
from renderer.graphics.gpu.targets import TargetSpec
from renderer.graphics.passes.base import Frame, Scope, Targets
from renderer.graphics.passes.mirror import is_mirroring

MOST_FEET: Final = 64
"""Maximum number of feet in a frame; further ones cast no contact shadow."""
_REACH_M: Final = 0.3
"""How far a contact shadow reaches beyond the foot, metres, as in shaders/contact.vert.glsl."""


class FloorPass:
    """Draws the reflection and the contact shadows where the floor is visible.

    Args:
        source: the target of linear light, with its depth.
    """

    name = "floor"
    scope = Scope.VIEW
    targets: tuple[TargetSpec, ...] = ()

    def __init__(self, context: moderngl.Context, programs: Programs, *, source: str) -> None:
        self._source = source
        self.reads = ("mirrored", "mirrored small")
        self.writes = (source,)
        corners = context.buffer(np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)], np.float32))
        self._packed = np.zeros((MOST_FEET, 5), np.float32)
        self._feet = context.buffer(reserve=self._packed.nbytes, dynamic=True)
        units = {"depth": 0, "mirrored": 1, "softened": 2}
        floor = programs.get("floor.vert.glsl", "floor.frag.glsl", textures=units)
        self._floor = context.vertex_array(floor, [(corners, "2f", "in_corner")])
        self._uniforms = programs.values(floor)
        contact = programs.get("contact.vert.glsl", "contact.frag.glsl", textures=units)
        self._contact = context.vertex_array(
            contact,
            [(corners, "2f", "in_corner"), (self._feet, "4f 1f/i", "in_foot", "in_lift")],
        )

    def run(self, frame: Frame, targets: Targets) -> None:
        """Draw over the picture if the floor is reflective or has feet on it."""
        floor = frame.state.floor
        count = min(len(frame.feet), MOST_FEET) if _shows_feet(frame) else 0
        mirroring = is_mirroring(frame)
        if not (mirroring or count):
            return
        picture = targets[self._source]
        if picture.color_only is None:
            raise ValueError(f"target {self._source!r} has no depth to read")
        context = frame.context
        picture.color_only.use()
        picture.read_depth_from(0)
        context.enable_only(moderngl.BLEND)
        if mirroring:
            # Reflections do not contribute to bloom a second time; an LED panel in the floor shows
            # through its cover, which mirrors less than varnish does.
            blend_reflected(context)
            targets["mirrored"].read_from(1)
            targets["mirrored small"].read_from(2)
            half = 0.5 * floor.size[0], 0.5 * floor.size[1]
            self._uniforms.set("strength", floor.mirror)
            self._uniforms.set("rectangle", (*floor.center, *half))
            self._floor.render(moderngl.TRIANGLE_STRIP, vertices=4)
        if count:
            blend_multiplied(context)
            self._packed[:count] = frame.feet[:count]
            self._feet.write(self._packed)
            self._contact.program["strength"] = floor.contact
            self._contact.render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count)


def _shows_feet(frame: Frame) -> bool:
    """Return whether the view may show a contact shadow."""
    floor = frame.state.floor
    if floor.contact <= 0.0 or not len(frame.feet):
        return False
    if frame.culling is None:
        return True
    ankles, toes = frame.feet[:, :2], frame.feet[:, 2:4]
    spheres = np.full((len(ankles), 4), floor.height_m, np.float32)
    spheres[:, :3:2] = 0.5 * (ankles + toes)
    spheres[:, 3] = math.sqrt(2.0) * (0.5 * np.linalg.norm(toes - ankles, axis=1) + _REACH_M)
    return is_any_visible(frame.culling, spheres)
