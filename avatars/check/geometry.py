"""Check meshes: attributes, indices, morph targets and joint bindings.

Source: glTF 2.0 specification, 3.7.2 (meshes); KHR_mesh_quantization.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import Json, child, children, number, place, places, text, texts
from avatars.errors import AvatarError
from avatars.gltf.accessors import Accessors
from avatars.gltf.meshes import count_parts

_FLOAT, _BYTE, _SHORT, _INT = 5126, 5121, 5123, 5125
_SIGNED: Final = (5120, 5122)
_NORMALISED: Final = (_FLOAT, _BYTE, _SHORT)
_QUANTISED: Final = (_FLOAT, _BYTE, _SHORT, *_SIGNED)
_ALLOWED: Final[dict[str, tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]]] = {
    "POSITION": (("VEC3",), (_FLOAT,), _QUANTISED),
    "NORMAL": (("VEC3",), (_FLOAT,), (_FLOAT, *_SIGNED)),
    "TANGENT": (("VEC4",), (_FLOAT,), (_FLOAT, *_SIGNED)),
    "TEXCOORD": (("VEC2",), _NORMALISED, _QUANTISED),
    "COLOR": (("VEC3", "VEC4"), _NORMALISED, _NORMALISED),
    "JOINTS": (("VEC4",), (_BYTE, _SHORT), (_BYTE, _SHORT)),
    "WEIGHTS": (("VEC4",), _NORMALISED, _NORMALISED),
}
"""Each attribute's types, component types, and those allowed by KHR_mesh_quantization."""
_TARGETS: Final = ("POSITION", "NORMAL", "TANGENT", "TEXCOORD", "COLOR")
_LENGTH: Final = 7e-3
"""Maximum deviation of a normal's length from 1: the rounding of bytes."""
_SUM: Final = 2e-3
"""Maximum deviation of the sum of a vertex's weights from 1: the rounding of bytes."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Checks one primitive."""

    document: Document
    accessors: Accessors
    pointer: str
    json: Json
    quantised: bool

    def accessor(self, attributes: Json, key: str) -> int | None:
        return place(attributes, key, len(self.document.accessors))

    def error(self, keys: tuple[str | int, ...], text: str, remedy: str) -> None:
        self.document.report.error(under(self.pointer, *keys), text, remedy)


def check_meshes(document: Document, accessors: Accessors) -> None:
    """Report what is wrong with the file's meshes."""
    try:
        count_parts(document.container.root)
    except AvatarError as error:
        document.add(error)
        return
    quantised = "KHR_mesh_quantization" in texts(document.root, "extensionsUsed")
    joint_counts = _joint_counts(document)
    for i, mesh in enumerate(document.meshes):
        parts = children(mesh, "primitives")
        joints = joint_counts.get(i)
        for j, part in enumerate(parts):
            # The accessors of a compressed primitive have no data.
            if child(part, "extensions", "KHR_draco_mesh_compression"):
                continue
            own = _Part(document, accessors, f"/meshes/{i}/primitives/{j}", part, quantised)
            try:
                _check_primitive(own, joints)
            except AvatarError as error:
                document.add(error)
        _check_shapes(document, f"/meshes/{i}", mesh, parts)


def _joint_counts(document: Document) -> dict[int, int]:
    """Return, for each skinned mesh, the smallest joint count of its skins."""
    skins = children(document.root, "skins")
    fewest: dict[int, int] = {}
    for node in document.nodes:
        mesh = place(node, "mesh", len(document.meshes))
        skin = place(node, "skin", len(skins))
        if mesh is not None and skin is not None:
            count = len(places(skins[skin], "joints", len(document.nodes)))
            fewest[mesh] = min(count, fewest.get(mesh, count))
    return fewest


def _check_primitive(part: _Part, joints: int | None) -> None:
    attributes = child(part.json, "attributes")
    position = part.accessor(attributes, "POSITION")
    if position is None:
        part.error(("attributes", "POSITION"), "is missing", "give every vertex a position")
        return
    count = int(number(part.document.accessors[position], "count", 0.0))
    if not {"min", "max"} <= part.document.accessors[position].keys():
        part.document.report.error(
            f"/accessors/{position}", "holds positions without min and max", "write their bounds"
        )
    _check_attributes(part, attributes, ("attributes",), count, tuple(_ALLOWED))
    for i, target in enumerate(children(part.json, "targets")):
        _check_attributes(part, target, ("targets", i), count, _TARGETS)
    _check_indices(part, count)
    _check_normals(part, attributes)
    _check_weights(part, attributes, joints)


def _check_attributes(
    part: _Part,
    attributes: Json,
    keys: tuple[str | int, ...],
    count: int,
    known: tuple[str, ...],
) -> None:
    for name in attributes:
        accessor = part.accessor(attributes, name)
        family = name.rstrip("0123456789").rstrip("_") if name[-1:].isdigit() else name
        if accessor is None or name.startswith("_"):
            continue
        if family not in known:
            part.error((*keys, name), "is no attribute of glTF's", "begin its name with _")
            continue
        json = part.document.accessors[accessor]
        types, plain, quantised = _ALLOWED[family]
        component = json.get("componentType")
        whole = family in ("TEXCOORD", "COLOR", "WEIGHTS") and not part.quantised
        if text(json, "type") not in types or component not in (
            quantised if part.quantised else plain
        ):
            part.error((*keys, name), "has a type that the attribute cannot have", "use floats")
        elif whole and component != _FLOAT and json.get("normalized") is not True:
            part.error((*keys, name), "has whole numbers that are not normalised", "normalise them")
        if number(json, "count", 0.0) != count:
            found = f"has {json.get('count')} elements for {count} vertices"
            part.error((*keys, name), found, "write one for each vertex")


def _check_indices(part: _Part, count: int) -> None:
    accessor = part.accessor(part.json, "indices")
    corners = count
    if accessor is not None:
        json = part.document.accessors[accessor]
        if text(json, "type") != "SCALAR" or json.get("componentType") not in (_BYTE, _SHORT, _INT):
            part.error(("indices",), "are not plain unsigned numbers", "use SCALAR unsigned")
            return
        indices = part.accessors.integers(accessor, ("SCALAR",))
        corners, highest = len(indices), int(indices.max())
        if highest >= count:
            part.error(("indices",), f"point at vertex {highest} of {count}", "mend the indices")
    mode = part.json.get("mode", 4)
    if mode == 4 and corners % 3:
        part.error(("indices",), f"are {corners}, not triples", "write whole triangles")
    elif isinstance(mode, int) and mode < 4:
        part.document.report.warning(
            under(part.pointer, "mode"), "draws points or lines", "draw triangles"
        )


def _check_normals(part: _Part, attributes: Json) -> None:
    accessor = part.accessor(attributes, "NORMAL")
    if accessor is None:
        part.document.report.warning(
            under(part.pointer, "attributes"), "has no normals, so it is lit flat", "export normals"
        )
        return
    length = np.linalg.norm(part.accessors.floats(accessor, ("VEC3",)), axis=1)
    wrong = int((np.abs(length - 1.0) > _LENGTH).sum())
    if wrong:
        part.error(
            ("attributes", "NORMAL"), f"has {wrong} normals that are not of length 1", "normalise"
        )


def _check_weights(part: _Part, attributes: Json, joints: int | None) -> None:
    sets = sorted(name for name in attributes if name.startswith(("JOINTS_", "WEIGHTS_")))
    numbers = {name.rpartition("_")[2] for name in sets}
    total = None
    for own in sorted(numbers):
        joint = part.accessor(attributes, f"JOINTS_{own}")
        weight = part.accessor(attributes, f"WEIGHTS_{own}")
        if joint is None or weight is None:
            part.error(("attributes",), f"has half of skinning set {own}", "write both halves")
            return
        weights = part.accessors.floats(weight, ("VEC4",))
        bound = part.accessors.integers(joint, ("VEC4",))
        if len(weights) != len(bound):
            return
        if bool((weights < 0.0).any()):
            part.error(("attributes", f"WEIGHTS_{own}"), "has weights below 0", "mend them")
        highest = int(bound[weights > 0.0].max(initial=0))
        if joints is not None and highest >= joints:
            part.error(
                ("attributes", f"JOINTS_{own}"),
                f"binds to joint {highest} of {joints}",
                "mend the joints or add to the skin",
            )
        sums = weights.sum(axis=1)
        total = sums if total is None or len(total) != len(sums) else total + sums
    if total is not None:
        wrong = int((np.abs(total - 1.0) > _SUM).sum())
        if wrong:
            part.error(
                ("attributes", "WEIGHTS_0"),
                f"do not sum to 1 at {wrong} vertices",
                "normalise the weights",
            )


def _check_shapes(document: Document, pointer: str, mesh: Json, parts: list[Json]) -> None:
    counts = {len(children(part, "targets")) for part in parts}
    if len(counts) > 1:
        document.report.error(
            under(pointer, "primitives"),
            "have different numbers of morph targets",
            "give every part of the mesh the same",
        )
        return
    count = counts.pop() if counts else 0
    extras = child(mesh, "extras").get("targetNames")
    for keys, named in ((("weights",), mesh.get("weights")), (("extras", "targetNames"), extras)):
        if isinstance(named, list) and len(named) != count:
            document.report.error(
                under(pointer, *keys),
                f"has {len(named)} entries for {count} morph targets",
                "write one for each",
            )
