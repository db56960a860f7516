"""Compile kernels, loops over numbers and arrays, to machine code with numba."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar, cast

import numba

_F = TypeVar("_F", bound=Callable[..., Any])


def compiled(function: _F) -> _F:
    """Compile a function of numbers and arrays at its first call.

    The machine code is cached beside the source, or in the user's cache folder, for later runs; if
    neither is writable, each run compiles again. The function releases the GIL. numba's cache does
    not detect changes to functions in other files: a kernel that calls any is `compiled_with` them.
    """
    try:
        return cast(_F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(_F, numba.njit(nogil=True, error_model="numpy")(function))


def compiled_with(*modules: ModuleType) -> Callable[[_F], _F]:
    """Return `compiled` for functions that call compiled ones of other files.

    The name in numba's cache contains the hash of those files, so that a change to any of them
    compiles the kernel again.

    Args:
        modules: whose functions are called, directly or by others.
    """
    digest = hashlib.sha256()
    for module in modules:
        digest.update(inspect.getsource(module).encode())
    salt = digest.hexdigest()[:12]

    def compile_salted(function: _F) -> _F:
        function.__qualname__ = f"{function.__qualname__}_{salt}"
        return compiled(function)

    return compile_salted
