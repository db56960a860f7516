"""Read finished pictures back from the GPU asynchronously: in order and without loss.

On a GPU, a ring of pixel buffers transfers a frame while the next ones are drawn: a frame is
collected once `latency` newer ones are in flight. A software rasteriser draws on the CPU, so
there is nothing to overlap: with latency 0 the picture is read directly from the target, and
converted to YUV afterwards.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import moderngl
import numpy as np

from renderer.errors import GraphicsError
from renderer.graphics.gpu import gl
from renderer.graphics.gpu.yuv_planes import convert_yuv
from renderer.graphics.records import ProgramFrame
from renderer.stage.records import StageState
from renderer.transport.pixel_layout import PixelLayout

GPU_LATENCY: Final = 2


class Readback:
    """The queue of frames in flight.

    Args:
        target: the framebuffer whose bytes are read.
        latency: number of frames that stay in flight after a collect.
        layout: of the frames.
        converts: whether the target is an RGBA picture, to be converted to the layout; only without
            latency.
    """

    def __init__(
        self,
        context: moderngl.Context,
        target: moderngl.Framebuffer,
        latency: int,
        layout: PixelLayout = PixelLayout.I420,
        *,
        converts: bool = False,
    ) -> None:
        self._target = target
        self._latency = latency
        self._layout, self._components = layout, layout.components
        width, height = target.size
        self._pixels = np.zeros((height, width), np.uint32) if converts else None
        rows = height * 3 // 2 if converts else height
        self._planes = np.zeros((rows, width * self._components), np.uint8)
        if converts:
            # Compiled now rather than in a show's first frame.
            convert_yuv(np.zeros((2, 2), np.uint32), np.zeros((3, 2), np.uint8), interleaved=False)
        ring = latency + 1 if latency else 0
        self._free = deque(context.buffer(reserve=self._planes.nbytes) for _ in range(ring))
        self._pending: deque[tuple[ProgramFrame, moderngl.Buffer | None, Any]] = deque()

    def require_room(self) -> None:
        """Check that the next frame would not overwrite one that has not been collected.

        Raises:
            GraphicsError: the ring is full.
        """
        if len(self._pending) > self._latency:
            raise GraphicsError(
                f"frame {self._pending[0][0].number}",
                "it would be overwritten before anyone has collected it",
                "call collect() after every draw()",
            )

    def push(self, state: StageState) -> None:
        """Start copying the target, which holds a state's picture."""
        frame = ProgramFrame(
            self._planes, state.number, state.t_show_ns, state.t_seen_ns, self._layout
        )
        if not self._latency:
            self._pending.append((frame, None, None))
            return
        buffer = self._free.popleft()
        self._target.use()
        fence = gl.start_reading(buffer.glo, *self._target.size, self._components)
        self._pending.append((frame, buffer, fence))

    @property
    def under_way(self) -> int:
        """Return the number of frames that have been drawn and not collected."""
        return len(self._pending)

    def drop_after(self, count: int) -> None:
        """Drop the newest frames until `count` are left, so that they can be drawn again."""
        while len(self._pending) > count:
            _, buffer, fence = self._pending.pop()
            if buffer is not None:
                gl.delete_fence(fence)
                self._free.append(buffer)

    def release(self) -> None:
        """Release the buffers; frames in flight are lost."""
        for buffer in (*self._free, *(pending[1] for pending in self._pending)):
            if buffer is not None:
                buffer.release()
        self._free.clear()
        self._pending.clear()

    def collect(self) -> ProgramFrame | None:
        """Return the oldest frame if more than `latency` are in flight."""
        return self.drain_one() if len(self._pending) > self._latency else None

    def drain_one(self) -> ProgramFrame | None:
        """Return the oldest frame regardless of the latency; None if all have been collected."""
        if not self._pending:
            return None
        frame, buffer, fence = self._pending.popleft()
        if self._pixels is not None:
            self._target.read_into(self._pixels, components=4, alignment=1)
            convert_yuv(self._pixels, self._planes, interleaved=self._layout is PixelLayout.NV12)
        elif buffer is None:
            self._target.read_into(self._planes, components=self._components, alignment=1)
        else:
            gl.finish_reading(buffer.glo, fence, self._planes)
            self._free.append(buffer)
        return frame
