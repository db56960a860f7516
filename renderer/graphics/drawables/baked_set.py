"""Draw the surfaces of a set whose light was baked: one draw, no light computed per pixel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.gpu.shaders import Programs, uniform_of
from renderer.stage.records import StageState
from renderer.stage.set import STRIP_PREFIX, SetMesh

_VERTEX: Final = np.dtype(
    [("position", "f4", 3), ("color", "f2", 4), ("light", "u1", 4), ("emissive", "f2", 4)]
)


class BakedSetModel:
    """A set's baked surfaces and strips of light.

    Args:
        name: of the set.
        meshes: each with baked light; at least one.
    """

    phases = frozenset({Phase.SET})

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
        self._array = context.vertex_array(
            program,
            [(context.buffer(np.concatenate(rows)), "3f 3f2 2x 4f1 4f2", *fields)],
            index_buffer=context.buffer(np.concatenate(triangles).astype(np.uint32)),
        )

    def update(self, state: StageState) -> bool:
        """Take over the colours of the light groups and strips; return that it is there."""
        practicals = state.practicals
        self._groups.value = [(*group, 0.0) for group in practicals.groups]
        self._strip.value = (*practicals.strip_tint, practicals.tint_share)
        self._strip_level.value = practicals.strip_level
        self._beat.value = state.beat % 1.0
        return True

    def center(self) -> Point | None:
        """Return that it stands all around."""
        return None

    def bounds(self) -> Bounds | None:
        """Return that no light is computed on it."""
        return None

    def draw(self, _phase: Phase, _drawing: Drawing) -> None:
        """Draw all of it."""
        self._array.render(moderngl.TRIANGLES)
