"""The stage set on the GPU: one buffer and one draw, its materials written into its vertices."""

from __future__ import annotations

from typing import Any, Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.materials import UNITS
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.set import SetMesh, StageSet

_VERTEX: Final = np.dtype(
    [("position", "f4", 3), ("normal", "f4", 3), ("color", "f4", 4), ("emissive", "f4", 4)]
)


class SetModel:
    """A set's buffers and its two draw calls."""

    def __init__(
        self, context: Any, programs: Programs, stage: StageSet, surface_defines: tuple[str, ...]
    ) -> None:
        self._surface = self._ahead = None
        if not stage.meshes:
            return
        vertices = np.concatenate([_vertices(mesh) for mesh in stage.meshes])
        starts = np.cumsum([0, *(len(mesh.position) for mesh in stage.meshes)])
        triangles = np.concatenate(
            [m.triangles + np.uint32(start) for m, start in zip(stage.meshes, starts, strict=False)]
        )
        buffer = context.buffer(vertices)
        indices = context.buffer(triangles.astype(np.uint32))
        surface = programs.get("set.vert.glsl", "set.frag.glsl", surface_defines, textures=UNITS)
        self._surface = context.vertex_array(
            surface,
            [(buffer, "3f 3f 4f 4f", "in_position", "in_normal", "in_color", "in_emissive")],
            index_buffer=indices,
        )
        ahead = programs.get("depth.vert.glsl", "depth.frag.glsl", ("FROM_CAMERA",))
        self._ahead = context.vertex_array(
            ahead, [(buffer, "3f 44x", "in_position")], index_buffer=indices
        )

    def draw_ahead(self) -> None:
        """Depth alone, so that each pixel of the set is lit once."""
        if self._ahead is not None:
            self._ahead.render(moderngl.TRIANGLES)

    def draw(self) -> None:
        """Into the bound picture; faces are drawn from both sides."""
        if self._surface is not None:
            self._surface.render(moderngl.TRIANGLES)


def _vertices(mesh: SetMesh) -> npt.NDArray[np.void]:
    rows = np.zeros(len(mesh.position), _VERTEX)
    rows["position"] = mesh.position
    rows["normal"] = mesh.normal
    rows["color"][:, :3] = mesh.color
    rows["color"][:, 3] = mesh.roughness
    rows["emissive"] = *mesh.emissive, mesh.metallic
    return rows
