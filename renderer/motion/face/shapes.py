"""Face shapes from landmarks: lips, smile, brows, lids, and a mouth or jaw to one side.

The detector's scores come from a model that sees the landmarks through a bottleneck; on a small
face the landmarks themselves carry more information. Correlation of input and output on a synthetic
performer whose face is 45 pixels wide: gap between the lips and jawOpen r = .98 (its score .87),
width of the mouth and mouthSmile .88 (.81), narrow mouth times gap and mouthFunnel .91 (.63),
narrow and nearly closed mouth and mouthPucker .89 (.71). Lips that touch, as on m, b and p, are
closed exactly.

When one shape moves alone, the scores of lowered brows, squinting and wide eyes, drooping corners
and a mouth or jaw to one side are dead or wrong, and the landmarks show them. Shapes that only all
landmarks together separate (sneer, pressed lips, smile) come from the surface of a large face by
`regression`. Puffed cheeks and a tongue that is out cannot be separated reliably from lips that
sing or purse; no measure was found that shows a jaw pushed forward.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.landmarks import (
    BROWS,
    CHIN,
    CORNERS,
    GAP,
    GAP_TO_WIDTH,
    LOWER_LIDS,
    MOUTH,
    ON_SURFACE,
    UPPER_LIDS,
    WIDTH,
)
from renderer.motion.face.regression import (
    REGRESSED_SHAPES,
    default_full_sums,
    predict_shapes,
    weighted_sums,
)
from renderer.motion.face.rest import COUNT, FIRST_S, LIPS_TOUCH, SETTLE_BROWS_S, WHOLE, FaceAtRest

_OPEN_GAP: Final = 0.10
"""Gap of a mouth that is open enough to be round rather than pursed."""
_PURSED_GAP: Final = 0.20
"""Gap at which a mouth is too open to be pursed."""

_NARROW: Final = 0.12
"""By how much the mouth's width narrows for a whole pucker."""

_SHUT_TRUST_S: Final = (0.3, 1.0)
"""Seconds for which closed lips must have been seen before surface measures are used at all, and
fully: the surface's neutral is that of a closed mouth."""

_BROW_SCORE_SPAN: Final = 0.35
"""What whole brows add to the mean score of raised brows."""

_BROW_SCORE_QUANTILE: Final = 0.3
"""Quantile of that score that is its neutral value."""

_BROW_SCORE_PACE: Final = 0.4
"""Speed of that quantile's estimate per second."""

_POINTS_SHARE: Final = 0.7
"""Weight of the landmarks relative to the scores."""

_PURSED_SHARE: Final = 0.9
"""The same for pursed lips of a large face."""

_BROW_POINTS: Final = (0.6, 0.9)
"""The same for brows, of small and of large faces."""

_BROW_COUPLING: Final = 0.7
"""How far left and right brow are drawn to their mean."""

_SNEER_TO_BROWS: Final = 0.4
"""By how much of whole brows a whole sneer lowers them."""
_BROW_NOISE: Final = 0.05
"""Share of whole brows of a large face that counts as noise. Brows of small faces show less of
their movement."""
_FINE_PIXELS: Final = (45.0, 80.0)
"""Pixels between the eyes below which landmarks of lids and corners are noise, and from which they
are usable."""
_DEAD_ZONE: Final = 0.25
"""Share of a whole shape that counts as noise where no score confirms it."""
_SQUINT: Final = 0.012
"""Rise of the lower lids at a whole squint."""

_SQUINT_UPPER_SHARE: Final = 0.25
"""Share of the upper lids' drop that adds to a squint."""

_SQUINT_NOISE: Final = 0.45
"""Share of a whole squint that counts as noise."""

_SHUT_DROP: Final = 0.02
"""Upper lids that drop by more than this blink, so their eye does not squint."""

_JAW, _FUNNEL, _PUCKER = (ARKIT_INDEX[n] for n in ("jawOpen", "mouthFunnel", "mouthPucker"))
_CLOSE: Final = ARKIT_INDEX["mouthClose"]


def _sides(name: str) -> list[int]:
    """Return the rows of a shape's left and right variant."""
    return [ARKIT_INDEX[name + side] for side in ("Left", "Right")]


_SMILES, _CHEEKS = _sides("mouthSmile"), _sides("cheekSquint")
_DOWNS, _SQUINTS, _WIDES = (_sides(n) for n in ("browDown", "eyeSquint", "eyeWide"))
_SNEER: Final = ARKIT_INDEX["noseSneerLeft"]
_SMILE: Final = REGRESSED_SHAPES.index("mouthSmile")
_REGRESSED_ROWS, _REGRESSED_FROM = np.array(
    [
        (row, k)
        for k, name in enumerate(REGRESSED_SHAPES)
        for row, each in enumerate(ARKIT)
        if k != _SMILE and each.startswith(name)
    ]
).T
"""Rows of face shapes that the regression predicts, and which of its outputs each takes; smiles are
handled by side."""
_JAWS, _MOUTHS, _BLINKS = (_sides(n) for n in ("jaw", "mouth", "eyeBlink"))
_RISES: Final = [ARKIT_INDEX[f"brow{n}"] for n in ("InnerUp", "OuterUpLeft", "OuterUpRight")]

_CHEEK_SHARE: Final = 0.5
"""Share of a smile that raises the cheeks (Ekman's Duchenne marker); the cheeks' score is dead."""

_SQUINT_SHARE: Final = 0.25
"""Share of a smile that raises the lower lids; their score is mostly the blink's."""


class PointShapes:
    """Blends face shapes from landmarks into one performer's scores; holds their neutral measures.

    Attributes:
        full: (40,) difference of each measure from neutral at a whole shape.
        read_full: (7,) the regression's sums at whole shapes.
    """

    def __init__(self) -> None:
        self.full: Array = WHOLE.copy()
        self.read_full = default_full_sums()
        self._rest = FaceAtRest()
        self._lift: float | None = None

    def blend(self, shapes: Array, seen: Array, lift: float, dt: float) -> None:
        """Blend the shapes from landmarks into face shapes (52,), in place.

        Args:
            shapes: (52,) 0 to 1.
            seen: (41,) from landmarks.measure.
            lift: mean raw score of raised brows, which also falls when brows are lowered.
            dt: seconds since the last call.
        """
        rest = self._rest.settle(seen[:COUNT], self.full, dt)
        off = (seen[:COUNT] - rest) / self.full
        fine = float(smoothstep(seen[COUNT:], *_FINE_PIXELS)[0])
        self._mouth(shapes, float(seen[GAP]), off, fine)
        trust = fine * float(smoothstep(np.array([self._rest.shut_s]), *_SHUT_TRUST_S)[0])
        surface = off[ON_SURFACE] * self.full[ON_SURFACE]
        read = predict_shapes(weighted_sums(float(seen[GAP]), surface), self.read_full)
        shapes[_REGRESSED_ROWS] += trust * (read[_REGRESSED_FROM] - shapes[_REGRESSED_ROWS])
        smile = min(max(float(off[WIDTH]), 0.0), 1.0)
        smile += trust * (float(read[_SMILE]) - smile)
        self._corners(shapes, smile, off, fine, trust)
        self._brows(shapes, off, self._brow_elevation(lift, dt), fine)
        self._lids(shapes, off, fine)

    def learn(self, rest: Array, lift: float) -> None:
        """Take these measures (40 or more,) and brow score as those of a neutral face."""
        self._lift = lift
        self._rest.learn(rest[:COUNT])

    def _mouth(self, shapes: Array, gap: float, off: Array, fine: float) -> None:
        """Blend jaw, funnel and pucker; close lips that touch."""
        gap = max(gap, 0.0)
        # The jaw's own share of the narrowing is removed.
        narrower = GAP_TO_WIDTH * gap - float(off[WIDTH]) * float(self.full[WIDTH])
        narrow = min(max(narrower / _NARROW, 0.0), 1.0)
        apart = min(max((gap - LIPS_TOUCH[0]) / (LIPS_TOUCH[1] - LIPS_TOUCH[0]), 0.0), 1.0)
        _blend_shape(shapes, _JAW, min(gap / float(self.full[GAP]), 1.0), _POINTS_SHARE)
        _blend_shape(shapes, _FUNNEL, narrow * min(gap / _OPEN_GAP, 1.0), _POINTS_SHARE)
        # The neutral score of pursed lips is as high as .8, depending on the performer.
        share = _POINTS_SHARE + fine * (_PURSED_SHARE - _POINTS_SHARE)
        _blend_shape(shapes, _PUCKER, narrow * max(1.0 - gap / _PURSED_GAP, 0.0), share)
        # Lips that touch are closed, whatever the jaw's score says.
        shapes[_JAW] *= apart
        shapes[_CLOSE] *= 1.0 - apart

    def _corners(self, shapes: Array, smile: float, off: Array, fine: float, trust: float) -> None:
        """Blend smiles by side, and a jaw or mouth to one side."""
        sides = shapes[_SMILES]
        lopsided = 2.0 * sides / sides.sum() if sides.sum() > 0.1 else np.ones(2)
        lifted = clamp(off[CORNERS], 0.0, 1.0)
        if lifted.sum() > 0.1:
            lopsided += fine * (2.0 * lifted / lifted.sum() - lopsided)
        share = _POINTS_SHARE + trust * (1.0 - _POINTS_SHARE)
        shapes[_SMILES] += share * (clamp(smile * lopsided, 0.0, 1.0) - sides)
        shapes[_CHEEKS] = np.maximum(shapes[_CHEEKS], _CHEEK_SHARE * shapes[_SMILES])
        for rows, aside in ((_JAWS, off[CHIN]), (_MOUTHS, off[MOUTH] - 0.6 * off[CHIN])):
            both = _remove_noise(np.array([aside, -aside]), _DEAD_ZONE)
            shapes[rows] += fine * (both - shapes[rows])

    def _brows(self, shapes: Array, off: Array, lift: float, fine: float) -> None:
        """Blend brows; up and down share one scale, on which landmarks and scores are added."""
        points = _BROW_POINTS[0] + fine * (_BROW_POINTS[1] - _BROW_POINTS[0])
        sides = points * off[BROWS] + (1.0 - points) * lift
        # A sneer lowers the brows too and is not a frown.
        sides = np.maximum(sides, np.minimum(sides + _SNEER_TO_BROWS * shapes[_SNEER], 0.0))
        middle = float(sides.mean())
        # Brows mostly move together; each alone is measured to a pixel or two on a small face.
        sides = sides + _BROW_COUPLING * (middle - sides)
        shapes[_RISES] = _remove_noise(np.array([middle, *sides]), fine * _BROW_NOISE)
        shapes[_DOWNS] = _remove_noise(-sides, fine * _BROW_NOISE)

    def _lids(self, shapes: Array, off: Array, fine: float) -> None:
        """Blend squint and wide eyes from the lids, as far as they do not blink."""
        open_ = 1.0 - shapes[_BLINKS]
        shapes[_SQUINTS] *= open_
        if fine > 0.0:
            lower = off[LOWER_LIDS] * self.full[LOWER_LIDS]
            upper = off[UPPER_LIDS] * self.full[UPPER_LIDS]
            squint = _remove_noise((lower - _SQUINT_UPPER_SHARE * upper) / _SQUINT, _SQUINT_NOISE)
            squint *= open_ * (upper > -_SHUT_DROP)
            lifted = _remove_noise(off[UPPER_LIDS], _DEAD_ZONE)
            shapes[_SQUINTS] += fine * (squint - shapes[_SQUINTS])
            shapes[_WIDES] += fine * _POINTS_SHARE * (lifted * open_ - shapes[_WIDES])
        shapes[_SQUINTS] = np.maximum(shapes[_SQUINTS], _SQUINT_SHARE * shapes[_SMILES])

    def _brow_elevation(self, lift: float, dt: float) -> float:
        """Return how far the brows are raised by their scores; below 0 lowered."""
        if self._lift is None:
            self._lift = lift
        pace = dt / min(max(self._rest.seen_s, FIRST_S), SETTLE_BROWS_S)
        step = _BROW_SCORE_QUANTILE - 1.0 if lift < self._lift else _BROW_SCORE_QUANTILE
        self._lift += pace * step * _BROW_SCORE_PACE
        return (lift - self._lift) / _BROW_SCORE_SPAN


def _blend_shape(shapes: Array, row: int, shown: float, share: float) -> None:
    """Blend a measured value into one row of the shapes, in place."""
    shapes[row] += share * (shown - shapes[row])


def _remove_noise(shown: Array, noise: float) -> Array:
    """Rescale measured shapes so that `noise` and less is 0 and 1 stays 1."""
    return clamp((shown - noise) / (1.0 - noise), 0.0, 1.0)
