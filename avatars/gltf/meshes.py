"""Read meshes: primitives with their vertices, skin weights and morph targets.

Source: glTF 2.0 specification, 3.7 (geometry).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from avatars.errors import AvatarError
from avatars.gltf.accessors import Accessors
from avatars.gltf.buffers import Buffers
from avatars.gltf.draco import unpack_primitive
from avatars.gltf.fields import Fields
from avatars.gltf.textures import ONE_UV_SET, UvSets
from avatars.gltf.triangles import FAN, TRIANGLES, smooth_normals, to_triangles, unit_normals
from avatars.model import Mesh, MorphTarget, Primitive

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]

MAX_PARTS = 1 << 15
"""Maximum number of primitives and their morph targets in a file; heavy avatars have a third."""

_VERTEX_BYTES = 4 * (3 + 3 + 2 + 4 + 4 + 4)
_STILL = 1e-6
_STRAIGHT = 1e-4
"""Delta, in metres or of a unit normal, below which a vertex is not part of a morph target:
exporters leave rounding noise on every vertex."""
_NO_TARGET = MorphTarget(np.zeros(0, np.uint32), np.zeros((0, 3), np.float32), None)


def count_parts(root: Fields) -> None:
    """Reject a file with so many primitives and morph targets that reading would take too long.

    Raises:
        AvatarError: there are more than MAX_PARTS.
    """
    count = 0
    for mesh in root.children("meshes"):
        for part in mesh.children("primitives"):
            count += 1 + len(part.children("targets"))
            if count > MAX_PARTS:
                part.fail("targets", f"brings the file's parts to {count}", "merge its meshes")


@dataclass(frozen=True, slots=True)
class MeshReader:
    """Reads meshes one by one.

    Attributes:
        coordinates: the UV sets that each of the file's materials uses.
    """

    accessors: Accessors
    buffers: Buffers
    coordinates: Sequence[UvSets]

    def read(self, fields: Fields, first_channel: int) -> Mesh:
        """Read one mesh, whose morph weights start at `first_channel` in the avatar's vector.

        Raises:
            AvatarError: an attribute is out of bounds, missing or of the wrong type.
        """
        primitives = [
            primitive
            for primitive in (self._primitive(own) for own in fields.children("primitives"))
            if primitive is not None
        ]
        names = self._target_names(fields)
        count = max((len(primitive.targets) for primitive in primitives), default=0)
        weights = np.zeros(count, np.float32)
        given = fields.number_list("weights")[:count]
        weights[: len(given)] = given
        return Mesh(
            name=fields.text("name"),
            primitives=tuple(_pad_targets(primitive, count) for primitive in primitives),
            first_channel=first_channel,
            target_names=(names + ("",) * count)[:count],
            default_weights=weights,
        )

    def _target_names(self, fields: Fields) -> tuple[str, ...]:
        """Return morph target names from the extras of the mesh or of its first primitive.

        These are the places that exporters use by convention.
        """
        for holder in (fields, *fields.children("primitives")[:1]):
            extras = holder.members.get("extras")
            if isinstance(extras, dict) and "targetNames" in extras:
                return holder.child("extras").texts("targetNames")
        return ()

    def _primitive(self, fields: Fields) -> Primitive | None:
        mode = fields.integer("mode", TRIANGLES, high=FAN)
        attributes = fields.child("attributes")
        if mode < TRIANGLES or not attributes.has("POSITION"):
            fields.warnings.add("has points or lines, which are not drawn", fields.path)
            return None
        unpack_primitive(fields, self.accessors, self.buffers)
        position = self._floats(attributes, "POSITION", ("VEC3",))
        count = len(position)
        triangles = self._triangles(fields, mode, count)
        if len(triangles) == 0:
            fields.warnings.add("has no triangles and is not drawn", fields.path)
            return None
        # Exporters share one vertex list between a mesh's primitives; keep only the used vertices.
        drawn = np.zeros(count, bool)
        drawn[triangles] = True
        kept = np.flatnonzero(drawn).astype(np.uint32)
        self.buffers.spend_geometry(len(kept) * _VERTEX_BYTES + triangles.nbytes)
        triangles = (np.cumsum(drawn, dtype=np.uint32) - np.uint32(1))[triangles]
        position = position[kept]
        joints, weights = self._skinning(attributes, count, kept)
        material = fields.optional_reference(
            "material", len(self.coordinates), "materials", "glTF's default material is used"
        )
        sets = ONE_UV_SET if material is None else self.coordinates[material]
        return Primitive(
            position=position,
            normal=self._normals(attributes, count, kept, position, triangles),
            uv=self._uv(attributes, sets.first, count, kept),
            color=self._optional(attributes, "COLOR_0", ("VEC3", "VEC4"), count, kept, 4, 1.0),
            joints=joints,
            weights=weights,
            triangles=triangles,
            material=len(self.coordinates) if material is None else material,
            targets=tuple(
                self._target(target, count, kept) for target in fields.children("targets")
            ),
            tangent=self._tangents(attributes, count, kept),
            second_uv=self._second_uv(attributes, sets.second, count, kept),
        )

    def _triangles(self, fields: Fields, mode: int, count: int) -> U32:
        if not fields.has("indices"):
            return to_triangles(np.arange(count, dtype=np.uint32), mode)
        accessor = fields.index("indices", len(self.accessors), "accessors")
        indices = self.accessors.integers(accessor, ("SCALAR",))[:, 0]
        if indices.max() >= count:
            fields.fail("indices", f"points at vertex {indices.max()} of {count}")
        return to_triangles(indices, mode)

    def _floats(self, attributes: Fields, key: str, types: tuple[str, ...]) -> F32:
        return self.accessors.floats(attributes.index(key, len(self.accessors), "accessors"), types)

    def _optional_floats(
        self, attributes: Fields, key: str, types: tuple[str, ...], count: int
    ) -> F32 | None:
        """Return an optional attribute (count, width); None where absent."""
        accessor = attributes.optional_reference(
            key, len(self.accessors), "accessors", "the part is drawn without"
        )
        if accessor is None:
            return None
        found = self.accessors.floats(accessor, types)
        self._check_count(attributes, key, len(found), count)
        return found

    def _check_count(self, attributes: Fields, key: str, found: int, count: int) -> None:
        if found != count:
            attributes.fail(key, f"has {found} elements for {count} vertices")

    def _optional(
        self,
        attributes: Fields,
        key: str,
        types: tuple[str, ...],
        count: int,
        kept: U32,
        width: int,
        default: float,
    ) -> F32:
        values = np.full((len(kept), width), default, np.float32)
        found = self._optional_floats(attributes, key, types, count)
        if found is not None:
            values[:, : found.shape[1]] = found[kept]
        return values

    def _normals(
        self, attributes: Fields, count: int, kept: U32, position: F32, triangles: U32
    ) -> F32:
        normal = self._optional_floats(attributes, "NORMAL", ("VEC3",), count)
        return smooth_normals(position, triangles) if normal is None else unit_normals(normal[kept])

    def _uv(self, attributes: Fields, number: int, count: int, kept: U32) -> F32:
        return self._optional(attributes, f"TEXCOORD_{number}", ("VEC2",), count, kept, 2, 0.0)

    def _second_uv(
        self, attributes: Fields, number: int | None, count: int, kept: U32
    ) -> F32 | None:
        if number is None:
            return None
        self.buffers.spend_geometry(len(kept) * 8)
        return self._uv(attributes, number, count, kept)

    def _tangents(self, attributes: Fields, count: int, kept: U32) -> F32 | None:
        found = self._optional_floats(attributes, "TANGENT", ("VEC4",), count)
        if found is None:
            return None
        self.buffers.spend_geometry(len(kept) * 16)
        way = np.where(found[kept, 3:] < 0.0, np.float32(-1.0), np.float32(1.0))
        return np.concatenate((unit_normals(found[kept, :3]), way), axis=1)

    def _skinning(self, attributes: Fields, count: int, kept: U32) -> tuple[U32, F32]:
        """Return joints and weights of each vertex's four largest weights; zeros without a skin."""
        joints, weights = [], []
        for number in range(8):
            key, weight_key = f"JOINTS_{number}", f"WEIGHTS_{number}"
            if not (attributes.has(key) and attributes.has(weight_key)):
                break
            accessor = attributes.index(key, len(self.accessors), "accessors")
            joint = self.accessors.integers(accessor, ("VEC4",))
            weight = self._floats(attributes, weight_key, ("VEC4",))
            self._check_count(attributes, key, len(joint), count)
            self._check_count(attributes, weight_key, len(weight), count)
            joints.append(joint[kept])
            weights.append(np.maximum(weight[kept], 0.0))
        if not joints:
            return np.zeros((len(kept), 4), np.uint32), np.zeros((len(kept), 4), np.float32)
        joint, weight = np.concatenate(joints, axis=1), np.concatenate(weights, axis=1)
        if weight.shape[1] > 4:
            strongest = np.argsort(-weight, axis=1, kind="stable")[:, :4]
            joint = np.take_along_axis(joint, strongest, axis=1)
            weight = np.take_along_axis(weight, strongest, axis=1)
        # A vertex without weights would move to the origin; bind it to the first joint.
        weight[weight.sum(axis=1) <= 1e-6, 0] = 1.0
        joint = np.where(weight > 0.0, joint, 0).astype(np.uint32)
        return joint, (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)

    def _target(self, fields: Fields, count: int, kept: U32) -> MorphTarget:
        position = self._optional(fields, "POSITION", ("VEC3",), count, kept, 3, 0.0)
        moved = np.abs(position).max(axis=1) > _STILL
        turned: dict[str, F32] = {}
        for key in ("NORMAL", "TANGENT"):
            change = self._optional_floats(fields, key, ("VEC3",), count)
            if change is not None:
                turned[key] = change[kept]
                moved |= np.abs(turned[key]).max(axis=1) > _STRAIGHT
        indices = np.flatnonzero(moved).astype(np.uint32)
        self.buffers.spend_geometry(len(indices) * (16 + 12 * len(turned)))
        changes = {key: values[indices] for key, values in turned.items()}
        return MorphTarget(
            indices, position[indices], changes.get("NORMAL"), changes.get("TANGENT")
        )


def _pad_targets(primitive: Primitive, count: int) -> Primitive:
    missing = count - len(primitive.targets)
    if missing == 0:
        return primitive
    if primitive.targets:
        raise AvatarError(
            "a mesh", "gives its primitives different numbers of shapes", "export it again"
        )
    return replace(primitive, targets=(_NO_TARGET,) * missing)
