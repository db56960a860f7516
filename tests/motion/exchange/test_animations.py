"""Test that content no show can play is rejected when it is read, in every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars.vrma import Animation, write_vrma
from renderer.errors import MotionError
from renderer.motion.body.idle import idle_motion
from renderer.motion.exchange.animations import read_animation
from renderer.motion.exchange.bvh_out import write_bvh
from renderer.motion.exchange.sequence import animation_from_motions


@pytest.fixture
def animation() -> Animation:
    still = idle_motion(0, np.zeros(3, np.float32), 0.9)
    return animation_from_motions(
        [replace(still, t_seen_ns=k * 40_000_000) for k in range(3)], "still"
    )


def as_bvh(animation: Animation) -> bytes:
    return write_bvh(animation, 25.0).encode()


def far_away(animation: Animation) -> Animation:
    hips = animation.hips.copy()
    hips[-1] = 1e4
    return replace(animation, hips=hips)


def endless(animation: Animation) -> Animation:
    return replace(animation, times=animation.times * 1e7)


def without_height(animation: Animation) -> Animation:
    return replace(animation, rest=animation.rest * np.float32(1e-9))


@pytest.mark.parametrize(
    ("write", "damage", "fault"),
    [
        (write_vrma, far_away, "beyond any stage"),
        (write_vrma, endless, "more than a day"),
        (write_vrma, without_height, "hip height"),
        (as_bvh, far_away, "beyond any stage"),
    ],
)
def test_what_nobody_can_do_is_refused(
    animation: Animation,
    tmp_path: Path,
    write: Callable[[Animation], bytes],
    damage: Callable[[Animation], Animation],
    fault: str,
) -> None:
    path = tmp_path / f"take.{'bvh' if write is as_bvh else 'vrma'}"
    path.write_bytes(write(animation))
    assert read_animation(path).duration == pytest.approx(0.08)
    path.write_bytes(write(damage(animation)))
    with pytest.raises(MotionError, match=fault):
        read_animation(path)


def test_frames_that_last_for_ages_are_refused(animation: Animation, tmp_path: Path) -> None:
    path = tmp_path / "slow.bvh"
    path.write_text(as_bvh(animation).decode().replace("Frame Time: 0.0", "Frame Time: "))
    with pytest.raises(MotionError, match="more than a day"):
        read_animation(path)
