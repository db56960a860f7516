"""Measures on the face's 478 points: lips, corners of the mouth, brows, lids, irises, chin.

All measures are lengths along the face's own axes in units of the distance between the outer
corners of the eyes, which removes the head's size and rotation. `shapes` turns them into face
shapes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, length, normalise
from renderer.capture.records import F32, Observation
from renderer.motion.face.surface import SURFACE, measure_surface

MEASURES: Final = (
    "gap", "width", "leftBrow", "rightBrow", "leftLower", "rightLower", "leftUpper", "rightUpper",
    "leftCorner", "rightCorner", "chin", "mouth", "upperLip", "leftIris", "rightIris", *SURFACE,
)  # fmt: skip
"""Gap between the lips and width of the mouth; height of the brows over nose and eyes; of the lower
and upper lids over the corners of the eyes; of the corners of the mouth over the tip of the nose;
offset of chin and mouth to the left of that tip; height of the upper lip; height of the irises over
the corners of the eyes; and the measures on the face's surface. Width and corners are corrected to
a closed jaw."""

GAP, WIDTH = 0, 1
BROWS, LOWER_LIDS, UPPER_LIDS, CORNERS = (slice(k, k + 2) for k in (2, 4, 6, 8))
CHIN, MOUTH, UPPER_LIP = range(10, 13)
IRISES, ON_SURFACE = slice(13, 15), slice(15, 15 + len(SURFACE))

# Rows of MediaPipe's face mesh, the performer's left before their right.
_LIPS: Final = (13, 14)
_CORNERS: Final = (291, 61)
_EYES: Final = (263, 33)
_BROWS: Final = (336, 296, 334, 293, 285, 295, 282, 107, 66, 105, 63, 55, 65, 52)
_LIDS: Final = (374, 380, 373, 145, 153, 144, 386, 385, 387, 159, 158, 160)
_CANTHI: Final = (362, 263, 133, 33)
"""Inner and outer corners of the left and of the right eye."""
_NOSE: Final = (168, 6, 197, 195, 5)
"""Points down the bridge of the nose, which no expression moves: the reference for the brows'
height. Measured from the corners of the eyes alone, on a face of 29 pixels between the eyes, brows
follow the truth with r = .39; from the nose as well with .51."""
_TIP: Final = 4
_CHIN: Final = 152
_LIP: Final = 0
_IRISES: Final = (473, 468)

GAP_TO_WIDTH: Final = 0.14
"""By how much the mouth narrows per gap that an opening jaw makes; it is added back. From two
synthetic performers in four clips: .08 to .24."""

_GAP_TO_CORNERS: Final = 0.32
"""By how much the corners of the mouth drop per gap; it is added back. From the same clips: .28 to
.36."""

_GROUPS: Final = (_LIPS, _CORNERS, _EYES, _BROWS, _LIDS, _CANTHI, _NOSE, (_CHIN,), (_LIP,), _IRISES)
_ROWS: Final = np.array([row for group in _GROUPS for row in group])
_ENDS: Final = np.cumsum([0, *map(len, _GROUPS)])


def measure_observation(seen: Observation) -> Array | None:
    """Measure the face of an observation, see `measure`; None where there is none."""
    if seen.face is None or seen.head is None:
        return None
    found = measure(seen.face, seen.head, seen.size)
    return found if np.isfinite(found).all() else None


def measure(face: F32, head: F32, size: tuple[int, int]) -> Array:
    """Compute the MEASURES (40,), followed by the distance between the eyes in pixels: (41,).

    Args:
        face: (478, 3) normalised image points.
        head: (4, 4) the face's transform; its rotation removes the head's rotation.
        size: (width, height) of the frame in pixels.
    """
    placed = to_pixels(face, size)
    axes = normalise(np.asarray(head[:3, :3], np.float64).T)
    points = placed[_ROWS] @ axes.T
    lips, corners, eyes, brows, lids, canthi, nose, chin, lip, irises = (
        points[a:b] for a, b in pairwise(_ENDS)
    )
    apart = float(length(eyes[0] - eyes[1])[0])
    level = 0.5 * (canthi[:, 1].mean() + nose[:, 1].mean())
    sides = canthi[:, 1].reshape(2, 2).mean(axis=1)
    lower, upper = lids[:, 1].reshape(2, 2, 3).mean(axis=2) - sides
    # Zeros, since the division below reads what is written only after it.
    out = np.zeros(len(MEASURES) + 1)
    out[GAP] = gap = lips[0, 1] - lips[1, 1]
    out[WIDTH] = length(corners[0] - corners[1])[0] + GAP_TO_WIDTH * gap
    out[BROWS] = brows[:, 1].reshape(2, 7).mean(axis=1) - level
    out[LOWER_LIDS], out[UPPER_LIDS] = lower, upper
    out[CORNERS] = corners[:, 1] + _GAP_TO_CORNERS * gap
    out[CHIN], out[MOUTH] = chin[0, 0], 0.5 * (lips[0, 0] + lips[1, 0])
    out[UPPER_LIP] = lip[0, 1]
    out[IRISES] = irises[:, 1] - sides
    out /= max(apart, 1e-6)
    out[ON_SURFACE] = measure_surface(placed)
    out[-1] = apart
    return out


def to_pixels(face: F32, size: tuple[int, int]) -> Array:
    """Convert image points (478, 3) to pixels from the nose's tip.

    Axes: x right, y up, z towards the camera.
    """
    width, height = size
    out: Array = (face - face[_TIP]) * np.array([width, -height, -width], np.float64)
    return out
