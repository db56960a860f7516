"""Fixtures: generated spring chains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from avatars.model import Nodes
from avatars.rest import rest_world
from avatars.springs import SpringSimulation
from avatars.springs.records import Collider, ColliderGroup, SpringChain, SpringJoint, Springs

LINK = 0.1


@dataclass
class Chain:
    """Nodes in a line from a fixed root at a height of 1 m.

    Attributes:
        simulation: their springs.
        rest: (n, 4, 4) float32.
    """

    simulation: SpringSimulation
    rest: npt.NDArray[np.float32]

    def positions(
        self, seconds: float, rate: float, root: Callable[[float], Sequence[float]]
    ) -> npt.NDArray[np.float64]:
        """Return positions (f, n, 3) while the root moves to `root(t)`, x, y, z; from rest at time
        0."""
        world, found = self.rest.copy(), []
        world[:, :3, 3] += np.array(root(0.0), np.float32)
        self.simulation.reset(world)
        for k in range(1, round(seconds * rate) + 1):
            world[:] = self.rest
            world[:, :3, 3] += np.array(root(k / rate), np.float32)
            self.simulation.step(world, 1.0 / rate)
            found.append(world[:, :3, 3].astype(np.float64))
        return np.array(found)


@pytest.fixture
def chain() -> Callable[..., Chain]:
    """Return a factory of chains: `links` joints along `way`, configured by `joint`, with
    colliders."""

    def make(
        joint: SpringJoint,
        links: int = 5,
        way: tuple[float, float, float] = (1.0, 0.0, 0.0),
        colliders: tuple[Collider, ...] = (),
        **more: Any,
    ) -> Chain:
        count = links + 2
        translation = np.tile(np.array(way, np.float32) * LINK, (count, 1))
        translation[0] = (0.0, 1.0, 0.0)
        nodes = Nodes(
            names=("",) * count,
            parents=np.arange(-1, count - 1, dtype=np.int32),
            translation=translation,
            rotation=np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1)),
            scale=np.ones((count, 3), np.float32),
        )
        joints = tuple(replace(joint, node=node) for node in range(1, count))
        springs = Springs(
            colliders,
            (ColliderGroup("", tuple(range(len(colliders)))),),
            (SpringChain("", joints, (0,), **more),),
        )
        return Chain(SpringSimulation(springs, nodes), rest_world(nodes).astype(np.float32))

    return make
