"""glTF 2.0 export for any 3D program: an animated armature, and the face's curves.

glTF has no humanoids: the bones are nodes with VRM's names, skinned to a stick figure so that
programs that build armatures only from skins (Blender) have one. The face's curves are weights of a
mesh whose morph targets have the shapes' names and do not move it: a program copies them to a face
of its own by name.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.gaze import as_rotations
from avatars.model import F32, U32
from avatars.names import BONE_PARENTS, HUMAN_BONES
from avatars.vrma import Animation
from avatars.write.buffers import BufferWriter, Json
from avatars.write.glb import glb_bytes
from avatars.write.tracks import Tracks
from renderer.errors import MotionError

_MIN_ROTATION: Final = 1e-6
"""Quaternion components up to this are no rotation, and such a bone gets no track."""

_EYES: Final = ("leftEye", "rightEye")
_STICK_THICKNESS: Final = 0.12
"""A stick's largest thickness over its length."""

_STICK_TRIANGLES: Final = np.array(
    [[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 1], [5, 2, 1], [5, 3, 2], [5, 4, 3], [5, 1, 4]]
)
"""Triangles of a double pyramid: first point, four around, last point."""


def write_gltf(animation: Animation, generator: str = "Encore") -> bytes:
    """Return the bytes of a .glb file; the same animation gives the same bytes.

    Args:
        animation: the motion.
        generator: name of the writing program.

    Raises:
        MotionError: the animation has no rest position for its hips.
    """
    if bool(np.isnan(animation.rest[0]).any()):
        raise MotionError(
            f"Animation {animation.name}",
            "has no rest position for its hips",
            "give every bone a rest position",
        )
    return _Writer(animation).write(generator)


class _Writer:
    """Builds one file."""

    def __init__(self, animation: Animation) -> None:
        self._animation = animation
        self._buffers = BufferWriter()
        self._nodes: list[Json] = []
        self._meshes: list[Json] = []
        self._tracks = Tracks(self._buffers, animation.times)

    def write(self, generator: str) -> bytes:
        places = self._add_bones()
        joints = list(range(len(places)))
        inverse = np.tile(np.eye(4, dtype=np.float32), (len(places), 1, 1))
        # glTF matrices are column-major: the last column is the bone's negative position.
        inverse[:, 3, :3] = -np.array(list(places.values()))
        skin: Json = {
            "skeleton": 0,
            "joints": joints,
            "inverseBindMatrices": self._buffers.add_floats(
                inverse.reshape(-1, 16), vertices=False
            ),
        }
        self._add_sticks(places)
        if self._animation.expressions:
            self._add_face()
        children = {child for node in self._nodes for child in node.get("children", ())}
        return glb_bytes(
            {
                "asset": {"version": "2.0", "generator": generator},
                "scene": 0,
                "scenes": [{"nodes": [i for i in range(len(self._nodes)) if i not in children]}],
                "nodes": self._nodes,
                "meshes": self._meshes,
                "skins": [skin],
                "animations": [self._tracks.as_json(self._animation.name or "take")],
                "accessors": self._buffers.accessors,
                "bufferViews": self._buffers.views,
                "buffers": [{"byteLength": len(self._buffers.data)}],
            },
            bytes(self._buffers.data),
        )

    def _add_bones(self) -> dict[str, F32]:
        """Add a node per bone that has a rest position.

        Return the positions by name in node order.
        """
        animation = self._animation
        rest: dict[str, F32] = {}
        for index, (name, above) in enumerate(BONE_PARENTS.items()):
            place = animation.rest[index]
            if bool(np.isnan(place).any()):
                continue
            while above is not None and above not in rest:
                above = BONE_PARENTS[above]
            offset = place if above is None else place - rest[above]
            node = len(self._nodes)
            self._nodes.append({"name": name, "translation": [float(x) for x in offset]})
            if above is not None:
                self._nodes[list(rest).index(above)].setdefault("children", []).append(node)
            rest[name] = place
            turns = animation.rotations[:, index]
            if name in _EYES and animation.gaze is not None:
                turns = as_rotations(animation.gaze)
            if bool((np.abs(turns[:, :3]) > _MIN_ROTATION).any()):
                self._tracks.add(node, "rotation", turns)
        self._tracks.add(0, "translation", rest[HUMAN_BONES[0]] + animation.hips)
        return rest

    def _add_sticks(self, places: dict[str, F32]) -> None:
        """Add a stick from every bone to each child, skinned to the parent alone."""
        names = list(places)
        points, owners = [], []
        for name in names[1:]:
            above = BONE_PARENTS[name]
            while above is not None and above not in places:
                above = BONE_PARENTS[above]
            if above is None:
                continue
            points.append(_stick_points(places[above], places[name]))
            owners.append(names.index(above))
        count = 6 * len(points)
        joints = np.zeros((count, 4), np.uint32)
        joints[:, 0] = np.repeat(owners, 6)
        weights = np.zeros((count, 4), np.float32)
        weights[:, 0] = 1.0
        facets: U32 = (
            (_STICK_TRIANGLES[None] + 6 * np.arange(len(points))[:, None, None]).reshape(-1, 3)
        ).astype(np.uint32)
        attributes = {
            "POSITION": self._buffers.add_floats(np.concatenate(points), bounds=True),
            "JOINTS_0": self._buffers.add_joints(joints),
            "WEIGHTS_0": self._buffers.add_floats(weights),
        }
        indices = self._buffers.add_triangles(facets, count)
        self._add_mesh("sticks", {"attributes": attributes, "indices": indices}, skin=0)

    def _add_face(self) -> None:
        """Add the face's curves on a triangle too small to be visible."""
        names = list(self._animation.expressions)
        speck = np.array([[0, 0, 0], [1e-4, 0, 0], [0, 1e-4, 0]], np.float32)
        still = self._buffers.add_sparse(
            np.zeros(0, np.uint32), np.zeros((0, 3), np.float32), len(speck)
        )
        primitive: Json = {
            "attributes": {"POSITION": self._buffers.add_floats(speck, bounds=True)},
            "targets": [{"POSITION": still} for _ in names],
        }
        node = self._add_mesh("face", primitive)
        self._meshes[-1] |= {"weights": [0.0] * len(names), "extras": {"targetNames": names}}
        curves = np.stack([self._animation.expressions[name] for name in names], axis=1)
        self._tracks.add(node, "weights", curves.astype(np.float32).reshape(-1, 1))

    def _add_mesh(self, name: str, primitive: Json, skin: int | None = None) -> int:
        """Add a mesh with its node; return the node's index."""
        node: Json = {"name": name, "mesh": len(self._meshes)}
        if skin is not None:
            node["skin"] = skin
        self._meshes.append({"name": name, "primitives": [primitive]})
        self._nodes.append(node)
        return len(self._nodes) - 1


def _stick_points(start: F32, end: F32) -> F32:
    """Return (6, 3) the points of a double pyramid, thickest near its start."""
    way = end - start
    length = max(float(np.linalg.norm(way)), 1e-4)
    helper = np.eye(3)[int(np.argmin(np.abs(way)))]
    side = np.cross(way, helper)
    side *= 0.5 * _STICK_THICKNESS * length / max(float(np.linalg.norm(side)), 1e-9)
    across = np.cross(way, side) / length
    middle = start + 0.2 * way
    around = [middle + side, middle + across, middle - side, middle - across]
    return np.array([start, *around, end], np.float32)
