"""A tongue that is out, from the redness that capture measures below the lower lip.

Beards, make-up and light give every chin a redness of its own, so what counts is the difference
from this performer's usual one. Lips that are pushed forward or drawn to a side cover the same skin
and are no tongue.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, smoothstep
from avatars.names import ARKIT_INDEX
from renderer.motion.face.quantiles import RunningQuantiles

TONGUE: Final = ARKIT_INDEX["tongueOut"]

_USUAL: Final = 0.32
"""Redness below the lip of a mouth without a tongue, before this performer's own is known."""
_USUAL_S: Final = 1.0
"""Seconds that it counts."""

_RISE: Final = (0.22, 0.32)
"""Redness above the usual one that is no tongue, and that of a whole one."""

_ROUND: Final = (0.3, 0.6)
_ASIDE: Final = (0.2, 0.45)
"""Pucker or funnel, and mouth to one side, up to which a tongue is believed, and from which not."""

_ROUNDS: Final = [ARKIT_INDEX["mouthFunnel"], ARKIT_INDEX["mouthPucker"]]
_SIDES: Final = [ARKIT_INDEX["mouthLeft"], ARKIT_INDEX["mouthRight"]]


class TongueShape:
    """Shows the tongue of one performer; holds the usual redness of their chin."""

    def __init__(self) -> None:
        self._usual = RunningQuantiles([_USUAL], _USUAL_S)

    def blend(self, shapes: Array, redness: float, fine: float, dt: float) -> None:
        """Set the tongue in face shapes (52,), in place.

        Args:
            shapes: (52,) 0 to 1, with the mouth's shapes.
            redness: from capture, 0 to 1; 0 in takes from before it was measured.
            fine: 0 for a small face, 1 for a large one.
            dt: seconds since the last call.
        """
        usual = float(self._usual.update(np.array([redness]), dt)[0])
        out = _rise_above(redness - usual, _RISE)
        kept = 1.0 - _rise_above(float(shapes[_ROUNDS].max()), _ROUND)
        kept *= 1.0 - _rise_above(float(shapes[_SIDES].max()), _ASIDE)
        shapes[TONGUE] = fine * out * kept


def _rise_above(value: float, limits: tuple[float, float]) -> float:
    """Return 0 up to the first limit, 1 from the second on."""
    return smoothstep(value, *limits)
