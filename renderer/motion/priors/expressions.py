"""Expression autoencoder: a performer's face shapes → shared latent → an idol's face shapes.

The latent is that of a principal component analysis of mouth, jaw, cheeks, nose and brows; eyes
pass through. A performer's calibration is a bias and a scale, an idol's decoder a linear map that
20 to 30 example pairs correct; shapes that a camera cannot see are completed from those it can by
weights that a rehearsal with a phone gave. It maps onto idols alone, never onto a person's face.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from avatars.maths.vectors import Array, clamp
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.priors.weights import SHIPPED, load_weights

EXPRESSIONS: Final = SHIPPED / "expressions.npz"
"""The shipped weights."""
PERSONAL: Final = "expressions-personal"
"""Name of one performer's model on its card."""
VERSION: Final = 1
LATENT: Final = 20
"""Numbers of the latent: 98 % of the variance of a person's range of motion."""

EYES: Final = np.array([i for i, name in enumerate(ARKIT) if name.startswith("eye")])
"""Shapes that pass through: gaze is the worst in any small latent, and a blink stays a blink."""
FACE: Final = np.array([i for i in range(len(ARKIT)) if i not in set(EYES.tolist())])
"""(38,) the other shapes."""

UNSEEN: Final = np.array(
    [
        i
        for i, name in enumerate(ARKIT)
        if name.startswith(("cheek", "noseSneer", "jawForward", "mouthDimple", "mouthFrown"))
    ]
)
"""(10,) shapes that MediaPipe hardly sees and others imply."""
SEEN: Final = np.array([i for i in FACE.tolist() if i not in set(UNSEEN.tolist())])
"""(28,) shapes that they are completed from."""

SHAPES: Final[dict[str, tuple[int, ...]]] = {"mean": (len(FACE),), "basis": (LATENT, len(FACE))}
"""Arrays of the shared model."""
PERSONAL_SHAPES: Final[dict[str, tuple[int, ...]]] = {
    "bias": (len(ARKIT),),
    "scale": (len(ARKIT),),
    "completion": (2 * len(SEEN) + 1, len(UNSEEN)),
}
"""Arrays of one performer's model."""

SCALE_LIMITS: Final = (0.6, 1.6)
"""Limits of a performer's scale: beyond them the calibration was misread."""

_JAW: Final = ARKIT_INDEX["jawOpen"]
_CLOSED: Final = 0.05
"""jawOpen up to which the lips are closed."""
_OPENERS: Final = np.array(
    [
        i
        for i, name in enumerate(ARKIT)
        if name.startswith(
            ("jawOpen", "mouthLowerDown", "mouthUpperUp", "mouthFunnel", "tongueOut")
        )
    ]
)
"""Shapes that part the lips."""
_LIPS: Final = np.array([i for i, name in enumerate(ARKIT) if name == "mouthClose"])
_ASIDE: Final = [ARKIT_INDEX[name] for name in ("jawLeft", "jawRight", "mouthLeft", "mouthRight")]


@dataclass(frozen=True, slots=True)
class PersonalFace:
    """What is one performer's.

    Attributes:
        bias: (52,) value of each shape at rest.
        scale: (52,) factor on what exceeds it.
        completion: (57, 10) weights of UNSEEN from SEEN, their squares and 1.
    """

    bias: Array
    scale: Array
    completion: Array

    @classmethod
    def load(cls, path: Path, unseal: Callable[[bytes], bytes] | None = None) -> Self:
        """Load a performer's model.

        Args:
            path: the weights.
            unseal: decrypts them; without it, encrypted ones are refused.

        Raises:
            MotionError: the weights cannot be used.
        """
        arrays = load_weights(path, PERSONAL, VERSION, PERSONAL_SHAPES, unseal)
        return cls(arrays["bias"], arrays["scale"], arrays["completion"])

    def complete(self, shapes: Array) -> Array:
        """Return shapes (..., 52) with bias and scale applied and UNSEEN completed.

        What the camera did see of an unseen shape is kept if it is more.
        """
        out = clamp((shapes - self.bias) * self.scale, 0.0, 1.0)
        implied = completion_features(out) @ self.completion
        out[..., UNSEEN] = np.maximum(out[..., UNSEEN], clamp(implied, 0.0, 1.0))
        return guard(out, shapes)


class ExpressionModel:
    """Encodes face shapes in the shared latent, and decodes them for an idol.

    Args:
        path: the weights.
        decoder: (21, 38) of an idol, from `fit_decoder`; the shapes themselves if None.

    Raises:
        MotionError: the weights cannot be used.
    """

    def __init__(self, path: Path = EXPRESSIONS, decoder: Array | None = None) -> None:
        arrays = load_weights(path, "expressions", VERSION, SHAPES)
        self._mean, self._basis = arrays["mean"], arrays["basis"]
        self._decoder = decoder

    def encode(self, shapes: Array) -> Array:
        """Return the latent (..., 20) of shapes (..., 52)."""
        out: Array = (shapes[..., FACE] - self._mean) @ self._basis.T
        return out

    def decode(self, latent: Array) -> Array:
        """Return shapes (..., 52) of a latent (..., 20), not guarded; eyes are 0."""
        out = np.zeros((*latent.shape[:-1], len(ARKIT)))
        out[..., FACE] = latent @ self._basis + self._mean
        if self._decoder is not None:
            out[..., FACE] += latent @ self._decoder[:-1] + self._decoder[-1]
        return out

    def map_to_idol(self, shapes: Array) -> Array:
        """Return an idol's shapes (..., 52) of a performer's (..., 52), guarded."""
        return guard(self.decode(self.encode(shapes)), shapes)

    def fit_decoder(self, performer: Array, idol: Array, penalty: float = 0.02) -> Array:
        """Return an idol's decoder (21, 38) from example pairs.

        Args:
            performer: (n, 52) a performer's shapes.
            idol: (n, 52) what the idol's animator sets for each.
            penalty: of the ridge regression, in pairs: few pairs change little.
        """
        latent = self.encode(performer)
        design = np.concatenate((latent, np.ones((len(latent), 1))), axis=1)
        plain = latent @ self._basis + self._mean
        gram = design.T @ design
        gram[np.diag_indices_from(gram)] += penalty * len(design) * np.trace(gram) / len(gram)
        out: Array = np.linalg.solve(gram, design.T @ (idol[:, FACE] - plain))
        return out


def completion_features(shapes: Array) -> Array:
    """Return (..., 57) the shapes of SEEN, their squares, and 1."""
    seen = shapes[..., SEEN]
    one = np.ones((*seen.shape[:-1], 1))
    return np.concatenate((seen, seen * seen, one), axis=-1)


def guard(shown: Array, seen: Array) -> Array:
    """Return shapes (..., 52) from 0 to 1 with the eyes and the closed lips of what was seen.

    Args:
        shown: (..., 52) mapped; what is not finite is replaced by what was seen.
        seen: (..., 52) the performer's.
    """
    out = clamp(np.where(np.isfinite(shown), shown, seen), 0.0, 1.0)
    out[..., EYES] = seen[..., EYES]
    closed = seen[..., _JAW, None] < _CLOSED
    out[..., _OPENERS] = np.where(
        closed, np.minimum(out[..., _OPENERS], seen[..., _OPENERS]), out[..., _OPENERS]
    )
    out[..., _LIPS] = np.where(closed, seen[..., _LIPS], out[..., _LIPS])
    # A mouth to one side is one movement: its sum stays within the face.
    total = out[..., _ASIDE].sum(axis=-1, keepdims=True)
    out[..., _ASIDE] /= np.maximum(total, 1.0)
    return out
