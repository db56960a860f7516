"""Animations of other programs, by the kind of their file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from avatars.vrma import Animation, read_vrma
from renderer.errors import MotionError
from renderer.motion.exchange.bvh import read_bvh

_READERS: Final = {".vrma": read_vrma, ".bvh": read_bvh}


def read_animation(path: Path) -> Animation:
    """The animation in a file.

    Raises:
        RendererError: it is missing, damaged, or of no kind known here.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise MotionError(
            f"Animation {path}", "is of no kind known here", "name a .vrma or .bvh file"
        )
    return reader(path)
