"""Evaluate expressions in compiled code; see avatars.face for the sources."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled
from avatars.model import F32

_HALF: Final = 0.5
"""The weight above which a binary expression is on."""
_GROUPS: Final = 3


class Expressions(NamedTuple):
    """One avatar's e expressions as flat arrays; c morph channels.

    Attributes:
        from_shapes: (52, e) weights of the expressions for each ARKit shape.
        to_morphs: (e, c) weights of the morph channels for each expression.
        resting: (c,) weights of the channels that no expression moves.
        mouth: expressions of vowels.
        looks: (4,) expressions of lookLeft, lookRight, lookUp, lookDown; -1 for none.
        is_binary: (e,) bool.
        blend, block: (3, e) float32, 1 where an expression overrides blinks, looks or the mouth.
        groups: (e, 3) bool, whether it is a blink, a look or of the mouth.
    """

    from_shapes: F32
    to_morphs: F32
    resting: F32
    mouth: npt.NDArray[np.intp]
    looks: npt.NDArray[np.intp]
    is_binary: npt.NDArray[np.bool_]
    blend: F32
    block: F32
    groups: npt.NDArray[np.bool_]


@compiled
def express(
    face: Expressions, shapes: F32, look: F32, own: F32, weights: F32, morphs: F32
) -> float:
    """Fill the weights (e,) of expressions and (c,) of morph channels.

    Args:
        shapes: (52,) in the order of ARKIT, clipped to 0 … 1.
        look: (4,) weights of the look expressions; empty where eyes are bones.
        own: (e,) weights added to those from the shapes; empty for none.

    Returns:
        The factor, 0 to 1, by which the overrides scale the gaze of eye bones.
    """
    _weigh_shapes(face.from_shapes, shapes, weights)
    if len(face.mouth):
        # Each vowel shapes the whole mouth; a sum above 1 would distort the lips.
        spoken = np.float32(0.0)
        for row in face.mouth:
            spoken += weights[row]
        for row in face.mouth:
            weights[row] /= max(np.float32(1.0), spoken)
    for number in range(len(look)):
        if face.looks[number] >= 0:
            weights[face.looks[number]] = look[number]
    for row in range(len(own)):
        weights[row] = _clip(weights[row] + own[row])
    for row in range(len(weights)):
        if face.is_binary[row]:
            weights[row] = 1.0 if weights[row] > _HALF else 0.0
    scale = _override(face, weights)
    morphs[:] = face.resting
    for row in range(len(weights)):
        if weights[row] != 0.0:
            for channel in range(len(morphs)):
                morphs[channel] += face.to_morphs[row, channel] * weights[row]
    return scale


@compiled
def _weigh_shapes(from_shapes: F32, shapes: F32, weights: F32) -> None:
    weights[:] = 0.0
    for shape in range(len(shapes)):
        value = _clip(shapes[shape])
        if value != 0.0:
            for row in range(len(weights)):
                weights[row] += from_shapes[shape, row] * value
    for row in range(len(weights)):
        weights[row] = _clip(weights[row])


@compiled
def _override(face: Expressions, weights: F32) -> float:
    """Scale blink, look and mouth expressions by the overrides of the other expressions.

    Each group is scaled by max(0, 1 − Σ overrides); a `blend` override adds the expression's
    weight, a `block` override adds 1 where the weight is above 0. A binary expression scaled by
    less than 1 is off.

    Returns:
        The scale of looks.
    """
    left = np.ones(_GROUPS, np.float32)
    for group in range(_GROUPS):
        for row in range(len(weights)):
            left[group] -= face.blend[group, row] * weights[row]
            if weights[row] > 0.0:
                left[group] -= face.block[group, row]
        left[group] = max(left[group], np.float32(0.0))
    for row in range(len(weights)):
        factor = np.float32(1.0)
        for group in range(_GROUPS):
            if face.groups[row, group]:
                factor = left[group]
        if face.is_binary[row] and factor < 1.0:
            factor = np.float32(0.0)
        weights[row] *= factor
    return float(left[1])


@compiled
def _clip(value: np.float32) -> np.float32:
    """Return a value between 0 and 1; NaN stays NaN."""
    if value < 0.0:
        return np.float32(0.0)
    if value > 1.0:
        return np.float32(1.0)
    return value
