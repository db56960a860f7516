"""What is measured on the face's 478 points: lips, corners of the mouth, brows, lids, irises, chin.

All measures are lengths along the face's own axes in distances between the outer corners of the
eyes, so that neither size nor turn of the head is in them. What follows from them stands in
faceshapes.
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
"""The lips' gap and the mouth's width; heights of the brows over nose and eyes; of the lower and
the upper lids over the eyes' corners; of the mouth's corners over the nose's tip; how far chin and
mouth are to the left of it; height of the upper lip; heights of the irises over the eyes' corners;
and what is measured on the face's surface. Width and corners are as of a shut jaw."""

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
"""Corners of the left and of the right eye."""
_NOSE: Final = (168, 6, 197, 195, 5)
"""Down the bridge of the nose, which nothing in a face moves: what brows rise from. Measured from
the eyes' corners alone, of a face 29 pixels wide between the eyes, they follow the truth with
r = .39; from the nose as well with .51."""
_TIP: Final = 4
_CHIN: Final = 152
_LIP: Final = 0
_IRISES: Final = (473, 468)

GAP_NARROWS: Final = 0.14
_GAP_DROPS: Final = 0.32
"""What a jaw that opens takes from the mouth's width and from the height of its corners, of the gap
that it makes: it is added again. From two synthetic performers in four clips, .08 to .24 and .28 to
.36."""

_GROUPS: Final = (_LIPS, _CORNERS, _EYES, _BROWS, _LIDS, _CANTHI, _NOSE, (_CHIN,), (_LIP,), _IRISES)
_ROWS: Final = np.array([row for group in _GROUPS for row in group])
_ENDS: Final = np.cumsum([0, *map(len, _GROUPS)])


def measure_observation(seen: Observation) -> Array | None:
    """What is measured on the face of an observation, see `measured`; None where there is none."""
    if seen.face is None or seen.head is None:
        return None
    found = measure(seen.face, seen.head, seen.size)
    return found if np.isfinite(found).all() else None


def measure(face: F32, head: F32, size: tuple[int, int]) -> Array:
    """The MEASURES (40,), and the distance between the eyes in pixels as a last number: (41,).

    Args:
        face: (478, 3) image points.
        head: (4, 4) the face's transform; its rotation takes the head's turn out.
        size: (width, height) of the frame in pixels.
    """
    placed = in_pixels(face, size)
    axes = normalise(np.asarray(head[:3, :3], np.float64).T)
    points = placed[_ROWS] @ axes.T
    lips, corners, eyes, brows, lids, canthi, nose, chin, lip, irises = (
        points[a:b] for a, b in pairwise(_ENDS)
    )
    apart = float(length(eyes[0] - eyes[1])[0])
    level = 0.5 * (canthi[:, 1].mean() + nose[:, 1].mean())
    sides = canthi[:, 1].reshape(2, 2).mean(axis=1)
    lower, upper = lids[:, 1].reshape(2, 2, 3).mean(axis=2) - sides
    out = np.empty(len(MEASURES) + 1)
    out[GAP] = gap = lips[0, 1] - lips[1, 1]
    out[WIDTH] = length(corners[0] - corners[1])[0] + GAP_NARROWS * gap
    out[BROWS] = brows[:, 1].reshape(2, 7).mean(axis=1) - level
    out[LOWER_LIDS], out[UPPER_LIDS] = lower, upper
    out[CORNERS] = corners[:, 1] + _GAP_DROPS * gap
    out[CHIN], out[MOUTH] = chin[0, 0], 0.5 * (lips[0, 0] + lips[1, 0])
    out[UPPER_LIP] = lip[0, 1]
    out[IRISES] = irises[:, 1] - sides
    out /= max(apart, 1e-6)
    out[ON_SURFACE] = measure_surface(placed)
    out[-1] = apart
    return out


def in_pixels(face: F32, size: tuple[int, int]) -> Array:
    """Image points (478, 3) in pixels from the nose's tip: x right, y up, z towards the camera."""
    width, height = size
    out: Array = (face - face[_TIP]) * np.array([width, -height, -width], np.float64)
    return out
