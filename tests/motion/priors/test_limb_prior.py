"""Test the laws of the motion prior: it starts at zero, is continuous and bounded."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.maths.quaternions import angle_between
from renderer.bench.priors.gaps import measure_gaps
from renderer.bench.priors.recordings import Recording
from renderer.motion.core.mirror import _MIRROR_Q, BONE_MIRROR
from renderer.motion.core.records import LIMBS
from renderer.motion.priors.limb_prior import MAX_CORRECTION, LimbPrior
from renderer.motion.priors.limb_state import LIMBS4, body_state

ALL = np.ones(len(LIMBS), np.bool_)


def without(*names: str) -> np.ndarray:
    seen = ALL.copy()
    seen[[LIMBS.index(name) for name in names]] = False
    return seen


def follow(prior: LimbPrior, states: np.ndarray, dt: float = 1.0 / 30.0) -> None:
    for k, state in enumerate(states):
        prior.update(state, ALL, dt if k else 0.0)


def test_what_is_seen_is_left_as_it_is(short: Recording) -> None:
    prior = LimbPrior()
    follow(prior, body_state(short.rotations))
    assert not prior.correction.any()
    last = short.rotations[-1]
    assert prior.fill(last) is last


@pytest.mark.parametrize("name", LIMBS4)
def test_a_correction_starts_at_zero_and_is_continuous(short: Recording, name: str) -> None:
    states, prior = body_state(short.rotations), LimbPrior()
    follow(prior, states[:60])
    held = short.rotations[59]
    prior.update(states[59], without(name), 1e-6)
    assert angle_between(prior.fill(held), held).max() < 1e-4
    # A thousand frames a second, the body moving on: no step is larger than a fast limb's.
    before = prior.fill(held)
    for k in range(700):
        share = k / 700 * 20
        i = 60 + int(share)
        state = states[i] + (share % 1.0) * (states[i + 1] - states[i])
        prior.update(state, without(name), 0.001)
        now = prior.fill(held)
        assert angle_between(now, before).max() < 0.05
        before = now
    moved = angle_between(before, held)
    assert moved.max() > 0.01, "the limb goes on"
    rows = np.flatnonzero(moved > 1e-9)
    assert len(rows) <= 2, "only the limb's two bones are moved"
    np.testing.assert_allclose(np.linalg.norm(before, axis=1), 1.0, atol=1e-9)


def test_a_correction_is_bounded_whatever_is_seen() -> None:
    prior, rng = LimbPrior(), np.random.default_rng(3)
    for k in range(200):
        state = rng.normal(size=36) * 10.0 ** rng.integers(-3, 6)
        state[rng.random(36) < 0.1] = rng.choice([np.nan, np.inf, -np.inf])
        seen = rng.random(len(LIMBS)) < 0.7
        prior.update(state, seen, float(rng.choice([0.0, 0.001, 0.03, 0.1])))
        bones = prior.correction.reshape(4, 2, 3)
        assert np.isfinite(bones).all()
        assert np.linalg.norm(bones, axis=-1).max() <= MAX_CORRECTION + 1e-9, k


def test_a_limb_that_was_never_seen_has_none(short: Recording) -> None:
    prior = LimbPrior()
    for state in body_state(short.rotations):
        prior.update(state, without("leftArm"), 1.0 / 30.0)
    assert not prior.correction.any()


def test_a_limb_that_returns_and_a_reset_end_it(short: Recording) -> None:
    states, prior = body_state(short.rotations), LimbPrior()
    follow(prior, states[:60])
    prior.update(states[60], without("rightArm"), 1.0 / 30.0)
    assert prior.correction[1].any() and not prior.correction[[0, 2, 3]].any()
    prior.update(states[61], ALL, 1.0 / 30.0)
    assert not prior.correction.any()
    prior.update(states[62], without("rightArm"), 1.0 / 30.0)
    prior.reset()
    assert not prior.correction.any()


def test_a_mirrored_body_is_continued_as_its_mirror_image(short: Recording) -> None:
    mirrored = short.rotations[:, BONE_MIRROR] * _MIRROR_Q
    found = []
    for rotations, name in ((short.rotations, "leftArm"), (mirrored, "rightArm")):
        states, prior = body_state(rotations), LimbPrior()
        follow(prior, states[:60])
        for k in range(60, 75):
            prior.update(states[k], without(name), 1.0 / 30.0)
        found.append(prior.fill(rotations[59]))
    np.testing.assert_allclose(found[0][BONE_MIRROR] * _MIRROR_Q, found[1], atol=1e-9)


def test_it_beats_holding_the_limb_on_the_choreography(own: list[Recording]) -> None:
    figures = measure_gaps(own[:1], LimbPrior()).as_dict()
    assert figures["ratio_0.33s"] < 0.9
    assert figures["first_frame_mm"] < figures["hold_first_frame_mm"]
