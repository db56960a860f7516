"""Import MediaPipe without matplotlib, which it loads for one function that draws plots.

That function is never called here, and matplotlib is half of the processor time of a capture's
start. Everything of MediaPipe is imported from this module.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Final

_PLOTS: Final = ("matplotlib", "matplotlib.pyplot")


@contextmanager
def _without_plots() -> Iterator[None]:
    """Let imports inside find empty modules in place of matplotlib, unless it is loaded."""
    if _PLOTS[0] in sys.modules:
        yield
        return
    package, pyplot = (ModuleType(name) for name in _PLOTS)
    vars(package)["pyplot"] = pyplot
    empty = dict(zip(_PLOTS, (package, pyplot), strict=True))
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in _PLOTS:
            if sys.modules.get(name) is empty[name]:
                del sys.modules[name]


with _without_plots():
    import mediapipe as mp
    from mediapipe.tasks.metadata import schema_py_generated as schema
    from mediapipe.tasks.python import BaseOptions, vision

__all__ = ["BaseOptions", "mp", "schema", "vision"]
