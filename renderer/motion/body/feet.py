"""Foot rotations from heel and toe, flattened where the foot most likely stands.

Heel and toe landmarks lie close together, and a camera above the floor sees a flat foot pitched
down. A foot under an upright shin that is pitched down a little is taken to be flat; on tiptoe,
kicked or lifted behind it keeps its tracked pitch.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, basis, clamp, normalise, smoothstep

_AS_FOOT: Final = np.array([1, 2, 0])
"""Column order that turns a basis of z, x, y into x, y, z."""

_SEEN_PITCH: Final = 0.3
"""Radians by which a flat foot appears pitched down."""

_FLAT_WITHIN: Final = 0.3
"""Radians from _SEEN_PITCH within which a foot is flat."""

_FREE_BEYOND: Final = 0.7
"""Radians from _SEEN_PITCH beyond which a foot keeps its tracked pitch."""

_UPRIGHT: Final = (0.75, 0.95)
"""−y of the shin's direction at which flattening starts, and at which it is complete."""


def foot_frames(vectors: Array, hinges: Array, shins: Array) -> Array:
    """Compute world rotation matrices (2, 3, 3) of both feet.

    Args:
        vectors: (2, 3) from heel to toe, stage axes.
        hinges: (2, 3) unit knee axes; a foot never points along them, so they fix its roll.
        shins: (2, 3) unit directions from knee to ankle.
    """
    ahead = normalise(vectors)
    pitch = np.arcsin(clamp(-ahead[:, 1], -1.0, 1.0))
    flat = 1.0 - smoothstep(np.abs(pitch - _SEEN_PITCH), _FLAT_WITHIN, _FREE_BEYOND)
    flat *= smoothstep(-shins[:, 1], *_UPRIGHT)
    across = hinges.copy()
    for axis in (ahead, across):
        axis[:, 1] *= 1.0 - flat
    return basis(ahead, across).take(_AS_FOOT, -1)
