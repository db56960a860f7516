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
`regression`; puffed cheeks from the width of the lower face, a tongue from the picture. No measure
was found that shows a jaw pushed forward.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.face.brows import BrowShapes
from renderer.motion.face.cheeks import blend_puff
from renderer.motion.face.landmarks import (
    CHIN,
    CORNERS,
    GAP,
    GAP_TO_WIDTH,
    MOUTH,
    ON_SURFACE,
    WIDTH,
)
from renderer.motion.face.lids import LidShapes
from renderer.motion.face.regression import (
    REGRESSED_SHAPES,
    compute_weighted_sums,
    default_full_sums,
    predict_shapes,
)
from renderer.motion.face.rest import COUNT, WHOLE, FaceAtRest, lips_apart
from renderer.motion.face.smile import SmileShapes
from renderer.motion.face.tongue import TONGUE, TongueShape

_OPEN_GAP: Final = 0.10
"""Gap of a mouth that is open enough to be round rather than pursed."""
_PURSED_GAP: Final = 0.20
"""Gap at which a mouth is too open to be pursed."""

_NARROW: Final = 0.12
"""By how much the mouth's width narrows for a whole pucker."""

_SHUT_TRUST_S: Final = (0.3, 1.0)
"""Seconds for which closed lips must have been seen before surface measures are used at all, and
fully: the surface's neutral is that of a closed mouth."""


_POINTS_SHARE: Final = 0.7
"""Weight of the landmarks relative to the scores."""

_PURSED_SHARE: Final = 0.9
"""The same for pursed lips of a large face."""


_FINE_PIXELS: Final = (45.0, 80.0)
"""Pixels between the eyes below which landmarks of lids and corners are noise, and from which they
are usable."""
_DEAD_ZONE: Final = 0.25
"""Share of a whole shape that counts as noise where no score confirms it."""


_FROWN_NARROWED: Final = 2.0
"""Share of a frown that is none per whole smile's width by which the mouth is narrower than
neutral."""

_SNEER_OPEN: Final = (0.06, 0.16)
"""Gap from which the surface says less and less of a sneer, and from which it says nothing: the
regression was trained on sneers of closed lips and takes open mouths for sneers."""

_SMILING: Final = (0.03, 0.15)
"""Score of a smile above neutral below which the surface shows a sneer rather than a smile, and
from which it shows a smile."""

_NARROW_WIDTH: Final = 0.54
"""Width that no neutral mouth needs: a performer who smiles has too wide a neutral one at first."""

_ASIDE_SCORES: Final = (0.01, 0.08)
"""Score of a mouth to one side below which the landmarks show something else (a chin turned, a
lopsided face), and from which they are trusted: whole ones score .15 and more."""

_JAW, _FUNNEL, _PUCKER = (ARKIT_INDEX[n] for n in ("jawOpen", "mouthFunnel", "mouthPucker"))
_CLOSE: Final = ARKIT_INDEX["mouthClose"]


def _sides(name: str) -> list[int]:
    """Return the rows of a shape's left and right variant."""
    return [ARKIT_INDEX[name + side] for side in ("Left", "Right")]


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
_FROWNS, _PRESSES, _DIMPLES, _STRETCHES, _SMILES = (
    _sides(f"mouth{n}") for n in ("Frown", "Press", "Dimple", "Stretch", "Smile")
)
_JAWS, _MOUTHS, _SNEERS = _sides("jaw"), _sides("mouth"), _sides("noseSneer")


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
        self._lids = LidShapes()
        self._brows = BrowShapes()
        self._smiles = SmileShapes()
        self._tongue = TongueShape()

    def blend(self, shapes: Array, seen: Array, scores: Array, dt: float) -> None:
        """Blend the shapes from landmarks into face shapes (52,), in place.

        Args:
            shapes: (52,) 0 to 1.
            seen: (41,) from landmarks.measure.
            scores: (52,) raw.
            dt: seconds since the last call.
        """
        neutral = self._rest.settle_scores(scores, dt)
        fine = measure_fineness(seen)
        rest = self._rest.settle(seen[:COUNT], scores, neutral, self.full, fine, dt)
        off = (seen[:COUNT] - rest) / self.full
        pressed = fine * self._mouth(shapes, float(seen[GAP]), off, fine)
        trust = fine * smoothstep(self._rest.shut_s, *_SHUT_TRUST_S)
        surface = off[ON_SURFACE] * self.full[ON_SURFACE]
        read = predict_shapes(compute_weighted_sums(float(seen[GAP]), surface), self.read_full)
        shapes[_REGRESSED_ROWS] += trust * (read[_REGRESSED_FROM] - shapes[_REGRESSED_ROWS])
        above = scores - neutral
        # Lips that do not touch are not pressed, and round ones are not drawn back at the corners.
        shapes[_PRESSES] *= 1.0 - trust * lips_apart(float(seen[GAP]))
        shapes[_PRESSES] = np.maximum(shapes[_PRESSES], pressed)
        round_lips = float(max(shapes[_FUNNEL], shapes[_PUCKER]))
        opened = smoothstep(float(seen[GAP]), *_SNEER_OPEN)
        shapes[_SNEERS] *= 1.0 - trust * max(opened, round_lips)
        # A small face's dimples are noise.
        shapes[_DIMPLES] *= fine * (1.0 - round_lips)
        # Corners that are drawn down widen a mouth; those of a narrow one are pursed.
        narrow = (min(float(rest[WIDTH]), _NARROW_WIDTH) - float(seen[WIDTH])) / self.full[WIDTH]
        pursed = min(max(_FROWN_NARROWED * narrow, 0.0), 1.0)
        shapes[_FROWNS] *= 1.0 - trust * pursed
        shapes[_STRETCHES] *= 1.0 - trust * max(pursed, round_lips)
        # A smile and a sneer both raise cheeks and lip; only a smile has a score.
        smiling = smoothstep(float(above[_SMILES].max()), *_SMILING)
        read[_SMILE] *= 1.0 - trust * float(shapes[_SNEERS].max()) * (1.0 - smiling)
        self._mouth_aside(shapes, off, above, fine)
        self._tongue.blend(shapes, float(scores[TONGUE]), fine, dt)
        lifted, wider = clamp(off[CORNERS], 0.0, 1.0), min(max(float(off[WIDTH]), 0.0), 1.0)
        self._smiles.blend(shapes, seen, lifted, wider, trust * read, fine, dt)
        blend_puff(shapes, surface, float(seen[GAP]), trust)
        self._lids.blend(shapes, seen[:COUNT], seen[:COUNT] - rest, above, fine, dt)
        self._brows.blend(shapes, seen, scores, neutral, self.full, fine, dt)
        # The surface that looks sneered draws down brows all the same.
        shapes[_SNEERS] *= 1.0 - trust * smiling

    def learn(self, rest: Array, scores: Array) -> None:
        """Take these measures (40 or more,) and raw scores (52,) as those of a neutral face."""
        self._rest.learn(rest[:COUNT], scores)
        self._lids.learn(rest)
        self._brows.learn(rest, scores)
        self._smiles.learn(rest)

    def _mouth(self, shapes: Array, gap: float, off: Array, fine: float) -> float:
        """Blend jaw, funnel and pucker; close lips that touch; return how far they are pressed."""
        gap = max(gap, 0.0)
        # The jaw's own share of the narrowing is removed.
        narrower = GAP_TO_WIDTH * gap - float(off[WIDTH]) * float(self.full[WIDTH])
        narrow = min(max(narrower / _NARROW, 0.0), 1.0)
        apart = lips_apart(gap)
        _blend_shape(shapes, _JAW, min(gap / float(self.full[GAP]), 1.0), _POINTS_SHARE)
        _blend_shape(shapes, _FUNNEL, narrow * min(gap / _OPEN_GAP, 1.0), _POINTS_SHARE)
        # The neutral score of pursed lips is as high as .8, depending on the performer.
        share = _POINTS_SHARE + fine * (_PURSED_SHARE - _POINTS_SHARE)
        _blend_shape(shapes, _PUCKER, narrow * max(1.0 - gap / _PURSED_GAP, 0.0), share)
        # Lips that touch are closed, whatever the jaw's score says.
        shapes[_JAW] *= apart
        closed = float(shapes[_CLOSE]) * (1.0 - apart)
        # mouthClose undoes an open jaw; without one it tears the lips, which are pressed instead.
        shapes[_CLOSE] = min(closed, float(shapes[_JAW]))
        return closed - float(shapes[_CLOSE])

    def _mouth_aside(self, shapes: Array, off: Array, above: Array, fine: float) -> None:
        """Blend a jaw or mouth to one side."""
        for rows, aside in ((_JAWS, off[CHIN]), (_MOUTHS, off[MOUTH] - 0.6 * off[CHIN])):
            both = _remove_noise(np.array([aside, -aside]), _DEAD_ZONE)
            if rows is _MOUTHS:
                both *= smoothstep(above[_MOUTHS], *_ASIDE_SCORES)
            shapes[rows] += fine * (both - shapes[rows])


def measure_fineness(seen: Array) -> float:
    """Return how well the landmarks of a face (41,) show lids and corners, 0 to 1."""
    return smoothstep(float(seen[COUNT]), *_FINE_PIXELS)


def _blend_shape(shapes: Array, row: int, shown: float, share: float) -> None:
    """Blend a measured value into one row of the shapes, in place."""
    shapes[row] += share * (shown - shapes[row])


def _remove_noise(shown: Array, noise: float) -> Array:
    """Rescale measured shapes so that `noise` and less is 0 and 1 stays 1."""
    return clamp((shown - noise) / (1.0 - noise), 0.0, 1.0)
