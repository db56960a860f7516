"""Measure in the picture whether a tongue hides the skin below the lower lip.

The tracker's landmarks follow lips, not a tongue, and its score for one is dead. A tongue that is
out lies over the skin between lower lip and chin and is as red as lips. Redness is compared with
the skin beside it at the same height, so light and complexion hardly count; what a performer's chin
looks like at rest is found over time (renderer/motion/face/tongue.py).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.capture.records import F32

U8 = npt.NDArray[np.uint8]

_LIP, _CHIN, _LEFT_EYE, _RIGHT_EYE = 17, 152, 263, 33
"""Rows of MediaPipe's face mesh: lower edge of the lower lip, chin, outer corners of the eyes."""

_DOWN: Final = np.array([0.12, 0.25, 0.38, 0.5])
"""Places of the samples between lower lip and chin."""
_ASIDE: Final = 0.33
"""Distance of the skin beside them from the middle, in inter-eye distances."""
_REDNESS: Final = np.array([0.20, 0.15])
"""Logarithms of red over green by which a tongue is redder than skin at the upper two places."""
_DARK: Final = 4.0
"""Added to 8-bit levels: black has no colour."""
_RANGE: Final = (-1.0, 3.0)
"""Smallest and largest redness of the lower of both places, in units of a tongue's."""
_AROUND: Final = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)])
"""Pixel offsets that are averaged at each sample."""


def measure_tongue(pixels: U8, points: F32) -> float:
    """Measure the redness below the lower lip: 0 to 1; skin as beside it has 0.25.

    Args:
        pixels: (h, w, 3) RGB.
        points: (478, 3) landmarks of a face, normalised to the picture.
    """
    height, width = pixels.shape[:2]
    ends = points[[_LIP, _CHIN, _LEFT_EYE, _RIGHT_EYE], :2] * np.array((width, height), np.float32)
    lip, chin, left, right = ends
    middle = lip + _DOWN[:, None] * (chin - lip)
    aside = _ASIDE * (left - right)
    at = np.rint(np.concatenate((middle, middle + aside, middle - aside))).astype(np.int64)
    at = at[:, None] + _AROUND
    columns = np.clip(at[..., 0], 0, width - 1)
    rows = np.clip(at[..., 1], 0, height - 1)
    colours = pixels[rows, columns].mean(axis=1) + _DARK
    redness = np.log(colours[:, 0] / colours[:, 1])
    skin = float(np.median(redness[len(_DOWN) :]))
    least = float(((redness[: len(_REDNESS)] - skin) / _REDNESS).min())
    low, high = _RANGE
    return min(max((least - low) / (high - low), 0.0), 1.0)
