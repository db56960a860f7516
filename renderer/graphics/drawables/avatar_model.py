"""An avatar on the GPU: skinned once a frame, then drawn by every pass from the same points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.material_values import MaterialValues
from avatars.model import AlphaMode, Avatar
from renderer.graphics.drawables.geometry import Draw, Geometry
from renderer.graphics.drawables.materials import UNITS, MaterialBinding, bind
from renderer.graphics.gpu.shaders import BLOCKS, Programs
from renderer.graphics.gpu.textures import Textures
from renderer.stage.records import PosedAvatar

_MORPHS_WIDTH: Final = 4096
"""Texels in a row of the morph texture; even, so that an entry's two lie side by side."""

_DEPTH_READS: Final = ("HAS_BASE", "CUTOUT", "UV_TRANSFORM")
_OUTLINE_READS: Final = (*_DEPTH_READS, "HAS_OUTLINE", "UV_ANIMATION", "HAS_UV_MASK")
"""Which of a material's defines these shaders know: fewer variants to compile."""


@dataclass(frozen=True, slots=True)
class _Pass:
    """One draw call: what to bind and which indices."""

    vertex_array: Any
    binding: MaterialBinding
    first: int
    count: int

    def render(self) -> None:
        binding = self.binding
        binding.block.bind_to_uniform_block(BLOCKS["Material"])
        for texture, unit in binding.textures:
            texture.use(unit)
        self.vertex_array.render(moderngl.TRIANGLES, vertices=self.count, first=self.first)


class AvatarModel:
    """One avatar's buffers and draw calls.

    Args:
        row: of the pose texture.
        first_weight: texel of that row at which its morph weights begin.
        surface_defines: what every lit surface is compiled with.
        anisotropy: of its textures.
    """

    def __init__(
        self,
        context: Any,
        programs: Programs,
        avatar: Avatar,
        geometry: Geometry,
        *,
        row: int,
        first_weight: int,
        surface_defines: tuple[str, ...],
        anisotropy: float,
    ) -> None:
        self._context = context
        self._programs = programs
        self._row, self._first_weight = row, first_weight
        self._count = len(geometry.vertices)
        self._skinned = context.buffer(reserve=24 * self._count)
        self._uv = context.buffer(geometry.uv)
        self._indices = context.buffer(geometry.triangles)
        self._morphs = _morph_texture(context, geometry.morphs)
        self._skin_program = programs.get(
            "skin.vert.glsl",
            None,
            textures={"pose": UNITS["pose"], "morphs": UNITS["morphs"]},
            varyings=("out_position", "out_normal"),
        )
        self._skin = context.vertex_array(
            self._skin_program,
            [(context.buffer(geometry.vertices), "3f 3f 4u2 4f 2u4", "in_position", "in_normal",
              "in_joints", "in_weights", "in_morphs")],
        )  # fmt: skip
        textures = Textures(context, avatar.textures, anisotropy)
        changing = MaterialValues(avatar).materials.tolist()
        bindings = {
            number: bind(context, textures, avatar.materials[number], changes=number in changing)
            for number in {draw.material for draw in geometry.draws}
        }
        self._changing = [(row, bindings[m]) for row, m in enumerate(changing) if m in bindings]
        self._plan(geometry.draws, bindings, surface_defines)

    def _plan(
        self,
        draws: tuple[Draw, ...],
        bindings: dict[int, MaterialBinding],
        surface_defines: tuple[str, ...],
    ) -> None:
        """Sort every draw into the passes that it takes part in."""
        self._solid: list[_Pass] = []
        self._blended: list[_Pass] = []
        self._outlines: list[_Pass] = []
        self._cutout_depth: list[_Pass] = []
        self._one_sided_count = self._opaque_count = 0
        for draw in draws:
            binding = bindings[draw.material]
            lit = (*binding.defines, *surface_defines)
            mode = binding.material.alpha_mode
            toon = self._pass(draw, binding, "toon.vert.glsl", "toon.frag.glsl", lit)
            (self._blended if mode is AlphaMode.BLEND else self._solid).append(toon)
            if binding.has_outline:
                known = tuple(d for d in binding.defines if d in _OUTLINE_READS)
                self._outlines.append(
                    self._pass(draw, binding, "outline.vert.glsl", "outline.frag.glsl", known)
                )
            if mode is AlphaMode.OPAQUE:
                self._opaque_count = draw.first + draw.count
                if not binding.material.double_sided:
                    self._one_sided_count = self._opaque_count
            if mode is AlphaMode.MASK:
                known = tuple(d for d in binding.defines if d in _DEPTH_READS)
                self._cutout_depth.append(
                    self._pass(draw, binding, "depth.vert.glsl", "depth.frag.glsl", known)
                )
        depth, ahead = (
            self._programs.get("depth.vert.glsl", "depth.frag.glsl", defines)
            for defines in ((), ("FROM_CAMERA",))
        )
        self._opaque_depth, self._opaque_ahead = self._array(depth), self._array(ahead)

    def _pass(
        self,
        draw: Draw,
        binding: MaterialBinding,
        vertex: str,
        fragment: str,
        defines: tuple[str, ...],
    ) -> _Pass:
        program = self._programs.get(vertex, fragment, defines, textures=UNITS)
        return _Pass(self._array(program), binding, draw.first, draw.count)

    def _array(self, program: Any) -> Any:
        return self._context.vertex_array(
            program,
            [
                _present(self._skinned, program, (("3f", "in_position"), ("3f", "in_normal"))),
                *([(self._uv, "2f", "in_uv")] if "in_uv" in program else []),
            ],
            index_buffer=self._indices,
        )

    def change_materials(self, posed: PosedAvatar) -> None:
        """Take over what the pose's expressions make of the materials."""
        if len(posed.colors):
            for row, binding in self._changing:
                binding.change(posed.colors[row], posed.uvs[row])

    def skin(self) -> None:
        """Morph and skin every vertex into the buffer that the passes read."""
        self._morphs.use(UNITS["morphs"])
        self._skin_program["row"].value = self._row
        self._skin_program["first_weight"].value = self._first_weight
        self._skin.transform(self._skinned, moderngl.POINTS, vertices=self._count)

    def draw_depth(self) -> None:
        """Everything that hides light, into the bound depth map."""
        if self._opaque_count:
            self._opaque_depth.render(moderngl.TRIANGLES, vertices=self._opaque_count)
        for step in self._cutout_depth:
            step.render()

    def draw_ahead(self) -> None:
        """Depth alone of the opaque surfaces, as the camera sees them."""
        front, both = self._one_sided_count, self._opaque_count - self._one_sided_count
        if front:
            self._context.enable(moderngl.CULL_FACE)
            self._opaque_ahead.render(moderngl.TRIANGLES, vertices=front)
        self._context.disable(moderngl.CULL_FACE)
        if both:
            self._opaque_ahead.render(moderngl.TRIANGLES, vertices=both, first=front)

    def draw_solid(self) -> None:
        """Opaque and masked surfaces."""
        self._render_surfaces(self._solid)

    def draw_outlines(self) -> None:
        """The surfaces' outlines over all that is solid; blending is on, depth is not written."""
        if self._outlines:
            self._context.enable(moderngl.CULL_FACE)
            self._context.cull_face = "front"
            for step in self._outlines:
                step.render()
            self._context.cull_face = "back"

    def draw_blended(self, target: Any) -> None:
        """Surfaces one can see through, in their materials' order; blending is on.

        Args:
            target: the bound framebuffer, whose depth only some materials write.
        """
        for step in self._blended:
            target.depth_mask = step.binding.material.transparent_with_z_write
            self._render_surfaces([step])
        target.depth_mask = True

    def _render_surfaces(self, steps: list[_Pass]) -> None:
        for step in steps:
            if step.binding.material.double_sided:
                self._context.disable(moderngl.CULL_FACE)
            else:
                self._context.enable(moderngl.CULL_FACE)
            step.render()

    def skinned_points(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Positions and normals (n, 3) as the GPU last made them, in the merged mesh's order."""
        both = np.frombuffer(self._skinned.read(), np.float32).reshape(-1, 6)
        return both[:, :3], both[:, 3:]


def _present(buffer: Any, program: Any, fields: tuple[tuple[str, str], ...]) -> tuple[Any, ...]:
    """A buffer's description for a program; fields that the compiler dropped become padding."""
    layout = " ".join(form if name in program else "12x" for form, name in fields)
    return (buffer, layout, *(name for _, name in fields if name in program))


def _morph_texture(context: Any, morphs: npt.NDArray[np.float32]) -> Any:
    rows = max(1, -(-2 * len(morphs) // _MORPHS_WIDTH))
    texels = np.zeros((rows * _MORPHS_WIDTH, 4), np.float32)
    texels[: 2 * len(morphs)] = morphs.reshape(-1, 4)
    texture = context.texture((_MORPHS_WIDTH, rows), 4, texels.tobytes(), dtype="f4")
    texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
    return texture
