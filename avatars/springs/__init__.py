"""Read and simulate spring bones: hair, skirts and ribbons with inertia.

Names are imported at their first use, because the simulation imports numba, which reading a file
does not need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from avatars.springs.read import read_springs
    from avatars.springs.records import Springs
    from avatars.springs.simulate import SpringSimulation

__all__ = ["SpringSimulation", "Springs", "read_springs"]

_HOMES: Final = {"SpringSimulation": "simulate", "Springs": "records", "read_springs": "read"}


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
