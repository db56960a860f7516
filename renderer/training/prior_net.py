"""Trains a network as motion prior, with and without a discriminator, to compare with the ridge.

The network gives the same parts as the ridge regression (a correction that grows from zero), so
only the function between differs. The discriminator sees a limb's last seen and continued
directions and their differences; hinge loss, and a penalty on its gradient on real movement (R1,
Mescheder et al. 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from avatars.maths.vectors import Array
from renderer.bench.priors.recordings import RATE, Recording
from renderer.motion.priors.limb_prior import (
    FEATURES,
    GROWTH_S,
    MAX_FEATURE,
    REST,
    growth,
    limb_features,
)
from renderer.motion.priors.limb_state import OWN
from renderer.training.prior_fit import Fit
from renderer.training.prior_samples import KINDS, Samples, follow

_HIDDEN: Final = 96
_EPOCHS: Final = 12
_BATCH: Final = 128
"""Gaps a step."""
_RATE: Final = 2e-3
_DROPOUT: Final = 0.3
_UNSEEN: Final = 24
"""Frames of a gap; the discriminator sees _SEEN frames before them too."""
_SEEN: Final = 8
_EVERY: Final = 6
"""Frames between the gaps taken from a recording."""
_ADVERSARIAL: Final = 0.02
"""Weight of the discriminator in the network's loss."""
_R1: Final = 0.1
_ABSOLUTE_FREE: Final = np.r_[OWN : 4 * OWN + REST, 4 * OWN + 2 * REST : FEATURES]
"""Features without one person's poses themselves, as the general ridge has them."""


class PriorNet(nn.Module):
    """Gives the parts of a correction (n, 3, 6) of normalised features (n, 78)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(len(_ABSOLUTE_FREE), _HIDDEN), nn.ReLU(), nn.Dropout(_DROPOUT),
            nn.Linear(_HIDDEN, _HIDDEN), nn.ReLU(), nn.Dropout(_DROPOUT),
            nn.Linear(_HIDDEN, len(GROWTH_S) * OWN),
        )  # fmt: skip

    def forward(self, features: Tensor) -> Tensor:
        """Return the parts."""
        out: Tensor = self.layers(features).reshape(*features.shape[:-1], len(GROWTH_S), OWN)
        return out


class PriorTrainer:
    """Trains a network for one kind of limb.

    Args:
        recordings: to train on.
        kind: 0 for arms, 1 for legs.
        fit: gives the normalisation.
        seed: of every random number.
    """

    def __init__(self, recordings: Sequence[Recording], kind: int, fit: Fit, seed: int) -> None:
        torch.manual_seed(seed)
        self._fit = fit
        features, real = _take_gaps(recordings, kind)
        self._features = self._normalise(features)
        self._real = torch.tensor(real, dtype=torch.float32)
        self._grown = torch.tensor(growth(np.arange(1, _UNSEEN + 1) / RATE), dtype=torch.float32)

    def train(self, *, adversarial: bool) -> PriorNet:
        """Return a network trained on the squared error, and a discriminator's score if asked."""
        net = PriorNet()
        critic = nn.Sequential(
            nn.Linear((_SEEN + _UNSEEN) * OWN * 2, 64), nn.LeakyReLU(0.2),
            nn.Linear(64, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1),
        )  # fmt: skip
        steps = torch.optim.AdamW(net.parameters(), _RATE, weight_decay=1e-3)
        critic_steps = torch.optim.Adam(critic.parameters(), 1e-3, betas=(0.5, 0.9))
        for _ in range(_EPOCHS):
            for rows in torch.randperm(len(self._real)).split(_BATCH):
                real = self._real[rows]
                shown = self._continue(net, rows)
                loss = ((shown - real[:, _SEEN:]) ** 2).sum(-1).mean()
                if adversarial:
                    whole = torch.cat((real[:, :_SEEN], shown), dim=1)
                    _step_critic(critic, critic_steps, real, whole.detach())
                    loss = loss - _ADVERSARIAL * critic(_with_differences(whole)).mean()
                steps.zero_grad()
                loss.backward()
                steps.step()
        return net.eval()

    def predict(self, net: PriorNet, samples: Samples) -> Array:
        """Return the corrections (n, 6) of samples."""
        with torch.no_grad():
            parts = net(self._normalise(samples.features)).numpy().astype(np.float64)
        out: Array = (samples.grown[:, :, None] * parts).sum(axis=1)
        return out

    def _continue(self, net: PriorNet, rows: Tensor) -> Tensor:
        """Return the directions (n, _UNSEEN, 6) that the network shows in gaps."""
        parts = net(self._features[rows])
        last = self._real[rows, _SEEN - 1 : _SEEN]
        shown: Tensor = last + (self._grown[None, :, :, None] * parts).sum(-2)
        return shown

    def _normalise(self, features: Array) -> Tensor:
        z = np.clip((features - self._fit.mean) * self._fit.scale, -MAX_FEATURE, MAX_FEATURE)
        return torch.tensor(z[..., _ABSOLUTE_FREE], dtype=torch.float32)


def _step_critic(
    critic: nn.Module, steps: torch.optim.Optimizer, real: Tensor, shown: Tensor
) -> None:
    """Train the discriminator by a step."""
    seen = _with_differences(real).requires_grad_()
    score = critic(seen)
    (slope,) = torch.autograd.grad(score.sum(), seen, create_graph=True)
    loss = (
        torch.relu(1.0 - score).mean()
        + torch.relu(1.0 + critic(_with_differences(shown))).mean()
        + _R1 * (slope**2).sum(-1).mean()
    )
    steps.zero_grad()
    loss.backward()
    steps.step()


def _with_differences(directions: Tensor) -> Tensor:
    """Return (n, …) directions (n, t, 6) and their differences, flat."""
    change = torch.diff(directions, dim=1, prepend=directions[:, :1])
    return torch.cat((directions, 10.0 * change), dim=-1).flatten(1)


def _take_gaps(recordings: Sequence[Recording], kind: int) -> tuple[Array, Array]:
    """Return features (n, _UNSEEN, 108), and directions (n, _SEEN + _UNSEEN, 6)."""
    features, real = [], []
    limbs = KINDS[kind]
    for one in recordings:
        known = follow(one)
        then = np.arange(_SEEN, len(known.seen) - _UNSEEN - 1, _EVERY)
        now = then[:, None] + np.arange(1, _UNSEEN + 1)
        shape = (len(then), _UNSEEN)
        seen = known.seen[:, limbs]
        found = limb_features(
            np.broadcast_to(seen[then][:, None], (*shape, *seen.shape[1:])),
            np.broadcast_to(known.average[then, limbs][:, None], (*shape, *seen.shape[1:])),
            np.broadcast_to(known.velocity[then, limbs][:, None], (*shape, 2, 2 * OWN)),
            seen[now],
        )
        around = then[:, None] + np.arange(1 - _SEEN, _UNSEEN + 1)
        features.append(np.moveaxis(found, 2, 1).reshape(-1, _UNSEEN, FEATURES))
        real.append(np.moveaxis(seen[around][..., :OWN], 2, 1).reshape(-1, len(around[0]), OWN))
    return np.concatenate(features), np.concatenate(real)
