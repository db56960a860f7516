"""Simulate one avatar's spring bones over time."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.model import F32, Nodes
from avatars.rest import rest_world
from avatars.springs.kernel import KEEP, SETTLE, SHOW, State, displacement, measure, move
from avatars.springs.records import Springs
from avatars.springs.rig import build_rig

SUBSTEP: Final = 1.0 / 60.0
"""Length of a step, seconds. Drag is a loss per step, so the step length affects an avatar's look;
authors tune it on screens of 60 Hz."""

_LONGEST: Final = 0.25
"""Maximum seconds simulated per frame; the rest of a longer pause, such as when the machine
sleeps, is skipped."""

_JUMP: Final = 0.5
"""Metres; a mean displacement of the joints above _JUMP + _FASTEST · time is a jump, such as of a
performer whose tracking resumes, and resets the springs."""
_FASTEST: Final = 15.0
"""Metres per second; see _JUMP."""

_NEAR: Final = 1e-3
"""Fraction of a step within which a frame counts as being on it, so that at 60 fps with timestamps
in whole nanoseconds each frame makes one step."""


class SpringSimulation:
    """Simulates the springs of one avatar.

    Time advances in fixed steps of SUBSTEP, independent of the frame rate. A step between two
    frames uses an interpolated pose; a frame between two steps shows a fraction of the next step,
    which is not stored. So the same motion looks the same at 30, 60 and 144 frames per second.

    Args:
        springs: the avatar's springs.
        nodes: the avatar's nodes, in the rest pose.
    """

    def __init__(self, springs: Springs, nodes: Nodes) -> None:
        self._rig = build_rig(springs, nodes)
        joints, colliders = len(self._rig.nodes), len(self._rig.shape_nodes)
        poses = np.zeros((3, len(nodes.parents), 4, 4))
        self._state = State(
            tails=np.zeros((joints, 3)),
            last_tails=np.zeros((joints, 3)),
            posed=poses[0],
            moved=poses[1],
            lengths=np.zeros(joints),
            shapes=np.zeros((colliders, 2, 3)),
            work=np.zeros((4, 4, 4)),
        )
        self._last_pose = poses[2]
        self._passed = 0.0
        # Compile now, so that the first frame does not wait for it.
        rest = rest_world(nodes).astype(np.float32)
        self.reset(rest)
        if joints:
            displacement(self._rig.nodes, self._last_pose, rest)
        self._at_rest = True

    @property
    def joint_count(self) -> int:
        """The number of nodes that swing."""
        return len(self._rig.nodes)

    def reset(self, world: F32) -> None:
        """Reset the joints to rest with zero velocity, as after a jump.

        Args:
            world: (n, 4, 4) world matrices of the pose to rest in, without springs.
        """
        self._at_rest = False
        self._passed = 0.0
        if self.joint_count:
            self._see(world)
            self._move(0.0, SETTLE)
            np.copyto(self._last_pose, world)

    def step(self, world: F32, seconds: float) -> None:
        """Advance the simulation and rotate the joints and their descendants in `world`.

        The first call, and one after a jump, start from rest in the given pose.

        Args:
            world: (n, 4, 4) float32, for column vectors: this frame's pose without springs,
                modified in place.
            seconds: time since the last frame.
        """
        if not self.joint_count:
            return
        seconds = min(max(seconds, 0.0), _LONGEST)
        if self._at_rest or self._has_jumped(world, seconds):
            self.reset(world)
        before, self._passed = self._passed, self._passed + seconds
        count = int(self._passed / SUBSTEP + _NEAR)
        self._passed -= count * SUBSTEP
        self._see(world)
        for k in range(1, count + 1):
            self._pose_at((k * SUBSTEP - before) / seconds, world)
            self._move(1.0, KEEP)
        share = self._passed / SUBSTEP
        if not count or share > _NEAR:
            np.copyto(self._state.posed, world)
            self._move(share, SHOW)
        np.copyto(self._last_pose, world)
        np.copyto(world, self._state.moved, casting="same_kind")

    def _has_jumped(self, world: F32, seconds: float) -> bool:
        far = displacement(self._rig.nodes, self._last_pose, world)
        return far > _JUMP + _FASTEST * seconds

    def _see(self, world: F32) -> None:
        """Store a frame's pose and measure its bone lengths, which interpolated poses distort."""
        state = self._state
        np.copyto(state.posed, world)
        measure(self._rig, state.posed, state.work, state.lengths)

    def _move(self, share: float, mode: int) -> None:
        np.copyto(self._state.moved, self._state.posed)
        move(self._rig, self._state, SUBSTEP, share, mode)

    def _pose_at(self, share: float, world: F32) -> None:
        """Write the pose interpolated linearly from the last frame's to this one's."""
        posed = self._state.posed
        if share > 1.0 - _NEAR:
            np.copyto(posed, world)
        else:
            np.subtract(world, self._last_pose, out=posed)
            posed *= share
            posed += self._last_pose
