"""Spring bones of one avatar in motion."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.model import F32, Nodes
from avatars.rest import rest_world
from avatars.springs.kernel import KEEP, SETTLE, SHOW, State, displacement, measure, move
from avatars.springs.records import Springs
from avatars.springs.rig import build_rig

SUBSTEP: Final = 1.0 / 60.0
"""Seconds. Drag is a loss per step, so the length of a step is part of an avatar's look; authors
tune it at the 60 Hz of their screens."""

_LONGEST: Final = 0.25
"""Seconds; of a longer pause, as when the machine sleeps, the rest is left out."""

_JUMP: Final = 0.5
_FASTEST: Final = 15.0
"""Metres, and metres a second: what all joints together leave behind beyond this is a jump to
another place, as of a performer who is found again, and no movement that hair could follow."""

_NEAR: Final = 1e-3
"""Share of a step within which a frame counts as being on it, so that 60 frames a second told in
whole nanoseconds make one step each."""


class SpringSimulation:
    """The running springs of one avatar.

    Time goes in fixed steps of SUBSTEP, whatever the frames do. A step that falls between two
    frames sees the pose between theirs; a frame that falls between two steps shows the joints on
    their way to the next, without keeping them there. So the same motion looks the same at 30, 60
    and 144 frames a second.

    Args:
        springs: of the avatar.
        nodes: of the avatar, at rest.
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
        # The first frame must not wait for the compiler.
        rest = rest_world(nodes).astype(np.float32)
        self.reset(rest)
        if joints:
            displacement(self._rig.nodes, self._last_pose, rest)
        self._at_rest = True

    @property
    def joint_count(self) -> int:
        """How many nodes swing."""
        return len(self._rig.nodes)

    def reset(self, world: F32) -> None:
        """Forget all motion, as after a jump to another place.

        Args:
            world: (n, 4, 4) the pose to come to rest in, without springs.
        """
        self._at_rest = False
        self._passed = 0.0
        if self.joint_count:
            self._see(world)
            self._move(0.0, SETTLE)
            np.copyto(self._last_pose, world)

    def step(self, world: F32, seconds: float) -> None:
        """Let time pass and turn the joints, and what hangs from them, in `world`.

        The first step starts from rest in its own pose, and so does one after a jump.

        Args:
            world: (n, 4, 4) float32, for column vectors: this frame's pose without springs.
            seconds: since the last frame.
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
        """Take a frame's pose, and its bone lengths, which poses between frames distort."""
        state = self._state
        np.copyto(state.posed, world)
        measure(self._rig, state.posed, state.work, state.lengths)

    def _move(self, share: float, mode: int) -> None:
        np.copyto(self._state.moved, self._state.posed)
        move(self._rig, self._state, SUBSTEP, share, mode)

    def _pose_at(self, share: float, world: F32) -> None:
        """The pose a share of the way from the last frame's to this one's, straight across."""
        posed = self._state.posed
        if share > 1.0 - _NEAR:
            np.copyto(posed, world)
        else:
            np.subtract(world, self._last_pose, out=posed)
            posed *= share
            posed += self._last_pose
