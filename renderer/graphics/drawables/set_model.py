"""Draw the stage set from one buffer with per-vertex materials, lit by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.clusters import split_clusters
from renderer.graphics.drawables.lit_arrays import LitArrays
from renderer.graphics.gpu.light_lists import LightList, LightVariant
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.stage.records import StageState
from renderer.stage.set import SetMesh

_VERTEX: Final = np.dtype(
    [("position", "f4", 3), ("normal", "f4", 3), ("color", "f4", 4), ("emissive", "f4", 4)]
)


class SetModel:
    """The GPU buffers and draw calls of a set; its faces are double-sided.

    Args:
        name: of the set.
        meshes: at least one.
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
    """

    phases = frozenset({Phase.DEPTH, Phase.SET})

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        name: str,
        meshes: Sequence[SetMesh],
        *,
        surface_defines: tuple[str, ...],
        variants: Sequence[LightVariant],
    ) -> None:
        self.name = f"the set {name!r}"
        vertices = np.concatenate([_vertices(mesh) for mesh in meshes])
        first = np.cumsum([0, *(len(mesh.position) for mesh in meshes)])
        triangles = np.concatenate(
            [m.triangles + np.uint32(start) for m, start in zip(meshes, first, strict=False)]
        ).astype(np.uint32)
        clusters = split_clusters(vertices["position"], triangles)
        self._clusters = [part.reshape(-1) for part in clusters.triangles]
        self._bounds = Bounds(clusters.spheres, clusters.starts)
        self._sorted_for: Sequence[LightList] = ()
        self._runs: list[tuple[int, int, int]] = []
        buffer = context.buffer(vertices)
        self._indices = indices = context.buffer(triangles)

        def surface(defines: tuple[str, ...]) -> moderngl.VertexArray:
            program = programs.get(
                "set.vert.glsl", "set.frag.glsl", (*surface_defines, *defines), textures=UNITS
            )
            fields = "in_position", "in_normal", "in_color", "in_emissive"
            return context.vertex_array(
                program, [(buffer, "3f 3f 4f 4f", *fields)], index_buffer=indices
            )

        self._surface = LitArrays(surface, variants)
        ahead = programs.get("depth.vert.glsl", "depth.frag.glsl", ("FROM_CAMERA",))
        self._ahead = context.vertex_array(
            ahead, [(buffer, "3f 44x", "in_position")], index_buffer=indices
        )

    def update(self, _state: StageState) -> bool:
        """Return True: the set is in every frame."""
        return True

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return the bounding spheres of its clusters."""
        return self._bounds

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw depth or surfaces, with one draw call for the clusters that share a light list."""
        if phase is Phase.DEPTH:
            self._ahead.render(moderngl.TRIANGLES)
            return
        self._sort(drawing.lights)
        for part, first, count in self._runs:
            lights = drawing.lights[part]
            lights.bind()
            self._surface.get(lights.variant).render(
                moderngl.TRIANGLES, vertices=count, first=first
            )

    def _sort(self, lights: Sequence[LightList]) -> None:
        """Make clusters that share a light list adjacent, if lists have changed."""
        if lights == self._sorted_for:
            return
        self._sorted_for = lights
        order = [one.offset for one in lights]
        clusters = sorted(range(len(order)), key=order.__getitem__)
        self._indices.write(np.concatenate([self._clusters[number] for number in clusters]))
        self._runs = []
        first = 0
        for _, group in groupby(clusters, key=order.__getitem__):
            members = list(group)
            count = sum(len(self._clusters[number]) for number in members)
            self._runs.append((members[0], first, count))
            first += count


def _vertices(mesh: SetMesh) -> npt.NDArray[np.void]:
    rows = np.zeros(len(mesh.position), _VERTEX)
    rows["position"] = mesh.position
    rows["normal"] = mesh.normal
    rows["color"][:, :3] = mesh.color
    rows["color"][:, 3] = mesh.roughness
    rows["emissive"] = *mesh.emissive, mesh.metallic
    return rows
