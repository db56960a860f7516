"""Convert the materials that trimesh reads into vertex colours, maps and transparency."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import trimesh
from PIL import Image

from avatars.model import AlphaMode, Texture
from renderer.stage.sets.surfaces import SurfaceMaterial

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

LARGEST_SIDE: Final = 4096
"""Maximum side of a set's texture, texels; larger ones are scaled down."""
LARGEST_IMAGE: Final = 1 << 27
"""Maximum number of pixels of an image before it is decoded; larger ones are left out."""
MOST_TEXELS: Final = 1 << 28
"""Maximum number of texels of all textures: 1 GiB on the GPU."""

_PLAIN_GREY: Final = 0.4
"""Linear reflectance of a surface without a colour."""
_SLOTS: Final = {
    "baseColorTexture": "its colour map",
    "emissiveTexture": "its emissive map",
    "normalTexture": "its normal map",
    "metallicRoughnessTexture": "its roughness map",
    "occlusionTexture": "its occlusion map",
}
_WRAPS: Final[Mapping[int, Literal["repeat", "mirror", "clamp"]]] = {
    10497: "repeat", 33648: "mirror", 33071: "clamp"
}  # fmt: skip
"""glTF's sampler modes, which are OpenGL's constants."""
_NEAREST: Final = 9728
_OPAQUE: Final = 250
"""Minimum alpha byte of an opaque pixel."""
_MOST_SOFT: Final = 0.05
"""Fraction of half-transparent pixels above which an image is blended instead of cut out."""

Warn = Callable[[str], None]


class FileReader(trimesh.resolvers.FilePathResolver):
    """Reads the files that a set refers to, from its folder, and reports unreadable ones.

    Args:
        path: of the set.
        limit: maximum number of bytes of all files together.
        warn: called with a sentence for each file that is left out.
    """

    def __init__(self, path: Path, limit: int, warn: Warn) -> None:
        super().__init__(str(path))
        self._limit = limit
        self._warn = warn

    def get(self, name: str) -> bytes:
        """Return a file's content.

        Raises:
            OSError: it is absent, outside the set's folder, or too large.
        """
        plain = unquote(name).replace("\\", "/")
        try:
            data: bytes = super().get(name if name == plain else plain)
            if len(data) > self._limit:
                raise OSError("it is too large")
        except (OSError, ValueError) as error:
            self._warn(f"{plain[:80]!r} is missing or cannot be read, and was left out")
            raise OSError(plain) from error
        self._limit -= len(data)
        return data


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The appearance of one mesh.

    Attributes:
        color: (n, 3) linear reflectance: material factor times vertex colour.
        opacity: (n,) likewise; None if opaque.
        uv: (n, 2), v down; None without maps.
        emissive: linear RGB.
        roughness, metallic: glTF's factors.
        material: maps and transparency; None if there are neither.
    """

    color: F64
    opacity: F64 | None
    uv: F64 | None
    emissive: tuple[float, float, float]
    roughness: float
    metallic: float
    material: SurfaceMaterial | None


class SurfaceReader:
    """Reads the surfaces of one scene; shared maps are decoded once.

    Args:
        header: the glTF file's JSON; empty for other formats.
        strength: factor on all emissive colours.
        files: reads the set's other files.
        warn: called with a sentence for each map that is left out or scaled down.
    """

    def __init__(
        self, header: Mapping[str, Any], strength: float, files: FileReader, warn: Warn
    ) -> None:
        self._is_gltf = bool(header)
        self._strength = strength
        self._files = files
        self._warn = warn
        self._extras = GltfExtras(header)
        self._textures: dict[tuple[object, ...], Texture | None] = {}
        self._images: list[Any] = []  # Kept, so that their ids stay unique.
        self._texels = 0

    def read(self, source: Any) -> Surface:
        """Return the surface of a trimesh mesh.

        Raises:
            ValueError: the set's maps exceed MOST_TEXELS.
        """
        count = len(source.vertices)
        visual = source.visual
        raw: Any = getattr(visual, "material", None)
        if raw is None:
            color, opacity = self._read_vertex_colors(source)
            return Surface(color, opacity, None, (0.0, 0.0, 0.0), 0.8, 0.0, None)
        material = raw.to_pbr() if hasattr(raw, "to_pbr") else raw
        name = str(getattr(raw, "name", None) or "unnamed")
        factor = np.asarray(_get_value(material, "baseColorFactor", (255,) * 4), np.float64) / 255.0
        rgba = np.tile(np.append(factor, 1.0)[:4], (count, 1))
        painted = visual.vertex_attributes.get("color")
        if painted is not None and len(painted) == count:
            painted = _as_shares(painted)
            rgba[:, : painted.shape[1]] *= painted[:, :4]
        emissive = np.asarray(_get_value(material, "emissiveFactor", (0.0, 0.0, 0.0)), np.float64)[
            :3
        ]
        uv = self._read_uv(visual, name)
        maps = self._read_maps(material, name) if uv is not None else {}
        if not self._is_gltf:
            emissive = self._add_mtl(raw, maps, emissive, rgba, name, has_uv=uv is not None)
        mode, cutoff = self._read_transparency(material, maps.get("base"), rgba)
        found = SurfaceMaterial(name, **maps, alpha_mode=mode, alpha_cutoff=cutoff)
        emissive = emissive * self._extras.emissive_strength(name) * self._strength
        red, green, blue = (float(channel) for channel in emissive)
        is_opaque = mode is AlphaMode.OPAQUE
        return Surface(
            rgba[:, :3],
            None if is_opaque else rgba[:, 3],
            None if found.is_plain or not maps else uv,
            (red, green, blue),
            # glTF's defaults are metallic 1 and roughness 1.
            float(_get_value(material, "roughnessFactor", 1.0 if self._is_gltf else 0.8)),
            float(_get_value(material, "metallicFactor", 1.0 if self._is_gltf else 0.0)),
            None if found.is_plain else found,
        )

    def _read_vertex_colors(self, source: Any) -> tuple[F64, F64 | None]:
        """Return the colours (n, 3) and opacities (n,) of a mesh without a material."""
        if not source.visual.defined:
            return np.full((len(source.vertices), 3), _PLAIN_GREY), None
        color = np.asarray(source.visual.vertex_colors, np.float64) / 255.0
        # glTF's vertex colours are linear, those of other formats are display values.
        linear = color[:, :3] if self._is_gltf else decode_srgb(color[:, :3])
        return linear, None

    def _read_uv(self, visual: Any, name: str) -> F64 | None:
        if visual.uv is None:
            return None
        uv = np.nan_to_num(np.asarray(visual.uv, np.float64)[:, :2])
        return self._extras.transform_uv(name, np.column_stack((uv[:, 0], 1.0 - uv[:, 1])))

    def _read_maps(self, material: Any, name: str) -> dict[str, Texture]:
        found = {}
        for field, slot in (
            ("base", "baseColorTexture"),
            ("emissive", "emissiveTexture"),
            ("normal", "normalTexture"),
            ("roughness", "metallicRoughnessTexture"),
            ("occlusion", "occlusionTexture"),
        ):
            image = _get_value(material, slot, None)
            if image is None:
                if self._extras.has_map(name, slot):
                    self._warn(f"material {name!r}: {_SLOTS[slot]} is missing and was left out")
                continue
            texture = self._read_texture(image, name, slot)
            if texture is not None:
                found[field] = texture
        return found

    def _read_texture(self, image: Any, name: str, slot: str) -> Texture | None:
        wrap, nearest = self._extras.sampler(name, slot)
        key = (id(image), *wrap, nearest)
        if key not in self._textures:
            self._images.append(image)
            self._textures[key] = self._decode(image, name, slot, wrap, nearest)
        return self._textures[key]

    def _decode(
        self,
        image: Any,
        name: str,
        slot: str,
        wrap: tuple[Any, Any],
        nearest: bool,
    ) -> Texture | None:
        what = f"material {name!r}: {_SLOTS[slot]}"
        width, height = image.size
        if width * height > LARGEST_IMAGE:
            self._warn(f"{what} has {width}×{height} pixels, too many, and was left out")
            return None
        try:
            image.load()
            if max(width, height) > LARGEST_SIDE:
                image = image.convert("RGBA")
                image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.BOX)
                self._warn(f"{what} was scaled down from {width}×{height} to {image.size[0]}×"
                           f"{image.size[1]}")  # fmt: skip
            pixels = np.array(image.convert("RGBA"), np.uint8)
        # Pillow's decoders raise these and, for some formats, SyntaxError.
        except (OSError, ValueError, SyntaxError, MemoryError, struct.error) as error:
            self._warn(f"{what} cannot be decoded ({error}), and was left out")
            return None
        self._texels += pixels.shape[0] * pixels.shape[1]
        if self._texels > MOST_TEXELS:
            raise ValueError(f"its textures have more than {MOST_TEXELS} pixels")
        pixels.flags.writeable = False
        return Texture(f"{name} {slot}", pixels, wrap, nearest)

    def _read_transparency(
        self, material: Any, base: Texture | None, rgba: F64
    ) -> tuple[AlphaMode, float]:
        cutoff = float(_get_value(material, "alphaCutoff", 0.5))
        mode = _get_value(material, "alphaMode", None)
        if mode is not None:
            return AlphaMode(mode), cutoff
        if self._is_gltf:
            return AlphaMode.OPAQUE, cutoff
        # Other formats have no alpha mode: infer it from the values.
        if rgba[:, 3].min(initial=1.0) < _OPAQUE / 255.0:
            return AlphaMode.BLEND, cutoff
        if base is None or base.pixels[..., 3].min() >= _OPAQUE:
            return AlphaMode.OPAQUE, cutoff
        alpha = base.pixels[..., 3]
        soft = np.count_nonzero((alpha > 255 - _OPAQUE) & (alpha < _OPAQUE)) / alpha.size
        return (AlphaMode.BLEND if soft > _MOST_SOFT else AlphaMode.MASK), cutoff

    def _add_mtl(
        self, raw: Any, maps: dict[str, Texture], emissive: F64, rgba: F64, name: str, *,
        has_uv: bool,
    ) -> F64:  # fmt: skip
        """Add the MTL values that trimesh keeps as text: emission, opacity, further maps."""
        words: Mapping[str, Any] = getattr(raw, "kwargs", {}) or {}
        if "d" in words:
            rgba[:, 3] *= _parse_number(words["d"], 1.0)
        elif "tr" in words:
            rgba[:, 3] *= 1.0 - _parse_number(words["tr"], 0.0)
        if "ke" in words:
            given = [_parse_number([word], 0.0) for word in words["ke"][:3]]
            if len(given) == 3:
                emissive = np.array(given)
        slots = (("emissive", "emissiveTexture", ("map_ke",)),
                 ("normal", "normalTexture", ("norm", "map_kn")))  # fmt: skip
        for field, slot, keys in slots:
            file = next((words[key][-1] for key in keys if words.get(key)), None)
            if file is None or not has_uv:
                continue
            try:
                image = Image.open(BytesIO(self._files.get(str(file))))
            except (OSError, ValueError, SyntaxError):
                continue
            texture = self._read_texture(image, name, slot)
            if texture is not None:
                maps[field] = texture
                if field == "emissive" and not emissive.any():
                    emissive = np.ones(3)
        return emissive


class GltfExtras:
    """The material properties of a glTF file that trimesh discards, by material name.

    Names that several materials share are ignored, because they are ambiguous.

    Args:
        header: the file's JSON; empty for other formats.
    """

    def __init__(self, header: Mapping[str, Any]) -> None:
        self._header = header
        self._materials: dict[str, Mapping[str, Any]] = {}
        twice = set()
        for one in header.get("materials", []):
            name = one.get("name")
            if name in self._materials:
                twice.add(name)
            if isinstance(name, str):
                self._materials[name] = one
        for name in twice:
            del self._materials[name]

    def _find_slot(self, name: str, slot: str) -> Mapping[str, Any]:
        material = self._materials.get(name, {})
        found = material.get(slot) or material.get("pbrMetallicRoughness", {}).get(slot)
        return found if isinstance(found, dict) else {}

    def has_map(self, name: str, slot: str) -> bool:
        """Return whether the file names a map."""
        return bool(self._find_slot(name, slot))

    def emissive_strength(self, name: str) -> float:
        """Return the factor of KHR_materials_emissive_strength."""
        extension = self._materials.get(name, {}).get("extensions", {})
        strength = extension.get("KHR_materials_emissive_strength", {}).get("emissiveStrength", 1.0)
        return min(max(float(strength), 0.0), 1e3)

    def sampler(self, name: str, slot: str) -> tuple[tuple[Any, Any], bool]:
        """Return a map's wrap modes along s and t, and whether it uses the nearest filter."""
        textures, samplers = self._header.get("textures", []), self._header.get("samplers", [])
        index = self._find_slot(name, slot).get("index")
        if not isinstance(index, int) or not 0 <= index < len(textures):
            return ("repeat", "repeat"), False
        number = textures[index].get("sampler")
        if not isinstance(number, int) or not 0 <= number < len(samplers):
            return ("repeat", "repeat"), False
        one = samplers[number]
        wrap = tuple(_WRAPS.get(one.get(key), "repeat") for key in ("wrapS", "wrapT"))
        return (wrap[0], wrap[1]), one.get("magFilter") == _NEAREST

    def transform_uv(self, name: str, uv: F64) -> F64:
        """Return texture coordinates, transformed by KHR_texture_transform of the first map."""
        for slot in _SLOTS:
            extension = self._find_slot(name, slot).get("extensions", {})
            transform = extension.get("KHR_texture_transform")
            if transform:
                angle = float(transform.get("rotation", 0.0))
                c, s = np.cos(angle), np.sin(angle)
                u, v = (uv * np.asarray(transform.get("scale", (1.0, 1.0)), np.float64)).T
                turned = np.column_stack((c * u + s * v, c * v - s * u))
                return turned + np.asarray(transform.get("offset", (0.0, 0.0)), np.float64)
        return uv


def decode_srgb(values: F64) -> F64:
    """Convert sRGB display values, 0 to 1, to linear values."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _as_shares(values: Any) -> F64:
    """Return colours from 0 to 1; integers are divided by their type's maximum."""
    array = np.asarray(values)
    scale = float(np.iinfo(array.dtype).max) if np.issubdtype(array.dtype, np.integer) else 1.0
    return np.clip(np.nan_to_num(np.asarray(array, np.float64)) / scale, 0.0, 1.0)


def _parse_number(words: Any, default: float) -> float:
    try:
        value = float(words[0])
    except (ValueError, TypeError, IndexError):
        return default
    return value if np.isfinite(value) else default


def _get_value(material: Any, name: str, default: Any) -> Any:
    value = getattr(material, name, None)
    return default if value is None else value
