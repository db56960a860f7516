"""Draw the set surfaces that have baked lighting; no light is evaluated per pixel.

Triangles are sorted by grid cell in the buffer, and cells outside the frustum are culled. So are
the back faces of closed surfaces: rasterising a small triangle costs more than shading it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.sets.closed_surfaces import find_closed
from renderer.graphics.gpu.gl import IndexRanges
from renderer.graphics.gpu.matrices import Matrix, visible_spheres
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.records import StageState
from renderer.stage.sets.stage_set import STRIP_PREFIX, SetMesh

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]

CELL: Final = 4.0
"""Side of a grid cell, metres."""
_VIEWS_KEPT: Final = 16
"""Maximum number of views whose visible cells are kept: six of a cubemap, and cameras that stand
still."""
_VERTEX: Final = np.dtype(
    [("position", "f4", 3), ("color", "f2", 4), ("light", "u1", 4), ("emissive", "f2", 4)]
)


@dataclass(frozen=True, slots=True)
class _Runs:
    """The index ranges of the cells that a view shows: the first one, and the others."""

    first: int
    first_count: int
    others: IndexRanges


class BakedSetModel:
    """A set's surfaces with baked lighting and its light strips.

    Args:
        name: of the set.
        meshes: each with baked lighting; at least one.
        place: of performers' heads, metres; a closed surface around it is a room.
    """

    phases = frozenset({Phase.PROBE, Phase.SET})

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        name: str,
        meshes: Sequence[SetMesh],
        place: Point,
    ) -> None:
        self._context = context
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
        self._uniforms = programs.values(program)
        fields = "in_position", "in_color", "in_light", "in_emissive"
        vertices = np.concatenate(rows)
        position, indices = vertices["position"], np.concatenate(triangles).astype(np.uint32)
        is_closed = find_closed(position, indices, place)
        buffer = context.buffer(vertices)

        def make_part(chosen: U32) -> _Part | None:
            if not len(chosen):
                return None
            ordered, ends, spheres = _cells(position, chosen)
            array = context.vertex_array(
                program, [(buffer, "3f 3f2 2x 4f1 4f2", *fields)],
                index_buffer=context.buffer(ordered),
            )  # fmt: skip
            return _Part(array, ends, spheres)

        self._closed, self._open = make_part(indices[is_closed]), make_part(indices[~is_closed])

    def update(self, state: StageState) -> bool:
        """Load the colours of light groups and strips; return True: the set is in every frame."""
        practicals = state.practicals
        self._uniforms.set("groups", [(*group, 0.0) for group in practicals.groups])
        self._uniforms.set("strip", (*practicals.strip_tint, practicals.tint_share))
        self._uniforms.set("strip_level", practicals.strip_level)
        self._uniforms.set("beat", state.beat % 1.0)
        return True

    def center(self) -> Point | None:
        """Return None: it surrounds the scene."""
        return None

    def bounds(self) -> Bounds | None:
        """Return None: its lighting is baked."""
        return None

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw the visible cells."""
        if self._open is not None:
            self._open.draw(drawing.matrix)
        if self._closed is not None:
            # A cubemap's faces are mirror images, in which front faces are clockwise.
            if phase is Phase.SET:
                self._context.enable(moderngl.CULL_FACE)
            self._closed.draw(drawing.matrix)
            self._context.disable(moderngl.CULL_FACE)


class _Part:
    """Some triangles of the set, by cell.

    Args:
        array: of the triangles, sorted by cell.
        ends: (c,) end of each cell's indices.
        spheres: (c, 4) bounding spheres of the cells, metres.
    """

    def __init__(
        self, array: moderngl.VertexArray, ends: npt.NDArray[np.intp], spheres: F32
    ) -> None:
        self._array, self._ends, self._spheres = array, ends, spheres
        self._known: OrderedDict[bytes, _Runs] = OrderedDict()
        # Compiled now rather than in a show's first frame; warm-up culls nothing.
        _join_cells(visible_spheres(np.eye(4), spheres), ends)

    def draw(self, matrix: Matrix | None) -> None:
        """Draw the cells that a matrix makes visible, or all of them, with two draw calls."""
        if matrix is None:
            self._array.render(moderngl.TRIANGLES)
            return
        runs = self._find_runs(matrix)
        if runs.first_count:
            self._array.render(moderngl.TRIANGLES, vertices=runs.first_count, first=runs.first)
            runs.others.draw()

    def _find_runs(self, matrix: Matrix) -> _Runs:
        """Return the ranges of the cells that a stage-to-clip matrix makes visible."""
        key = matrix.tobytes()
        runs = self._known.get(key)
        if runs is None:
            if len(self._known) == _VIEWS_KEPT:
                self._known.popitem(last=False)
            ranges = _join_cells(visible_spheres(matrix, self._spheres), self._ends)
            first, count = ranges[0].tolist() if len(ranges) else (0, 0)
            runs = self._known[key] = _Runs(first, count, IndexRanges(ranges[1:]))
        self._known.move_to_end(key)
        return runs


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


@compiled
def _join_cells(seen: npt.NDArray[np.bool_], ends: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Return the index ranges (r, 2), first and count, of runs of visible cells.

    Args:
        seen: (c,) which cells are visible.
        ends: (c,) end of each cell's indices.
    """
    runs = np.empty((len(seen), 2), np.int64)
    count, is_open = 0, False
    for cell in range(len(seen)):
        if seen[cell]:
            first = ends[cell - 1] if cell else 0
            if not is_open:
                runs[count, 0] = first
                count += 1
            runs[count - 1, 1] = ends[cell] - runs[count - 1, 0]
        is_open = seen[cell]
    return runs[:count].copy()
