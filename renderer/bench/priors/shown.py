"""Measures what an audience sees of tracking faults, with and without the learned models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.bench.motion.detector import MOVING, observe
from renderer.bench.priors.faults import LIMB_ROWS, deviations, inject_faults, true_points
from renderer.bench.priors.recordings import Recording
from renderer.motion.priors.limb_state import body_state
from renderer.motion.priors.live import LivePriors, NoPriors, Priors
from renderer.motion.priors.naturalness import Naturalness
from renderer.motion.solver import MotionSolver

Bools = npt.NDArray[np.bool_]

_WARM_UP: Final = 20
"""Frames that are not measured."""
_HIDDEN: Final = 15
"""Frames that a limb is hidden: half a second, within which most of it is still shown."""


def measure_shown(recordings: Sequence[Recording], seed: int) -> dict[str, float]:
    """Return the mean errors in degrees of limbs that are hidden, or whose landmarks are faulty.

    Args:
        recordings: at least one; faults take other people's limbs from the others.
        seed: draws faults and the detector's errors.
    """
    rng = np.random.default_rng(seed)
    errors: dict[str, list[Array]] = {}
    for number, one in enumerate(recordings):
        points, truth = true_points(one), body_state(one.rotations)
        wrong, faults = inject_faults(points, true_points(recordings[number - 1]), rng)
        hidden = _draw_hidden(len(points), rng)
        faulty = np.zeros((len(points), 4), np.bool_)
        for fault in faults:
            faulty[fault.start : fault.end, fault.limb] = True
        judged = LivePriors(naturalness=Naturalness())
        for name, seen, rows, priors in (
            ("hidden, held", points, hidden, NoPriors()),
            ("hidden, prior", points, hidden, LivePriors()),
            ("faulty, believed", wrong, faulty, NoPriors()),
            ("faulty, judged", wrong, faulty, judged),
            ("others, believed", wrong, ~faulty, NoPriors()),
            ("others, judged", wrong, ~faulty, judged),
        ):
            mask = hidden if rows is hidden else None
            shown = _solve(seen, mask, priors, seed + number)
            apart = deviations(shown, truth)
            errors.setdefault(name, []).append(apart[_WARM_UP:][rows[_WARM_UP:]])
    return {name: round(float(np.concatenate(e).mean()), 2) for name, e in errors.items()}


def _draw_hidden(frames: int, rng: np.random.Generator) -> Bools:
    """Return (n, 4) which limbs are hidden: one at a time, again and again."""
    hidden = np.zeros((frames, 4), np.bool_)
    for start in range(2 * _WARM_UP, frames - _HIDDEN, 2 * _HIDDEN):
        hidden[start : start + _HIDDEN, rng.integers(4)] = True
    return hidden


def _solve(points: Array, hidden: Bools | None, priors: Priors, seed: int) -> Array:
    """Return the states (n, 36) of what is shown."""
    solver = MotionSolver(priors=priors)
    shown = []
    for k, seen in enumerate(observe(points, MOVING, np.random.default_rng(seed))):
        if hidden is not None and hidden[k].any():
            visibility = np.ones(33, np.float32)
            visibility[list(LIMB_ROWS[int(hidden[k].argmax())])] = 0.05
            seen = replace(seen, visibility=visibility)
        shown.append(solver.solve(seen).rotations)
    return body_state(np.array(shown, np.float64))
