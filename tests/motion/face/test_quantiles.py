"""Test that running quantiles are those of the newest half minute."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.motion.face.quantiles import SAMPLE_S, RunningQuantiles

KEPT = 300


@pytest.mark.parametrize(("quantile", "prior_s"), [(0.5, 0.0), (0.25, 0.0), (0.15, 4.0)])
def test_they_are_the_quantiles_of_the_newest_samples(quantile: float, prior_s: float) -> None:
    # Rounded, so that many samples are equal.
    samples = np.random.default_rng(3).normal(size=(2 * KEPT + 50, 4)).round(1)
    running = RunningQuantiles(np.full(4, 0.3), prior_s, quantile)
    known = [np.full(4, 0.3)] * round(prior_s / SAMPLE_S)
    for sample in samples:
        known.append(sample)
        # Half a second at once is followed at once.
        value = running.update(sample, 0.5)
        np.testing.assert_allclose(value, np.quantile(known[-KEPT:], quantile, axis=0))


def test_a_sample_is_taken_ten_times_a_second() -> None:
    running = RunningQuantiles([0.0])
    for number in range(30):
        running.update(np.array([float(number)]), 1.0 / 30.0)
    assert running.value[0] == pytest.approx(13.5)
