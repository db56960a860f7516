"""Animations of other programs, by the kind of their file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from avatars.vrma import Animation, read_vrma
from renderer.errors import MotionError
from renderer.motion.exchange.bvh import read_bvh

_READERS: Final = {".vrma": read_vrma, ".bvh": read_bvh}
_REMEDY: Final = "export the animation again"
_LONGEST_S: Final = 24 * 3600.0
_HEIGHTS: Final = (0.01, 1000.0)
"""Metres that hips may stand over the floor at rest: some files measure in centimetres."""

_FARTHEST: Final = 1000.0
"""How far hips may go from their rest, over their height."""


def read_animation(path: Path) -> Animation:
    """The animation in a file.

    Raises:
        RendererError: it is missing, damaged, of no kind known here, or moves as nobody can.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise MotionError(
            f"Animation {path}", "is of no kind known here", "name a .vrma or .bvh file"
        )
    animation = reader(path)
    fault = _fault(animation)
    if fault:
        raise MotionError(f"Animation {path}", fault, _REMEDY)
    return animation


def _fault(animation: Animation) -> str:
    """What cannot be played, such as numbers that a damaged exponent has made; empty if nothing."""
    height, (lowest, highest) = animation.hips_height, _HEIGHTS
    if not 0.0 <= animation.duration <= _LONGEST_S:
        return f"lasts {animation.duration:.3g} s, which is longer than a day"
    if not lowest <= height <= highest:
        return f"has hips that stand {height:.3g} m over the floor"
    if not bool((np.abs(animation.hips) <= _FARTHEST * height).all()):
        return "leads its hips beyond any stage"
    if not bool(np.isfinite(animation.rotations).all()):
        return "has rotations that are none"
    return ""
