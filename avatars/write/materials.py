"""Write materials and textures as glTF JSON: MToon 1.0, metallic-roughness or unlit."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from avatars.model import AlphaMode, Material, OutlineMode, Texture, TextureUse
from avatars.write.buffers import Json

MTOON = "VRMC_materials_mtoon"
UNLIT = "KHR_materials_unlit"
TRANSFORM = "KHR_texture_transform"
STRENGTH = "KHR_materials_emissive_strength"

_WRAPS = {"repeat": 10497, "mirror": 33648, "clamp": 33071}
_NEAREST, _LINEAR, _LINEAR_MIPMAP_LINEAR = 9728, 9729, 9987


def png_bytes(texture: Texture) -> bytes:
    """Encode the texture's image as PNG, without the alpha channel where it is opaque."""
    pixels = texture.pixels
    opaque = bool(np.all(pixels[..., 3] == 255))
    picture = Image.fromarray(np.ascontiguousarray(pixels[..., :3] if opaque else pixels))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=9)
    return buffer.getvalue()


def sampler_json(texture: Texture) -> Json:
    """Return the texture's sampler: filters and wrap modes."""
    return {
        "magFilter": _NEAREST if texture.nearest else _LINEAR,
        "minFilter": _NEAREST if texture.nearest else _LINEAR_MIPMAP_LINEAR,
        "wrapS": _WRAPS[texture.wrap[0]],
        "wrapT": _WRAPS[texture.wrap[1]],
    }


def material_json(material: Material) -> Json:
    """Return a material's JSON object, with MToon's extension, the unlit one or neither."""
    surface: Json = {
        "baseColorFactor": list(material.base_color),
        "metallicFactor": material.metallic if material.physically_based else 0.0,
        "roughnessFactor": material.roughness if material.physically_based else 0.9,
    }
    _put_texture(surface, "baseColorTexture", material.base_texture)
    if material.physically_based:
        _put_texture(surface, "metallicRoughnessTexture", material.metallic_roughness_texture)
    out: Json = {
        "name": material.name,
        "pbrMetallicRoughness": surface,
        "alphaMode": material.alpha_mode.value,
        "doubleSided": material.double_sided,
        "extensions": _shading_json(material),
    }
    if material.alpha_mode is AlphaMode.MASK:
        out["alphaCutoff"] = material.alpha_cutoff
    if any(material.emissive):
        strength = emissive_strength(material)
        out["emissiveFactor"] = [value / strength for value in material.emissive]
        if strength != 1.0:
            out["extensions"][STRENGTH] = {"emissiveStrength": strength}
    _put_texture(out, "emissiveTexture", material.emissive_texture)
    _put_texture(out, "normalTexture", material.normal_texture, scale=material.normal_scale)
    if material.physically_based:
        strength = material.occlusion_strength
        _put_texture(out, "occlusionTexture", material.occlusion_texture, strength=strength)
    if not out["extensions"]:
        del out["extensions"]
    return out


def _shading_json(material: Material) -> Json:
    if material.unlit:
        return {UNLIT: {}}
    return {} if material.physically_based else {MTOON: _mtoon_json(material)}


def _mtoon_json(material: Material) -> Json:
    out: Json = {
        "specVersion": "1.0",
        "transparentWithZWrite": material.transparent_with_z_write,
        "renderQueueOffsetNumber": material.render_queue_offset,
        "shadeColorFactor": list(material.shade_color),
        "shadingShiftFactor": material.shading_shift,
        "shadingToonyFactor": material.shading_toony,
        "giEqualizationFactor": material.gi_equalization,
        "matcapFactor": list(material.matcap_color),
        "parametricRimColorFactor": list(material.rim_color),
        "rimLightingMixFactor": material.rim_lighting_mix,
        "parametricRimFresnelPowerFactor": material.rim_fresnel_power,
        "parametricRimLiftFactor": material.rim_lift,
        "outlineWidthMode": material.outline_mode.value,
        "uvAnimationScrollXSpeedFactor": material.uv_scroll[0],
        "uvAnimationScrollYSpeedFactor": material.uv_scroll[1],
        "uvAnimationRotationSpeedFactor": material.uv_rotation,
    }
    if material.outline_mode is not OutlineMode.NONE:
        out["outlineWidthFactor"] = material.outline_width
        out["outlineColorFactor"] = list(material.outline_color)
        out["outlineLightingMixFactor"] = material.outline_lighting_mix
    _put_texture(out, "shadeMultiplyTexture", material.shade_texture)
    shift = {"scale": material.shading_shift_texture_scale}
    _put_texture(out, "shadingShiftTexture", material.shading_shift_texture, **shift)
    _put_texture(out, "matcapTexture", material.matcap_texture)
    _put_texture(out, "rimMultiplyTexture", material.rim_texture)
    _put_texture(out, "outlineWidthMultiplyTexture", material.outline_width_texture)
    _put_texture(out, "uvAnimationMaskTexture", material.uv_mask_texture)
    return out


def emissive_strength(material: Material) -> float:
    """Return the multiplier of the emissive factor, which glTF limits to 1."""
    return max(1.0, *material.emissive)


def uses_transform(material: Material) -> bool:
    """Return whether any of the material's textures has a UV transform."""
    slots = (
        material.base_texture, material.normal_texture, material.emissive_texture,
        material.shade_texture, material.shading_shift_texture, material.matcap_texture,
        material.rim_texture, material.outline_width_texture, material.uv_mask_texture,
        material.metallic_roughness_texture, material.occlusion_texture,
    )  # fmt: skip
    return any(use is not None and _is_moved(use) for use in slots)


def _is_moved(use: TextureUse) -> bool:
    return (use.offset, use.scale, use.rotation) != ((0.0, 0.0), (1.0, 1.0), 0.0)


def _put_texture(into: Json, key: str, use: TextureUse | None, **extra: float) -> None:
    if use is None:
        return
    info: Json = {"index": use.texture, **extra}
    if use.uv_set:
        info["texCoord"] = use.uv_set
    if _is_moved(use):
        transform = {"offset": use.offset, "scale": use.scale, "rotation": use.rotation}
        info["extensions"] = {TRANSFORM: transform}
    into[key] = info
