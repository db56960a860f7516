"""The avatar as plain numpy data: reading, posing, writing, building."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from avatars.load import load_avatar

__all__ = ["load_avatar"]


def __getattr__(name: str) -> Any:
    """Return `load_avatar`, loading numba with it only when a caller asks for it (PEP 562)."""
    if name != "load_avatar":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from avatars.load import load_avatar

    return load_avatar
