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

from OpenGL.raw.GL.VERSION import GL_1_0, GL_1_1, GL_1_3, GL_1_4, GL_1_5, GL_2_1, GL_3_2

SEAMLESS_CUBE_MAPS = int(GL_3_2.GL_TEXTURE_CUBE_MAP_SEAMLESS)
"""Capability that filters a cubemap across the edges of its faces."""
_INDEX_BYTES = 4
_SECOND_NS = 1_000_000_000
_CONTEXT_LOST = 0x0507
"""GL_CONTEXT_LOST (OpenGL 4.5): set after a GPU reset until the context is recreated."""
_MOST_ERRORS = 16
"""Maximum number of errors to read: a lost context reports its loss forever."""


class ContextLostError(GraphicsError):
    """The GPU was reset: the context and everything in it are lost."""


def check_errors(thing: str) -> None:
    """Read the context's error flags after drawing an object, whose name begins the message.

    Other flags than these two are programming errors, and are left to the driver's log.

    Raises:
        ContextLostError: the GPU was reset, and nothing will be drawn in this context.
        GraphicsError: the GPU is out of memory.
    """
    for _ in range(_MOST_ERRORS):
        code = int(GL_1_0.glGetError())
        if code == _CONTEXT_LOST:
            raise ContextLostError(thing, "the GPU was reset", "wait until it is opened again")
        if code == GL_1_0.GL_OUT_OF_MEMORY:
            raise GraphicsError(
                thing, "the GPU has no memory left", "use smaller textures or a smaller picture"
            )
        if code == GL_1_0.GL_NO_ERROR:
            return


def mirror_bound_texture(s: bool, t: bool) -> None:
    """Set the 2D texture bound to the active unit to mirrored repeat."""
    for wanted, axis in ((s, GL_1_0.GL_TEXTURE_WRAP_S), (t, GL_1_0.GL_TEXTURE_WRAP_T)):
        if wanted:
            GL_1_0.glTexParameteri(GL_1_0.GL_TEXTURE_2D, axis, GL_1_4.GL_MIRRORED_REPEAT)


def copy_to_cube_face(face: int, side: int) -> None:
    """Copy the bound framebuffer into a face of the cubemap bound to the active unit.

    Args:
        face: its number in OpenGL's order.
        side: of the face and the framebuffer, texels.
    """
    target = GL_1_3.GL_TEXTURE_CUBE_MAP_POSITIVE_X + face
    GL_1_1.glCopyTexSubImage2D(target, 0, 0, 0, 0, 0, side, side)


class IndexRanges:
    """Ranges of a vertex array's indices that one call draws as triangles.

    Args:
        ranges: (r, 2) first index and number of indices of each.
    """

    def __init__(self, ranges: npt.NDArray[np.int64]) -> None:
        self._count = len(ranges)
        # Not ctypes arrays: ctypes keeps a type for every length.
        self._arrays = ranges[:, 1].astype(np.int32), (_INDEX_BYTES * ranges[:, 0]).astype(np.uintp)
        counts, offsets = self._arrays
        self._counts = counts.ctypes.data_as(ctypes.POINTER(ctypes.c_int))
        self._offsets = offsets.ctypes.data_as(ctypes.POINTER(ctypes.c_void_p))

    def draw(self) -> None:
        """Draw them with the program and the vertex array that drew last."""
        GL_1_4.glMultiDrawElements(
            GL_1_0.GL_TRIANGLES, self._counts, GL_1_1.GL_UNSIGNED_INT, self._offsets, self._count
        )


def start_reading(buffer: int, width: int, height: int, components: int) -> Any:
    """Queue a copy of the bound framebuffer into a pixel buffer; does not block.

    Args:
        buffer: OpenGL name of the pixel buffer.
        width, height: of the framebuffer, texels.
        components: 1 for the red channel, 4 for RGBA.

    Returns:
        A fence that is signalled when the copy is complete.
    """
    GL_1_5.glBindBuffer(GL_2_1.GL_PIXEL_PACK_BUFFER, buffer)
    GL_1_0.glPixelStorei(GL_1_0.GL_PACK_ALIGNMENT, 1)
    channels = GL_1_0.GL_RGBA if components == 4 else GL_1_0.GL_RED
    GL_1_0.glReadPixels(0, 0, width, height, channels, GL_1_0.GL_UNSIGNED_BYTE, None)
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
