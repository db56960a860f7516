"""How far each measure of a face differs from neutral, as the detector's scores say.

The scores come from a model of many people's faces, so they know a smile from a wide mouth before
this performer's own mouth is known. Subtracting what they explain from a measure leaves this
performer's neutral measure, whatever the face does: a show that begins with a smile or with raised
brows finds the same neutral face as one that begins at rest.

Only shapes that move a measure by anatomy are used, each side by its own scores; the measures on
the surface, which are only used from closed lips, stay as they are.

The slopes were rounded by hand after a look at a ridge regression on four real performers, so those
four do not test them: all 40 have the regression's sign, 28 are within a third of its size.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.landmarks import MEASURES

_SLOPES_BY_MEASURE: Final[dict[str, dict[str, float]]] = {
    "width": {
        "mouthSmile": 0.065, "mouthStretch": 0.03, "mouthUpperUp": 0.03,
        "mouthPucker": -0.10, "mouthFunnel": -0.09,
    },
    "Brow": {"browOuterUp*": 0.075, "browInnerUp": 0.05, "browDown*": -0.03},
    "Lower": {"eyeSquint*": 0.02, "eyeBlink*": 0.015},
    "Upper": {"eyeBlink*": -0.07, "eyeSquint*": -0.025, "eyeLookDown*": -0.03, "eyeWide*": 0.05},
    "Corner": {
        "mouthSmile*": 0.09, "mouthUpperUp*": 0.05, "mouthPucker": -0.06, "mouthFrown*": -0.05,
        "jawOpen": -0.035,
    },
    "mouth": {"mouthLeft": 0.10, "mouthRight": -0.10},
    "chin": {"mouthLeft": 0.028, "mouthRight": -0.028},
}  # fmt: skip
"""Inter-eye distances per whole score, by name or suffix of a measure, and by the prefix of the
shapes' names; `*` is the measure's own side."""


def _build_slopes() -> Array:
    """Return (52, 40) the change of each of MEASURES per score, in the order of ARKIT."""
    out = np.zeros((len(ARKIT), len(MEASURES)))
    for column, measure in enumerate(MEASURES):
        for key, slopes in _SLOPES_BY_MEASURE.items():
            if measure != key and not (key[0].isupper() and measure.endswith(key)):
                continue
            side = measure.removesuffix(key).capitalize()
            for shape, slope in slopes.items():
                if shape.endswith("*"):
                    out[ARKIT_INDEX[shape[:-1] + side], column] = slope
                else:
                    out[[name.startswith(shape) for name in ARKIT], column] = slope
    return out


SLOPES: Final[Array] = _build_slopes()
"""(52, 40) change of each of landmarks.MEASURES per raw score."""
