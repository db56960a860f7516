"""Lids: blinks, squints and wide eyes, each eye by itself.

An eye is shut as far as the scores or its lids show, whichever is more: the scores of real shut
eyes are often low (a tenth of them below .5), and the lids of a small face drown in noise. A
lowered gaze lowers the lids, and so the eye is shown half closed, as it is.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT_INDEX
from renderer.motion.face.anchors import SLOPES
from renderer.motion.face.landmarks import LOWER_LIDS, UPPER_LIDS
from renderer.motion.face.quantiles import RunningQuantiles

_MIN_OPENING: Final = 0.085
"""Smallest distance between open lids, in inter-eye distances; .086 to .15 in four real faces."""

_OPEN_QUANTILE: Final = 0.7
"""Quantile of the distances between the lids, without what the scores explain, that is an open
eye's: performers look down and squint more often than they stare."""

_SHARES: Final = (0.27, 0.39, 0.72, 0.84)
_SHUT: Final = (1.0, 0.75, 0.35, 0.0)
"""Shares of that distance, and how far such an eye is shut, with straight lines between. Of real
eyes, those that a person calls closed have shares up to .35, half open ones from .43 to .66, open
ones from .68; .75 and .35 are where a viewer sees the difference. Lids that follow a lowered gaze
leave .84."""

_BLINK_SPAN: Final = 0.38
"""Blink score of a shut eye above the score of an open one."""

_DEAD_ZONE: Final = 0.25
"""Share of wide eyes that counts as noise."""

_SQUINT: Final = 0.012
"""Rise of the lower lids at a whole squint."""

_SQUINT_UPPER_SHARE: Final = 0.25
"""Share of the upper lids' drop that adds to a squint."""

_SQUINT_NOISE: Final = 0.45
"""Share of a whole squint that counts as noise."""

_SHUT_DROP: Final = 0.02
"""Upper lids that drop by more than this blink, so their eye does not squint."""

_WINK_SCORES: Final = (0.1, 0.3)
_WINK_LIDS: Final = (0.4, 0.8)
"""Differences of both eyes' blink scores, and of how far their lids are shut, up to which nobody
winks, and from which one eye does."""

_WIDE: Final = 0.032
"""Rise of the upper lids of wide eyes."""

_WIDE_SHARE: Final = 0.7
"""Weight of the lids relative to the scores in wide eyes."""

_SMILE_SHARE: Final = 0.25
"""Share of a smile that raises the lower lids; their score is mostly the blink's."""


def _sides(name: str) -> list[int]:
    """Return the rows of a shape's left and right variant."""
    return [ARKIT_INDEX[name + side] for side in ("Left", "Right")]


_BLINKS, _SQUINTS, _WIDES = (_sides(n) for n in ("eyeBlink", "eyeSquint", "eyeWide"))
_SMILES: Final = _sides("mouthSmile")
_OPENING_SLOPES: Final[Array] = SLOPES[:, UPPER_LIDS] - SLOPES[:, LOWER_LIDS]


class LidShapes:
    """Shapes of one performer's lids; holds how far their eyes open."""

    def __init__(self) -> None:
        self._openings = RunningQuantiles(np.zeros(2), quantile=_OPEN_QUANTILE)
        self._learnt: Array | None = None

    def learn(self, rest: Array) -> None:
        """Take these measures (40 or more,) as those of open eyes."""
        self._learnt = rest[UPPER_LIDS] - rest[LOWER_LIDS]

    def blend(
        self, shapes: Array, seen: Array, off: Array, above: Array, fine: float, dt: float
    ) -> None:
        """Blend the lids' shapes into face shapes (52,), in place.

        Args:
            shapes: (52,) 0 to 1.
            seen: (40,) landmarks.MEASURES.
            off: (40,) their differences from neutral.
            above: (52,) raw scores minus those of the neutral face.
            fine: 0 where lids are noise, 1 where they are measured well.
            dt: seconds since the last call.
        """
        shares = self._measure_openings(seen, above, dt)
        shut: Array = np.interp(shares, _SHARES, _SHUT)
        # Of a large face the score counts above this performer's own, and not where lids are open.
        scored = clamp(above[_BLINKS] / _BLINK_SPAN, 0.0, 1.0) * shut
        shut = _even_out(shut, above[_BLINKS])
        shapes[_BLINKS] += fine * (np.maximum(scored, shut) - shapes[_BLINKS])
        open_ = 1.0 - shapes[_BLINKS]
        shapes[_SQUINTS] *= open_
        if fine > 0.0:
            lower, upper = off[LOWER_LIDS], off[UPPER_LIDS]
            squint = _remove_noise((lower - _SQUINT_UPPER_SHARE * upper) / _SQUINT, _SQUINT_NOISE)
            squint *= open_ * (upper > -_SHUT_DROP)
            lifted = _remove_noise(upper / _WIDE, _DEAD_ZONE)
            shapes[_SQUINTS] += fine * (squint - shapes[_SQUINTS])
            shapes[_WIDES] += fine * _WIDE_SHARE * (lifted * open_ - shapes[_WIDES])
        shapes[_SQUINTS] = np.maximum(shapes[_SQUINTS], _SMILE_SHARE * shapes[_SMILES])

    def _measure_openings(self, seen: Array, above: Array, dt: float) -> Array:
        """Return the distances between the lids as shares (2,) of an open eye's."""
        opening = seen[UPPER_LIDS] - seen[LOWER_LIDS]
        widest = self._openings.update(opening - above @ _OPENING_SLOPES, dt)
        if self._learnt is not None:
            widest = self._learnt
        shares: Array = opening / np.maximum(widest, _MIN_OPENING)
        return shares


def _even_out(shut: Array, scores: Array) -> Array:
    """Return how far both eyes are shut (2,), alike unless one of them winks.

    Lids of a turned head or a lopsided smile differ a little, and the scores of both do not.

    Args:
        shut: (2,) by the lids, 0 to 1.
        scores: (2,) of the blinks.
    """
    mean = shut.mean()
    winks = max(
        smoothstep(abs(float(scores[0] - scores[1])), *_WINK_SCORES),
        smoothstep(abs(float(shut[0] - shut[1])), *_WINK_LIDS),
    )
    out: Array = mean + winks * (shut - mean)
    return out


def _remove_noise(shown: Array, noise: float) -> Array:
    """Rescale measured shapes so that `noise` and less is 0 and 1 stays 1."""
    return clamp((shown - noise) / (1.0 - noise), 0.0, 1.0)
