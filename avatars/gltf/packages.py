"""Import optional decoder packages when a file needs them."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType
from typing import Final

from avatars.errors import AvatarError

MESHOPT: Final = "meshopt"
DRACO: Final = "DracoPy"


def decoder(package: str, thing: str) -> ModuleType:
    """Import and return a decoder's module.

    Args:
        package: its name, for importing and for installing.
        thing: what needs it, for the error message.

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
    """Return whether a decoder is installed."""
    return importlib.util.find_spec(package) is not None
