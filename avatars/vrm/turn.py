"""A VRM 0.x avatar, which faces −Z, turned once to face +Z as VRM 1.0 does.

The half turn R about +Y is its own inverse and merely flips the signs of x and z. Every local
frame is turned: a local transform M becomes R·M·R, so every world transform W becomes R·W·R; with
vertices v becoming R·v, every drawn point W·v becomes R·W·v.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.model import F32, Mesh, MorphTarget, Nodes, Primitive, Skin

_VECTOR = np.array([-1.0, 1.0, -1.0], np.float32)
_QUATERNION = np.array([-1.0, 1.0, -1.0, 1.0], np.float32)
_MATRIX = np.outer(_QUATERNION, _QUATERNION)


def turn_nodes(nodes: Nodes) -> Nodes:
    """The rest pose turned."""
    return replace(
        nodes, translation=nodes.translation * _VECTOR, rotation=nodes.rotation * _QUATERNION
    )


def turn_skin(skin: Skin) -> Skin:
    """The bind pose turned."""
    return replace(skin, inverse_bind=skin.inverse_bind * _MATRIX)


def turn_mesh(mesh: Mesh) -> Mesh:
    """Vertices, normals and shapes turned."""
    return replace(mesh, primitives=tuple(_turn_primitive(part) for part in mesh.primitives))


def _turn_primitive(part: Primitive) -> Primitive:
    return replace(
        part,
        position=part.position * _VECTOR,
        normal=part.normal * _VECTOR,
        targets=tuple(_turn_target(target) for target in part.targets),
        # A turn does not mirror: the way of +v from +u stays.
        tangent=None if part.tangent is None else part.tangent * _QUATERNION,
    )


def _turn_target(target: MorphTarget) -> MorphTarget:
    normal: F32 | None = None if target.normal is None else target.normal * _VECTOR
    tangent: F32 | None = None if target.tangent is None else target.tangent * _VECTOR
    return MorphTarget(target.indices, target.position * _VECTOR, normal, tangent)
