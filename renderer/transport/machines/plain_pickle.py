"""Serialize messages of the program for another machine, and read nothing but such messages.

A pickle can name any function to be called. These name only the program's own records (data
classes, structs, enumerations and errors) and a few plain types of the standard library, so that a
machine that was taken over can send wrong values and no code.
"""

from __future__ import annotations

import importlib
import io
import pickle
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, Final

import msgspec

from renderer.errors import DeskError, RendererError

_PROGRAM: Final = "renderer."
_PLAIN: Final = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("fractions", "Fraction"),
    ("msgspec._core", "rebuild"),
    ("pathlib", "Path"),
    ("pathlib", "PosixPath"),
    ("pathlib", "WindowsPath"),
}
"""What a message may contain besides the program's own records."""


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Return a type that a message may contain.

        Raises:
            pickle.UnpicklingError: it may not.
        """
        if (module, name) not in _PLAIN and not module.startswith(_PROGRAM):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a message")
        found = getattr(importlib.import_module(module), name)
        if (module, name) in _PLAIN or _is_record(found):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no record")


def dumps(message: object) -> bytes:
    """Serialize a message."""
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def loads(data: bytes) -> Any:
    """Deserialize a message.

    Raises:
        DeskError: it is none, or contains what none may.
    """
    try:
        return _Reader(io.BytesIO(data)).load()
    except Exception as fault:
        raise DeskError(
            "a message of another machine",
            f"cannot be read ({type(fault).__name__}: {fault})",
            "install the same version of Encore on both",
        ) from fault


def _is_record(found: object) -> bool:
    return isinstance(found, type) and (
        is_dataclass(found) or issubclass(found, msgspec.Struct | Enum | RendererError)
    )
