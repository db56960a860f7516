"""Issue recorded OpenGL commands from compiled code: one call from Python for any number of them.

A command that Python issues by one of moderngl's methods costs several times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import moderngl
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from avatars.compile import compiled

I64 = npt.NDArray[np.int64]

ENABLE, DISABLE, TEXTURE, BLOCK, INTEGER, FLOATS, TRIANGLES, TRANSFORM, COPY = range(9)
"""Kinds of commands, in the first column of a row."""
ROW: Final = 6
"""Integers in a row: the kind and its arguments; see `_play`."""

_FUNCTIONS: Final = (
    "glEnable", "glDisable", "glActiveTexture", "glBindTexture", "glBindBufferRange",
    "glUseProgram", "glBindVertexArray", "glDrawElements", "glUniform1i", "glUniform1fv",
    "glBindBufferBase", "glBeginTransformFeedback", "glDrawArrays", "glEndTransformFeedback",
    "glBindBuffer", "glCopyBufferSubData",
)  # fmt: skip
(
    _ENABLE, _DISABLE, _ACTIVATE, _BIND_TEXTURE, _BIND_RANGE,
    _USE, _BIND_ARRAY, _DRAW, _SET_INTEGER, _SET_FLOATS,
    _BIND_BASE, _BEGIN_FEEDBACK, _DRAW_ARRAYS, _END_FEEDBACK,
    _BIND_BUFFER, _COPY_BUFFER,
) = range(len(_FUNCTIONS))  # fmt: skip
_TEXTURE_0: Final = 0x84C0
_UNIFORM_BUFFER: Final = 0x8A11
_COPY_READ: Final = 0x8F36
_COPY_WRITE: Final = 0x8F37
_FEEDBACK_BUFFER: Final = 0x8C8E
_RASTERIZER_DISCARD: Final = 0x8C89
_GL_POINTS: Final = 0x0000
_GL_TRIANGLES: Final = 0x0004
_UNSIGNED_INT: Final = 0x1405
"""OpenGL's constants."""


class CommandPlayer:
    """Calls OpenGL's functions by their addresses, which hold for one context.

    Args:
        context: in which commands are played; it must be current then.
    """

    def __init__(self, context: moderngl.Context) -> None:
        load = context.mglo._context.load
        self._addresses = np.array([load(name) for name in _FUNCTIONS], np.int64)
        # Compiled now rather than in a show's first frame.
        self.play(pack_rows(()))

    def play(self, rows: I64) -> None:
        """Issue commands (n, 6) in order."""
        _play(self._addresses, rows)


def pack_rows(commands: Sequence[tuple[int, ...]]) -> I64:
    """Return commands, each with its arguments, as rows (n, 6)."""
    rows = np.zeros((len(commands), ROW), np.int64)
    for row, command in zip(rows, commands, strict=True):
        row[: len(command)] = command
    return rows


def _foreign(*bits: int) -> Any:
    """Return a function for compiled code: it calls an address with integers of these sizes."""
    kinds = [ir.IntType(size) for size in bits]
    function = ir.FunctionType(ir.VoidType(), kinds).as_pointer()

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        address, numbers = arguments
        values = [builder.extract_value(numbers, place) for place in range(len(kinds))]
        builder.call(
            builder.inttoptr(address, function),
            [
                value if kind.width == value.type.width else builder.trunc(value, kind)
                for value, kind in zip(values, kinds, strict=True)
            ],
        )
        return context.get_dummy_value()

    @intrinsic
    def call(_typing: Any, address: Any, numbers: Any) -> Any:
        return types.void(address, numbers), generate

    return call


_call_0: Final = _foreign()
_call_1: Final = _foreign(32)
_call_2: Final = _foreign(32, 32)
_call_3: Final = _foreign(32, 32, 32)
_call_pointer: Final = _foreign(32, 32, 64)
_call_draw: Final = _foreign(32, 32, 32, 64)
_call_range: Final = _foreign(32, 32, 32, 64, 64)
_call_copy: Final = _foreign(32, 32, 64, 64, 64)


@compiled
def _play(f: I64, rows: I64) -> None:
    """Call the functions of all rows; programs and vertex arrays only if they change.

    Args:
        f: addresses of the functions, in the order of _FUNCTIONS.
        rows: (n, 6) kind, then: ENABLE and DISABLE the capability; TEXTURE the unit, target and
            name; BLOCK the binding point, buffer, offset and size in bytes; INTEGER the program,
            location and value; FLOATS the program, location, number of floats and their address;
            TRIANGLES the program, vertex array, number of indices and offset of the first in
            bytes; TRANSFORM the program, vertex array, number of vertices and output buffer; COPY
            the source, target and size in bytes.
    """
    program = array = np.int64(-1)
    for number in range(len(rows)):
        kind = rows[number, 0]
        a, b, c, d = rows[number, 1], rows[number, 2], rows[number, 3], rows[number, 4]
        if INTEGER <= kind <= TRANSFORM and a != program:
            program = a
            _call_1(f[_USE], (a,))
        if TRIANGLES <= kind <= TRANSFORM and b != array:
            array = b
            _call_1(f[_BIND_ARRAY], (b,))
        if kind == TEXTURE:
            _call_1(f[_ACTIVATE], (_TEXTURE_0 + a,))
            _call_2(f[_BIND_TEXTURE], (b, c))
        elif kind == BLOCK:
            _call_range(f[_BIND_RANGE], (np.int64(_UNIFORM_BUFFER), a, b, c, d))
        elif kind == TRIANGLES:
            _call_draw(f[_DRAW], (np.int64(_GL_TRIANGLES), c, np.int64(_UNSIGNED_INT), d))
        elif kind == ENABLE:
            _call_1(f[_ENABLE], (a,))
        elif kind == DISABLE:
            _call_1(f[_DISABLE], (a,))
        elif kind == INTEGER:
            _call_2(f[_SET_INTEGER], (b, c))
        elif kind == FLOATS:
            _call_pointer(f[_SET_FLOATS], (b, c, d))
        elif kind == TRANSFORM:
            _call_3(f[_BIND_BASE], (np.int64(_FEEDBACK_BUFFER), np.int64(0), d))
            _call_1(f[_ENABLE], (np.int64(_RASTERIZER_DISCARD),))
            _call_1(f[_BEGIN_FEEDBACK], (np.int64(_GL_POINTS),))
            _call_3(f[_DRAW_ARRAYS], (np.int64(_GL_POINTS), np.int64(0), c))
            _call_0(f[_END_FEEDBACK], ())
            _call_1(f[_DISABLE], (np.int64(_RASTERIZER_DISCARD),))
        elif kind == COPY:
            _call_2(f[_BIND_BUFFER], (np.int64(_COPY_READ), a))
            _call_2(f[_BIND_BUFFER], (np.int64(_COPY_WRITE), b))
            _call_copy(
                f[_COPY_BUFFER],
                (np.int64(_COPY_READ), np.int64(_COPY_WRITE), np.int64(0), np.int64(0), c),
            )
