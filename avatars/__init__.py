"""Read, pose, write, check and build avatars as plain numpy data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from avatars.load import load_avatar

__all__ = ["load_avatar"]


def __getattr__(name: str) -> Any:
    """Import `load_avatar` at its first use (PEP 562), because it imports numba."""
    if name != "load_avatar":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from avatars.load import load_avatar

    return load_avatar
