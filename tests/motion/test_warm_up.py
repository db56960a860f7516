"""Test that the first frames of a show find everything compiled."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from renderer.motion.solver import MotionSolver
from renderer.motion.warm_up import warm_up


def kernels() -> dict[str, list[Any]]:
    """Return the signatures that each of the motion's kernels is compiled for."""
    return {
        f"{name}.{key}": list(one.signatures)
        for name, module in list(sys.modules.items())
        if name.startswith("renderer.motion")
        for key, one in vars(module).items()
        if hasattr(one, "nopython_signatures")
    }


def test_the_first_frames_compile_nothing_more(performer: Any) -> None:
    warm_up()
    before = kernels()
    assert any(before.values())
    solver = MotionSolver()
    for number in range(12):
        seen = performer.observe(performer.standing(), number)
        solver.solve(replace(seen, left_hand=None) if number == 7 else seen)
    solver.idle(12 * 33_333_333 + 1)
    assert kernels() == before
