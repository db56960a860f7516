"""Measure node constraints relative to posing their avatar."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.constraints import Constraint, NodeConstraints
from avatars.constraints.records import ConstraintKind
from avatars.names import HUMAN_BONES
from avatars.pose import AvatarPose

IDOL = Path(__file__).parents[2] / "avatars" / "library" / "idol.vrm"


def best(step: Callable[[], None]) -> float:
    """Return the milliseconds of the fastest of 200 calls."""
    times = []
    for _ in range(200):
        start = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - start))
    return min(times)


def test_a_full_set_costs_no_more_than_two_poses(capsys: pytest.CaptureFixture[str]) -> None:
    avatar = load_avatar(IDOL)
    pose = AvatarPose(avatar)
    bones = avatar.bones
    # Twist bones in both arms and legs, as in carefully rigged avatars.
    links = [
        Constraint(kind, bones[side + node], bones[side + source])
        for side in ("left", "right")
        for node, source in (
            ("UpperArm", "LowerArm"), ("LowerArm", "Hand"), ("UpperLeg", "LowerLeg"),
            ("LowerLeg", "Foot"),
        )
        for kind in ConstraintKind
    ]  # fmt: skip
    constraints = NodeConstraints(links, avatar.nodes)
    rest = np.tile(np.float32((0, 0, 0, 1)), (len(HUMAN_BONES), 1))
    root, shapes = np.zeros(3, np.float32), np.zeros(52, np.float32)
    ahead = np.zeros(2, np.float32)
    posing = best(lambda: pose.apply(rest, root, shapes, ahead))
    turning = best(lambda: constraints.apply(pose.world))
    with capsys.disabled():
        sys.stdout.write(f"\n{len(links)} constraints: {turning:.3f} ms; a pose: {posing:.3f} ms")
    assert turning < 2.0 * posing
