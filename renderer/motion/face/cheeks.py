"""Puffed cheeks, from the width of the lower face.

The detector's score for them is dead, but its landmarks follow the outline of a face: puffed cheeks
widen the lower face from cheeks to jaw, with lips that hold the air. A smile widens the cheeks,
too, and leaves the jaw; a mouth drawn to a side pulls one cheek along.
"""

from __future__ import annotations

from typing import Final

from avatars.maths.vectors import Array, smoothstep
from avatars.names import ARKIT_INDEX
from renderer.motion.face.rest import lips_apart
from renderer.motion.face.surface import SURFACE

_WIDTHS: Final = [SURFACE.index("cheeks, apart"), SURFACE.index("jaw, wide")]

_WIDER: Final = (0.04, 0.08)
"""Growth of both widths, in inter-eye distances, that faces with closed lips have without puffed
cheeks, and that of cheeks which are each 0.1 further out."""

_SMILE: Final = (0.15, 0.4)
_ASIDE: Final = (0.2, 0.45)
"""Smile, and mouth to one side, up to which puffed cheeks are believed, and from which not."""

_PUFF: Final = ARKIT_INDEX["cheekPuff"]
_SMILES: Final = [ARKIT_INDEX["mouthSmileLeft"], ARKIT_INDEX["mouthSmileRight"]]
_SIDES: Final = [ARKIT_INDEX["mouthLeft"], ARKIT_INDEX["mouthRight"]]
_FALSE: Final = [
    ARKIT_INDEX[name + side]
    for name in ("mouthStretch", "mouthUpperUp", "mouthFrown", "noseSneer")
    for side in ("Left", "Right")
]
"""Shapes that the regression takes puffed cheeks for."""


def blend_puff(shapes: Array, surface: Array, gap: float, trust: float) -> None:
    """Blend puffed cheeks into face shapes (52,), in place; remove what they look like.

    Args:
        shapes: (52,) 0 to 1, with smiles and the mouth's shapes to one side.
        surface: (25,) surface.SURFACE minus their neutral values.
        gap: landmarks.GAP.
        trust: how far the surface of the face is known, 0 to 1.
    """
    puffed = _rise(float(surface[_WIDTHS].min()), _WIDER) * (1.0 - lips_apart(gap))
    puffed *= 1.0 - _rise(float(shapes[_SMILES].max()), _SMILE)
    puffed *= 1.0 - _rise(float(shapes[_SIDES].max()), _ASIDE)
    shapes[_PUFF] += trust * (puffed - shapes[_PUFF])
    shapes[_FALSE] *= 1.0 - trust * puffed


def _rise(value: float, limits: tuple[float, float]) -> float:
    """Return 0 up to the first limit, 1 from the second on."""
    return smoothstep(value, *limits)
