"""Draw the set surfaces that have baked lighting; no light is evaluated per pixel.

Triangles are sorted by grid cell in the buffer, and cells outside the frustum are culled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.gl import IndexRanges
from renderer.graphics.gpu.matrices import visible_spheres
from renderer.graphics.gpu.shaders import Programs, uniform_of
from renderer.stage.records import StageState
from renderer.stage.sets.stage_set import STRIP_PREFIX, SetMesh

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]

CELL: Final = 4.0
"""Side of a grid cell, metres."""
_VERTEX: Final = np.dtype(
    [("position", "f4", 3), ("color", "f2", 4), ("light", "u1", 4), ("emissive", "f2", 4)]
)


class BakedSetModel:
    """A set's surfaces with baked lighting and its light strips.

    Args:
        name: of the set.
        meshes: each with baked lighting; at least one.
    """

    phases = frozenset({Phase.PROBE, Phase.SET})

    def __init__(
        self, context: moderngl.Context, programs: Programs, name: str, meshes: Sequence[SetMesh]
    ) -> None:
        self.name = f"the baked part of the set {name!r}"
        rows, triangles, first = [], [], 0
        for mesh in meshes:
            part = np.zeros(len(mesh.position), _VERTEX)
            part["position"] = mesh.position
            part["color"][:, :3] = mesh.color
            part["light"] = mesh.light
            part["emissive"][:, :3] = mesh.emissive
            part["emissive"][:, 3] = mesh.name.startswith(STRIP_PREFIX)
            rows.append(part)
            triangles.append(mesh.triangles + np.uint32(first))
            first += len(part)
        program = programs.get("baked.vert.glsl", "baked.frag.glsl")
        self._groups = uniform_of(program, "groups")
        self._strip = uniform_of(program, "strip")
        self._strip_level = uniform_of(program, "strip_level")
        self._beat = uniform_of(program, "beat")
        fields = "in_position", "in_color", "in_light", "in_emissive"
        vertices = np.concatenate(rows)
        ordered, self._ends, self._spheres = _cells(
            vertices["position"], np.concatenate(triangles).astype(np.uint32)
        )
        self._seen: bytes | None = None
        self._first: tuple[int, int] | None = None
        self._others = IndexRanges([])
        self._array = context.vertex_array(
            program,
            [(context.buffer(vertices), "3f 3f2 2x 4f1 4f2", *fields)],
            index_buffer=context.buffer(ordered),
        )

    def update(self, state: StageState) -> bool:
        """Load the colours of light groups and strips; return True: the set is in every frame."""
        practicals = state.practicals
        self._groups.value = [(*group, 0.0) for group in practicals.groups]
        self._strip.value = (*practicals.strip_tint, practicals.tint_share)
        self._strip_level.value = practicals.strip_level
        self._beat.value = state.beat % 1.0
        return True

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: its lighting is baked."""
        return None

    def draw(self, _phase: Phase, drawing: Drawing) -> None:
        """Draw the visible cells with two draw calls."""
        if drawing.matrix is None:
            self._array.render(moderngl.TRIANGLES)
            return
        seen = visible_spheres(drawing.matrix, self._spheres)
        key = seen.tobytes()
        if key != self._seen:
            runs = _runs(seen, self._ends)
            self._seen, self._first = key, runs[0] if runs else None
            self._others = IndexRanges(runs[1:])
        if self._first is not None:
            first, count = self._first
            self._array.render(moderngl.TRIANGLES, vertices=count, first=first)
            self._others.draw()


def _cells(position: F32, triangles: U32) -> tuple[U32, npt.NDArray[np.intp], F32]:
    """Return triangles sorted by the cell of their centroid, with each cell's end and sphere.

    Returns:
        (m, 3) indices, (c,) end offsets in indices, (c, 4) centres and radii in metres.
    """
    corners = position[triangles]
    cells = np.floor(corners.mean(axis=1) / CELL).astype(np.int64)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    order = np.argsort(cell, kind="stable")
    ends = np.cumsum(np.bincount(cell)).astype(np.intp)
    spheres = np.zeros((len(ends), 4), np.float32)
    for sphere, run in zip(spheres, np.split(order, ends[:-1]), strict=True):
        points = corners[run].reshape(-1, 3)
        sphere[:3] = (points.min(axis=0) + points.max(axis=0)) / 2.0
        sphere[3] = np.linalg.norm(points - sphere[:3], axis=1).max()
    return triangles[order], 3 * ends, spheres


def _runs(seen: npt.NDArray[np.bool_], ends: npt.NDArray[np.intp]) -> list[tuple[int, int]]:
    """Return the index ranges (first, count) of runs of visible cells."""
    runs: list[tuple[int, int]] = []
    for number in np.flatnonzero(seen).tolist():
        first, end = int(ends[number - 1]) if number else 0, int(ends[number])
        if runs and sum(runs[-1]) == first:
            runs[-1] = (runs[-1][0], end - runs[-1][0])
        else:
            runs.append((first, end - first))
    return runs
