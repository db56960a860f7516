"""Compilation of kernels by numba: loops over numbers and arrays as machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Compile a function of numbers and arrays at its first call.

    The machine code is kept beside the source, or in the user's cache folder, for later runs; where
    neither can be written, each run compiles again. The GIL is released while it runs. A cache does
    not notice changes of functions in other files, so that a kernel stands whole in one file.
    """
    try:
        return cast(_F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(_F, numba.njit(nogil=True, error_model="numpy")(function))
