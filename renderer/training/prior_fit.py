"""Fits the motion prior in closed form, and chooses its strength on people it does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.motion.priors.limb_prior import (
    FEATURES,
    GROWTH_S,
    MAX_FEATURE,
    REST,
    coast,
    correct,
    limit_correction,
)
from renderer.motion.priors.limb_state import OWN
from renderer.training.prior_samples import Samples, wrist_error

_SCALE_FLOOR: Final = 0.03
"""Added to a feature's deviation: what hardly varies in training is not blown up."""
_PENALTIES: Final = (1e-3, 3e-3, 1e-2, 3e-2)
"""Ridge penalties that are tried, as shares of the number of samples."""
_REST_FACTORS: Final = (1.0, 10.0)
"""Factors on the penalty of the pose of the rest of the body that are tried."""
_COASTS: Final = (0.0, 0.6, 0.8, 1.0)
"""Shares of the velocity that are tried."""
_STEPS: Final = (0.6, 0.75, 0.9, 1.0)
"""Shares of the predicted correction that are tried: uncertainty shrinks the step."""
PERSONAL_PENALTY: Final = 0.1
"""Ridge penalty of what is learnt from one performer's rehearsal on top of the general weights."""

Sums = tuple[Array, Array, float]
"""Of one person: the design's products with itself and with what is predicted, and the count."""

_ABSOLUTE: Final = np.r_[0:OWN, 4 * OWN + REST : 4 * OWN + 2 * REST]
"""Features that are one person's poses themselves: left out for strangers, who have others."""
_ABOUT_MEAN: Final = np.r_[4 * OWN + 2 * REST : FEATURES]
"""The pose of the rest of the body about its mean."""
_DROPPED: Final = 1e6
"""Factor on the penalty of a feature that is left out."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The weights of one kind of limb.

    Attributes:
        mean, scale: (114,) normalisation of the features.
        weights: (115, 18).
        coast: share of its velocity at which a limb goes on.
    """

    mean: Array
    scale: Array
    weights: Array
    coast: float = 0.0

    def predict(self, samples: Samples) -> Array:
        """Return the corrections (n, 6) of samples."""
        z = (samples.features - self.mean) * self.scale
        added = correct(z, self.weights, samples.grown)
        return limit_correction(added + samples.grown[:, :1] * coast(samples.velocity, self.coast))


@dataclass(frozen=True, slots=True)
class Choice:
    """How strong a prior is, and what it reached on people that it was not trained on.

    Attributes:
        penalty: of the ridge regression.
        rest_factor: on the penalty of the rest's pose.
        coast: share of its velocity at which a limb goes on.
        step: share of the prediction that is used.
        ratio: mean error over that of holding the limb, people left out one by one.
    """

    penalty: float
    rest_factor: float
    coast: float
    step: float
    ratio: float


def normalise_features(samples: Samples) -> tuple[Array, Array]:
    """Return mean (114,) and scale (114,) of the features."""
    return samples.features.mean(axis=0), 1.0 / (samples.features.std(axis=0) + _SCALE_FLOOR)


def fit_general(samples: Samples) -> tuple[Fit, Choice]:
    """Fit the weights for strangers; penalty and step are chosen by leaving each person out."""
    mean, scale = normalise_features(samples)
    people = np.unique(samples.person)
    best: Choice | None = None
    chosen: list[Sums] = []
    for share in _COASTS:
        sums = [
            _normal_equations(samples, mean, scale, samples.person == who, share) for who in people
        ]
        for penalty in _PENALTIES:
            for factor in _REST_FACTORS:
                found = _leave_one_out(samples, mean, scale, sums, penalty, factor, share)
                if best is None or found.ratio < best.ratio:
                    best, chosen = found, sums
    assert best is not None
    weights = best.step * _solve(chosen, best.penalty, best.rest_factor)
    return Fit(mean, scale, weights, best.coast), best


def fit_personal(general: Fit, samples: Samples) -> Fit:
    """Fit what one performer's rehearsal adds to the general weights."""
    z = _limit((samples.features - general.mean) * general.scale)
    design = _design(z, samples.grown)
    left = samples.moved - general.predict(samples)
    gram = design.T @ design
    gram[np.diag_indices_from(gram)] += PERSONAL_PENALTY * len(design)
    added = np.linalg.solve(gram, design.T @ left)
    weights = general.weights + _shape_weights(added)
    return Fit(general.mean, general.scale, weights, general.coast)


def _leave_one_out(
    samples: Samples,
    mean: Array,
    scale: Array,
    sums: list[Sums],
    penalty: float,
    factor: float,
    share: float,
) -> Choice:
    """Return the best step for a penalty, with each person predicted from the others."""
    people = np.unique(samples.person)
    coasted = samples.grown[:, :1] * coast(samples.velocity, share)
    predicted = np.zeros_like(samples.moved)
    for k, who in enumerate(people):
        others = [one for j, one in enumerate(sums) if j != k] or sums
        rows = samples.person == who
        fit = Fit(mean, scale, _solve(others, penalty, factor))
        z = (samples.features[rows] - mean) * scale
        predicted[rows] = correct(z, fit.weights, samples.grown[rows])
    # Arm or leg: the ratio hardly depends on the lengths of the bones.
    held = wrist_error(samples.moved, np.zeros_like(samples.moved), 0)
    ratios = {
        step: _mean_ratio(wrist_error(samples.moved, coasted + step * predicted, 0), held, samples)
        for step in _STEPS
    }
    step = min(ratios, key=lambda one: ratios[one])
    return Choice(penalty, factor, share, step, ratios[step])


def _mean_ratio(errors: Array, held: Array, samples: Samples) -> float:
    """Return the mean over people of the ratio of mean errors."""
    return float(
        np.mean(
            [
                errors[samples.person == who].mean() / held[samples.person == who].mean()
                for who in np.unique(samples.person)
            ]
        )
    )


def _normal_equations(
    samples: Samples, mean: Array, scale: Array, rows: Array, share: float
) -> Sums:
    """Return one person's sums, weighted so that long recordings do not outweigh short ones."""
    z = _limit((samples.features[rows] - mean) * scale)
    design = _design(z, samples.grown[rows])
    coasted = samples.grown[rows, :1] * coast(samples.velocity[rows], share)
    left = samples.moved[rows] - coasted
    weight = 1.0 / np.sqrt(len(design))
    return weight * (design.T @ design), weight * (design.T @ left), weight * len(z)


def _solve(sums: list[Sums], penalty: float, factor: float) -> Array:
    """Return the weights (115, 18) of several people's sums."""
    gram = np.sum([one[0] for one in sums], axis=0)
    right = np.sum([one[1] for one in sums], axis=0)
    count = sum(one[2] for one in sums)
    each = np.ones(FEATURES + 1)
    each[_ABSOLUTE] = _DROPPED
    each[_ABOUT_MEAN] = factor
    each[-1] = 0.1
    gram[np.diag_indices_from(gram)] += penalty * count * np.tile(each, len(GROWTH_S))
    out = _shape_weights(np.linalg.solve(gram, right))
    out[_ABSOLUTE] = 0.0
    return out


def _limit(z: Array) -> Array:
    return np.clip(z, -MAX_FEATURE, MAX_FEATURE)


def _design(z: Array, grown: Array) -> Array:
    """Return the regression's design (n, 345) of limited features and functions of time."""
    one = np.concatenate((z, np.ones((len(z), 1))), axis=1)
    return (grown[:, :, None] * one[:, None, :]).reshape(len(z), -1)


def _shape_weights(solved: Array) -> Array:
    """Return (115, 18) of the solution (345, 6)."""
    parts = solved.reshape(len(GROWTH_S), FEATURES + 1, OWN)
    return np.concatenate(parts, axis=-1)
