"""Test that sleeve and skin reveal another person's arm, and confirm the performer's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from renderer.capture.trackers.colours import ARM_PLACES, BESIDE_PLACES, BODY_PLACES, PLACES
from renderer.motion.trust.arm_appearance import ArmAppearance
from renderer.motion.trust.ownership import ArmOwnership

FPS = 30
FRAME_NS = 33_333_333
LENGTHS = np.array([0.28, 0.25])
WALL, SHIRT, SKIN = (0.5, 0.52, 0.55), (0.1, 0.45, 0.35), (0.6, 0.4, 0.3)
OWN = (SHIRT, SKIN)
OTHER = ((0.1, 0.25, 0.8), (0.85, 0.68, 0.58))
"""Sleeve and skin of the performer and of another person."""


def seen(left: tuple[Any, Any] = OWN, right: tuple[Any, Any] = OWN, light: Any = 1.0) -> np.ndarray:
    """Return the colours (84, 3) of a performer whose arms look like that, with camera noise."""
    out = np.empty((PLACES, 3))
    for arm, (sleeve, skin) in zip(ARM_PLACES, (left, right), strict=True):
        out[arm[:6]], out[arm[6:]] = sleeve, skin
    out[BODY_PLACES[:8]], out[BODY_PLACES[8:]] = SHIRT, SKIN
    out[BESIDE_PLACES.ravel()] = WALL
    noise = np.random.default_rng(0).normal(0.0, 0.01, out.shape)
    return np.clip(out * light + noise, 0.0, 1.0).astype(np.float32)


def judged(sleeves: ArmAppearance, colours: np.ndarray | None, seconds: float) -> np.ndarray:
    """Return whether the arms (n, 2) were rejected while they all looked like that."""
    out = []
    for _ in range(round(seconds * FPS)):
        out.append(sleeves.judge(colours, np.ones(2, np.bool_), 1.0 / FPS))
        sleeves.learn(~out[-1], 1.0 / FPS)
    return np.array(out)


@pytest.fixture
def known() -> ArmAppearance:
    """Return the appearance of a performer who was visible for two seconds."""
    sleeves = ArmAppearance()
    assert not judged(sleeves, seen(), 2.0).any()
    return sleeves


def test_a_stranger_s_arm_is_known_by_its_look_from_the_first() -> None:
    told = judged(ArmAppearance(), seen(left=OTHER), 2.0)
    assert told[round(0.3 * FPS) :, 0].all()
    assert not told[:, 1].any()


def test_one_that_takes_the_own_arm_s_place_is_known_for_seconds(known: ArmAppearance) -> None:
    told = judged(known, seen(left=OTHER), 5.0)
    assert told[round(0.5 * FPS) :, 0].all()
    assert not told[:, 1].any()
    assert not judged(known, seen(), 1.0)[round(0.5 * FPS) :].any()


@pytest.mark.parametrize("light", [0.35, 1.4, (1.2, 0.9, 0.7), (0.6, 0.7, 1.1)])
def test_another_light_makes_nobody_a_stranger(known: ArmAppearance, light: Any) -> None:
    assert not judged(known, seen(light=light), 2.0).any()


def test_a_line_that_misses_the_arm_and_shows_the_wall_says_nothing(known: ArmAppearance) -> None:
    assert not judged(known, seen(left=(WALL, WALL)), 2.0).any()


def test_who_wears_two_kinds_of_sleeves_is_believed_in_the_end() -> None:
    told = judged(ArmAppearance(), seen(left=((0.8, 0.1, 0.15), (0.8, 0.1, 0.15))), 8.0)
    assert told[FPS, 0]
    assert not told[5 * FPS :].any()


@pytest.mark.parametrize("colours", [None, np.full((PLACES, 3), np.nan, np.float32)])
def test_without_colours_nobody_is_a_stranger(
    known: ArmAppearance, colours: np.ndarray | None
) -> None:
    assert not judged(known, colours, 1.0).any()
    assert not known.own.any()


def test_an_arm_that_never_leapt_is_refused_by_its_look_and_the_own_one_returns(
    performer: Any,
) -> None:
    arms, refused = ArmOwnership(), []
    for frame in range(4 * FPS):
        stranger = FPS <= frame < 3 * FPS
        one = performer.observe(performer.standing(), frame)
        one = replace(one, colours=seen(left=OTHER) if stranger else seen(), company=True)
        out = arms.reject_foreign_arms(one, LENGTHS)
        refused.append(np.isnan(out.pose[[15, 16], 0]))
        assert (out.left_hand is None) == refused[-1][0]
    told = np.array(refused)
    assert not told[:FPS].any() and not told[:, 1].any()
    assert told[FPS + FPS // 2 : 3 * FPS, 0].all()
    assert not told[3 * FPS + FPS // 2 :].any()


def missing_after_a_leap(performer: Any, look: Any) -> int:
    """Return the frames for which an arm stays rejected after another person's has jumped in.

    It returns at another position than before, so that it has to be verified.
    """
    arms, refused = ArmOwnership(), []
    for frame in range(3 * FPS):
        one = performer.observe(performer.standing(), frame)
        pose = one.pose.copy()
        if frame >= FPS:
            pose[[13, 15, 17, 19, 21], 0] += np.float32(0.3 if frame < FPS + 15 else 0.15)
        stranger = FPS <= frame < FPS + 15
        one = replace(one, pose=pose, colours=look(OTHER if stranger else OWN))
        refused.append(bool(np.isnan(arms.reject_foreign_arms(one, LENGTHS).pose[15, 0])))
    assert not any(refused[:FPS]) and all(refused[FPS : FPS + 15])
    return sum(refused[FPS + 15 :])


def test_an_arm_that_looks_like_the_own_one_is_back_at_once(performer: Any) -> None:
    unseen = missing_after_a_leap(performer, lambda _: None)
    seen_again = missing_after_a_leap(performer, lambda arm: seen(left=arm))
    assert unseen >= 0.45 * FPS
    assert seen_again <= 0.2 * FPS
