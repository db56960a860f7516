"""Write nodes, meshes and skins as glTF JSON."""

from __future__ import annotations

import numpy as np

from avatars.model import Mesh, MeshInstance, Nodes, Primitive, Skin
from avatars.write.buffers import BufferWriter, Json


def node_jsons(nodes: Nodes, instances: tuple[MeshInstance, ...]) -> list[Json]:
    """Return one JSON object per node; default values are omitted."""
    out: list[Json] = []
    for i, name in enumerate(nodes.names):
        node: Json = {"name": name}
        if np.any(nodes.translation[i] != 0.0):
            node["translation"] = _short(nodes.translation[i])
        if np.any(nodes.rotation[i] != (0.0, 0.0, 0.0, 1.0)):
            node["rotation"] = _short(nodes.rotation[i])
        if np.any(nodes.scale[i] != 1.0):
            node["scale"] = _short(nodes.scale[i])
        children = np.flatnonzero(nodes.parents == i)
        if len(children):
            node["children"] = children.tolist()
        out.append(node)
    for instance in instances:
        out[instance.node]["mesh"] = instance.mesh
        if instance.skin is not None:
            out[instance.node]["skin"] = instance.skin
    return out


def mesh_json(mesh: Mesh, buffers: BufferWriter, *, skinned: bool) -> Json:
    """Append a mesh's arrays to the buffers and return its JSON object."""
    out: Json = {
        "name": mesh.name,
        "primitives": [_primitive_json(p, buffers, skinned=skinned) for p in mesh.primitives],
    }
    if mesh.target_names:
        out["weights"] = mesh.default_weights.tolist()
        out["extras"] = {"targetNames": list(mesh.target_names)}
    return out


def skin_json(skin: Skin, nodes: Nodes, buffers: BufferWriter) -> Json:
    """Return a skin's JSON object; glTF stores matrices column by column."""
    columns = skin.inverse_bind.transpose(0, 2, 1).reshape(-1, 16)
    out: Json = {
        "joints": skin.joints.tolist(),
        "inverseBindMatrices": buffers.add_floats(columns, vertices=False),
    }
    roots = [int(j) for j in skin.joints if nodes.parents[j] not in skin.joints]
    if len(roots) == 1:
        out["skeleton"] = roots[0]
    return out


def _primitive_json(primitive: Primitive, buffers: BufferWriter, *, skinned: bool) -> Json:
    count = len(primitive.position)
    attributes: Json = {
        "POSITION": buffers.add_floats(primitive.position, bounds=True),
        "NORMAL": buffers.add_floats(primitive.normal),
        "TEXCOORD_0": buffers.add_floats(primitive.uv),
    }
    if primitive.second_uv is not None:
        attributes["TEXCOORD_1"] = buffers.add_floats(primitive.second_uv)
    if primitive.tangent is not None:
        attributes["TANGENT"] = buffers.add_floats(primitive.tangent)
    if np.any(primitive.color != 1.0):
        attributes["COLOR_0"] = buffers.add_floats(primitive.color)
    if skinned:
        attributes["JOINTS_0"] = buffers.add_joints(primitive.joints)
        attributes["WEIGHTS_0"] = buffers.add_floats(primitive.weights)
    out: Json = {
        "attributes": attributes,
        "indices": buffers.add_triangles(primitive.triangles, count),
        "material": primitive.material,
        "mode": 4,
    }
    if primitive.targets:
        out["targets"] = [buffers.add_target(target, count) for target in primitive.targets]
    return out


def _short(values: np.ndarray[tuple[int], np.dtype[np.float32]]) -> list[float]:
    # Nine significant digits reproduce every float32.
    return [float(f"{float(x):.9g}") for x in values]
