"""Draw surfaces of the stage set that share their maps, from one buffer, lit by cluster."""

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
from renderer.graphics.drawables.sets.material import SET_UNITS, MaterialMaps
from renderer.graphics.gpu.light_lists import LightList, LightVariant
from renderer.graphics.gpu.recorded.commands import CommandList
from renderer.graphics.gpu.recorded.player import CommandPlayer
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import StageState
from renderer.stage.sets.stage_set import SetMesh

_FIELDS: Final = (("position", "f4", 3), ("normal", "f4", 3), ("color", "f4", 4),
                  ("emissive", "f4", 4))  # fmt: skip
_PLAIN: Final = np.dtype(list(_FIELDS))
_MAPPED: Final = np.dtype([*_FIELDS, ("uv", "f4", 3)])
_CUTOUT: Final = "HAS_UV", "CUTOUT"


class SetModel:
    """The GPU buffers and draw calls of opaque surfaces; their faces are double-sided.

    Args:
        name: for messages.
        meshes: at least one.
        maps: of all of them; None if the vertex attributes are sufficient.
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
    """

    phases = frozenset({Phase.PROBE, Phase.DEPTH, Phase.SET})

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        name: str,
        meshes: Sequence[SetMesh],
        maps: MaterialMaps | None = None,
        *,
        surface_defines: tuple[str, ...],
        variants: Sequence[LightVariant],
    ) -> None:
        self.name = name
        self._maps = maps
        vertices, triangles = merge_meshes(meshes, has_uv=maps is not None)
        clusters = split_clusters(vertices["position"], triangles)
        self._player = CommandPlayer(context)
        self._clusters = [part.reshape(-1) for part in clusters.triangles]
        self._bounds = Bounds(clusters.spheres, clusters.starts)
        self._sorted_for: Sequence[LightList] = ()
        self._lit = CommandList(self._player)
        buffer = context.buffer(vertices)
        self._indices = indices = context.buffer(triangles)

        own_defines = () if maps is None else maps.defines

        def surface(defines: tuple[str, ...]) -> moderngl.VertexArray:
            program = programs.get(
                "set.vert.glsl", "set.frag.glsl", (*surface_defines, *own_defines, *defines),
                textures=SET_UNITS,
            )  # fmt: skip
            return set_array(context, program, buffer, indices, has_uv=maps is not None)

        self._surface = LitArrays(surface, variants)
        if maps is not None and "CUTOUT" in maps.defines:
            cutout = tuple(one for one in maps.defines if one in (*_CUTOUT, "HAS_BASE"))
            ahead = programs.get(
                "set.vert.glsl", "set_cutout.frag.glsl", cutout, textures=SET_UNITS
            )
        else:
            ahead = programs.get("depth.vert.glsl", "depth.frag.glsl", ("FROM_CAMERA",))
        self._depth = CommandList(self._player)
        if maps is not None:
            maps.record(self._depth)
        ahead_array = set_array(context, ahead, buffer, indices, has_uv=maps is not None)
        self._record(self._depth, ahead_array, 0, triangles.size)

    def update(self, _state: StageState) -> bool:
        """Return True: the set is in every frame."""
        return True

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds:
        """Return the bounding spheres of its clusters."""
        return self._bounds

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw depth or surfaces, with one draw call for the clusters that share a light list."""
        if phase is Phase.DEPTH:
            self._depth.run()
            return
        self._sort(drawing.lights)
        self._lit.run()

    def _sort(self, lights: Sequence[LightList]) -> None:
        """Make clusters that share a light list adjacent, if lists have changed."""
        if lights == self._sorted_for:
            return
        order = [one.offset for one in lights]
        clusters = sorted(range(len(order)), key=order.__getitem__)
        self._indices.write(np.concatenate([self._clusters[number] for number in clusters]))
        lit = CommandList(self._player)
        if self._maps is not None:
            self._maps.record(lit)
        first = 0
        for _, group in groupby(clusters, key=order.__getitem__):
            members = list(group)
            count = sum(len(self._clusters[number]) for number in members)
            shared = lights[members[0]]
            lit.bind_lights(shared)
            self._record(lit, self._surface.get(shared.variant), first, count)
            first += count
        self._lit, self._sorted_for = lit, lights

    def _record(
        self, commands: CommandList, array: moderngl.VertexArray, first: int, count: int
    ) -> None:
        if self._maps is not None:
            self._maps.record_cutoff(commands, array.program)
        commands.render(array, first, count)


def merge_meshes(
    meshes: Sequence[SetMesh], *, has_uv: bool
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.uint32]]:
    """Return the vertices of all meshes as buffer rows, and their triangles (m, 3)."""
    first = np.cumsum([0, *(len(mesh.position) for mesh in meshes)])
    triangles = np.concatenate(
        [m.triangles + np.uint32(start) for m, start in zip(meshes, first, strict=False)]
    ).astype(np.uint32)
    return np.concatenate([_vertices(mesh, has_uv=has_uv) for mesh in meshes]), triangles


def set_array(
    context: moderngl.Context,
    program: moderngl.Program,
    vertices: moderngl.Buffer,
    indices: moderngl.Buffer,
    *,
    has_uv: bool,
) -> moderngl.VertexArray:
    """Return the vertex array of a program for rows of `merge_meshes`."""
    fields = ["in_position", "in_normal", "in_color", "in_emissive"]
    layout = ["3f", "3f", "4f", "4f"]
    if has_uv:
        fields.append("in_uv")
        layout.append("3f")
    # A program that ignores an attribute skips its bytes.
    used = [name in program for name in fields]
    layout = [
        one if is_used else f"{int(one[0]) * 4}x" for one, is_used in zip(layout, used, strict=True)
    ]
    names = [name for name, is_used in zip(fields, used, strict=True) if is_used]
    return context.vertex_array(program, [(vertices, " ".join(layout), *names)], indices)


def _vertices(mesh: SetMesh, *, has_uv: bool) -> npt.NDArray[np.void]:
    rows = np.zeros(len(mesh.position), _MAPPED if has_uv else _PLAIN)
    rows["position"] = mesh.position
    rows["normal"] = mesh.normal
    rows["color"][:, :3] = mesh.color
    rows["color"][:, 3] = mesh.roughness
    rows["emissive"] = *mesh.emissive, mesh.metallic
    if has_uv:
        if mesh.uv is not None:
            rows["uv"][:, :2] = mesh.uv
        rows["uv"][:, 2] = 1.0 if mesh.opacity is None else mesh.opacity
    return rows
