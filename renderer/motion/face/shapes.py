"""What the face's points show better than the scores: lips, smile, brows, lids, a mouth aside.

The scores come from a model that sees the points through a bottleneck; of a small face they say
less than the points themselves. Of a synthetic performer 45 pixels wide of face, input against
output: the gap between the lips follows jawOpen with r = .98 (its score .87), the mouth's width
mouthSmile with .88 (.81), a narrow mouth times its gap mouthFunnel with .91 (.63), and a narrow one
that is nearly shut mouthPucker with .89 (.71). Lips that touch, as on m, b and p, are seen to.

Of one who moves each shape alone the scores of lowered brows, squinting and wide eyes, drooping
corners and a mouth or jaw aside are dead or mistaken, and the points show them. What only all
points together tell apart (a sneer, pressed lips, smiles) is read from a large face's surface, see
facereading. Puffed cheeks and a tongue that is out are not told surely enough from lips that sing
or purse; a jaw pushed forward shows in nothing that was found.
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
    GAP_NARROWS,
    LOWER_LIDS,
    MOUTH,
    ON_SURFACE,
    UPPER_LIDS,
    WIDTH,
)
from renderer.motion.face.regression import READ, predict_shapes, sums_read, whole_read
from renderer.motion.face.rest import COUNT, FIRST_S, SETTLE_BROWS_S, TOUCH, WHOLE, FaceAtRest

_ROUND_GAP: Final = 0.10
"""Gap of a mouth wide open, and of one that is open enough to be round rather than pursed."""
_PURSED_GAP: Final = 0.20
_NARROW: Final = 0.12
"""By how much a mouth's width narrows for a whole pucker."""

_SHUT_S: Final = (0.3, 1.0)
"""A mouth rests shut: for how long lips must have been seen so before what the surface shows beside
its rest is believed at all, and wholly."""

_LIFT_FULL: Final = 0.35
_LIFT_QUANTILE: Final = 0.3
_LIFT_PACE: Final = 0.4
"""Of the raised brows' mean score: what whole brows add to it, and how its rest is sought."""

_POINTS_SHARE: Final = 0.7
"""How far the points are believed over the scores."""

_PURSED_SHARE: Final = 0.9
"""The same of pursed lips of a large face."""

_BROW_POINTS: Final = (0.6, 0.9)
"""How far the points are believed over the scores, of small faces and of large ones."""

_BROWS_AS_ONE: Final = 0.7
_SNEER_LOWERS: Final = 0.4
"""Of whole brows, by how much a whole sneer lowers them."""
_BROW_NOISE: Final = 0.05
"""Of whole brows of a large face: less is noise. Small faces' brows show less of what they do."""
_FINE_PIXELS: Final = (45.0, 80.0)
"""Between the eyes: below the first the points of lids and corners are noise, from the second on
they are to be believed."""
_DEAD_ZONE: Final = 0.25
"""Of a whole shape: less is noise where no score agrees."""
_SQUINT: Final = 0.012
_SQUINT_SINKS: Final = 0.25
_SQUINT_NOISE: Final = 0.45
_SHUTS: Final = 0.02
"""A whole squint: by how much lower lids rise, and with it so much of what the upper ones sink. Of
it less than the third is noise; upper lids that sink by more than the last shut or open."""

_JAW, _FUNNEL, _PUCKER = (ARKIT_INDEX[n] for n in ("jawOpen", "mouthFunnel", "mouthPucker"))
_CLOSE: Final = ARKIT_INDEX["mouthClose"]


def _sides(name: str) -> list[int]:
    return [ARKIT_INDEX[name + side] for side in ("Left", "Right")]


_SMILES, _CHEEKS = _sides("mouthSmile"), _sides("cheekSquint")
_DOWNS, _SQUINTS, _WIDES = (_sides(n) for n in ("browDown", "eyeSquint", "eyeWide"))
_SNEER: Final = ARKIT_INDEX["noseSneerLeft"]
_SMILE: Final = READ.index("mouthSmile")
_AS_READ, _READ_AS = np.array(
    [
        (row, k)
        for k, name in enumerate(READ)
        for row, each in enumerate(ARKIT)
        if k != _SMILE and each.startswith(name)
    ]
).T
"""Face shapes that are read from the surface, and as what; smiles differ by side."""
_JAWS, _MOUTHS, _BLINKS = (_sides(n) for n in ("jaw", "mouth", "eyeBlink"))
_RISES: Final = [ARKIT_INDEX[f"brow{n}"] for n in ("InnerUp", "OuterUpLeft", "OuterUpRight")]

_CHEEK_SHARE: Final = 0.5
_SQUINT_SHARE: Final = 0.25
"""A smile lifts the cheeks, and these the lower lids (Ekman's Duchenne marker); the score of the
one is dead, that of the other is mostly the blink's."""


class PointShapes:
    """One performer's measures at rest, found as they perform or learnt, and what differs.

    Attributes:
        full: (40,) by how much each measure differs from its rest at a whole shape.
        read_full: (7,) what is read of whole shapes, see facereading.
    """

    def __init__(self) -> None:
        self.full: Array = WHOLE.copy()
        self.read_full = whole_read()
        self._rest = FaceAtRest()
        self._lift: float | None = None

    def blend(self, shapes: Array, seen: Array, lift: float, dt: float) -> None:
        """Blend what the points show into face shapes (52,), in place.

        Args:
            seen: (41,) from `measured`.
            lift: the raised brows' mean raw score, which also falls when brows are lowered.
            dt: seconds since the last ones.
        """
        rest = self._rest.settle(seen[:COUNT], self.full, dt)
        off = (seen[:COUNT] - rest) / self.full
        fine = float(smoothstep(seen[COUNT:], *_FINE_PIXELS)[0])
        self._mouth(shapes, float(seen[GAP]), off, fine)
        trust = fine * float(smoothstep(np.array([self._rest.shut_s]), *_SHUT_S)[0])
        surface = off[ON_SURFACE] * self.full[ON_SURFACE]
        read = predict_shapes(sums_read(float(seen[GAP]), surface), self.read_full)
        shapes[_AS_READ] += trust * (read[_READ_AS] - shapes[_AS_READ])
        smile = min(max(float(off[WIDTH]), 0.0), 1.0)
        smile += trust * (float(read[_SMILE]) - smile)
        self._corners(shapes, smile, off, fine, trust)
        self._brows(shapes, off, self._brow_elevation(lift, dt), fine)
        self._lids(shapes, off, fine)

    def learn(self, rest: Array, lift: float) -> None:
        """Take these measures (40,) and lift as of a face at rest."""
        self._lift = lift
        self._rest.learn(rest[:COUNT])

    def _mouth(self, shapes: Array, gap: float, off: Array, fine: float) -> None:
        gap = max(gap, 0.0)
        # Of round lips the jaw's own share is a part.
        narrower = GAP_NARROWS * gap - float(off[WIDTH]) * float(self.full[WIDTH])
        narrow = min(max(narrower / _NARROW, 0.0), 1.0)
        apart = min(max((gap - TOUCH[0]) / (TOUCH[1] - TOUCH[0]), 0.0), 1.0)
        _mix(shapes, _JAW, min(gap / float(self.full[GAP]), 1.0), _POINTS_SHARE)
        _mix(shapes, _FUNNEL, narrow * min(gap / _ROUND_GAP, 1.0), _POINTS_SHARE)
        # The score of pursed lips rests as high as .8, by performer.
        share = _POINTS_SHARE + fine * (_PURSED_SHARE - _POINTS_SHARE)
        _mix(shapes, _PUCKER, narrow * max(1.0 - gap / _PURSED_GAP, 0.0), share)
        # Lips that touch are closed, whatever the jaw's score has left over.
        shapes[_JAW] *= apart
        shapes[_CLOSE] *= 1.0 - apart

    def _corners(self, shapes: Array, smile: float, off: Array, fine: float, trust: float) -> None:
        """A smile, and on which side it is; a jaw or a mouth aside."""
        sides = shapes[_SMILES]
        lopsided = 2.0 * sides / sides.sum() if sides.sum() > 0.1 else np.ones(2)
        lifted = clamp(off[CORNERS], 0.0, 1.0)
        if lifted.sum() > 0.1:
            lopsided += fine * (2.0 * lifted / lifted.sum() - lopsided)
        share = _POINTS_SHARE + trust * (1.0 - _POINTS_SHARE)
        shapes[_SMILES] += share * (clamp(smile * lopsided, 0.0, 1.0) - sides)
        shapes[_CHEEKS] = np.maximum(shapes[_CHEEKS], _CHEEK_SHARE * shapes[_SMILES])
        for rows, aside in ((_JAWS, off[CHIN]), (_MOUTHS, off[MOUTH] - 0.6 * off[CHIN])):
            both = _beyond(np.array([aside, -aside]), _DEAD_ZONE)
            shapes[rows] += fine * (both - shapes[rows])

    def _brows(self, shapes: Array, off: Array, lift: float, fine: float) -> None:
        """Brows go up and down on one scale, on which points and scores are added up."""
        points = _BROW_POINTS[0] + fine * (_BROW_POINTS[1] - _BROW_POINTS[0])
        sides = points * off[BROWS] + (1.0 - points) * lift
        # A sneer draws them down as well, and is no frown.
        sides = np.maximum(sides, np.minimum(sides + _SNEER_LOWERS * shapes[_SNEER], 0.0))
        middle = float(sides.mean())
        # Most often brows move as one; apart, each is known to a pixel or two of a small face.
        sides = sides + _BROWS_AS_ONE * (middle - sides)
        shapes[_RISES] = _beyond(np.array([middle, *sides]), fine * _BROW_NOISE)
        shapes[_DOWNS] = _beyond(-sides, fine * _BROW_NOISE)

    def _lids(self, shapes: Array, off: Array, fine: float) -> None:
        """Squint and wide eyes show in the lids, as far as these do not blink."""
        open_ = 1.0 - shapes[_BLINKS]
        shapes[_SQUINTS] *= open_
        if fine > 0.0:
            lower = off[LOWER_LIDS] * self.full[LOWER_LIDS]
            upper = off[UPPER_LIDS] * self.full[UPPER_LIDS]
            squint = _beyond((lower - _SQUINT_SINKS * upper) / _SQUINT, _SQUINT_NOISE)
            squint *= open_ * (upper > -_SHUTS)
            lifted = _beyond(off[UPPER_LIDS], _DEAD_ZONE)
            shapes[_SQUINTS] += fine * (squint - shapes[_SQUINTS])
            shapes[_WIDES] += fine * _POINTS_SHARE * (lifted * open_ - shapes[_WIDES])
        shapes[_SQUINTS] = np.maximum(shapes[_SQUINTS], _SQUINT_SHARE * shapes[_SMILES])

    def _brow_elevation(self, lift: float, dt: float) -> float:
        """How far the brows are up by their scores; below 0 down."""
        if self._lift is None:
            self._lift = lift
        pace = dt / min(max(self._rest.seen_s, FIRST_S), SETTLE_BROWS_S)
        step = _LIFT_QUANTILE - 1.0 if lift < self._lift else _LIFT_QUANTILE
        self._lift += pace * step * _LIFT_PACE
        return (lift - self._lift) / _LIFT_FULL


def _mix(shapes: Array, row: int, shown: float, share: float) -> None:
    shapes[row] += share * (shown - shapes[row])


def _beyond(shown: Array, noise: float) -> Array:
    """What of shapes that are shown is more than noise, 0 to 1."""
    return clamp((shown - noise) / (1.0 - noise), 0.0, 1.0)
