"""Compile kernels, loops over numbers and arrays, to machine code with numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Compile a function of numbers and arrays at its first call.

    The machine code is cached beside the source, or in the user's cache folder, for later runs; if
    neither is writable, each run compiles again. The function releases the GIL. numba's cache does
    not detect changes to functions in other files, so each kernel must be complete in one file.
    """
    try:
        return cast(_F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(_F, numba.njit(nogil=True, error_model="numpy")(function))
