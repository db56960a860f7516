"""Draw an avatar: its vertices are skinned once a frame and reused by every pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.material_values import MaterialValues
from avatars.model import AlphaMode, Avatar
from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.geometry import Draw, Geometry
from renderer.graphics.drawables.joint_spheres import JointSpheres
from renderer.graphics.drawables.lit_arrays import LitArrays
from renderer.graphics.drawables.materials import MaterialBinding, bind
from renderer.graphics.drawables.pose import PoseRow
from renderer.graphics.gpu.light_lists import LightList, LightVariant
from renderer.graphics.gpu.shaders import UNITS, Programs, set_uniform
from renderer.graphics.gpu.textures import Textures
from renderer.stage.records import PosedAvatar, StageState

_MORPHS_WIDTH: Final = 4096
"""Texels in a row of the morph texture; even, so that both texels of an entry share a row."""

_DEPTH_READS: Final = ("HAS_BASE", "CUTOUT", "UV_TRANSFORM")
_OUTLINE_READS: Final = (*_DEPTH_READS, "HAS_OUTLINE", "UV_ANIMATION", "HAS_UV_MASK")
"""Material defines that the outline shaders read; the others are removed, so that fewer variants
are compiled."""


@dataclass(frozen=True, slots=True)
class _Surface:
    """The draw call of one material: its bindings and its range of indices."""

    arrays: LitArrays
    binding: MaterialBinding
    first: int
    count: int

    def render(self, variant: LightVariant) -> None:
        self.binding.use()
        self.arrays.get(variant).render(moderngl.TRIANGLES, vertices=self.count, first=self.first)


@dataclass(frozen=True, slots=True)
class _Holes:
    """The depth draw call of one alpha-tested material."""

    array: moderngl.VertexArray
    binding: MaterialBinding
    first: int
    count: int

    def render(self) -> None:
        self.binding.use()
        self.array.render(moderngl.TRIANGLES, vertices=self.count, first=self.first)


class AvatarModel:
    """The GPU buffers and draw calls of one avatar.

    Args:
        row: the avatar's row of the pose texture.
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
        anisotropy: maximum anisotropy of its textures.
    """

    phases = frozenset(
        {
            Phase.GEOMETRY, Phase.SHADOW, Phase.MIRROR, Phase.DEPTH, Phase.TOON, Phase.OUTLINE,
            Phase.BLENDED,
        }
    )  # fmt: skip

    def __init__(
        self,
        context: moderngl.Context,
        programs: Programs,
        avatar: Avatar,
        geometry: Geometry,
        row: PoseRow,
        *,
        surface_defines: tuple[str, ...],
        variants: Sequence[LightVariant],
        anisotropy: float,
    ) -> None:
        self.name = avatar.meta.name or avatar.path.name
        self._context = context
        self._programs = programs
        self._row = row
        self._variants = variants
        self._posed: PosedAvatar | None = None
        self._spheres = JointSpheres(geometry, avatar.channel_count)
        self._starts = np.zeros(1, np.intp)
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
        self._feet = [
            (foot, avatar.bones.get(f"{side}Toes", foot))
            for side in ("left", "right")
            if (foot := avatar.bones.get(f"{side}Foot")) is not None
        ]
        self._changing = [(row, bindings[m]) for row, m in enumerate(changing) if m in bindings]
        self._plan(geometry.draws, bindings, surface_defines)

    def _plan(
        self,
        draws: tuple[Draw, ...],
        bindings: dict[int, MaterialBinding],
        surface_defines: tuple[str, ...],
    ) -> None:
        """Assign every material's triangles to the phases in which they are drawn."""
        self._solid: list[_Surface] = []
        self._blended: list[_Surface] = []
        self._outlines: list[_Surface] = []
        self._holes: list[_Holes] = []
        self._one_sided_count = self._opaque_count = 0
        for draw in draws:
            binding = bindings[draw.material]
            mode = binding.material.alpha_mode
            toon = self._lit("toon", (*binding.defines, *surface_defines))
            surface = _Surface(toon, binding, draw.first, draw.count)
            (self._blended if mode is AlphaMode.BLEND else self._solid).append(surface)
            if binding.has_outline:
                arrays = self._lit("outline", _known(binding.defines, _OUTLINE_READS))
                self._outlines.append(_Surface(arrays, binding, draw.first, draw.count))
            if mode is AlphaMode.OPAQUE:
                self._opaque_count = draw.first + draw.count
                if not binding.material.double_sided:
                    self._one_sided_count = self._opaque_count
            if mode is AlphaMode.MASK:
                array = self._array("depth", _known(binding.defines, _DEPTH_READS))
                self._holes.append(_Holes(array, binding, draw.first, draw.count))
        self._opaque_depth = self._array("depth", ())
        self._opaque_ahead = self._array("depth", ("FROM_CAMERA",))

    def _lit(self, shader: str, defines: tuple[str, ...]) -> LitArrays:
        return LitArrays(lambda lights: self._array(shader, (*defines, *lights)), self._variants)

    def _array(self, shader: str, defines: tuple[str, ...]) -> moderngl.VertexArray:
        program = self._programs.get(
            f"{shader}.vert.glsl", f"{shader}.frag.glsl", defines, textures=UNITS
        )
        return self._context.vertex_array(
            program,
            [
                _present(self._skinned, program, (("3f", "in_position"), ("3f", "in_normal"))),
                *([(self._uv, "2f", "in_uv")] if "in_uv" in program else []),
            ],
            index_buffer=self._indices,
        )

    def update(self, state: StageState) -> bool:
        """Load the avatar's pose and the material values of its expressions from a state.

        Returns:
            Whether the state contains the avatar.

        Raises:
            GraphicsError: the pose does not match the avatar.
        """
        posed = next((p for p in state.avatars if p.avatar == self._row.number), None)
        self._posed = posed
        if posed is None:
            return False
        self._row.fill(posed)
        if len(posed.colors):
            for row, binding in self._changing:
                binding.change(posed.colors[row], posed.uvs[row])
        return True

    def center(self) -> Point | None:
        """Return the mean position of the joints."""
        if self._posed is None:
            return None
        x, y, z = self._posed.world[:, :3, 3].mean(axis=0)
        return float(x), float(y), float(z)

    def feet(self, floor_m: float) -> list[tuple[float, float, float, float, float]]:
        """Return its feet: x and z of the ankle, x and z of the toes, height over the floor [m]."""
        if self._posed is None:
            return []
        world = self._posed.world
        feet = []
        for ankle, toes in self._feet:
            (ax, ay, az), (tx, ty, tz) = world[ankle, :3, 3].tolist(), world[toes, :3, 3].tolist()
            feet.append((ax, az, tx, tz, max(0.0, min(ay, ty) - floor_m)))
        return feet

    def bounds(self) -> Bounds | None:
        """Return one bounding sphere for each joint, all in a single part."""
        if self._posed is None:
            return None
        return Bounds(self._spheres.place(self._row.palette, self._posed.morphs), self._starts)

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw the avatar in one of its phases."""
        if phase is Phase.GEOMETRY:
            self._skin_vertices()
        elif phase is Phase.SHADOW:
            self._draw_shadow()
        elif phase is Phase.DEPTH:
            self._draw_ahead()
        elif phase in (Phase.TOON, Phase.MIRROR):
            self._draw_surfaces(self._solid, drawing.lights[0])
        elif phase is Phase.OUTLINE:
            self._draw_outlines(drawing.lights[0])
        elif phase is Phase.BLENDED:
            self._draw_blended(drawing)

    def _skin_vertices(self) -> None:
        """Apply morph targets and skinning to every vertex; the other phases read the result."""
        self._morphs.use(UNITS["morphs"])
        set_uniform(self._skin_program, "row", self._row.number)
        set_uniform(self._skin_program, "first_weight", self._row.first_weight)
        self._skin.transform(self._skinned, moderngl.POINTS, vertices=self._count)

    def _draw_shadow(self) -> None:
        """Draw the depth of every surface that casts a shadow."""
        if self._opaque_count:
            self._opaque_depth.render(moderngl.TRIANGLES, vertices=self._opaque_count)
        for part in self._holes:
            part.render()

    def _draw_ahead(self) -> None:
        """Draw the depth prepass of the opaque surfaces."""
        front, both = self._one_sided_count, self._opaque_count - self._one_sided_count
        if front:
            self._context.enable(moderngl.CULL_FACE)
            self._opaque_ahead.render(moderngl.TRIANGLES, vertices=front)
        self._context.disable(moderngl.CULL_FACE)
        if both:
            self._opaque_ahead.render(moderngl.TRIANGLES, vertices=both, first=front)

    def _draw_outlines(self, lights: LightList) -> None:
        """Draw outlines over the opaque surfaces; blending is enabled."""
        if self._outlines:
            lights.bind()
            self._context.enable(moderngl.CULL_FACE)
            self._context.cull_face = "front"
            for surface in self._outlines:
                surface.render(lights.variant)
            self._context.cull_face = "back"

    def _draw_blended(self, drawing: Drawing) -> None:
        """Draw the blended surfaces in render-queue order; only some of them write depth."""
        for surface in self._blended:
            drawing.target.depth_mask = surface.binding.material.transparent_with_z_write
            self._draw_surfaces([surface], drawing.lights[0])
        drawing.target.depth_mask = True

    def _draw_surfaces(self, surfaces: Iterable[_Surface], lights: LightList) -> None:
        lights.bind()
        for surface in surfaces:
            if surface.binding.material.double_sided:
                self._context.disable(moderngl.CULL_FACE)
            else:
                self._context.enable(moderngl.CULL_FACE)
            surface.render(lights.variant)

    def skinned_points(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return the last skinned positions and normals (n, 3), in the merged mesh's order."""
        both = np.frombuffer(self._skinned.read(), np.float32).reshape(-1, 6)
        return both[:, :3], both[:, 3:]


def _known(defines: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(define for define in defines if define in names)


def _present(
    buffer: moderngl.Buffer, program: moderngl.Program, fields: tuple[tuple[str, str], ...]
) -> tuple[object, ...]:
    """Return a vertex buffer's format for a program; attributes it does not use become padding."""
    layout = " ".join(form if name in program else "12x" for form, name in fields)
    return (buffer, layout, *(name for _, name in fields if name in program))


def _morph_texture(context: moderngl.Context, morphs: npt.NDArray[np.float32]) -> moderngl.Texture:
    rows = max(1, -(-2 * len(morphs) // _MORPHS_WIDTH))
    texels = np.zeros((rows * _MORPHS_WIDTH, 4), np.float32)
    texels[: 2 * len(morphs)] = morphs.reshape(-1, 4)
    texture = context.texture((_MORPHS_WIDTH, rows), 4, texels.tobytes(), dtype="f4")
    texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
    return texture
