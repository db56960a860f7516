"""Prevent a gaze from rotating the eyeballs twice.

A gaze rotates the eye bones, and in many avatars ARKit's eyeLook… shapes move the eyeballs as well,
along with the lids. Where an avatar has both, the bones move the eyeballs and the shapes only the
lids.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.model import Avatar, Mesh, MeshInstance, MorphTarget, Primitive
from avatars.names import ARKIT, PRESETS

_EYES: Final = ("leftEye", "rightEye")
_SHAPES: Final = frozenset(name for name in ARKIT if name.startswith("eyeLook"))
_LOOKS: Final = frozenset(name for name in PRESETS if name.startswith("look"))
_HELD: Final = 0.5
"""Skin weight of the eye bones above which a vertex belongs to an eyeball."""


def still_eyeballs(avatar: Avatar) -> Avatar:
    """Remove eyeballs from the eyeLook… shapes of an avatar whose eye bones rotate them."""
    look_at, bones = avatar.look_at, avatar.bones
    if look_at is None or look_at.kind != "bone" or not bones.keys() >= set(_EYES):
        return avatar
    channels = _look_channels(avatar)
    if not channels:
        return avatar
    eyes = _below(avatar, [bones[eye] for eye in _EYES])
    meshes = list(avatar.meshes)
    for instance in avatar.instances:
        meshes[instance.mesh] = _still_mesh(avatar, meshes[instance.mesh], instance, channels, eyes)
    return replace(avatar, meshes=tuple(meshes))


def _look_channels(avatar: Avatar) -> set[int]:
    """Return the morph channels that eyeLook… shapes use and only look expressions share."""
    by_shape: set[int] = set()
    by_others: set[int] = set()
    for expression in avatar.expressions:
        if expression.name in _SHAPES:
            by_shape.update(expression.channels.tolist())
        elif expression.name not in _LOOKS:
            by_others.update(expression.channels.tolist())
    return by_shape - by_others


def _below(avatar: Avatar, roots: list[int]) -> npt.NDArray[np.bool_]:
    """Return (n,) whether each node is one of the roots or a descendant of one."""
    inside = np.zeros(len(avatar.nodes.parents), bool)
    inside[roots] = True
    # Parents precede their children.
    for node, parent in enumerate(avatar.nodes.parents):
        if parent >= 0 and inside[parent]:
            inside[node] = True
    return inside


def _still_mesh(
    avatar: Avatar,
    mesh: Mesh,
    instance: MeshInstance,
    channels: set[int],
    eyes: npt.NDArray[np.bool_],
) -> Mesh:
    numbers = [channel - mesh.first_channel for channel in channels]
    own = {number for number in numbers if 0 <= number < len(mesh.target_names)}
    if not own:
        return mesh

    def still_part(part: Primitive) -> Primitive:
        if instance.skin is None:
            held = np.full(len(part.position), bool(eyes[instance.node]))
        else:
            of_eyes = eyes[avatar.skins[instance.skin].joints][part.joints]
            held = (part.weights * of_eyes).sum(axis=1) > _HELD
        targets = (
            _remove_deltas(target, held) if number in own else target
            for number, target in enumerate(part.targets)
        )
        return replace(part, targets=tuple(targets))

    return replace(mesh, primitives=tuple(still_part(part) for part in mesh.primitives))


def _remove_deltas(target: MorphTarget, held: npt.NDArray[np.bool_]) -> MorphTarget:
    kept = ~held[target.indices]
    return MorphTarget(
        target.indices[kept],
        target.position[kept],
        None if target.normal is None else target.normal[kept],
        None if target.tangent is None else target.tangent[kept],
    )
