"""Make the OpenGL calls that moderngl does not wrap. They need a current context.

PyOpenGL's raw functions are plain ctypes calls, which release the GIL while they wait;
moderngl's do not.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from renderer.errors import GraphicsError
from renderer.platform import PLATFORM

if PLATFORM.pyopengl_platform is not None:
    os.environ.setdefault("PYOPENGL_PLATFORM", PLATFORM.pyopengl_platform)

from OpenGL.raw.GL.VERSION import GL_1_0, GL_1_4, GL_1_5, GL_2_1, GL_3_2

_SECOND_NS = 1_000_000_000


def mirror_bound_texture(s: bool, t: bool) -> None:
    """Set the 2D texture bound to the active unit to mirrored repeat."""
    for wanted, axis in ((s, GL_1_0.GL_TEXTURE_WRAP_S), (t, GL_1_0.GL_TEXTURE_WRAP_T)):
        if wanted:
            GL_1_0.glTexParameteri(GL_1_0.GL_TEXTURE_2D, axis, GL_1_4.GL_MIRRORED_REPEAT)


def start_reading(buffer: int, width: int, height: int) -> Any:
    """Queue a copy of the bound framebuffer's red channel into a pixel buffer; does not block.

    Returns:
        A fence that is signalled when the copy is complete.
    """
    GL_1_5.glBindBuffer(GL_2_1.GL_PIXEL_PACK_BUFFER, buffer)
    GL_1_0.glPixelStorei(GL_1_0.GL_PACK_ALIGNMENT, 1)
    GL_1_0.glReadPixels(0, 0, width, height, GL_1_0.GL_RED, GL_1_0.GL_UNSIGNED_BYTE, None)
    GL_1_5.glBindBuffer(GL_2_1.GL_PIXEL_PACK_BUFFER, 0)
    return GL_3_2.glFenceSync(GL_3_2.GL_SYNC_GPU_COMMANDS_COMPLETE, 0)


def delete_fence(fence: Any) -> None:
    """Delete a fence that is no longer needed."""
    GL_3_2.glDeleteSync(fence)


def finish_reading(buffer: int, fence: Any, into: npt.NDArray[np.uint8]) -> None:
    """Wait for a fence and copy the pixel buffer out, with the GIL released meanwhile.

    Raises:
        GraphicsError: the GPU has not finished the frame within ten seconds.
    """
    result = GL_3_2.glClientWaitSync(fence, GL_3_2.GL_SYNC_FLUSH_COMMANDS_BIT, 10 * _SECOND_NS)
    GL_3_2.glDeleteSync(fence)
    if result not in (GL_3_2.GL_ALREADY_SIGNALED, GL_3_2.GL_CONDITION_SATISFIED):
        raise GraphicsError(
            "the GPU", "it did not finish a frame in ten seconds", "restart the graphics driver"
        )
    GL_1_5.glBindBuffer(GL_2_1.GL_PIXEL_PACK_BUFFER, buffer)
    address = ctypes.c_void_p(into.ctypes.data)
    GL_1_5.glGetBufferSubData(GL_2_1.GL_PIXEL_PACK_BUFFER, 0, into.nbytes, address)
    GL_1_5.glBindBuffer(GL_2_1.GL_PIXEL_PACK_BUFFER, 0)
