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
from renderer.graphics.drawables.avatar.faces import find_face
from renderer.graphics.drawables.avatar.geometry import Geometry, is_dense, queue
from renderer.graphics.drawables.avatar.joint_spheres import JointSpheres
from renderer.graphics.drawables.avatar.materials import MaterialBinding, bind
from renderer.graphics.drawables.avatar.motion import MotionHistory
from renderer.graphics.drawables.avatar.pose import PoseRow
from renderer.graphics.drawables.avatar.surface_variants import (
    depth_defines,
    outline_defines,
    toon_defines,
)
from renderer.graphics.drawables.avatar.view_order import ViewOrder
from renderer.graphics.drawables.base import Bounds, Drawing, Phase, Point
from renderer.graphics.drawables.lit_arrays import LitArrays
from renderer.graphics.gpu.light_lists import LightList, LightVariant
from renderer.graphics.gpu.recorded.commands import CommandList
from renderer.graphics.gpu.recorded.player import CommandPlayer
from renderer.graphics.gpu.shaders import UNITS, Programs
from renderer.graphics.gpu.textures import Textures
from renderer.stage.records import PosedAvatar

_MORPHS_WIDTH: Final = 4096
"""Texels in a row of the morph texture; even, so that both texels of an entry share a row."""


@dataclass(frozen=True, slots=True)
class _Surface:
    """One material's range of indices, in the shader that draws it."""

    arrays: LitArrays
    binding: MaterialBinding
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class _Commands:
    """The draw calls of an avatar's lit surfaces in one variant of the light lists."""

    solid: CommandList
    outlines: CommandList
    blended: tuple[CommandList, ...]


class AvatarModel:
    """The GPU buffers and draw calls of one avatar.

    Args:
        row: the avatar's row of the pose texture.
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
        textures: of its materials.
        bindings_of: another level of detail of the avatar, whose materials this one shares.
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
        textures: Textures,
        bindings_of: AvatarModel | None = None,
    ) -> None:
        self.name = avatar.meta.name or avatar.path.name
        self._context = context
        self._player = CommandPlayer(context)
        self._programs = programs
        self._row = row
        self._variants = variants
        self._arrays: dict[int, moderngl.VertexArray] = {}
        self._posed: PosedAvatar | None = None
        self._spheres = JointSpheres(geometry, avatar.channel_count)
        self._starts = np.zeros(1, np.intp)
        self._count = len(geometry.vertices)
        face = find_face(avatar, geometry)
        vertices = geometry.vertices
        self._face: moderngl.Buffer | None = None
        self._face_materials: frozenset[int] = frozenset()
        if face is not None:
            vertices = vertices.copy()
            vertices["normal"] = face.normals
            self._face = context.buffer(face.values)
            self._face_materials = face.materials
        streams = geometry.streams
        self._has_tangents = streams.tangent is not None
        self._skinned = context.buffer(reserve=4 * self._skinned_floats * self._count)
        self._streams = {
            name: (context.buffer(values), f"{values.shape[1]}f")
            for name, values in (
                ("in_uv", geometry.uv),
                ("in_second_uv", streams.second_uv),
                ("in_color", streams.color),
            )
            if values is not None
        }
        self._indices = context.buffer(geometry.triangles)
        self._morphs = _morph_texture(context, geometry.morphs)
        self._skin_program = programs.get(
            "skin.vert.glsl",
            None,
            ("HAS_TANGENT",) if self._has_tangents else (),
            textures={"pose": UNITS["pose"], "morphs": UNITS["morphs"]},
            varyings=("out_position", "out_normal", *(("out_tangent",) * self._has_tangents)),
        )
        tangents = []
        if streams.tangent is not None:
            tangents = [(context.buffer(streams.tangent), "4f", "in_tangent")]
        skin = context.vertex_array(
            self._skin_program,
            [(context.buffer(vertices), "3f 3f 4u2 4f 2u4", "in_position", "in_normal",
              "in_joints", "in_weights", "in_morphs"), *tangents],
        )  # fmt: skip
        self._skin = CommandList(self._player)
        self._skin.bind_textures([(self._morphs, UNITS["morphs"])])
        self._skin.set_integer(self._skin_program, "row", row.number)
        self._skin.set_integer(self._skin_program, "first_weight", row.first_weight)
        self._skin.transform(skin, self._count, self._skinned)
        changing = MaterialValues(avatar).materials.tolist()
        if bindings_of is not None:
            self._bindings: dict[int, MaterialBinding] = bindings_of._bindings
        else:
            self._bindings = {
                number: bind(
                    context, textures, avatar.materials[number], changes=number in changing,
                    has_colors=number in streams.colored, has_tangents=number in streams.bumped,
                )
                for number in {draw.material for draw in geometry.draws}
            }  # fmt: skip
        bindings = self._bindings
        self._feet = [
            (foot, avatar.bones.get(f"{side}Toes", foot))
            for side in ("left", "right")
            if (foot := avatar.bones.get(f"{side}Foot")) is not None
        ]
        self._changing = [(row, bindings[m]) for row, m in enumerate(changing) if m in bindings]
        self._plan(geometry, bindings, surface_defines)
        self._order = ViewOrder(
            geometry, [(s.first, s.count, queue(s.binding.material)) for s in self._blended]
        )

    def _plan(
        self,
        geometry: Geometry,
        bindings: dict[int, MaterialBinding],
        surface_defines: tuple[str, ...],
    ) -> None:
        """Assign every material's triangles to the phases in which they are drawn."""
        self._solid: list[_Surface] = []
        self._blended: list[_Surface] = []
        self._outlines: list[_Surface] = []
        self._by_variant: dict[LightVariant, _Commands] = {}
        opaque = 0
        holes = []
        for draw in geometry.draws:
            binding = bindings[draw.material]
            mode = binding.material.alpha_mode
            face = (
                ("FACE",)
                if draw.material in self._face_materials and not binding.material.unlit
                else ()
            )
            is_vertex_lit = is_dense(geometry, draw) and not (
                face and binding.material.double_sided
            )
            defines = toon_defines(binding.defines, surface_defines, is_vertex_lit=is_vertex_lit)
            toon = self._lit("toon", (*defines, *face))
            surface = _Surface(toon, binding, draw.first, draw.count)
            (self._blended if mode is AlphaMode.BLEND else self._solid).append(surface)
            if binding.has_outline:
                arrays = self._lit("outline", outline_defines(binding.defines, surface_defines))
                self._outlines.append(_Surface(arrays, binding, draw.first, draw.count))
            if mode is AlphaMode.OPAQUE:
                opaque = draw.first + draw.count
            if mode is AlphaMode.MASK:
                array = self._array("depth", depth_defines(binding.defines))
                holes.append((binding, array, draw))
        self._shadow = CommandList(self._player)
        if opaque:
            self._shadow.render(self._array("depth", ()), 0, opaque)
        for binding, array, draw in holes:
            self._shadow.bind_material(binding.block, binding.textures)
            self._shadow.render(array, draw.first, draw.count)
        self._ahead = CommandList(self._player)
        # Back faces of two-sided surfaces are left out, too: few are seen, and those write their
        # depth when they are lit.
        self._ahead.set_culling(True)
        if opaque:
            self._ahead.render(self._array("depth", ("FROM_CAMERA",)), 0, opaque)

    def _record(self, variant: LightVariant) -> _Commands:
        """Return the draw calls of lit surfaces in a variant, recorded at its first use."""
        commands = self._by_variant.get(variant)
        if commands is None:
            commands = self._by_variant[variant] = _Commands(
                self._record_surfaces(self._solid, variant),
                self._record_surfaces(self._outlines, variant, culls=True),
                tuple(self._record_surfaces([one], variant) for one in self._blended),
            )
        return commands

    def _record_surfaces(
        self, surfaces: Iterable[_Surface], variant: LightVariant, *, culls: bool = False
    ) -> CommandList:
        recorded = CommandList(self._player)
        for surface in surfaces:
            recorded.set_culling(culls or not surface.binding.material.double_sided)
            recorded.bind_material(surface.binding.block, surface.binding.textures)
            recorded.render(surface.arrays.get(variant), surface.first, surface.count)
        return recorded

    def _lit(self, shader: str, defines: tuple[str, ...]) -> LitArrays:
        return LitArrays(lambda lights: self._array(shader, (*defines, *lights)), self._variants)

    def _array(self, shader: str, defines: tuple[str, ...]) -> moderngl.VertexArray:
        program = self._programs.get(
            f"{shader}.vert.glsl", f"{shader}.frag.glsl", defines, textures=UNITS
        )
        if program.glo not in self._arrays:
            self._arrays[program.glo] = self._make_array(program)
        return self._arrays[program.glo]

    def _make_array(self, program: moderngl.Program) -> moderngl.VertexArray:
        skinned = [("3f", "in_position"), ("3f", "in_normal")]
        if self._has_tangents:
            skinned.append(("4f", "in_tangent"))
        return self._context.vertex_array(
            program,
            [
                _present(self._skinned, program, skinned),
                *((own, form, n) for n, (own, form) in self._streams.items() if n in program),
                *([(self._face, "4f1", "in_face")] if "in_face" in program else []),
            ],
            index_buffer=self._indices,
        )

    @property
    def _skinned_floats(self) -> int:
        """Return the number of floats of a skinned vertex: position, normal, perhaps tangent."""
        return 10 if self._has_tangents else 6

    def load(self, posed: PosedAvatar | None) -> None:
        """Load the avatar's pose and the material values of its expressions.

        Args:
            posed: None if it is not in the frame.

        Raises:
            GraphicsError: the pose does not match the avatar.
        """
        self._posed = posed
        if posed is None:
            return
        self._row.fill(posed)
        if len(posed.colors):
            for row, binding in self._changing:
                binding.change(posed.colors[row], posed.uvs[row])

    def center(self) -> Point | None:
        """Return the mean position of the joints."""
        return None if self._posed is None else self._row.center

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

    def keep_motion(self, avatar: Avatar, geometry: Geometry) -> MotionHistory:
        """Return a new history of the skinned vertices; the arguments are those of the model."""
        return MotionHistory(
            self._context, self._programs, avatar, geometry, self._skinned, self._skinned_floats,
            self._indices,
        )  # fmt: skip

    def draw(self, phase: Phase, drawing: Drawing) -> None:
        """Draw the avatar in one of its phases."""
        if phase is Phase.GEOMETRY:
            self.skin_vertices()
        elif phase is Phase.SHADOW:
            self._shadow.run()
        elif phase is Phase.DEPTH:
            self._ahead.run()
        elif phase in (Phase.TOON, Phase.MIRROR):
            drawing.lights[0].bind()
            self._record(drawing.lights[0].variant).solid.run()
        elif phase is Phase.OUTLINE:
            self._draw_outlines(drawing.lights[0])
        elif phase is Phase.BLENDED:
            self._draw_blended(drawing)

    def skin_vertices(self) -> None:
        """Apply morph targets and skinning to every vertex; the other phases read the result."""
        self._skin.run()

    def _draw_outlines(self, lights: LightList) -> None:
        """Draw outlines over the opaque surfaces; blending is enabled."""
        if self._outlines:
            lights.bind()
            self._context.cull_face = "front"
            self._record(lights.variant).outlines.run()
            self._context.cull_face = "back"

    def _draw_blended(self, drawing: Drawing) -> None:
        """Draw the blended surfaces by render queue and depth; only some of them write depth."""
        if not self._blended or drawing.camera is None:
            return
        drawing.lights[0].bind()
        commands = self._record(drawing.lights[0].variant).blended
        for number in self._order.sort(self._row.palette, drawing.camera):
            material = self._blended[number].binding.material
            drawing.target.depth_mask = material.transparent_with_z_write
            commands[number].run()
        drawing.target.depth_mask = True

    def read_skinned_points(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return the last skinned positions and normals (n, 3), in the merged mesh's order."""
        both = np.frombuffer(self._skinned.read(), np.float32).reshape(-1, self._skinned_floats)
        return both[:, :3], both[:, 3:6]


def _present(
    buffer: moderngl.Buffer, program: moderngl.Program, fields: Sequence[tuple[str, str]]
) -> tuple[object, ...]:
    """Return a vertex buffer's format for a program; attributes it does not use become padding."""
    layout = " ".join(form if name in program else f"{4 * int(form[0])}x" for form, name in fields)
    return (buffer, layout, *(name for _, name in fields if name in program))


def _morph_texture(context: moderngl.Context, morphs: npt.NDArray[np.float32]) -> moderngl.Texture:
    rows = max(1, -(-2 * len(morphs) // _MORPHS_WIDTH))
    texels = np.zeros((rows * _MORPHS_WIDTH, 4), np.float32)
    texels[: 2 * len(morphs)] = morphs.reshape(-1, 4)
    texture = context.texture((_MORPHS_WIDTH, rows), 4, texels.tobytes(), dtype="f4")
    texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
    return texture
