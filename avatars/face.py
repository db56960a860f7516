"""Convert 52 ARKit shapes and a gaze to an avatar's morph weights.

Source: VRMC_vrm-1.0 expressions.md (isBinary, overrides), as implemented by three-vrm's expression
manager and UniVRM.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.arkit import expression_matrix
from avatars.model import F32, Avatar
from avatars.names import ARKIT

_MOUTH: Final = ("aa", "ih", "ou", "ee", "oh")
_BLINK: Final = ("blink", "blinkLeft", "blinkRight")
LOOKS: Final = ("lookLeft", "lookRight", "lookUp", "lookDown")
_GROUPS: Final = (_BLINK, LOOKS, _MOUTH)
_LOOK_SHAPES: Final = frozenset(name for name in ARKIT if name.startswith("eyeLook"))
_HALF: Final = 0.5
"""The weight above which a binary expression is on."""


class Face:
    """Evaluates one avatar's expressions; all buffers are allocated once.

    Attributes:
        weights: (e,) float32, the expressions' weights after overrides, in the avatar's order.
        morphs: (c,) float32, the avatar's morph weights. Both are written by `apply`.
        look: factor, 0 to 1, by which the overrides scale the gaze of eye bones.
    """

    def __init__(self, avatar: Avatar) -> None:
        expressions = avatar.expressions
        count = len(expressions)
        names = [expression.name for expression in expressions]
        self._from_shapes = expression_matrix(expressions)
        self._to_morphs = np.zeros((avatar.channel_count, count), np.float32)
        self._resting = _resting_weights(avatar)
        for row, expression in enumerate(expressions):
            self._to_morphs[expression.channels, row] = expression.weights
            self._resting[expression.channels] = 0.0
        self._binary = np.array([e.is_binary for e in expressions], bool)
        self._any_binary = bool(self._binary.any())
        self._mouth = np.array([names.index(n) for n in _MOUTH if n in names], np.intp)
        # If eyeLook… shapes move the eyes as well, the gaze would be applied twice.
        looking = {e.name for e in expressions if len(e.channels)} >= _LOOK_SHAPES
        self._looks = tuple(names.index(n) if n in names and not looking else -1 for n in LOOKS)
        overrides = [
            [getattr(e, field) for e in expressions]
            for field in ("override_blink", "override_look_at", "override_mouth")
        ]
        self._blend = np.array([[o == "blend" for o in row] for row in overrides], np.float32)
        self._block = np.array([[o == "block" for o in row] for row in overrides], np.float32)
        self._overrides = bool(self._blend.any() or self._block.any())
        self._group = np.array([[n in g for g in _GROUPS] for n in names], bool).reshape(count, 3)

        self._shapes = np.empty(len(ARKIT), np.float32)
        self._left = np.ones(3, np.float32)
        self._factor = np.empty(count, np.float32)
        self.weights: F32 = np.zeros(count, np.float32)
        self.morphs: F32 = self._resting.copy()
        self.look = 1.0

    def apply(
        self, shapes: F32, look: npt.NDArray[np.floating] | None, own: F32 | None = None
    ) -> None:
        """Write `weights`, `morphs` and `look`.

        Args:
            shapes: (52,) in the order of ARKIT, clipped to 0 … 1.
            look: (4,) weights of lookLeft, lookRight, lookUp, lookDown; None where eyes are bones.
            own: (e,) weights added to those from the shapes, before isBinary and overrides.
        """
        np.clip(shapes, 0.0, 1.0, out=self._shapes)
        weights = self.weights
        np.matmul(self._from_shapes, self._shapes, out=weights)
        np.clip(weights, 0.0, 1.0, out=weights)
        if len(self._mouth):
            # Each vowel shapes the whole mouth; a sum above 1 would distort the lips.
            spoken = weights[self._mouth]
            weights[self._mouth] = spoken / max(1.0, float(spoken.sum()))
        if look is not None:
            for row, weight in zip(self._looks, look, strict=True):
                if row >= 0:
                    weights[row] = weight
        if own is not None:
            np.add(weights, own, out=weights)
            np.clip(weights, 0.0, 1.0, out=weights)
        if self._any_binary:
            weights[self._binary] = weights[self._binary] > _HALF
        if self._overrides:
            self._override()
        np.matmul(self._to_morphs, weights, out=self.morphs)
        np.add(self.morphs, self._resting, out=self.morphs)

    def _override(self) -> None:
        """Scale blink, look and mouth expressions by the overrides of the other expressions.

        Each group is scaled by max(0, 1 − Σ overrides); a `blend` override adds the expression's
        weight, a `block` override adds 1 where the weight is above 0. A binary expression scaled by
        less than 1 is off.
        """
        weights, left = self.weights, self._left
        left[:] = 1.0
        left -= self._blend @ weights
        left -= self._block @ (weights > 0.0).astype(np.float32)
        np.maximum(left, 0.0, out=left)
        self._factor[:] = 1.0
        for group in range(len(_GROUPS)):
            self._factor[self._group[:, group]] = left[group]
        self._factor[self._binary & (self._factor < 1.0)] = 0.0
        weights *= self._factor
        self.look = float(left[1])


def _resting_weights(avatar: Avatar) -> F32:
    """Return the file's default morph weights (c,), used where no expression applies."""
    weights = np.zeros(avatar.channel_count, np.float32)
    for mesh in avatar.meshes:
        end = mesh.first_channel + len(mesh.default_weights)
        weights[mesh.first_channel : end] = mesh.default_weights
    return weights
