"""Reads animation files of any supported format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from avatars.vrma import Animation, read_vrma
from renderer.errors import MotionError
from renderer.motion.exchange.bvh import read_bvh

_READERS: Final = {".vrma": read_vrma, ".bvh": read_bvh}
_REMEDY: Final = "export the animation again"
_MAX_LENGTH_S: Final = 24 * 3600.0
"""Longest animation in seconds."""

_HIP_HEIGHTS: Final = (0.01, 1000.0)
"""Metres, range of the hips' rest height; wide, since some files use centimetres."""

_MAX_DISTANCE: Final = 1000.0
"""Largest distance of the hips from their rest position, in hip heights."""


def read_animation(path: Path) -> Animation:
    """Read the animation in a file.

    Raises:
        RendererError: the file is missing, damaged, of an unknown kind, or its motion is
            implausible.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise MotionError(
            f"Animation {path}", "is not a known kind of file", "name a .vrma or .bvh file"
        )
    animation = reader(path)
    fault = _find_fault(animation)
    if fault:
        raise MotionError(f"Animation {path}", fault, _REMEDY)
    return animation


def _find_fault(animation: Animation) -> str:
    """Return why an animation cannot be played, such as values from a damaged exponent.

    Or empty.
    """
    height, (lowest, highest) = animation.hips_height, _HIP_HEIGHTS
    if not 0.0 <= animation.duration <= _MAX_LENGTH_S:
        return f"lasts {animation.duration:.3g} s, more than a day"
    if not lowest <= height <= highest:
        return f"has a hip height of {height:.3g} m"
    if not bool((np.abs(animation.hips) <= _MAX_DISTANCE * height).all()):
        return "moves its hips beyond any stage"
    if not bool(np.isfinite(animation.rotations).all()):
        return "has rotations that are not finite"
    return ""
