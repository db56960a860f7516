"""Feet: from heel and toe, laid flat where they most likely stand.

The heel and toe points lie close together, and a camera above the floor sees a flat foot point
down. A foot under an upright shin that points down a little is taken to be flat; on tiptoe, kicked
or lifted behind it is left as it is seen.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, basis, clamp, normalise, smoothstep

_AS_FOOT: Final = np.array([1, 2, 0])
"""Columns come as z, x, y."""

_SEEN_PITCH: Final = 0.3
"""Radians by which a flat foot is seen to point down."""

_SURELY_FLAT: Final = 0.3
_SURELY_NOT: Final = 0.7
"""Radians from that pitch up to which a foot is flat, and from which it is not."""

_UPRIGHT: Final = (0.75, 0.95)
"""How far down a shin points (its −y) where a foot begins to stand, and where it does."""


def foot_frames(vectors: Array, hinges: Array, shins: Array) -> Array:
    """World rotations (2, 3, 3) of both feet.

    Args:
        vectors: (2, 3) from heel to toe.
        hinges: (2, 3) unit axes of the knees, which no foot points along: they fix the roll.
        shins: (2, 3) unit directions.
    """
    ahead = normalise(vectors)
    pitch = np.arcsin(clamp(-ahead[:, 1], -1.0, 1.0))
    flat = 1.0 - smoothstep(np.abs(pitch - _SEEN_PITCH), _SURELY_FLAT, _SURELY_NOT)
    flat *= smoothstep(-shins[:, 1], *_UPRIGHT)
    across = hinges.copy()
    for axis in (ahead, across):
        axis[:, 1] *= 1.0 - flat
    return basis(ahead, across).take(_AS_FOOT, -1)
