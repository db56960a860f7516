"""Test that moves arrive on their beats, with anticipation and recoil of accents."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.authoring.dance.timing import (
    TRAVEL,
    Key,
    Manner,
    ease,
    move,
    strike,
    track,
    write_keys,
)


@pytest.mark.parametrize("manner", ["hit", "go", "flow"])
def test_every_manner_leaves_from_0_and_stays_at_1(manner: Manner) -> None:
    travel = TRAVEL[manner]
    beats = np.array([8.0 - 2.0 * travel, 8.0, 8.0 + 2.0 * travel, 40.0])
    np.testing.assert_allclose(move(beats, 8.0, travel, manner), [0.0, 1.0, 1.0, 1.0], atol=0.05)
    assert move(beats, 8.0, travel, manner)[-1] == 1.0


def test_an_accent_winds_up_and_overshoots_a_little() -> None:
    t = np.linspace(-1.0, 2.5, 3501)
    shot = strike(t)
    assert -0.1 < shot.min() < -0.03
    assert 1.03 < shot.max() < 1.12
    assert t[shot.argmin()] < 0.3
    assert 1.0 < t[shot.argmax()] < 1.5
    # Smooth: no visible jump in speed.
    assert np.abs(np.diff(shot, 2)).max() < 1e-4
    assert ease(t).min() == 0.0
    assert ease(t).max() == 1.0


def test_written_keys_say_when_what_and_how() -> None:
    keys = write_keys("0:1.5 4:-8! 12.5:3~")
    assert [(key.beat, key.value, key.manner) for key in keys] == [
        (0.0, 1.5, "go"),
        (4.0, -8.0, "hit"),
        (12.5, 3.0, "flow"),
    ]
    assert keys[1].travel < keys[0].travel < keys[2].travel


def test_a_track_goes_from_key_to_key() -> None:
    keys = [Key(0.0, 1.0), Key(4.0, 3.0), Key(8.0, -1.0, 2.0, "flow")]
    values = track(keys, np.array([0.0, 3.0, 4.0, 5.9, 8.0, 20.0]))
    np.testing.assert_allclose(values, [1.0, 1.0, 3.0, 3.0, -1.0, -1.0], atol=1e-9)
