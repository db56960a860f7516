"""A figure ready for dressing: shaped, in T-pose, with its bones and 52 face shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from avatars.authoring.figure import skeleton as bones
from avatars.authoring.figure.geometry import nearest_weights
from avatars.authoring.figure.source import BODY, LASHES, LEFT_EYE, RIGHT_EYE, Floats, Source
from avatars.names import ARKIT, BONE_INDEX


class Warp(Protocol):
    """A bending of space about the head, applied alike to faces at rest and making a shape."""

    def __call__(self, position: Floats, head_share: Floats) -> Floats:
        """Positions (n, 3) bent by as much as they belong to the head (n,), 0 to 1."""


@dataclass(frozen=True, slots=True)
class Body:
    """Everything about a figure, over the source's 19,158 vertices, metres.

    Attributes:
        position: (19158, 3), T-pose.
        heads: (55, 3) where bones begin.
        weights: (19158, 55) rows sum to 1.
        shapes: (52, 19158, 3) displacement of each ARKit shape, in ARKIT's order.
    """

    position: Floats
    heads: Floats
    weights: Floats
    shapes: Floats

    def head(self, bone: str) -> Floats:
        """Where a bone begins, (3,)."""
        place: Floats = self.heads[BONE_INDEX[bone]]
        return place

    def share(self, *names: str) -> Floats:
        """How much of each vertex (19158,) belongs to the named bones together."""
        return share_of(self.weights, *names)


def share_of(weights: Floats, *names: str) -> Floats:
    """How much of each vertex (n,), of weights (n, 55), belongs to the named bones together."""
    columns = np.array([BONE_INDEX[name] for name in names])
    total: Floats = weights[:, columns].sum(axis=1)
    return total


def build_body(source: Source, targets: dict[str, float], warp: Warp | None = None) -> Body:
    """The figure that the targets make, its head bent by the warp, standing in T-pose.

    Args:
        targets: amount by target name.
        warp: for a stylised head. A shape's displacement becomes warp(base + d) − warp(base), so
            that all of them survive it.
    """
    position: Floats = source.base.position + source.weight_vertices(targets)
    shapes = _face_shapes(source, position)
    if warp is not None:
        head_share = _head_share(source, position)
        bent = warp(position, head_share)
        for shape in shapes:
            moved = np.abs(shape).sum(axis=1) > 0.0
            shape[moved] = warp((position + shape)[moved], head_share[moved]) - bent[moved]
        position = bent
    fitted = bones.bind(source, position)
    turned = bones.t_pose_rotations(fitted)
    places = bones.joint_places(fitted.heads, turned, np.zeros(3))
    matrices = bones.skinning_matrices(fitted.heads, turned, places)
    posed = bones.skin(position, fitted.weights, matrices)
    lift = np.array([0.0, -posed[BODY, 1].min(), 0.0])
    # The trunk and head do not turn into the T-pose, so the shapes hold as they are.
    return Body(posed + lift, places + lift, fitted.weights, shapes)


def _face_shapes(source: Source, position: Floats) -> Floats:
    shapes = np.stack([source.face_unit(name) for name in ARKIT])
    # The source's lashes stay behind when lids move: they take the motion of the nearest skin.
    near, amount = nearest_weights(position[LASHES], position[BODY], 6)
    shapes[:, LASHES] = np.einsum("vk,svkc->svc", amount, shapes[:, BODY][:, near])
    # Eyeballs turn by their bones.
    shapes[:, LEFT_EYE] = shapes[:, RIGHT_EYE] = 0.0
    return shapes


def _head_share(source: Source, position: Floats) -> Floats:
    weights = bones.bind(source, position).weights
    share = share_of(weights, "head", "leftEye", "rightEye")
    # Joint markers carry no weights; those inside the head go with it, or the bones would miss it.
    markers = np.flatnonzero(weights.sum(axis=1) == 0.0)
    chin = position[BODY][share[BODY] > 0.9][:, 1].min()
    share[markers] = (position[markers, 1] > chin).astype(np.float64)
    return share
