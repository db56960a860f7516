"""Make copies of an avatar as a thief would, and other avatars as a designer would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from avatars.maths import quaternions
from avatars.model import Avatar, Mesh, MeshInstance, Nodes, Primitive, Skin
from avatars.names import HUMAN_BONES
from avatars.rest import rest_world

F64 = NDArray[np.float64]
Copy = Callable[[Avatar, np.random.Generator], Avatar]

_FIGURE: Final = 0.09
"""Standard deviation of a bone's scale between two designs, as a logarithm; the house's two idols
differ by .07 to .16 from the body that both are made of."""
_TURN: Final = 0.5
"""Largest turn of a joint in another rest pose, radians."""


def scale_copy(avatar: Avatar, chosen: np.random.Generator) -> Avatar:
    """Return an avatar in another size, from a half to twice, as a re-export would."""
    factor = float(np.exp(chosen.uniform(-0.7, 0.7)))
    matrix = np.diag([factor, factor, factor, 1.0])
    return _bake(avatar, rest_world(avatar.nodes), matrix)


def pose_copy(avatar: Avatar, chosen: np.random.Generator) -> Avatar:
    """Return an avatar whose rest pose is another one, with the mesh bound to it."""
    rotation = avatar.nodes.rotation.astype(np.float64).copy()
    for node in avatar.bones.values():
        axis = chosen.normal(size=3)
        turn = quaternions.from_axis_angle(axis / np.linalg.norm(axis), chosen.uniform(0.0, _TURN))
        rotation[node] = quaternions.multiply(rotation[node], turn)
    nodes = replace(avatar.nodes, rotation=rotation.astype(np.float32))
    return _bake(replace(avatar, nodes=nodes), rest_world(nodes), np.eye(4))


def thin_copy(avatar: Avatar, chosen: np.random.Generator) -> Avatar:
    """Return an avatar with half the triangles: pairs of neighbours collapse at random."""
    meshes = []
    for mesh in avatar.meshes:
        parts = [_thin(part, chosen) for part in mesh.primitives]
        meshes.append(replace(mesh, primitives=tuple(parts)))
    return replace(avatar, meshes=tuple(meshes))


def merge_copy(avatar: Avatar, _chosen: np.random.Generator) -> Avatar:
    """Return an avatar whose meshes are one mesh with one material, as atlas tools make."""
    groups: dict[tuple[int, int | None], list[Primitive]] = {}
    for instance in avatar.instances:
        node = instance.node if instance.skin is None else 0
        parts = groups.setdefault((node, instance.skin), [])
        parts += avatar.meshes[instance.mesh].primitives
    meshes, instances = [], []
    for (node, skin), parts in groups.items():
        offsets = np.cumsum([0, *(len(part.position) for part in parts)])
        joined = replace(
            parts[0],
            position=np.concatenate([part.position for part in parts]),
            normal=np.concatenate([part.normal for part in parts]),
            uv=np.concatenate([part.uv for part in parts]),
            color=np.concatenate([part.color for part in parts]),
            joints=np.concatenate([part.joints for part in parts]),
            weights=np.concatenate([part.weights for part in parts]),
            triangles=np.concatenate(
                [p.triangles + np.uint32(o) for p, o in zip(parts, offsets, strict=False)]
            ),
            targets=(),
            tangent=None,
            second_uv=None,
        )
        meshes.append(Mesh("merged", (joined,), 0, (), np.zeros(0, np.float32)))
        instances.append(MeshInstance(node, len(meshes) - 1, skin))
    return replace(avatar, meshes=tuple(meshes), instances=tuple(instances))


def paint_copy(avatar: Avatar, chosen: np.random.Generator) -> Avatar:
    """Return an avatar with other textures and colours."""
    textures = tuple(
        replace(one, pixels=chosen.integers(0, 256, one.pixels.shape, np.uint8))
        for one in avatar.textures
    )
    return replace(avatar, textures=textures)


def strip_copy(avatar: Avatar, _chosen: np.random.Generator) -> Avatar:
    """Return an avatar without its hair: the mesh whose joints hang most on the head is gone."""
    kept = [one for one in avatar.instances if avatar.meshes[one.mesh].name != "Hair"]
    return replace(avatar, instances=tuple(kept))


def rig_copy(avatar: Avatar, _chosen: np.random.Generator) -> Avatar:
    """Return an avatar whose skin hangs on further joints, one below each human bone."""
    nodes, bones = avatar.nodes, sorted(avatar.bones.values())
    further = {bone: len(nodes.parents) + k for k, bone in enumerate(bones)}
    turns = np.tile(np.array((0.0, 0.0, 0.0, 1.0), np.float32), (len(bones), 1))
    rig = Nodes(
        (*nodes.names, *("skin" for _ in bones)),
        np.concatenate((nodes.parents, bones)).astype(np.int32),
        np.concatenate((nodes.translation, np.zeros((len(bones), 3), np.float32))),
        np.concatenate((nodes.rotation, turns)),
        np.concatenate((nodes.scale, np.ones((len(bones), 3), np.float32))),
    )
    skins = [
        replace(one, joints=np.array([further.get(int(k), int(k)) for k in one.joints], np.int32))
        for one in avatar.skins
    ]
    return replace(avatar, nodes=rig, skins=tuple(skins))


def mixed_copy(avatar: Avatar, chosen: np.random.Generator) -> Avatar:
    """Return an avatar changed in all those ways but the last two at once."""
    for change in (merge_copy, pose_copy, thin_copy, paint_copy, scale_copy):
        avatar = change(avatar, chosen)
    return avatar


COPIES: Final[dict[str, Copy]] = {
    "rescaled": scale_copy,
    "other rest pose": pose_copy,
    "half the triangles": thin_copy,
    "merged meshes": merge_copy,
    "other textures": paint_copy,
    "further joints": rig_copy,
    "all of these": mixed_copy,
}
"""What a thief does to a file, by name. The fingerprint must not notice."""


def make_designs(avatars: list[Avatar], count: int, seed: int) -> Iterator[tuple[int, Avatar]]:
    """Yield other avatars: each a given one with other proportions, by the builder's own rule.

    Yields:
        The index of the avatar that it was made of, and the new avatar.
    """
    chosen = np.random.default_rng(seed)
    for number in range(count):
        yield number % len(avatars), reshape(avatars[number % len(avatars)], chosen)


def reshape(avatar: Avatar, chosen: np.random.Generator) -> Avatar:
    """Return an avatar with other proportions: each bone's part is scaled about its joint.

    The same on both sides, and smooth by the skin's weights, as `avatars.authoring` does it.
    """
    factors: dict[str, F64] = {}
    for name in HUMAN_BONES:
        part = name.removeprefix("left").removeprefix("right").lower()
        if part.startswith(("thumb", "index", "middle", "ring", "little")):
            part = "hand"
        if part not in factors:
            factors[part] = np.exp(chosen.normal(0.0, _FIGURE, 3))
    world = rest_world(avatar.nodes)
    carried: dict[int, str] = {node: name for name, node in avatar.bones.items()}
    scale = np.ones((len(world), 3))
    for node, parent in enumerate(avatar.nodes.parents):
        if node in carried:
            part = carried[node].removeprefix("left").removeprefix("right").lower()
            finger = part.startswith(("thumb", "index", "middle", "ring", "little"))
            scale[node] = factors["hand" if finger else part]
        elif parent >= 0:
            scale[node] = scale[parent]
    heads = world[:, :3, 3].copy()
    for node, parent in enumerate(avatar.nodes.parents):
        if parent >= 0:
            step = world[node, :3, 3] - world[parent, :3, 3]
            heads[node] = heads[parent] + scale[parent] * step
    moved = np.tile(np.eye(4), (len(world), 1, 1))
    for k in range(3):
        moved[:, k, k] = scale[:, k]
    moved[:, :3, 3] = heads - scale * world[:, :3, 3]
    # Joints move without a turn; vertices by the scaled matrices.
    placed = world.copy()
    placed[:, :3, 3] = heads
    return _bake(avatar, moved @ world, np.eye(4), placed)


def _bake(avatar: Avatar, drawn: F64, matrix: F64, placed: F64 | None = None) -> Avatar:
    """Return an avatar bound to a new rest pose.

    Args:
        avatar: as it is.
        drawn: (n, 4, 4) model-space matrix of each node that places the vertices.
        matrix: applied to everything after that.
        placed: (n, 4, 4) of each node in the new rest pose; `drawn` if None. Its turns and scales
            are removed, as exporters do: nodes only move.
    """
    target = matrix @ (drawn if placed is None else placed)
    heads = target[:, :3, 3]
    parents = avatar.nodes.parents
    local = heads - np.where(parents[:, None] >= 0, heads[parents], 0.0)
    count = len(heads)
    nodes = Nodes(
        avatar.nodes.names,
        parents,
        local.astype(np.float32),
        np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1)),
        np.ones((count, 3), np.float32),
    )
    meshes, instances, skins = [], [], list(avatar.skins)
    inverse = np.tile(np.eye(4), (count, 1, 1))
    inverse[:, :3, 3] = -heads
    skins = [Skin(skin.joints, inverse[skin.joints].astype(np.float32)) for skin in avatar.skins]
    for instance in avatar.instances:
        mesh = avatar.meshes[instance.mesh]
        if instance.skin is None:
            own = inverse[instance.node] @ matrix @ drawn[instance.node]
            parts = [_move(part, own[None], None) for part in mesh.primitives]
        else:
            skin = avatar.skins[instance.skin]
            each = matrix @ drawn[skin.joints] @ skin.inverse_bind
            parts = [_move(part, each, part.joints) for part in mesh.primitives]
        meshes.append(replace(mesh, primitives=tuple(parts)))
        instances.append(replace(instance, mesh=len(meshes) - 1))
    return replace(
        avatar, nodes=nodes, meshes=tuple(meshes), instances=tuple(instances), skins=tuple(skins)
    )


def _move(part: Primitive, matrices: F64, joints: NDArray[np.uint32] | None) -> Primitive:
    flat: F64 = np.ones((len(part.position), 4))
    flat[:, :3] = part.position
    if joints is None:
        position = (flat @ matrices[0].T)[:, :3]
    else:
        position = np.zeros((len(flat), 3))
        for k in range(joints.shape[1]):
            each = (matrices[joints[:, k], :3] @ flat[:, :, None])[:, :, 0]
            position += part.weights[:, k, None] * each
    return replace(part, position=position.astype(np.float32), targets=())


def _thin(part: Primitive, chosen: np.random.Generator) -> Primitive:
    """Return a primitive of which half the triangles are left: the shortest edges collapse."""
    # Vertices in one place are one point, or seams would open.
    _, first, point = np.unique(part.position, axis=0, return_index=True, return_inverse=True)
    triangles = point.ravel()[part.triangles]
    target = np.arange(len(first))
    is_used = np.zeros(len(first), bool)
    removed = 0
    edge = part.position[first[triangles]] - part.position[first[np.roll(triangles, -1, axis=1)]]
    length = np.linalg.norm(edge, axis=2)
    shortest = np.argmin(length, axis=1)
    # Not all alike, so that two copies differ.
    cost = length.min(axis=1) * chosen.uniform(0.8, 1.25, len(triangles))
    for row in np.argsort(cost):
        corners = np.roll(triangles[row], -shortest[row])
        if 2 * removed >= len(triangles):
            break
        if is_used[corners].any():
            continue
        is_used[corners] = True
        target[corners[1]] = corners[0]
        removed += 2  # Of a closed surface, the triangles at both sides of the edge.
    merged = target[triangles]
    ordered = np.sort(merged, axis=1)
    is_flat = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    return replace(part, triangles=first[merged[~is_flat]].astype(np.uint32), targets=())
