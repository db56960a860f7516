"""Pack the per-view uniforms that every pass reads, in the layout of shaders/frame.glsl."""

from __future__ import annotations

from typing import Final

import moderngl
import numpy as np

from renderer.graphics.gpu.bounce import floor_bounce
from renderer.graphics.gpu.matrices import Matrix, camera_matrix
from renderer.graphics.gpu.shaders import BLOCKS
from renderer.stage.records import Camera, StageState
from renderer.stage.sets.stage_set import Backdrop

_LAYOUT: Final = np.dtype(
    [
        ("view_projection", "f4", (4, 4)),
        ("inverse_view_projection", "f4", (4, 4)),
        ("camera", "f4", 4),
        ("ambient", "f4", 4),
        ("bounce", "f4", 4),
        ("view", "f4", 4),
        ("forward", "f4", 4),
        ("lens", "f4", 4),
        ("backdrop", "f4", (3, 4)),
    ]
)


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
        self._data = np.zeros((), _LAYOUT)
        self.matrix: Matrix = np.eye(4)
        self.mirrored_matrix: Matrix = np.eye(4)
        self._data["backdrop"][:, :3] = backdrop.top, backdrop.horizon, backdrop.bottom
        self._buffer = context.buffer(reserve=_LAYOUT.itemsize, dynamic=True)
        self._mirrored = context.buffer(reserve=_LAYOUT.itemsize, dynamic=True)

    def write(
        self,
        state: StageState,
        camera: Camera,
        scale: float = 1.0,
        *,
        matrix: Matrix | None = None,
    ) -> None:
        """Upload a frame's camera and ambient light.

        Args:
            scale: sides of the picture that is drawn, as a share of the view's.
            matrix: stage to clip space (4, 4) of a camera that is not upright; None for the
                camera's own.

        Raises:
            GraphicsError: the camera is degenerate.
        """
        data = self._data
        matrix = camera_matrix(camera, self._aspect) if matrix is None else matrix
        self.matrix = matrix
        data["view"][:2] = self._size[0] * scale, self._size[1] * scale
        data["view_projection"] = matrix.T
        data["inverse_view_projection"] = np.linalg.inv(matrix).T
        data["camera"] = *camera.position, state.t_show_ns * 1e-9
        data["ambient"][:3] = state.ambient
        data["bounce"][:3] = floor_bounce(state)
        forward = np.subtract(camera.target, camera.position)
        data["forward"] = *(forward / np.linalg.norm(forward)), 0.0
        data["lens"] = camera.near, camera.far, state.floor.height_m, state.floor.mirror
        self._buffer.write(data)

    def write_mirrored(self) -> None:
        """Upload the mirrored camera of the last written frame, for the floor's reflection."""
        data = self._data.copy()
        mirror = np.diag((1.0, -1.0, 1.0, 1.0))
        mirror[1, 3] = 2.0 * float(data["lens"][2])
        data["view_projection"] = mirror.T @ data["view_projection"]
        data["inverse_view_projection"] = data["inverse_view_projection"] @ mirror.T
        self.mirrored_matrix = self.matrix @ mirror
        data["camera"][1] = mirror[1, 3] - data["camera"][1]
        data["forward"][1] *= -1.0
        data["forward"][3] = 1.0
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
