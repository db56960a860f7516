"""Compile loops over numbers and arrays into machine code, by numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Return a function that is compiled at its first call.

    The machine code is kept beside the source, or in the user's cache folder, for later runs;
    where neither can be written, each run compiles it again. The GIL is released while it runs.
    """
    try:
        return cast(_F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(_F, numba.njit(nogil=True, error_model="numpy")(function))
