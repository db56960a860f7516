"""Bind the maps of a set's surfaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import moderngl

from avatars.model import AlphaMode, Texture
from renderer.graphics.gpu.recorded.commands import CommandList
from renderer.graphics.gpu.shaders import UNITS
from renderer.graphics.gpu.textures import Textures
from renderer.stage.sets.stage_set import SetMesh
from renderer.stage.sets.surfaces import SurfaceMaterial

SET_UNITS: Final = {**UNITS, "roughness_map": UNITS["shade_map"], "occlusion_map": UNITS["rim_map"]}
"""Texture units of set.frag.glsl: a set has no shade and no rim map."""


class SetTextures:
    """The textures of a set, each uploaded once.

    Args:
        meshes: of the set.
        anisotropy: maximum anisotropy; 1 is cheapest.
    """

    def __init__(
        self, context: moderngl.Context, meshes: Sequence[SetMesh], anisotropy: float
    ) -> None:
        sources = {
            id(texture): texture
            for mesh in meshes
            if mesh.material is not None
            for _, _, texture, _ in _slots(mesh.material)
            if texture is not None
        }
        self._numbers = {key: number for number, key in enumerate(sources)}
        self._textures = Textures(context, tuple(sources.values()), anisotropy)

    def get(self, source: Texture, *, is_color: bool) -> moderngl.Texture:
        """Return the uploaded texture; `is_color` means that texels are sRGB, not linear data."""
        return self._textures.get(self._numbers[id(source)], is_color=is_color)


class MaterialMaps:
    """The GPU bindings of a set's material.

    Attributes:
        defines: of the shader variant.
    """

    def __init__(self, material: SurfaceMaterial, textures: SetTextures) -> None:
        self._cutoff = material.alpha_cutoff
        self._bound = []
        defines = ["HAS_UV"]
        for sampler, define, source, is_color in _slots(material):
            if source is not None:
                self._bound.append((textures.get(source, is_color=is_color), SET_UNITS[sampler]))
                defines.append(define)
        if material.alpha_mode is AlphaMode.MASK:
            defines.append("CUTOUT")
        if material.alpha_mode is AlphaMode.BLEND:
            defines.append("BLENDED")
        self.defines = tuple(defines)

    def use(self) -> None:
        """Bind the textures for the next draw call."""
        for texture, unit in self._bound:
            texture.use(unit)

    def record(self, commands: CommandList) -> None:
        """Record the binding of the textures for the draw calls that follow."""
        commands.bind_textures(self._bound)

    def record_cutoff(self, commands: CommandList, program: moderngl.Program) -> None:
        """Record the opacity below which a program discards pixels; programs are shared."""
        if "alpha_cutoff" in program:
            commands.set_float(program, "alpha_cutoff", self._cutoff)


def _slots(m: SurfaceMaterial) -> tuple[tuple[str, str, Texture | None, bool], ...]:
    """Return (sampler, define, texture, whether it is sRGB colour) of each map."""
    return (
        ("base_map", "HAS_BASE", m.base, True),
        ("emissive_map", "HAS_EMISSIVE", m.emissive, True),
        ("normal_map", "HAS_NORMAL", m.normal, False),
        ("roughness_map", "HAS_ROUGHNESS", m.roughness, False),
        ("occlusion_map", "HAS_OCCLUSION", m.occlusion, False),
    )
