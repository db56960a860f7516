"""Check nodes, scenes and skins.

Sources: glTF 2.0 specification, 3.5 (scenes, nodes, transformations) and 3.7.3 (skins); VRM T-pose,
definition 2.1.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import Json, children, number, place, places, text, vector

_UNIT: Final = 1e-3
"""Maximum deviation of a rotation quaternion's length from 1."""


def check_nodes(document: Document) -> None:
    """Report what is wrong with the node tree and the nodes' transforms."""
    _check_tree(document)
    for i, node in enumerate(document.nodes):
        pointer = f"/nodes/{i}"
        if "matrix" in node:
            _check_matrix(document, pointer, node)
        turn = vector(node, "rotation", 4)
        if turn is not None and abs(float(np.linalg.norm(turn)) - 1.0) > _UNIT:
            document.report.error(
                under(pointer, "rotation"), "is not a unit quaternion", "normalise it"
            )
        scale = vector(node, "scale", 3)
        if scale is not None and (min(scale) <= 0.0 or np.ptp(scale) > 1e-4 * max(scale)):
            document.report.warning(
                under(pointer, "scale"),
                "is not one positive factor for all axes",
                "apply it to the mesh, as VRM's T-pose asks",
            )
        if "skin" in node and "mesh" not in node:
            document.report.error(under(pointer, "skin"), "has no mesh to move", "leave it out")


def _check_tree(document: Document) -> None:
    report, count = document.report, len(document.nodes)
    seen = [0] * count
    for node in document.nodes:
        for own in set(places(node, "children", count)):
            seen[own] += 1
    for i, parents in enumerate(seen):
        if parents > 1:
            report.error(f"/nodes/{i}", f"has {parents} parents", "give it one parent")
    # The ancestors of a node in a cycle never reach a root (-1).
    state = [0] * count
    for start in range(count):
        line, at = [], start
        while at >= 0 and state[at] == 0:
            state[at] = 1
            line.append(at)
            at = document.parents[at]
        if at >= 0 and state[at] == 1:
            report.error(f"/nodes/{at}", "is its own ancestor", "break the loop of its children")
        for done in line:
            state[done] = 2
    for i, scene in enumerate(children(document.root, "scenes")):
        for root in places(scene, "nodes", count):
            if seen[root]:
                report.error(
                    f"/scenes/{i}/nodes", f"names node {root}, which has a parent", "name its roots"
                )


def _check_matrix(document: Document, pointer: str, node: Json) -> None:
    others = [key for key in ("translation", "rotation", "scale") if key in node]
    if others:
        document.report.error(
            under(pointer, "matrix"), f"stands beside {others[0]}", "keep one of the two"
        )
    flat = vector(node, "matrix", 16)
    if flat is None:
        return
    matrix = np.array(flat).reshape(4, 4).T
    if not np.array_equal(matrix[3], [0.0, 0.0, 0.0, 1.0]):
        document.report.error(under(pointer, "matrix"), "is not affine", "end it in 0, 0, 0, 1")
    linear = matrix[:3, :3] / max(float(np.abs(matrix[:3, :3]).max()), 1e-12)
    products = linear.T @ linear
    if np.abs(products - np.diag(np.diag(products))).max() > 1e-3:
        document.report.error(
            under(pointer, "matrix"),
            "cannot be taken apart into a move, a turn and a scale",
            "remove its shear",
        )


def check_skins(document: Document) -> None:
    """Report what is wrong with skins and with the nodes that use them."""
    skins = children(document.root, "skins")
    count = len(document.nodes)
    scenes = [set(places(own, "nodes", count)) for own in children(document.root, "scenes")]
    roots = [{document.roots[j] for j in places(skin, "joints", count)} for skin in skins]
    for i, skin in enumerate(skins):
        _check_skin(document, f"/skins/{i}", skin)
    for i, node in enumerate(document.nodes):
        mesh = place(node, "mesh", len(document.meshes))
        used = place(node, "skin", len(skins))
        if mesh is None:
            continue
        bound = [
            any(key.startswith("JOINTS_") for key in _attributes(part))
            for part in children(document.meshes[mesh], "primitives")
        ]
        if used is not None and not all(bound):
            document.report.error(
                f"/nodes/{i}/skin",
                f"moves mesh {mesh}, of which a part has no joints",
                "bind every part or remove the skin",
            )
        if used is None and any(bound):
            document.report.warning(
                f"/nodes/{i}/mesh", f"draws mesh {mesh}, which is bound, unbound", "give it a skin"
            )
        if used is None:
            continue
        if any(document.roots[i] in scene and not roots[used] <= scene for scene in scenes):
            document.report.error(
                f"/nodes/{i}/skin", "has joints that are not in the scene", "add their root to it"
            )
        if _is_moved(document, i):
            document.report.warning(
                f"/nodes/{i}/skin",
                "is on a node with a place of its own, which is ignored",
                "leave the node and those above it untransformed",
            )


def _attributes(part: Json) -> Json:
    attributes = part.get("attributes")
    return attributes if isinstance(attributes, dict) else {}


def _is_moved(document: Document, node: int) -> bool:
    keys = ("translation", "rotation", "scale", "matrix")
    return any(key in document.nodes[above] for above in document.line(node) for key in keys)


def _check_skin(document: Document, pointer: str, skin: Json) -> None:
    count = len(document.nodes)
    joints = places(skin, "joints", count)
    matrices = place(skin, "inverseBindMatrices", len(document.accessors))
    if matrices is not None:
        accessor = document.accessors[matrices]
        if text(accessor, "type") != "MAT4" or accessor.get("componentType") != 5126:
            document.report.error(
                under(pointer, "inverseBindMatrices"), "are not matrices of floats", "use MAT4"
            )
        elif number(accessor, "count", 0.0) < len(joints):
            document.report.error(
                under(pointer, "inverseBindMatrices"),
                f"are fewer than the {len(joints)} joints",
                "write one for each joint",
            )
    if not joints:
        return
    if len({document.roots[joint] for joint in joints}) > 1:
        document.report.error(
            under(pointer, "joints"), "have no ancestor in common", "hang them from one root"
        )
        return
    skeleton = place(skin, "skeleton", count)
    if skeleton is not None and not all(document.is_above(skeleton, joint) for joint in joints):
        document.report.error(
            under(pointer, "skeleton"), "is not an ancestor of all joints", "name one or none"
        )
