"""Pack the per-view uniforms that every pass reads, in the layout of shaders/frame.glsl."""

from __future__ import annotations

import math
from typing import Final

import moderngl
import numpy as np

from renderer.graphics.gpu.bounce import floor_bounce
from renderer.graphics.gpu.matrices import Matrix, camera_matrix, invert
from renderer.graphics.gpu.shaders import BLOCKS
from renderer.stage.records import Camera, StageState
from renderer.stage.sets.stage_set import Backdrop

_FLOATS: Final = 68
_INVERSE, _CAMERA, _FORWARD, _LENS, _BACKDROP = 16, 32, 48, 52, 56
"""Index of the first float of members of the block; the first matrix is at 0. Matrices are stored
by columns."""


class FrameBlock:
    """The uniform buffers of one view: one for its camera, one for the floor's reflection.

    Attributes:
        matrix: stage to clip space (4, 4), of the last written frame.
        mirrored_matrix: the same of the floor's reflection.
    """

    def __init__(
        self, context: moderngl.Context, size: tuple[int, int], backdrop: Backdrop
    ) -> None:
        self._size = size
        self._aspect = size[0] / size[1]
        self._data = np.zeros(_FLOATS, np.float32)
        self._reflected = np.zeros(_FLOATS, np.float32)
        self.matrix: Matrix = np.eye(4)
        self.mirrored_matrix: Matrix = np.eye(4)
        # By rows, as numpy multiplies and OpenGL does not.
        self._matrix = self._data[:_INVERSE].reshape(4, 4).T
        self._inverse = self._data[_INVERSE:_CAMERA].reshape(4, 4).T
        self._data[_BACKDROP:].reshape(3, 4)[:, :3] = (
            backdrop.top, backdrop.horizon, backdrop.bottom,
        )  # fmt: skip
        self._buffer = context.buffer(reserve=self._data.nbytes, dynamic=True)
        self._mirrored = context.buffer(reserve=self._data.nbytes, dynamic=True)

    def write(
        self,
        state: StageState,
        camera: Camera,
        scale: float = 1.0,
        *,
        matrices: tuple[Matrix, Matrix] | None = None,
    ) -> None:
        """Upload a frame's camera and ambient light.

        Args:
            scale: sides of the picture that is drawn, as a share of the view's.
            matrices: stage to clip space (4, 4) and its inverse, of a camera that is not upright;
                None for the camera's own.

        Raises:
            GraphicsError: the camera is degenerate.
        """
        data, eye = self._data, camera.position
        if matrices is None:
            matrix = camera_matrix(camera, self._aspect)
            matrices = matrix, invert(matrix)
        self.matrix = matrices[0]
        self._matrix[:], self._inverse[:] = matrices
        target = camera.target
        x, y, z = target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]
        length = math.hypot(x, y, z)
        floor = state.floor
        data[_CAMERA:_BACKDROP] = (
            *eye, state.t_show_ns * 1e-9,
            *state.ambient, 0.0,
            *floor_bounce(state), 0.0,
            self._size[0] * scale, self._size[1] * scale, 0.0, 0.0,
            x / length, y / length, z / length, 0.0,
            camera.near, camera.far, floor.height_m, floor.mirror,
        )  # fmt: skip
        self._buffer.write(data)

    def write_mirrored(self) -> None:
        """Upload the mirrored camera of the last written frame, for the floor's reflection."""
        data = self._reflected
        data[:] = self._data
        twice = 2.0 * float(data[_LENS + 2])
        # The point at height y is seen where the one at 2 h - y is.
        self.mirrored_matrix = mirrored = self.matrix.copy()
        mirrored[:, 3] += twice * mirrored[:, 1]
        mirrored[:, 1] *= -1.0
        data[:_INVERSE].reshape(4, 4)[:] = mirrored.T
        back = data[_INVERSE:_CAMERA].reshape(4, 4)
        back[:, 1] = twice * back[:, 3] - back[:, 1]
        data[_CAMERA + 1] = twice - data[_CAMERA + 1]
        data[_FORWARD + 1] *= -1.0
        data[_FORWARD + 3] = 1.0
        self._mirrored.write(data)

    def bind(self) -> None:
        """Bind this view's uniforms for the next passes."""
        self._buffer.bind_to_uniform_block(BLOCKS["Frame"])

    def bind_mirrored(self) -> None:
        """Bind the uniforms of this view's floor reflection for the next passes."""
        self._mirrored.bind_to_uniform_block(BLOCKS["Frame"])

    def release(self) -> None:
        """Release the buffers."""
        self._buffer.release()
        self._mirrored.release()
