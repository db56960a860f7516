"""Read finished pictures back from the GPU: in order, none lost, without waiting for the GPU.

On a GPU a ring of pixel buffers lets a frame travel while the next ones are drawn: a frame is
collected once `latency` younger ones are under way. A software rasteriser draws on the same
processor, so there is nothing to overlap: with latency 0 the picture is read where it lies.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import moderngl
import numpy as np

from renderer.errors import GraphicsError
from renderer.graphics.gpu import gl
from renderer.graphics.records import ProgramFrame
from renderer.stage.records import StageState

GPU_LATENCY: Final = 2


class Readback:
    """The frames that are drawn and not yet collected.

    Args:
        target: the framebuffer of I420 bytes, (width, height * 3 // 2).
        latency: how many frames stay under way after a collect.
    """

    def __init__(
        self, context: moderngl.Context, target: moderngl.Framebuffer, latency: int
    ) -> None:
        self._target = target
        self._latency = latency
        width, height = target.size
        self._planes = np.zeros((height, width), np.uint8)
        ring = latency + 1 if latency else 0
        self._free = deque(context.buffer(reserve=width * height) for _ in range(ring))
        self._pending: deque[tuple[ProgramFrame, moderngl.Buffer | None, Any]] = deque()

    def require_room(self) -> None:
        """Refuse a frame that would overwrite one that nobody has collected.

        Raises:
            GraphicsError: when the ring is full.
        """
        if len(self._pending) > self._latency:
            raise GraphicsError(
                f"frame {self._pending[0][0].number}",
                "it would be overwritten before anyone has collected it",
                "call collect() after every draw()",
            )

    def push(self, state: StageState) -> None:
        """Start the copy of a state's picture, which the target holds."""
        frame = ProgramFrame(self._planes, state.number, state.t_show_ns, state.t_seen_ns)
        if not self._latency:
            self._pending.append((frame, None, None))
            return
        buffer = self._free.popleft()
        self._target.use()
        fence = gl.start_reading(buffer.glo, *self._target.size)
        self._pending.append((frame, buffer, fence))

    @property
    def under_way(self) -> int:
        """Frames that are drawn and not yet collected."""
        return len(self._pending)

    def drop_after(self, count: int) -> None:
        """Forget the newest frames until `count` are left, to draw them once more."""
        while len(self._pending) > count:
            _, buffer, fence = self._pending.pop()
            if buffer is not None:
                gl.delete_fence(fence)
                self._free.append(buffer)

    def release(self) -> None:
        """Give the buffers back to the driver; frames under way are lost."""
        for buffer in (*self._free, *(pending[1] for pending in self._pending)):
            if buffer is not None:
                buffer.release()
        self._free.clear()
        self._pending.clear()

    def collect(self) -> ProgramFrame | None:
        """Return the oldest frame, once more than `latency` are under way."""
        return self.drain_one() if len(self._pending) > self._latency else None

    def drain_one(self) -> ProgramFrame | None:
        """Return the oldest frame, whatever its age; None when all are collected."""
        if not self._pending:
            return None
        frame, buffer, fence = self._pending.popleft()
        if buffer is None:
            self._target.read_into(self._planes, components=1, alignment=1)
        else:
            gl.finish_reading(buffer.glo, fence, self._planes)
            self._free.append(buffer)
        return frame
