"""Build the bare figure: body shape in T-pose, bones, skinning weights and 52 ARKit shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from avatars.authoring.figure import skeleton as bones
from avatars.authoring.figure.geometry import nearest_weights
from avatars.authoring.figure.source import BODY, LASHES, LEFT_EYE, RIGHT_EYE, Floats, Source
from avatars.names import ARKIT, BONE_INDEX


class Warp(Protocol):
    """A deformation of space around the head, applied to both the neutral face and its shapes."""

    def __call__(self, position: Floats, head_share: Floats) -> Floats:
        """Return the deformed positions (n, 3).

        Args:
            position: (n, 3) metres.
            head_share: (n,) weight of the head at each vertex, 0 to 1.
        """


@dataclass(frozen=True, slots=True)
class Body:
    """A bare figure over the source's 19,158 vertices, metres.

    Attributes:
        position: (19158, 3) vertex positions in T-pose.
        heads: (55, 3) joint positions of the human bones.
        weights: (19158, 55) skinning weights; each row sums to 1.
        shapes: (52, 19158, 3) displacements of the ARKit shapes, in the order of ARKIT.
    """

    position: Floats
    heads: Floats
    weights: Floats
    shapes: Floats

    def head(self, bone: str) -> Floats:
        """Return the joint position (3,) of a bone, metres."""
        place: Floats = self.heads[BONE_INDEX[bone]]
        return place

    def share(self, *names: str) -> Floats:
        """Return the summed weight (19158,) of the named bones at each vertex."""
        return share_of(self.weights, *names)


def share_of(weights: Floats, *names: str) -> Floats:
    """Return the summed weight (n,) of the named bones, given weights (n, 55)."""
    columns = np.array([BONE_INDEX[name] for name in names])
    total: Floats = weights[:, columns].sum(axis=1)
    return total


def build_body(source: Source, targets: dict[str, float], warp: Warp | None = None) -> Body:
    """Build the figure in T-pose from target weights, with its head deformed by the warp.

    Args:
        targets: weight of each target, by target name.
        warp: deformation of a stylised head. A shape's displacement d becomes
            warp(base + d) − warp(base), so that the shapes fit the deformed head.
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
    # The T-pose leaves the rotation of trunk and head unchanged, so the shapes need no rotation.
    return Body(posed + lift, places + lift, fitted.weights, shapes)


def _face_shapes(source: Source, position: Floats) -> Floats:
    shapes = np.stack([source.face_unit(name) for name in ARKIT])
    # The source's shapes do not move the lashes, so they copy the displacement of nearby skin.
    near, amount = nearest_weights(position[LASHES], position[BODY], 6)
    shapes[:, LASHES] = np.einsum("vk,svkc->svc", amount, shapes[:, BODY][:, near])
    # Eyeballs are rotated by their bones.
    shapes[:, LEFT_EYE] = shapes[:, RIGHT_EYE] = 0.0
    return shapes


def _head_share(source: Source, position: Floats) -> Floats:
    weights = bones.bind(source, position).weights
    share = share_of(weights, "head", "leftEye", "rightEye")
    # Joint markers have no skinning weights. Those inside the head must be deformed with it, or
    # the bones would no longer match the head.
    markers = np.flatnonzero(weights.sum(axis=1) == 0.0)
    chin = position[BODY][share[BODY] > 0.9][:, 1].min()
    share[markers] = (position[markers, 1] > chin).astype(np.float64)
    return share
