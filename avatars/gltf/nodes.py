"""Read the node tree, sorted by depth.

Source: glTF 2.0 specification, 3.5 (scenes, nodes, transformations).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatars.errors import AvatarError
from avatars.gltf.fields import Fields
from avatars.maths import quaternions, vectors
from avatars.model import Nodes

MAX_NODES = 16384
MAX_DEPTH = 1024
_MATRIX_IDENTITY = tuple(float(x) for x in np.eye(4).ravel())
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NodeTree:
    """The sorted nodes and a map from the file's node indices.

    Attributes:
        nodes: sorted by depth, so that parents precede their children.
        place: (n,) index in `nodes` of each of the file's nodes.
        drawn: (n,) whether each of the file's nodes belongs to the default scene.
    """

    nodes: Nodes
    place: tuple[int, ...]
    drawn: tuple[bool, ...]


def read_nodes(root: Fields) -> NodeTree:
    """Read all nodes.

    Raises:
        AvatarError: there is a cycle, a node with two parents, or a number that is not finite.
    """
    fields = root.children("nodes")
    if len(fields) > MAX_NODES:
        raise AvatarError(root.thing, f"has {len(fields)} nodes", f"reduce them to {MAX_NODES}")
    children = [children_of(node, len(fields)) for node in fields]
    parents = _parents(fields, children)
    order = _by_depth(root, children, parents)
    place = [0] * len(fields)
    for new, old in enumerate(order):
        place[old] = new
    local = [_local(fields[old]) for old in order]
    nodes = Nodes(
        names=tuple(fields[old].text("name") for old in order),
        parents=np.array([_remap_parent(place, parents[old]) for old in order], np.int32),
        translation=np.array([t for t, _, _ in local], np.float32).reshape(-1, 3),
        rotation=np.array([r for _, r, _ in local], np.float32).reshape(-1, 4),
        scale=np.array([s for _, _, s in local], np.float32).reshape(-1, 3),
    )
    return NodeTree(nodes, tuple(place), _find_drawn(root, children))


def children_of(node: Fields, count: int) -> list[int]:
    """Return the file's indices of a node's children, without dangling ones."""
    return node.references("children", count, "nodes", "the child is left out")


def _remap_parent(place: list[int], parent: int) -> int:
    return place[parent] if parent >= 0 else -1


def _parents(fields: list[Fields], children: list[list[int]]) -> list[int]:
    parents = [-1] * len(fields)
    for parent, own in enumerate(children):
        for child in own:
            if parents[child] >= 0 or child == parent:
                fields[parent].fail("children", f"claims node {child}, which has a parent already")
            parents[child] = parent
    return parents


def _by_depth(root: Fields, children: list[list[int]], parents: list[int]) -> list[int]:
    level = [node for node, parent in enumerate(parents) if parent < 0]
    order: list[int] = []
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise AvatarError(root.thing, f"nests nodes {depth} deep", "flatten its skeleton")
        order += level
        level = [child for node in level for child in children[node]]
    if len(order) < len(parents):
        lost = min(set(range(len(parents))) - set(order))
        raise AvatarError(
            f"{root.thing}, nodes[{lost}]", "is its own ancestor", "export the file again"
        )
    return order


def _find_drawn(root: Fields, children: list[list[int]]) -> tuple[bool, ...]:
    scenes = root.children("scenes")
    if not scenes:
        return (True,) * len(children)
    number = root.optional_reference("scene", len(scenes), "scenes", "the first one is drawn")
    scene = scenes[number or 0]
    drawn = [False] * len(children)
    queue = deque(scene.references("nodes", len(children), "nodes", "the node is left out"))
    while queue:
        node = queue.popleft()
        if not drawn[node]:
            drawn[node] = True
            queue.extend(children[node])
    return tuple(drawn)


def _local(fields: Fields) -> tuple[F64, F64, F64]:
    """Return translation (metres), rotation (xyzw) and scale of one node."""
    if fields.has("matrix"):
        matrix = np.array(fields.numbers("matrix", _MATRIX_IDENTITY, -1e6, 1e6))
        return _decompose(matrix.reshape(4, 4).T)
    translation = np.array(fields.numbers("translation", (0.0,) * 3, -1e6, 1e6))
    scale = np.array(fields.numbers("scale", (1.0,) * 3, -1e6, 1e6))
    quaternion = np.array(fields.numbers("rotation", (0.0, 0.0, 0.0, 1.0), -2.0, 2.0))
    if np.linalg.norm(quaternion) < 0.5:
        fields.fail("rotation", "is not a unit quaternion")
    return translation, vectors.normalise(quaternion).astype(np.float64), scale


def _decompose(matrix: F64) -> tuple[F64, F64, F64]:
    """Decompose a matrix as M = T · R · S; shear, which glTF forbids, is dropped."""
    linear = matrix[:3, :3]
    scale = np.linalg.norm(linear, axis=0)
    if np.linalg.det(linear) < 0.0:
        scale[0] = -scale[0]
    if np.any(np.abs(scale) < 1e-9):
        turned = np.array(quaternions.IDENTITY)
    else:
        turned = quaternions.from_matrix(linear / scale).astype(np.float64)
    return matrix[:3, 3].copy(), turned, scale
