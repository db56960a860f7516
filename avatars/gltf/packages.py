"""Decoders that not every installation has: they are asked for by name when a file needs one."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType
from typing import Final

from avatars.errors import AvatarError

MESHOPT: Final = "meshopt"
DRACO: Final = "DracoPy"


def decoder(package: str, thing: str) -> ModuleType:
    """A decoder's module.

    Args:
        package: its name, for importing and for installing.
        thing: what needs it, for the error.

    Raises:
        AvatarError: it is not installed.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise AvatarError(
            thing,
            f"is compressed, and the package {package} that opens it is not installed",
            f"install {package}, or export the avatar without compression",
        ) from error


def is_installed(package: str) -> bool:
    """Whether a decoder is there."""
    return importlib.util.find_spec(package) is not None
