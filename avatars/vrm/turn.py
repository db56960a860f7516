"""Rotate a VRM 0.x avatar, which faces −Z, to face +Z as in VRM 1.0.

The half turn R about +Y is its own inverse and flips the signs of x and z. Every local frame is
rotated: a local transform M becomes R·M·R, so every world transform W becomes R·W·R; vertices v
become R·v, so every drawn point W·v becomes R·W·v.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.model import F32, Mesh, MorphTarget, Nodes, Primitive, Skin

_VECTOR = np.array([-1.0, 1.0, -1.0], np.float32)
_QUATERNION = np.array([-1.0, 1.0, -1.0, 1.0], np.float32)
_MATRIX = np.outer(_QUATERNION, _QUATERNION)


def turn_nodes(nodes: Nodes) -> Nodes:
    """Return the nodes with the rest pose rotated."""
    return replace(
        nodes, translation=nodes.translation * _VECTOR, rotation=nodes.rotation * _QUATERNION
    )


def turn_skin(skin: Skin) -> Skin:
    """Return the skin with the bind pose rotated."""
    return replace(skin, inverse_bind=skin.inverse_bind * _MATRIX)


def turn_mesh(mesh: Mesh) -> Mesh:
    """Return the mesh with vertices, normals, tangents and morph targets rotated."""
    return replace(mesh, primitives=tuple(_turn_primitive(part) for part in mesh.primitives))


def _turn_primitive(part: Primitive) -> Primitive:
    return replace(
        part,
        position=part.position * _VECTOR,
        normal=part.normal * _VECTOR,
        targets=tuple(_turn_target(target) for target in part.targets),
        # A rotation does not mirror: the bitangent's sign is unchanged.
        tangent=None if part.tangent is None else part.tangent * _QUATERNION,
    )


def _turn_target(target: MorphTarget) -> MorphTarget:
    normal: F32 | None = None if target.normal is None else target.normal * _VECTOR
    tangent: F32 | None = None if target.tangent is None else target.tangent * _VECTOR
    return MorphTarget(target.indices, target.position * _VECTOR, normal, tangent)
