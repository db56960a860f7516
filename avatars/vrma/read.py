"""Read .vrma files.

Sources: VRMC_vrm_animation-1.0 README and how_to_transform_human_pose.md. With W the rest rotation
of a bone's parent node in model space and L the bone's own rest rotation, a local rotation q
becomes W · q · L⁻¹ · W⁻¹ in the normalised skeleton.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from avatars.errors import AvatarError
from avatars.gltf.accessors import Accessors
from avatars.gltf.buffers import Buffers
from avatars.gltf.container import read_container
from avatars.gltf.fields import Fields
from avatars.gltf.nodes import NodeTree, read_nodes
from avatars.maths import quaternions
from avatars.model import F32, Nodes
from avatars.names import BONE_INDEX, HUMAN_BONES
from avatars.rest import rest_world
from avatars.vrma.animation import F64, Animation
from avatars.vrma.tracks import MAX_FRAMES, Tracks, read_tracks

_REMEDY: Final = "choose a VRM animation (.vrma)"
_LONGEST: Final = 1e4
"""Metres; a rest pose with coordinates beyond this is treated as damaged."""


def read_vrma(path: Path) -> Animation:
    """Read the first animation of a VRM animation file.

    Bones, expressions, a look-at and channels with dangling references are skipped with a warning;
    the hips are required.

    Raises:
        AvatarError: the file is missing, damaged, or not a VRM animation.
    """
    container = read_container(path)
    root = container.root
    extension = root.extension("VRMC_vrm_animation")
    if extension is None:
        raise AvatarError(root.thing, "is a glTF file without a VRM animation in it", _REMEDY)
    if not extension.text("specVersion", "1.0").startswith("1.0"):
        extension.fail("specVersion", "is not 1.0", "export the animation as VRM animation 1.0")
    tree = read_nodes(root)
    animations = root.children("animations")
    if not animations:
        raise AvatarError(root.thing, "holds no animation", _REMEDY)
    accessors = Accessors(root, Buffers(container))
    tracks = read_tracks(animations[0], accessors, len(tree.place))
    return _Reader(extension, tree, tracks).read(animations[0].text("name"))


class _Reader:
    """Resamples the tracks of one file at common times."""

    def __init__(self, extension: Fields, tree: NodeTree, tracks: Tracks) -> None:
        humanoid, expressions = extension.child("humanoid"), extension.child("expressions")
        self._warnings = extension.warnings
        self._nodes, self._place = tree.nodes, tree.place
        self._bones = {
            name: node
            for name, node in self._read_nodes_by_name(humanoid, "humanBones", "bone").items()
            if name in BONE_INDEX
        }
        if "hips" not in self._bones:
            humanoid.fail("humanBones", "has no hips, or they name a node that is not there")
        self._expressions = {
            **self._read_nodes_by_name(expressions, "custom", "expression"),
            **self._read_nodes_by_name(expressions, "preset", "expression"),
        }
        look = extension.child("lookAt")
        self._look = look.optional_reference(
            "node", len(self._place), "nodes", "the look-at is left out"
        )
        self._world = rest_world(tree.nodes)
        if not bool(np.all(np.abs(self._world) < _LONGEST)):
            humanoid.fail("humanBones", "reach beyond any stage in their rest pose")
        self._tracks = tracks
        self._times = self._frames(humanoid)

    def read(self, name: str) -> Animation:
        hips = self._bones["hips"]
        animation = Animation(
            times=self._times,
            rotations=self._rotations(),
            hips=self._hips(hips),
            rest=self._rest(),
            hips_height=float(self._world[self._place[hips], 1, 3]),
            expressions={
                expression: self._weights(node) for expression, node in self._expressions.items()
            },
            gaze=self._gaze(),
            name=name,
            warnings=self._warnings.texts,
        )
        for array in (animation.times, animation.rotations, animation.hips, animation.rest):
            array.flags.writeable = False
        return animation

    def _read_nodes_by_name(self, holder: Fields, key: str, what: str) -> dict[str, int]:
        """Return the node of each entry of a member by name, without dangling ones."""
        nodes = (
            (name, own.reference("node", len(self._place), "nodes", f"the {what} is left out"))
            for name, own in holder.children_by_name(key)
        )
        return {name: node for name, node in nodes if node is not None}

    def _frames(self, humanoid: Fields) -> F64:
        """Return the times between which linear interpolation represents every track in use."""
        keys = [(node, "rotation") for node in self._bones.values()]
        keys.append((self._bones["hips"], "translation"))
        keys += [(node, "translation") for node in self._expressions.values()]
        keys += [] if self._look is None else [(self._look, "rotation")]
        rows = {id(track): track.frames() for key in keys if (track := self._tracks.get(key))}
        times = np.unique(np.concatenate([np.zeros(1), *rows.values()]))
        if len(times) > MAX_FRAMES:
            humanoid.fail("humanBones", f"move at {len(times)} times", "cut the animation in parts")
        return times

    def _rotations(self) -> F32:
        rotations = np.zeros((len(self._times), len(HUMAN_BONES), 4), np.float32)
        rotations[..., 3] = 1.0
        turns = _rest_turns(self._nodes)
        for name, node in self._bones.items():
            track = self._tracks.get((node, "rotation"))
            if track is None:
                continue
            place = self._place[node]
            parent = int(self._nodes.parents[place])
            above = turns[parent] if parent >= 0 else quaternions.IDENTITY
            after = quaternions.multiply(above, self._nodes.rotation[place].astype(np.float64))
            turned = quaternions.multiply(
                quaternions.multiply(above, track.at(self._times)), quaternions.inverse(after)
            )
            rotations[:, BONE_INDEX[name]] = _continuous(turned.astype(np.float64))
        return rotations

    def _hips(self, node: int) -> F32:
        track = self._tracks.get((node, "translation"))
        if track is None:
            return np.zeros((len(self._times), 3), np.float32)
        place = self._place[node]
        moved = track.at(self._times) - self._nodes.translation[place]
        parent = int(self._nodes.parents[place])
        linear = self._world[parent, :3, :3] if parent >= 0 else np.eye(3)
        shift: F32 = (moved @ linear.T).astype(np.float32)
        return shift

    def _rest(self) -> F32:
        rest = np.full((len(HUMAN_BONES), 3), np.nan, np.float32)
        for name, node in self._bones.items():
            rest[BONE_INDEX[name]] = self._world[self._place[node], :3, 3]
        return rest

    def _weights(self, node: int) -> F32:
        """Return an expression's weights, which are the x of its node's translation."""
        track = self._tracks.get((node, "translation"))
        if track is None:
            resting = float(self._nodes.translation[self._place[node], 0])
            values = np.full(len(self._times), resting)
        else:
            values = track.at(self._times)[:, 0]
        weights: F32 = np.clip(values, 0.0, 1.0).astype(np.float32)
        return weights

    def _gaze(self) -> F32 | None:
        """Return yaw and pitch of the look-at's rotation R_y(yaw) · R_x(−pitch); drop any roll."""
        if self._look is None:
            return None
        track = self._tracks.get((self._look, "rotation"))
        if track is None:
            return np.zeros((len(self._times), 2), np.float32)
        ahead = quaternions.rotate(track.at(self._times), np.array([0.0, 0.0, 1.0]))
        yaw = np.arctan2(ahead[:, 0], ahead[:, 2])
        pitch = np.arctan2(ahead[:, 1], np.hypot(ahead[:, 0], ahead[:, 2]))
        gaze: F32 = np.stack((yaw, pitch), axis=1).astype(np.float32)
        return gaze


def _rest_turns(nodes: Nodes) -> F64:
    """Return model-space rotations (n, 4), xyzw, of the rest pose, without scales."""
    turns: F64 = nodes.rotation.astype(np.float64)
    for node, parent in enumerate(nodes.parents):
        if parent >= 0:
            turns[node] = quaternions.multiply(turns[parent], turns[node])
    return turns


def _continuous(turns: F64) -> F64:
    """Return rotations (t, 4) with signs that make successive quaternions' dot products ≥ 0."""
    against = np.sum(turns[1:] * turns[:-1], axis=1) < 0.0
    signs = np.concatenate(([1.0], np.where(np.cumsum(against) % 2 == 1, -1.0, 1.0)))
    return turns * signs[:, None]
