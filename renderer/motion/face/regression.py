"""Face shapes read from how lips, nose, cheeks and chin differ from their rest.

The scores are dead to most of them and no single measure tells them apart: pressed lips, dimples
and a stretched mouth are as wide as a smile, a sneer draws brows together as a frown does. All
measures together do, each taken by itself, by its size, and times the lips' gap, since open lips
change what all others mean. The sum's weights are least squares over performers who move every
shape by itself, and two at a time (`python -m renderer.training.face`).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from renderer.motion.face.surface import LEARNT, SURFACE

READ: Final = (
    "noseSneer", "mouthPress", "mouthRoll", "mouthSmile", "mouthFrown", "mouthUpperUp",
    "mouthStretch",
)  # fmt: skip
"""Shapes, or beginnings of the names of shapes that are read as one. Faces are kept with numbers in
this order: what is added goes to the end."""

_GAP_WEIGHT: Final = 5.0
"""Of products with the gap beside the measures themselves, which are of a like size then."""

_NOISES: Final = {"mouthSmile": 0.1, "noseSneer": 0.4, "mouthPress": 0.45, "mouthStretch": 0.45}
_NOISE: Final = np.array([_NOISES.get(name, 0.3) for name in READ])
"""Of a whole shape: less is noise. Smiles are slight and sure; lids that sink look like a sneer,
corners that droop or lips that are pressed like a stretched mouth."""


def features(gap: Array, off: Array) -> Array:
    """What is weighed, (..., 78).

    Args:
        gap: (...) facepoints' GAP.
        off: (..., 25) facesurface.SURFACE less their rest.
    """
    measures = np.concatenate((gap[..., None], off), axis=-1)
    opened = _GAP_WEIGHT * np.maximum(gap, 0.0)[..., None]
    return np.concatenate((measures, measures * opened, np.abs(measures)), axis=-1)


@cache
def _learnt() -> tuple[Array, Array]:
    """Weights (78, 7) and what they give of whole shapes (7,), less than 1 as least squares are."""
    with (files("renderer.motion.face") / LEARNT).open("rb") as file, np.load(file) as kept:
        weights, whole = (kept[name].astype(np.float64) for name in ("weights", "whole"))
    if weights.shape != (3 * (len(SURFACE) + 1), len(READ)) or whole.shape != (len(READ),):
        raise RuntimeError(f"{LEARNT} is of other measures: train anew")
    return weights, whole


def whole_read() -> Array:
    """(7,) what is read of whole shapes of performers who are not known; a copy."""
    return _learnt()[1].copy()


def sums_read(gap: float, off: Array) -> Array:
    """The weighed sums (7,) of READ's shapes; see `features`."""
    out: Array = features(np.array(gap), off) @ _learnt()[0]
    return out


def predict_shapes(sums: Array, whole: Array) -> Array:
    """READ's shapes (..., 7), 0 to 1, of weighed sums and of those of whole shapes (7,)."""
    return clamp((sums / whole - _NOISE) / (1.0 - _NOISE), 0.0, 1.0)
