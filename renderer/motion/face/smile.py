"""Smiles, each side by itself.

Of a large face a smile is the greatest of three: its score, which real faces show well; what the
regression reads from the surface, which shows some that have no score; and with closed lips the
curve of the mouth, which shows faint ones that neither does.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT_INDEX
from renderer.motion.face.landmarks import CORNERS, GAP, UPPER_LIP
from renderer.motion.face.prior_rest import PriorRest
from renderer.motion.face.regression import REGRESSED_SHAPES
from renderer.motion.face.rest import lips_apart

_PRESS_SHARE: Final = 0.7
"""Share of a smile's score that whole pressed lips account for: they are scored as smiles."""

_MIN_SUM: Final = 0.1
"""Sum of both sides from which their difference is more than noise."""

_SCORE_SHARE: Final = 0.7
"""Weight of the landmarks relative to the scores of a small face."""

_CURVE_PRIOR: Final = ((-0.075,), (0.010,))
"""Height of the corners of closed lips over the upper lip's middle in inter-eye distances, neutral
in the population, and its standard deviation: of four real performers and five of the ground-truth
set."""

_HELD_S: Final = 3.0
"""Seconds of closed lips at which the performer's own curve counts half: expressions of a face last
up to four seconds (Ekman)."""

_CURVE: Final = (0.012, 0.03)
"""Rise of the corners that is noise, and the further rise at a whole smile."""

_MAX_CURVED: Final = 0.5
"""Largest smile that the curve shows by itself: broader ones have a score."""

_RAISED: Final = (0.004, 0.024)
"""Rise of the corners of a large face below which no score is a smile, and from which every score
is: speech that bares the teeth is scored as a smile, and its corners stay where they are."""

_OPENED: Final = (0.08, 0.12)
"""Gap of a mouth up to which that holds, and from which it does not: an open one that smiles lifts
the upper lip as well."""

_CHEEK_SHARE: Final = 0.5
"""Share of a smile that raises the cheeks (Ekman's Duchenne marker); the cheeks' score is dead."""

_SMILES, _CHEEKS, _MOUTHS, _PRESSES = (
    [ARKIT_INDEX[name + side] for side in ("Left", "Right")]
    for name in ("mouthSmile", "cheekSquint", "mouth", "mouthPress")
)
_SMILE, _PRESS, _ROLL = (
    REGRESSED_SHAPES.index(name) for name in ("mouthSmile", "mouthPress", "mouthRoll")
)


class SmileShapes:
    """Smiles of one performer; holds the curve of their neutral mouth."""

    def __init__(self) -> None:
        self._rest = PriorRest(*_CURVE_PRIOR, _HELD_S)
        self._learnt: float | None = None

    def learn(self, rest: Array) -> None:
        """Take these measures (40 or more,) as those of a neutral mouth."""
        self._learnt = _measure_curve(rest)

    def blend(
        self,
        shapes: Array,
        seen: Array,
        lifted: Array,
        width: float,
        read: Array,
        fine: float,
        dt: float,
    ) -> None:
        """Blend smiles and the cheeks that they raise into face shapes (52,), in place.

        Args:
            shapes: (52,) 0 to 1, with pressed lips and the mouth's shapes to one side.
            seen: (40 or more,) landmarks.MEASURES.
            lifted: (2,) rise of the corners of the mouth, 0 to 1 at a whole smile.
            width: of the mouth beyond neutral, 0 to 1 at a whole smile.
            read: (7,) what the regression shows of REGRESSED_SHAPES, as far as it is trusted.
            fine: 0 for a small face, 1 for a large one.
            dt: seconds since the last call.
        """
        pressed = float(read[_PRESS]) * (1.0 - float(read[_SMILE]))
        rise = self._measure_rise(seen, dt)
        raised = max(
            smoothstep(rise, *_RAISED),
            smoothstep(float(seen[GAP]), *_OPENED),
        )
        sides = shapes[_SMILES] * (1.0 - _PRESS_SHARE * pressed) * (1.0 - fine * (1.0 - raised))
        scored = 2.0 * sides / sides.sum() if sides.sum() > _MIN_SUM else np.ones(2)
        lopsided = scored
        if lifted.sum() > _MIN_SUM:
            lopsided = scored + fine * (2.0 * lifted / lifted.sum() - scored)
        # Pressed and rolled lips and a mouth to one side curve the lips, too.
        curve = min(max((rise - _CURVE[0]) / _CURVE[1], 0.0), _MAX_CURVED)
        curved = fine * curve * (1.0 - lips_apart(float(seen[GAP])))
        curved *= 1.0 - float(shapes[_MOUTHS].max())
        curved *= (1.0 - float(shapes[_PRESSES].max())) * (1.0 - float(read[_ROLL]))
        shown = max(float(read[_SMILE]), (1.0 - fine) * width) * lopsided
        points = clamp(np.maximum(shown, curved * np.minimum(scored, 1.0) ** 2), 0.0, 1.0)
        goal = fine * np.maximum(points, sides) + (1.0 - fine) * points
        share = _SCORE_SHARE + fine * (1.0 - _SCORE_SHARE)
        shapes[_SMILES] += share * (goal - shapes[_SMILES])
        shapes[_CHEEKS] = np.maximum(shapes[_CHEEKS], _CHEEK_SHARE * shapes[_SMILES])

    def _measure_rise(self, seen: Array, dt: float) -> float:
        """Return the rise of the corners over neutral, which closed lips show."""
        curve = _measure_curve(seen)
        if self._learnt is not None:
            return curve - self._learnt
        if lips_apart(float(seen[GAP])) < 1.0:
            self._rest.update(np.array([curve]), dt)
        return curve - float(self._rest.value[0])


def _measure_curve(seen: Array) -> float:
    """Return the height of the mouth's corners over the middle of the upper lip."""
    return float(seen[CORNERS].mean() - seen[UPPER_LIP])
