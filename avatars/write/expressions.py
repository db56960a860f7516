"""Write expressions as VRMC_vrm-1.0 JSON."""

from __future__ import annotations

from typing import Final

from avatars.errors import AvatarError
from avatars.model import Avatar, ColorBind, ColorSlot, Expression, Material, UvBind
from avatars.write.buffers import Json
from avatars.write.materials import emissive_strength

_COLOR_TYPES: Final[dict[ColorSlot, str]] = {
    "base_color": "color",
    "emissive": "emissionColor",
    "shade_color": "shadeColor",
    "matcap_color": "matcapColor",
    "rim_color": "rimColor",
    "outline_color": "outlineColor",
}


def expression_json(expression: Expression, avatar: Avatar) -> Json:
    """Return one expression's JSON object.

    Raises:
        AvatarError: it drives a morph channel of no mesh in the scene.
    """
    out: Json = {
        "isBinary": expression.is_binary,
        "overrideBlink": expression.override_blink,
        "overrideLookAt": expression.override_look_at,
        "overrideMouth": expression.override_mouth,
    }
    binds = {
        "morphTargetBinds": [
            _morph_json(int(channel), float(weight), avatar)
            for channel, weight in zip(expression.channels, expression.weights, strict=True)
        ],
        "materialColorBinds": [
            _color_json(bind, avatar.materials[bind.material]) for bind in expression.color_binds
        ],
        "textureTransformBinds": [
            _uv_json(bind, avatar.materials[bind.material]) for bind in expression.uv_binds
        ],
    }
    # The schema forbids an empty list.
    return out | {name: entries for name, entries in binds.items() if entries}


def _morph_json(channel: int, weight: float, avatar: Avatar) -> Json:
    for instance in avatar.instances:
        mesh = avatar.meshes[instance.mesh]
        index = channel - mesh.first_channel
        if 0 <= index < len(mesh.target_names):
            return {"node": instance.node, "index": index, "weight": float(f"{weight:.6g}")}
    raise AvatarError(
        avatar.meta.name,
        f"an expression drives morph channel {channel}, which no mesh has",
        "give every expression channels of meshes that stand in the scene",
    )


def _color_json(bind: ColorBind, material: Material) -> Json:
    # An emissive bind is relative to the material's emissive strength.
    strength = emissive_strength(material) if bind.slot == "emissive" else 1.0
    red, green, blue, alpha = bind.value
    return {
        "material": bind.material,
        "type": _COLOR_TYPES[bind.slot],
        "targetValue": [red / strength, green / strength, blue / strength, alpha],
    }


def _uv_json(bind: UvBind, material: Material) -> Json:
    """Return a texture transform bind's JSON object.

    VRM 1.0 binds both axes; an axis that a 0.x file does not bind gets the base map's own value.
    """
    own = material.base_texture
    offset = (0.0, 0.0) if own is None else own.offset
    scale = (1.0, 1.0) if own is None else own.scale
    return {
        "material": bind.material,
        "offset": [o if b is None else b for b, o in zip(bind.offset, offset, strict=True)],
        "scale": [s if b is None else b for b, s in zip(bind.scale, scale, strict=True)],
    }
