"""Everything that moves avatars in a frame, in one texture: a row an avatar.

A row holds three texels a palette entry (the rows of a 3x4 matrix), then the morph weights, four
to a texel. One batched product and one upload a frame, whatever the number of joints.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from renderer.errors import GraphicsError
from renderer.graphics.drawables.geometry import Geometry
from renderer.graphics.drawables.materials import UNITS
from renderer.stage.records import PosedAvatar

F32 = npt.NDArray[np.float32]


class _Row:
    """One avatar's slice of the texture, and the buffers its product is made in."""

    def __init__(self, name: str, geometry: Geometry, nodes: int, channels: int, row: F32) -> None:
        count = len(geometry.palette_nodes)
        self._name, self._nodes, self._channels = name, nodes, channels
        self._indices = geometry.palette_nodes.astype(np.intp)
        self._bind = geometry.palette_bind
        self._world = np.empty((count, 4, 4), np.float32)
        self._product = np.empty((count, 4, 4), np.float32)
        self.first_weight = 3 * count
        self._matrices = row[: 3 * count].reshape(count, 3, 4)
        self._weights = row[3 * count :].reshape(-1)[:channels]

    def fill(self, posed: PosedAvatar) -> None:
        if posed.world.shape != (self._nodes, 4, 4) or posed.morphs.shape != (self._channels,):
            raise GraphicsError(
                f"the pose of {self._name}",
                f"world {posed.world.shape} and morphs {posed.morphs.shape} do not fit the avatar",
                f"give ({self._nodes}, 4, 4) and ({self._channels},)",
            )
        world = np.asarray(posed.world, np.float32)
        # "clip" spares numpy a buffered copy; the indices were made to fit.
        np.take(world, self._indices, axis=0, out=self._world, mode="clip")
        np.matmul(self._world, self._bind, out=self._product)
        self._matrices[:] = self._product[:, :3]
        self._weights[:] = posed.morphs


class PoseTexture:
    """The texture and its copy on this side.

    Args:
        avatars: (name, geometry, node count, channel count) of each.

    Raises:
        GraphicsError: when an avatar has more joints than a texture row holds.
    """

    def __init__(self, context: Any, avatars: Sequence[tuple[str, Geometry, int, int]]) -> None:
        widths = [3 * len(g.palette_nodes) + -(-channels // 4) for _, g, _, channels in avatars]
        limit = int(context.info["GL_MAX_TEXTURE_SIZE"])
        for (name, geometry, _, channels), width in zip(avatars, widths, strict=True):
            if width > limit:
                raise GraphicsError(
                    name,
                    f"{len(geometry.palette_nodes)} joints and {channels} morphs are too many",
                    f"keep 3 a joint and 1 a 4 morphs under {limit}",
                )
        shape = (max(1, len(avatars)), max(1, *widths, 0), 4)
        self._staging = np.zeros(shape, np.float32)
        self._rows = [_Row(*a, self._staging[i]) for i, a in enumerate(avatars)]
        self._texture = context.texture((shape[1], shape[0]), 4, dtype="f4")
        self._texture.filter = (moderngl.NEAREST, moderngl.NEAREST)

    def first_weight(self, row: int) -> int:
        """The texel at which a row's morph weights begin."""
        return self._rows[row].first_weight

    def use(self) -> None:
        """Bind the texture for skinning."""
        self._texture.use(UNITS["pose"])

    def write(self, posed: Sequence[PosedAvatar]) -> None:
        """Upload a frame's poses.

        Raises:
            GraphicsError: for a pose of another avatar's shape, or of an avatar that is not here.
        """
        if len({pose.avatar for pose in posed}) < len(posed):
            raise GraphicsError(
                "the stage's avatars",
                "one of them is posed twice in a frame",
                "give the renderer the avatar twice to show twins",
            )
        for pose in posed:
            if not 0 <= pose.avatar < len(self._rows):
                raise GraphicsError(
                    f"avatar number {pose.avatar}",
                    f"the renderer was given {len(self._rows)}",
                    "pose the avatars it was given",
                )
            self._rows[pose.avatar].fill(pose)
        if posed:
            self._texture.write(self._staging)
