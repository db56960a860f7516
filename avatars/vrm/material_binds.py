"""Read the material binds of expressions from VRM 0.x or 1.0.

Sources: VRMC_vrm-1.0 expressions.md; VRM 0.x schema vrm.blendshape.materialbind; UniVRM's
0.x materials, in which all colours except the emission are sRGB.
"""

from __future__ import annotations

from typing import Final

from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.gltf.materials import emissive_gain
from avatars.model import ColorBind, ColorSlot, UvBind
from avatars.vrm.mtoon0 import is_mtoon_0, linear

_SLOTS_1: Final[dict[str, ColorSlot]] = {
    "color": "base_color",
    "emissionColor": "emissive",
    "shadeColor": "shade_color",
    "matcapColor": "matcap_color",
    "rimColor": "rim_color",
    "outlineColor": "outline_color",
}
_SLOTS_0: Final[dict[str, ColorSlot]] = {
    "_Color": "base_color",
    "_EmissionColor": "emissive",
    "_ShadeColor": "shade_color",
    "_RimColor": "rim_color",
    "_OutlineColor": "outline_color",
}
_PLACES_0: Final = ("_MainTex_ST", "_MainTex_ST_S", "_MainTex_ST_T")
_UNLIT: Final[frozenset[str]] = frozenset({"base_color"})
_PLAIN: Final[frozenset[str]] = frozenset({"base_color", "emissive"})
_TOON: Final[frozenset[str]] = frozenset(_SLOTS_1.values())
_LEFT_OUT: Final = "the bind is left out"
Binds = tuple[tuple[ColorBind, ...], tuple[UvBind, ...]]


def read_material_binds_1(gltf: Gltf, expression: Fields) -> Binds:
    """Read materialColorBinds and textureTransformBinds of an expression.

    Raises:
        AvatarError: the type of a color bind is not one of VRM's.
    """
    entries = gltf.root.children("materials")
    colors = []
    for bind in expression.children("materialColorBinds"):
        material = bind.reference("material", len(entries), "materials", _LEFT_OUT)
        if material is None:
            continue
        slot = _SLOTS_1[bind.choice("type", tuple(_SLOTS_1), "")]
        if slot in _slots_1(entries[material]):
            red, green, blue, alpha = bind.numbers("targetValue", (1.0,) * 4)
            # The bind changes the emissive factor, which the material multiplies by its gain.
            gain = emissive_gain(entries[material]) if slot == "emissive" else 1.0
            colors.append(ColorBind(material, slot, (red * gain, green * gain, blue * gain, alpha)))
        else:
            gltf.warnings.add("changes a colour that its material does not have", bind.path)
    uvs = []
    for bind in expression.children("textureTransformBinds"):
        material = bind.reference("material", len(entries), "materials", _LEFT_OUT)
        if material is None:
            continue
        u, v = bind.numbers("offset", (0.0, 0.0))
        width, height = bind.numbers("scale", (1.0, 1.0))
        uvs.append(UvBind(material, (u, v), (width, height)))
    return tuple(colors), tuple(uvs)


def _slots_1(material: Fields) -> frozenset[str]:
    if material.extension("VRMC_materials_mtoon") is not None:
        return _TOON
    return _UNLIT if material.extension("KHR_materials_unlit") is not None else _PLAIN


def read_material_binds_0(gltf: Gltf, properties: list[Fields], expression: Fields) -> Binds:
    """Read materialValues of a 0.x expression.

    Args:
        gltf: the file.
        properties: VRM.materialProperties.
        expression: one of VRM.blendShapeMaster.blendShapeGroups.
    """
    entries = gltf.root.children("materials")
    colors, uvs = [], []
    for bind in expression.children("materialValues"):
        name, key = bind.text("materialName"), bind.text("propertyName")
        value = (*bind.number_list("targetValue"), 0.0, 0.0, 0.0, 0.0)[:4]
        named = [i for i, entry in enumerate(entries) if entry.text("name") == name]
        if not named or not (key in _PLACES_0 or key in _SLOTS_0):
            gltf.warnings.add("changes nothing that is there", bind.path)
        elif key in _PLACES_0:
            uvs += [_place_0(material, key, value) for material in named]
        else:
            colors += [
                ColorBind(material, _SLOTS_0[key], _color_0(key, value))
                for material in named
                if _SLOTS_0[key] in _slots_0(properties[material : material + 1])
            ]
    return tuple(colors), tuple(uvs)


def _slots_0(properties: list[Fields]) -> frozenset[str]:
    if any(is_mtoon_0(entry) for entry in properties):
        return _TOON
    unlit = any(entry.text("shader").startswith("VRM/Unlit") for entry in properties)
    return _UNLIT if unlit else _PLAIN


def _color_0(key: str, value: tuple[float, ...]) -> tuple[float, float, float, float]:
    red, green, blue, alpha = value
    if key == "_EmissionColor":
        return red, green, blue, alpha
    return linear(red), linear(green), linear(blue), alpha


def _place_0(material: int, key: str, value: tuple[float, ...]) -> UvBind:
    width, height, u, v = value
    # In Unity v increases upwards from the image's bottom, in glTF downwards from its top.
    v = 1.0 - v - height
    if key == "_MainTex_ST_S":
        return UvBind(material, (u, None), (width, None))
    if key == "_MainTex_ST_T":
        return UvBind(material, (None, v), (None, height))
    return UvBind(material, (u, v), (width, height))
