"""Read an avatar's expressions from VRM 0.x or 1.0.

Sources: VRMC_vrm-1.0 expressions.md; VRM 0.x schema vrm.blendshape; three-vrm's 0.x names.
"""

from __future__ import annotations

from typing import Final, cast

import numpy as np

from avatars.gltf import Gltf
from avatars.gltf.fields import Fields
from avatars.model import F32, I32, Expression, Override
from avatars.names import ARKIT, PRESETS
from avatars.vrm.material_binds import read_material_binds_0, read_material_binds_1


def _spellings() -> dict[str, str]:
    """Return canonical names, keyed by their spelling without case and punctuation.

    Sides in ARKit names may also be written as L and R: eyeBlink_L, MouthSmileR.
    """
    known = {name.lower(): name for name in (*ARKIT, *PRESETS)}
    for name in ARKIT:
        for side in ("Left", "Right"):
            if name.endswith(side):
                known.setdefault(name.removesuffix(side).lower() + side[0].lower(), name)
    return known


_SPELLINGS: Final = _spellings()
_PRESETS_0: Final = {
    "a": "aa", "i": "ih", "u": "ou", "e": "ee", "o": "oh",
    "joy": "happy", "angry": "angry", "sorrow": "sad", "fun": "relaxed",
    "blink": "blink", "blink_l": "blinkLeft", "blink_r": "blinkRight",
    "lookup": "lookUp", "lookdown": "lookDown", "lookleft": "lookLeft", "lookright": "lookRight",
    "neutral": "neutral",
}  # fmt: skip
_LEFT_OUT: Final = "the bind is left out"
_OVERRIDES: Final = ("none", "block", "blend")


class _Collector:
    """Collects expressions, each name once."""

    def __init__(self, gltf: Gltf) -> None:
        self._gltf = gltf
        self._found: dict[str, Expression] = {}

    def add(self, expression: Expression) -> None:
        if expression.name in self._found:
            self._gltf.warnings.add(f"the expression {expression.name[:40]} comes twice")
            return
        self._found[expression.name] = expression

    def finish(self) -> tuple[Expression, ...]:
        return tuple(self._found.values())


def read_expressions_1(gltf: Gltf, fields: Fields) -> tuple[Expression, ...]:
    """Read VRMC_vrm.expressions."""
    collector = _Collector(gltf)
    for group, is_preset in (("preset", True), ("custom", False)):
        for name, own in fields.children_by_name(group):
            channels, weights = _binds_1(gltf, own)
            colors, uvs = read_material_binds_1(gltf, own)
            expression = Expression(
                name=name if is_preset else _canonical(name),
                preset=is_preset,
                channels=channels,
                weights=weights,
                is_binary=own.flag("isBinary"),
                override_blink=_override(own, "overrideBlink"),
                override_look_at=_override(own, "overrideLookAt"),
                override_mouth=_override(own, "overrideMouth"),
                color_binds=colors,
                uv_binds=uvs,
            )
            collector.add(expression)
    return collector.finish()


def read_expressions_0(gltf: Gltf, vrm: Fields) -> tuple[Expression, ...]:
    """Read VRM.blendShapeMaster of a 0.x file, with VRM 1.0's names."""
    collector = _Collector(gltf)
    properties = vrm.children("materialProperties")
    for own in vrm.child("blendShapeMaster").children("blendShapeGroups"):
        name = own.text("name")
        preset = _PRESETS_0.get(own.text("presetName", "unknown").lower())
        name = preset or _canonical(name)
        channels, weights = _binds_0(gltf, own)
        colors, uvs = read_material_binds_0(gltf, properties, own)
        expression = Expression(
            name=name,
            preset=name in PRESETS,
            channels=channels,
            weights=weights,
            is_binary=own.flag("isBinary"),
            color_binds=colors,
            uv_binds=uvs,
        )
        collector.add(expression)
    return collector.finish()


def _canonical(name: str) -> str:
    """Return ARKit's or VRM's spelling of a name, or the name unchanged if neither knows it."""
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    return _SPELLINGS.get(plain, name)


def _override(fields: Fields, key: str) -> Override:
    return cast(Override, fields.choice(key, _OVERRIDES, "none"))


def _binds_1(gltf: Gltf, fields: Fields) -> tuple[I32, F32]:
    nodes = gltf.root.children("nodes")
    total: dict[int, float] = {}
    for bind in fields.children("morphTargetBinds"):
        node = bind.reference("node", len(nodes), "nodes", _LEFT_OUT)
        if node is None:
            continue
        mesh = nodes[node].optional_reference(
            "mesh", len(gltf.meshes), "meshes", "the node draws nothing"
        )
        if mesh is None:
            bind.warn("node", f"names a node without a mesh, so {_LEFT_OUT}")
        else:
            _add_bind(gltf, bind, mesh, bind.number("weight", 1.0), total)
    return _arrays(total)


def _binds_0(gltf: Gltf, fields: Fields) -> tuple[I32, F32]:
    total: dict[int, float] = {}
    for bind in fields.children("binds"):
        mesh = bind.reference("mesh", len(gltf.meshes), "meshes", _LEFT_OUT)
        if mesh is not None:
            _add_bind(gltf, bind, mesh, bind.number("weight", 100.0) / 100.0, total)
    return _arrays(total)


def _add_bind(gltf: Gltf, bind: Fields, mesh: int, weight: float, total: dict[int, float]) -> None:
    """Add one bind's weight to its channel; skip binds of deleted shapes, which editors keep."""
    own = gltf.meshes[mesh]
    target = bind.reference("index", len(own.target_names), "morph targets", _LEFT_OUT)
    if target is not None:
        channel = own.first_channel + target
        total[channel] = total.get(channel, 0.0) + weight


def _arrays(total: dict[int, float]) -> tuple[I32, F32]:
    return np.array(list(total), np.int32), np.array(list(total.values()), np.float32)
