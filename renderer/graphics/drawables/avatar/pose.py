"""Upload the poses of all avatars as one texture, with one row for each avatar.

A row holds three texels for each palette entry (the rows of a 3x4 matrix), then the morph
weights, four to a texel. This takes one batched product for each avatar and one upload for each
frame, for any number of joints.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import moderngl
import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from renderer.errors import GraphicsError
from renderer.graphics.drawables.avatar.geometry import Geometry
from renderer.graphics.gpu.shaders import UNITS
from renderer.stage.records import PosedAvatar

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PosedShape:
    """The expected dimensions of an avatar's pose.

    Attributes:
        name: of the avatar.
        nodes: number of nodes.
        channels: number of morph channels.
    """

    name: str
    geometry: Geometry
    nodes: int
    channels: int

    @property
    def texels(self) -> int:
        """Return the number of texels in a pose."""
        return 3 * len(self.geometry.palette_nodes) + -(-self.channels // 4)


class PoseRow:
    """One avatar's row of the texture, with the buffers for its matrix product.

    Attributes:
        first_weight: index of the first texel with morph weights.
        palette: (p, 4, 4) float32, matrix of each palette entry, as of the last `fill`.
        center: mean position of the nodes, metres, likewise.
    """

    def __init__(self, number: int, shape: PosedShape, texels: F32) -> None:
        count = len(shape.geometry.palette_nodes)
        self.number = number
        self._shape = shape
        self._indices = shape.geometry.palette_nodes.astype(np.intp)
        self._bind = shape.geometry.palette_bind
        self.palette = np.empty((count, 4, 4), np.float32)
        self.center = 0.0, 0.0, 0.0
        self.first_weight = 3 * count
        self._matrices = texels[: 3 * count].reshape(count, 3, 4)
        self._weights = texels[3 * count :].reshape(-1)[: shape.channels]

    def fill(self, posed: PosedAvatar) -> None:
        """Write a pose into the row.

        Raises:
            GraphicsError: the pose does not match the avatar or is not finite.
        """
        shape = self._shape
        if posed.world.shape != (shape.nodes, 4, 4) or posed.morphs.shape != (shape.channels,):
            raise GraphicsError(
                f"the pose of {shape.name}",
                f"world {posed.world.shape} and morphs {posed.morphs.shape} do not fit the avatar",
                f"give ({shape.nodes}, 4, 4) and ({shape.channels},)",
            )
        world = np.ascontiguousarray(posed.world, np.float32)
        morphs = np.ascontiguousarray(posed.morphs, np.float32)
        x, y, z = _fill(
            world, morphs, self._indices, self._bind, self.palette, self._matrices, self._weights
        )
        if not math.isfinite(x + y + z):
            raise GraphicsError(
                f"the pose of {shape.name}",
                "it holds numbers that are not finite",
                "give finite matrices and weights",
            )
        self.center = x, y, z


@compiled
def _fill(
    world: F32,
    morphs: F32,
    indices: npt.NDArray[np.intp],
    bind: F32,
    palette: F32,
    rows: F32,
    weights: F32,
) -> tuple[float, float, float]:
    """Multiply matrices of nodes with the inverse bind matrices of palette entries; copy weights.

    Args:
        world: (n, 4, 4) node to stage.
        morphs: (c,) weights.
        indices: (p,) node of each entry.
        bind: (p, 4, 4) mesh to node at rest.
        palette: (p, 4, 4) is filled: mesh to stage.
        rows: (p, 3, 4) is filled: the first three rows of these.
        weights: (c,) is filled.

    Returns:
        Mean position of the nodes, metres; not finite if any number of `world` or `morphs` is not.
    """
    for entry in range(len(indices)):
        node = world[indices[entry]]
        for row in range(4):
            for column in range(4):
                total = np.float32(0.0)
                for k in range(4):
                    total += node[row, k] * bind[entry, k, column]
                palette[entry, row, column] = total
                if row < 3:
                    rows[entry, row, column] = total
    x, y, z, spoilt = 0.0, 0.0, 0.0, 0.0
    for channel in range(len(morphs)):
        weights[channel] = morphs[channel]
        spoilt += 0.0 * morphs[channel]
    for number in range(len(world)):
        for row in range(4):
            for column in range(4):
                # 0 for a finite number, otherwise NaN.
                spoilt += 0.0 * world[number, row, column]
        x += world[number, 0, 3]
        y += world[number, 1, 3]
        z += world[number, 2, 3]
    count = max(1, len(world))
    return x / count + spoilt, y / count, z / count


class PoseTexture:
    """The pose texture and its CPU copy.

    Attributes:
        rows: one for each avatar, in order.

    Raises:
        GraphicsError: an avatar has more joints than fit into a texture row.
    """

    def __init__(self, context: moderngl.Context, avatars: Sequence[PosedShape]) -> None:
        limit = int(context.info["GL_MAX_TEXTURE_SIZE"])
        for avatar in avatars:
            if avatar.texels > limit:
                joints = len(avatar.geometry.palette_nodes)
                raise GraphicsError(
                    avatar.name,
                    f"{joints} joints and {avatar.channels} morphs are too many",
                    f"keep 3 a joint and 1 a 4 morphs under {limit}",
                )
        width = max(1, *(avatar.texels for avatar in avatars), 0)
        self._staging = np.zeros((max(1, len(avatars)), width, 4), np.float32)
        self.rows = [PoseRow(i, avatar, self._staging[i]) for i, avatar in enumerate(avatars)]
        self._texture = context.texture((width, len(self._staging)), 4, dtype="f4")
        self._texture.filter = (moderngl.NEAREST, moderngl.NEAREST)

    def upload(self) -> None:
        """Upload the rows and bind the texture for skinning."""
        self._texture.write(self._staging)
        self._texture.use(UNITS["pose"])
