"""Measure posing, compiled by numba and with numpy.

The library's idols are posed by the compiled kernel, and by numpy, which multiplies the matrices of
one depth of the node tree at a time. Both must give the same matrices.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.maths.quaternions import to_matrix
from avatars.maths.vectors import normalise
from avatars.model import Avatar
from avatars.names import HUMAN_BONES
from avatars.rest import local_matrices
from avatars.skeleton import Skeleton, _folds, _frames

LIBRARY = Path(__file__).parents[2] / "avatars" / "library"
FACE = np.zeros(52, np.float32), np.zeros(2, np.float32)


class NumpySkeleton:
    """The same with numpy, one depth of the node tree at a time."""

    def __init__(self, avatar: Avatar) -> None:
        nodes = avatar.nodes
        depth = np.zeros(len(nodes.parents), np.intp)
        for node, parent in enumerate(nodes.parents):
            depth[node] = depth[parent] + 1 if parent >= 0 else 0
        self.levels = [np.flatnonzero(depth == d) for d in range(depth.max() + 1)]
        self.parents = nodes.parents
        self.rows = np.array([HUMAN_BONES.index(name) for name in avatar.bones])
        self.nodes = np.array(list(avatar.bones.values()))
        self.before, self.after = (own.astype(np.float32) for own in _frames(nodes, self.nodes))
        self.folds = _folds(set(self.rows.tolist()))
        self.local = local_matrices(nodes).astype(np.float32)
        self.hips, self.rest = avatar.bones["hips"], nodes.translation[avatar.bones["hips"]]
        self.world = self.local.copy()

    def apply(self, quaternions: np.ndarray, root: np.ndarray) -> None:
        turns = to_matrix(quaternions).astype(np.float32)
        for target, left, right in self.folds:
            turns[target] = turns[left] @ turns[right]
        self.local[self.nodes, :3, :3] = self.before @ turns[self.rows] @ self.after
        self.local[self.hips, :3, 3] = self.rest + root
        self.world[self.levels[0]] = self.local[self.levels[0]]
        for level in self.levels[1:]:
            self.world[level] = self.world[self.parents[level]] @ self.local[level]


def milliseconds(*steps: Callable[[], None]) -> list[float]:
    """Return the medians of 300 interleaved calls of each."""
    times: list[list[float]] = [[] for _ in steps]
    for _ in range(300):
        for step, own in zip(steps, times, strict=True):
            start = time.perf_counter()
            step()
            own.append(1e3 * (time.perf_counter() - start))
    return [float(np.median(own)) for own in times]


@pytest.mark.parametrize("name", ["idol.vrm", "idol_2.vrm"])
def test_what_a_pose_costs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    avatar = load_avatar(LIBRARY / name)
    compiled, by_numpy, instance = Skeleton(avatar), NumpySkeleton(avatar), AvatarInstance(avatar)
    turns = np.random.default_rng(1).normal(size=(55, 4)) * 0.2 + (0.0, 0.0, 0.0, 1.0)
    rotations, root = normalise(turns).astype(np.float32), np.float32((0.1, 0.0, 0.2))
    fast, slow, whole = milliseconds(
        lambda: compiled.apply(rotations, root),
        lambda: by_numpy.apply(rotations, root),
        lambda: instance.update(rotations, root, *FACE, 1.0 / 60.0),
    )
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {len(avatar.nodes.parents)} nodes, compiled {fast:.4f} ms, "
            f"numpy by depth {slow:.4f} ms, a whole update {whole:.4f} ms"
        )
    assert np.abs(compiled.world - by_numpy.world).max() < 2e-6
    # Ten times as fast on an idle machine.
    assert 2.0 * fast < slow
    assert all(a <= b for a, b in itertools.pairwise((fast, whole)))
