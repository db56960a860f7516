"""A network as expression autoencoder, to compare with principal components."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from torch import nn

from avatars.maths.vectors import Array
from renderer.motion.priors.expressions import FACE, LATENT

_HIDDEN: Final = 64
_EPOCHS: Final = 60
_BATCH: Final = 128
_RATE: Final = 5e-3


def measure_net(known: Array, left_out: Array, seed: int) -> float:
    """Return the RMSE with which a network gives back shapes (m, 52) of a person left out.

    Args:
        known: (n, 52) shapes to train on.
        left_out: (m, 52).
        seed: of every random number.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    width = len(FACE)
    net = nn.Sequential(
        nn.Linear(width, _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, LATENT),
        nn.Linear(LATENT, _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, width),
    )  # fmt: skip
    x = torch.tensor(known[:, FACE], dtype=torch.float32)
    count = max(len(x) // _BATCH, 1)
    steps = torch.optim.AdamW(net.parameters(), _RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(steps, _RATE, total_steps=_EPOCHS * count)
    for _ in range(_EPOCHS):
        for rows in torch.randperm(len(x))[: count * _BATCH].split(_BATCH):
            loss = ((net(x[rows]) - x[rows]) ** 2).mean()
            steps.zero_grad()
            loss.backward()
            steps.step()
            schedule.step()
    face = torch.tensor(left_out[:, FACE], dtype=torch.float32)
    with torch.no_grad():
        return float(np.sqrt(((net(face) - face) ** 2).mean().item()))
