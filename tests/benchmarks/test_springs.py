"""Measure a step of springs, compiled by numba and with numpy.

The same 200 joints (40 chains of 5, with 12 sphere colliders) are stepped by the compiled kernel
and by numpy, one depth of all chains at a time. The numpy version contains only what no version can
omit: inertia, forces, length, collisions, rotation, matrices; no centers, limits, capsules or
frames between steps.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import pytest

from avatars.model import Nodes
from avatars.rest import rest_world
from avatars.springs import Springs, SpringSimulation
from avatars.springs.records import Collider, ColliderGroup, Shape, SpringChain, SpringJoint

CHAINS, DEPTH, COLLIDERS = 40, 5, 12
STEP = 1.0 / 60.0


def skirt() -> tuple[Springs, Nodes]:
    """Return chains around a waist, with nodes ordered chain by chain."""
    parents, places = [-1], [(0.0, 1.0, 0.0)]
    chains = []
    for i in range(CHAINS):
        angle = 2.0 * np.pi * i / CHAINS
        nodes = []
        for depth in range(DEPTH + 1):
            nodes.append(len(parents))
            parents.append(len(parents) - 1 if depth else 0)
            out = (0.12 * np.cos(angle), 0.0, 0.12 * np.sin(angle))
            places.append((0.01 * out[0], -0.08, 0.01 * out[2]) if depth else out)
        joints = tuple(SpringJoint(node, 0.02, 0.8, 0.3, drag=0.4) for node in nodes)
        chains.append(SpringChain(f"{i}", joints, (0,)))
    count = len(parents)
    nodes = Nodes(
        ("",) * count,
        np.array(parents, np.int32),
        np.array(places, np.float32),
        np.tile(np.array([0, 0, 0, 1], np.float32), (count, 1)),
        np.ones((count, 3), np.float32),
    )
    spheres = tuple(
        Collider(0, Shape.SPHERE, (0.05 * np.cos(i), -0.05 * i, 0.05 * np.sin(i)), 0.08)
        for i in range(COLLIDERS)
    )
    groups = (ColliderGroup("", tuple(range(COLLIDERS))),)
    return Springs(spheres, groups, tuple(chains)), nodes


class NumpySkirt:
    """The same with numpy, one depth of all chains at a time."""

    def __init__(self, springs: Springs, rest: np.ndarray) -> None:
        self.spheres = np.array([c.offset for c in springs.colliders], np.float32)
        heads = 1 + np.arange(CHAINS) * (DEPTH + 1)
        self.rows = [heads + depth for depth in range(DEPTH)]
        self.local = [
            np.linalg.inv(rest[rows - 1 if depth else np.zeros(CHAINS, int)]) @ rest[rows]
            for depth, rows in enumerate(self.rows)
        ]
        self.tails = [rest[rows + 1, :3, 3].copy() for rows in self.rows]
        self.last = [tail.copy() for tail in self.tails]
        self.axes = [(rest[rows + 1, :3, 3] - rest[rows, :3, 3]) / 0.08 for rows in self.rows]

    def step(self, world: np.ndarray) -> None:
        parents = np.broadcast_to(world[0], (CHAINS, 4, 4))
        spheres = self.spheres @ world[0, :3, :3].T + world[0, :3, 3]
        for depth in range(DEPTH):
            frame = parents @ self.local[depth]
            head, axis = frame[:, :3, 3], self.axes[depth]
            rest = np.einsum("nij,nj->ni", frame[:, :3, :3], axis)
            tail = self.tails[depth] + (self.tails[depth] - self.last[depth]) * 0.6
            tail = tail + rest * (0.8 * STEP)
            tail[:, 1] -= 0.3 * STEP
            tail = head + 0.08 * _unit(tail - head)
            for sphere in spheres:
                out = tail - sphere
                far = np.linalg.norm(out, axis=1, keepdims=True)
                pushed = sphere + out / far * 0.1
                tail = np.where(far < 0.1, head + 0.08 * _unit(pushed - head), tail)
            self.last[depth], self.tails[depth] = self.tails[depth], tail
            to = _unit(np.einsum("nji,nj->ni", frame[:, :3, :3], tail - head))
            parents = frame.copy()
            parents[:, :3, :3] = frame[:, :3, :3] @ _turns(axis, to)
            world[self.rows[depth]] = parents


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v, axis=1, keepdims=True)


def _turns(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return (n, 3, 3) the shortest rotations from a to b, by Rodrigues' formula."""
    cross, cosine = np.cross(a, b), np.sum(a * b, axis=1)
    skew = np.zeros((len(a), 3, 3), np.float32)
    skew[:, 0, 1], skew[:, 0, 2], skew[:, 1, 2] = -cross[:, 2], cross[:, 1], -cross[:, 0]
    skew -= skew.transpose(0, 2, 1)
    return np.eye(3) + skew + skew @ skew / (1.0 + cosine)[:, None, None]


def milliseconds(step: Callable[[], None]) -> tuple[float, float]:
    """Return median and minimum of 200 calls."""
    step()
    times = []
    for _ in range(200):
        start = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - start))
    return float(np.median(times)), min(times)


@pytest.mark.parametrize("avatars", [1, 10])
def test_what_a_step_costs(avatars: int, capsys: pytest.CaptureFixture[str]) -> None:
    springs, nodes = skirt()
    rest = rest_world(nodes).astype(np.float32)
    world = rest.copy()
    compiled = [SpringSimulation(springs, nodes) for _ in range(avatars)]
    by_numpy = [NumpySkirt(springs, rest) for _ in range(avatars)]

    def step_compiled(seconds: float) -> None:
        for own in compiled:
            np.copyto(world, rest)
            own.step(world, seconds)

    def step_numpy() -> None:
        for own in by_numpy:
            np.copyto(world, rest)
            own.step(world)

    rows = {
        "numba, frames on the steps": milliseconds(lambda: step_compiled(STEP)),
        "numba, frames between them": milliseconds(lambda: step_compiled(STEP * 1.01)),
        "numpy by depth": milliseconds(step_numpy),
    }
    with capsys.disabled():
        for name, (median, best) in rows.items():
            sys.stdout.write(
                f"\n{avatars:2} × {compiled[0].joint_count} joints, {name}: "
                f"median {median:.3f} ms, best {best:.3f} ms"
            )
    # Twenty times as fast on an idle machine: the reason for the compiler dependency.
    fastest = {name: best for name, (_, best) in rows.items()}
    assert 4.0 * fastest["numba, frames on the steps"] < fastest["numpy by depth"]
    assert fastest["numba, frames between them"] < fastest["numpy by depth"]
    # The comparison is only valid if both reach the same position.
    step_numpy()
    drawn = world.copy()
    step_compiled(STEP)
    assert np.abs(world[:, :3, 3] - drawn[:, :3, 3])[np.concatenate(by_numpy[0].rows)].max() < 0.02
