"""Draw a transparent mesh of the stage set, its triangles farthest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.clusters import split_clusters
from renderer.graphics.drawables.lit_arrays import LitArrays
from renderer.graphics.drawables.sets.material import SET_UNITS, MaterialMaps
from renderer.graphics.drawables.sets.model import merge_meshes, set_array
from renderer.graphics.gpu.light_lists import LightVariant
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import StageState
from renderer.stage.sets.stage_set import SetMesh

MOST_SORTED: Final = 20_000
"""Maximum number of triangles to sort by depth: about 2 ms; larger meshes keep the file's order."""


class BlendedSetModel:
    """A transparent mesh of a set.

    Meshes are sorted by their centre among all transparent objects, and their triangles by their
    centroids.

    Args:
        name: for messages.
        mesh: with a material that blends.
        maps: of its material.
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
    """

    phases = frozenset({Phase.BLENDED})

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        name: str,
        mesh: SetMesh,
        maps: MaterialMaps,
        *,
        surface_defines: tuple[str, ...],
        variants: Sequence[LightVariant],
    ) -> None:
        self.name = name
        self._maps = maps
        vertices, self._triangles = merge_meshes([mesh], has_uv=True)
        spheres = split_clusters(vertices["position"], self._triangles).spheres
        self._bounds = Bounds(spheres, np.zeros(1, np.intp))
        self._centroids = mesh.position[self._triangles].mean(axis=1)
        low, high = mesh.position.min(axis=0), mesh.position.max(axis=0)
        x, y, z = (float(value) for value in (low + high) / 2.0)
        self._center = x, y, z
        self._sorted_for: Point | None = None
        buffer = context.buffer(vertices)
        self._indices = context.buffer(self._triangles)

        def surface(defines: tuple[str, ...]) -> moderngl.VertexArray:
            program = programs.get(
                "set.vert.glsl", "set.frag.glsl", (*surface_defines, *maps.defines, *defines),
                textures=SET_UNITS,
            )  # fmt: skip
            return set_array(context, program, buffer, self._indices, has_uv=True)

        self._surface = LitArrays(surface, variants)

    def update(self, _state: StageState) -> bool:
        """Return True: the set is in every frame."""
        return True

    def center(self) -> Point | None:
        """Return the centre of its bounding box."""
        return self._center

    def bounds(self) -> Bounds | None:
        """Return the bounding spheres of its clusters, as one part."""
        return self._bounds

    def draw(self, _phase: Phase, drawing: Drawing) -> None:
        """Draw all triangles, farthest first."""
        if drawing.camera is not None:
            self._sort(drawing.camera.position)
        self._maps.use()
        (lights,) = drawing.lights
        lights.bind()
        self._surface.get(lights.variant).render(moderngl.TRIANGLES)

    def _sort(self, eye: Point) -> None:
        if eye == self._sorted_for or len(self._triangles) > MOST_SORTED:
            return
        self._sorted_for = eye
        offset = self._centroids - np.array(eye, np.float32)
        order = np.argsort(-np.einsum("ij,ij->i", offset, offset), kind="stable")
        self._indices.write(self._triangles[order])
