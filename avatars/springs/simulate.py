"""Simulate one avatar's spring bones over time."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.model import F32, Nodes
from avatars.rest import rest_world
from avatars.springs.advance import SUBSTEP, advance, settle
from avatars.springs.kernel import State
from avatars.springs.records import Springs
from avatars.springs.rig import build_rig

_LONGEST: Final = 0.25
"""Maximum seconds simulated per frame; the rest of a longer pause, such as when the machine
sleeps, is skipped."""


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
        self._at_rest = True
        # Compile now, so that the first frame does not wait for it.
        rest = rest_world(nodes).astype(np.float32)
        self.step(rest, SUBSTEP)
        self.reset(rest_world(nodes).astype(np.float32))
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
            settle(self._rig, self._state, self._last_pose, world)

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
        self._passed = advance(
            self._rig, self._state, self._last_pose, world, seconds, self._passed, self._at_rest
        )
        self._at_rest = False
