"""Linear regression of face shapes from the measures of lips, nose, cheeks and chin.

The detector's scores are dead for most of these shapes, and no single measure separates them:
pressed lips, dimples and a stretched mouth are as wide as a smile; a sneer draws the brows together
as a frown does. All measures together separate them: each by itself, by its absolute value, and
times the gap between the lips, since open lips change what the others mean. The weights are a
least-squares fit over performers who move every shape alone, and two at a time (`python -m
renderer.training.face`).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp
from renderer.motion.face.surface import LEARNT, SURFACE

REGRESSED_SHAPES: Final = (
    "noseSneer", "mouthPress", "mouthRoll", "mouthSmile", "mouthFrown", "mouthUpperUp",
    "mouthStretch",
)  # fmt: skip
"""Shapes, or prefixes of shapes that are predicted as one. Stored profiles hold numbers in this
order: new shapes go to the end."""

_GAP_PRODUCT_WEIGHT: Final = 5.0
"""Scale of the products with the gap, which gives them a similar size to the measures themselves.
"""

_NOISE_BY_SHAPE: Final = {
    "mouthSmile": 0.1,
    "noseSneer": 0.4,
    "mouthPress": 0.45,
    "mouthStretch": 0.45,
}
_NOISE: Final = np.array([_NOISE_BY_SHAPE.get(name, 0.3) for name in REGRESSED_SHAPES])
"""(7,) share of a whole shape that counts as noise. Smiles are slight and reliable; lowered lids
look like a sneer, drooping corners or pressed lips like a stretched mouth."""


def features(gap: Array, off: Array) -> Array:
    """Compute the regression's features (..., 78).

    Args:
        gap: (...) landmarks.GAP.
        off: (..., 25) surface.SURFACE minus their neutral values.
    """
    measures = np.concatenate((gap[..., None], off), axis=-1)
    opened = _GAP_PRODUCT_WEIGHT * np.maximum(gap, 0.0)[..., None]
    return np.concatenate((measures, measures * opened, np.abs(measures)), axis=-1)


@cache
def _load_weights() -> tuple[Array, Array]:
    """Return the weights (78, 7) and their sums at whole shapes (7,).

    The sums are below 1, since least squares shrinks.

    Raises:
        RuntimeError: the file was trained on other measures.
    """
    with (files("renderer.motion.face") / LEARNT).open("rb") as file, np.load(file) as kept:
        weights, whole = (kept[name].astype(np.float64) for name in ("weights", "whole"))
    if weights.shape != (3 * (len(SURFACE) + 1), len(REGRESSED_SHAPES)) or whole.shape != (
        len(REGRESSED_SHAPES),
    ):
        raise RuntimeError(f"{LEARNT} was trained on other measures: train it again")
    return weights, whole


def default_full_sums() -> Array:
    """Return a copy of the sums (7,) at whole shapes for performers without a calibration."""
    return _load_weights()[1].copy()


def compute_weighted_sums(gap: float, off: Array) -> Array:
    """Compute the regression's weighted sums (7,); see `features` for the arguments."""
    out: Array = features(np.array(gap), off) @ _load_weights()[0]
    return out


def predict_shapes(sums: Array, whole: Array) -> Array:
    """Compute REGRESSED_SHAPES (..., 7), 0 to 1, from weighted sums and those at whole shapes."""
    return clamp((sums / whole - _NOISE) / (1.0 - _NOISE), 0.0, 1.0)
