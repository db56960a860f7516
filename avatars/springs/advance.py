"""Advance a spring simulation by a frame, in compiled code."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled_with
from avatars.springs import kernel
from avatars.springs.kernel import KEEP, SETTLE, SHOW, State, displacement, measure, move
from avatars.springs.rig import Rig

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

SUBSTEP: Final = 1.0 / 60.0
"""Length of a step, seconds. Drag is a loss per step, so the step length affects an avatar's look;
authors tune it on screens of 60 Hz."""

_JUMP: Final = 0.5
"""Metres; a mean displacement of the joints above _JUMP + _FASTEST · time is a jump, such as of a
performer whose tracking resumes, and resets the springs."""
_FASTEST: Final = 15.0
"""Metres per second; see _JUMP."""

_NEAR: Final = 1e-3
"""Fraction of a step within which a frame counts as being on it, so that at 60 fps with timestamps
in whole nanoseconds each frame makes one step."""


@compiled_with(kernel)
def settle(rig: Rig, state: State, last_pose: F64, world: F32) -> None:
    """Put the tails at rest, with zero velocity.

    Args:
        last_pose: (n, 4, 4) is set to `world`.
        world: (n, 4, 4) world matrices of the pose to rest in, without springs.
    """
    state.posed[:] = world
    measure(rig, state.posed, state.work, state.lengths)
    state.moved[:] = state.posed
    move(rig, state, SUBSTEP, 0.0, SETTLE)
    last_pose[:] = world


@compiled_with(kernel)
def advance(
    rig: Rig,
    state: State,
    last_pose: F64,
    world: F32,
    seconds: float,
    passed: float,
    is_at_rest: bool,
) -> float:
    """Simulate the time since the last frame, and show the joints where they are in this one.

    Args:
        last_pose: (n, 4, 4) pose of the last frame without springs; set to this frame's.
        world: (n, 4, 4) this frame's pose without springs; joints and their descendants are moved.
        seconds: time since the last frame.
        passed: part of a step that has passed until the last frame, seconds.
        is_at_rest: whether the joints start from rest; they also do after a jump.

    Returns:
        The part of a step that has passed until this frame, seconds.
    """
    posed, moved = state.posed, state.moved
    if is_at_rest or displacement(rig.nodes, last_pose, world) > _JUMP + _FASTEST * seconds:
        settle(rig, state, last_pose, world)
        passed = 0.0
    before = passed
    passed += seconds
    count = int(passed / SUBSTEP + _NEAR)
    passed -= count * SUBSTEP
    # Interpolated poses distort the bones' lengths.
    posed[:] = world
    measure(rig, posed, state.work, state.lengths)
    for step in range(1, count + 1):
        share = (step * SUBSTEP - before) / seconds
        if share > 1.0 - _NEAR:
            posed[:] = world
        else:
            for node in range(len(world)):
                for row in range(4):
                    for column in range(4):
                        last = last_pose[node, row, column]
                        moves = world[node, row, column] - last
                        posed[node, row, column] = moves * share + last
        moved[:] = posed
        move(rig, state, SUBSTEP, 1.0, KEEP)
    share = passed / SUBSTEP
    if count == 0 or share > _NEAR:
        posed[:] = world
        moved[:] = posed
        move(rig, state, SUBSTEP, share, SHOW)
    last_pose[:] = world
    world[:] = moved
    return passed
