"""Define the texture maps and the transparency of a set's surfaces."""

from __future__ import annotations

from dataclasses import dataclass

from avatars.model import AlphaMode, Texture


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceMaterial:
    """The maps of a surface; each is sampled per pixel and multiplies the vertex value.

    Attributes:
        name: of the material, for messages.
        base: sRGB colour and opacity.
        emissive: sRGB emission.
        normal: tangent-space normals, green up.
        roughness: green is roughness, blue is metallic.
        occlusion: red is the fraction of ambient light that arrives.
        alpha_mode: MASK discards pixels below `alpha_cutoff`, BLEND draws over what is behind.
        alpha_cutoff: opacity, 0 to 1.
    """

    name: str
    base: Texture | None = None
    emissive: Texture | None = None
    normal: Texture | None = None
    roughness: Texture | None = None
    occlusion: Texture | None = None
    alpha_mode: AlphaMode = AlphaMode.OPAQUE
    alpha_cutoff: float = 0.5

    @property
    def is_plain(self) -> bool:
        """Return whether it has neither maps nor transparency: vertex attributes are sufficient."""
        maps = (self.base, self.emissive, self.normal, self.roughness, self.occlusion)
        return self.alpha_mode is AlphaMode.OPAQUE and all(one is None for one in maps)
