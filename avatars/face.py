"""Convert 52 ARKit shapes and a gaze to an avatar's morph weights.

Source: VRMC_vrm-1.0 expressions.md (isBinary, overrides), as implemented by three-vrm's expression
manager and UniVRM.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.arkit import expression_matrix
from avatars.face_kernel import Expressions, express
from avatars.model import F32, Avatar
from avatars.names import ARKIT

_MOUTH: Final = ("aa", "ih", "ou", "ee", "oh")
_BLINK: Final = ("blink", "blinkLeft", "blinkRight")
LOOKS: Final = ("lookLeft", "lookRight", "lookUp", "lookDown")
_GROUPS: Final = (_BLINK, LOOKS, _MOUTH)
_LOOK_SHAPES: Final = frozenset(name for name in ARKIT if name.startswith("eyeLook"))
_NONE: Final[F32] = np.zeros(0, np.float32)


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
        to_morphs = np.zeros((count, avatar.channel_count), np.float32)
        resting = _resting_weights(avatar)
        for row, expression in enumerate(expressions):
            to_morphs[row, expression.channels] = expression.weights
            resting[expression.channels] = 0.0
        # If eyeLook… shapes move the eyes as well, the gaze would be applied twice.
        looking = {e.name for e in expressions if len(e.channels)} >= _LOOK_SHAPES
        looks = [names.index(n) if n in names and not looking else -1 for n in LOOKS]
        overrides = [
            [getattr(e, field) for e in expressions]
            for field in ("override_blink", "override_look_at", "override_mouth")
        ]

        def mark(kind: str) -> F32:
            rows = [[one == kind for one in row] for row in overrides]
            return np.array(rows, np.float32).reshape(len(_GROUPS), count)

        self._expressions = Expressions(
            from_shapes=np.ascontiguousarray(expression_matrix(expressions).T, np.float32),
            to_morphs=to_morphs,
            resting=resting,
            mouth=np.array([names.index(n) for n in _MOUTH if n in names], np.intp),
            looks=np.array(looks, np.intp),
            is_binary=np.array([e.is_binary for e in expressions], bool),
            blend=mark("blend"),
            block=mark("block"),
            groups=np.array([[n in g for g in _GROUPS] for n in names], bool).reshape(count, 3),
        )
        self._shapes = np.zeros(len(ARKIT), np.float32)
        self._look = np.zeros(len(LOOKS), np.float32)
        self._own = np.zeros(count, np.float32)
        self.weights: F32 = np.zeros(count, np.float32)
        self.morphs: F32 = resting.copy()
        self.look = 1.0
        # Compiled now, so that the first frame does not wait for it.
        express(self._expressions, self._shapes, _NONE, _NONE, self.weights, self.morphs)

    def apply(
        self, shapes: F32, look: npt.NDArray[np.floating] | None, own: F32 | None = None
    ) -> None:
        """Write `weights`, `morphs` and `look`.

        Args:
            shapes: (52,) in the order of ARKIT, clipped to 0 … 1.
            look: (4,) weights of lookLeft, lookRight, lookUp, lookDown; None where eyes are bones.
            own: (e,) weights added to those from the shapes, before isBinary and overrides.
        """
        # numba compiles the kernel once per argument type; fixed buffers keep it to one.
        np.copyto(self._shapes, shapes, casting="same_kind")
        looked, added = _NONE, _NONE
        if look is not None:
            np.copyto(self._look, look, casting="same_kind")
            looked = self._look
        if own is not None:
            np.copyto(self._own, own, casting="same_kind")
            added = self._own
        self.look = express(
            self._expressions, self._shapes, looked, added, self.weights, self.morphs
        )


def _resting_weights(avatar: Avatar) -> F32:
    """Return the file's default morph weights (c,), used where no expression applies."""
    weights = np.zeros(avatar.channel_count, np.float32)
    for mesh in avatar.meshes:
        end = mesh.first_channel + len(mesh.default_weights)
        weights[mesh.first_channel : end] = mesh.default_weights
    return weights
