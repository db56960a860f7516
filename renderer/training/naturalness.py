"""Trains the discriminator of tracking faults: `encore train naturalness`.

Landmarks of known movement are given faults and solved by our own solver; the discriminator learns
to tell windows in which a limb is wrong from sound ones. One network serves arms, one legs. A ridge
regression on the same features is the baseline that it has to beat on people that neither knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import nn

from avatars.maths.vectors import Array
from renderer.bench.priors.recordings import Recording
from renderer.bench.priors.windows import LabelledWindows, label_recordings, rate_scores
from renderer.motion.priors.fault_channels import FEATURES
from renderer.motion.priors.naturalness import HIDDEN, MAX_FEATURE, VERSION, score_features
from renderer.training.model_file import DataSet, describe_data, write_model
from renderer.training.report import TrainingReport

Progress = Callable[[str], None]

_RUNS: Final = 2
"""Times that each recording is given faults, besides once without any."""
_EPOCHS: Final = 5
_BATCH: Final = 256
_RATE: Final = 3e-3
"""Highest learning rate of the one-cycle schedule."""
_DECAY: Final = 0.05
_DROPOUT: Final = 0.5
_RIDGE: Final = 30.0
"""Penalty of the baseline, in windows."""
_SCALE_FLOOR: Final = 0.01
_FOLDS: Final = 3
"""Parts into which people are divided, to find the alarm's threshold on people left out."""
ALARMS_A_MINUTE: Final = 0.5
"""False alarms of a limb that the threshold allows on people left out; the goal for strangers is
one a minute."""

_PURPOSE: Final = "tells tracking faults of a limb; drives its confidence"
_LIMITS: Final = "It knows cameras of 25 to 30 frames a second, and slow drifts only poorly."


def train_naturalness(
    data: Sequence[DataSet],
    test: Sequence[Recording],
    path: Path,
    seed: int,
    command: str,
    progress: Progress,
) -> TrainingReport:
    """Train the network and write it.

    Raises:
        MotionError: the file cannot be written.
    """
    torch.set_num_threads(1)
    recordings = [one for each in data for one in each.recordings]
    progress(f"solving {len(recordings)} recordings {_RUNS + 1} times, with and without faults")
    known = label_recordings(recordings, _RUNS, seed, progress)
    strange = label_recordings(test, 1, seed + 1, progress) if test else None
    measured: dict[str, dict[str, float]] = {"ridge": {}, "network": {}}
    progress(f"training on {len(known.labels)} windows")
    net = _train(known, seed)
    net["alarm"] = _find_thresholds(known, seed)
    if strange is not None:
        rated = {
            "ridge": _fit_ridge(known)(strange.features),
            "network": score_features(net, strange.features),
        }
        for name, scores in rated.items():
            measured[name] = rate_scores(strange, scores)
    figures = {f"{name}, {key}": v for name, one in measured.items() for key, v in one.items()}
    card = write_model(
        path,
        net,
        model="naturalness",
        version=VERSION,
        purpose=_PURPOSE,
        command=command,
        seed=seed,
        data=describe_data(data),
        figures=figures,
        limits=_LIMITS,
    )
    verdict = "The network is written; areas under the curve are those of people left out."
    return TrainingReport(path, card, measured, verdict)


def _normalise(features: Array) -> tuple[Array, Array]:
    return features.mean(axis=0), 1.0 / (features.std(axis=0) + _SCALE_FLOOR)


def _fit_ridge(windows: LabelledWindows) -> Callable[[Array], Array]:
    """Return the score of a weighted ridge regression."""
    mean, scale = _normalise(windows.features)

    def design(features: Array) -> Array:
        z = np.clip((features - mean) * scale, -MAX_FEATURE, MAX_FEATURE)
        return np.concatenate((z, np.ones((len(z), 1))), axis=1)

    x, faulty = design(windows.features), windows.labels == 1
    share = faulty.mean()
    weight = np.where(faulty, 0.5 / share, 0.5 / (1.0 - share))
    gram = x.T @ (x * weight[:, None])
    gram[np.diag_indices_from(gram)] += _RIDGE
    solved = np.linalg.solve(gram, x.T @ (weight * np.where(faulty, 1.0, -1.0)))
    return lambda features: np.asarray(design(features) @ solved)


def _train(windows: LabelledWindows, seed: int) -> dict[str, Array]:
    """Return a network's arrays."""
    torch.manual_seed(seed)
    mean, scale = _normalise(windows.features)
    z = np.clip((windows.features - mean) * scale, -MAX_FEATURE, MAX_FEATURE)
    x = torch.tensor(z, dtype=torch.float32)
    y = torch.tensor(windows.labels, dtype=torch.float32)
    first, second = HIDDEN
    net = nn.Sequential(
        nn.Linear(FEATURES, first), nn.ReLU(), nn.Dropout(_DROPOUT),
        nn.Linear(first, second), nn.ReLU(), nn.Dropout(_DROPOUT),
        nn.Linear(second, 1),
    )  # fmt: skip
    steps = torch.optim.AdamW(net.parameters(), _RATE, weight_decay=_DECAY)
    count = len(x) // _BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(steps, _RATE, total_steps=_EPOCHS * count)
    rare = (1.0 - y.mean()) / y.mean()
    for _ in range(_EPOCHS):
        for rows in torch.randperm(len(x))[: count * _BATCH].split(_BATCH):
            loss = nn.functional.binary_cross_entropy_with_logits(
                net(x[rows])[:, 0], y[rows], pos_weight=rare
            )
            steps.zero_grad()
            loss.backward()
            steps.step()
            schedule.step()
    arrays: dict[str, Array] = {"mean": mean, "scale": scale}
    layers = [layer for layer in net if isinstance(layer, nn.Linear)]
    for number, layer in enumerate(layers, start=1):
        arrays[f"w{number}"] = layer.weight.detach().numpy().T.astype(np.float64)
        arrays[f"b{number}"] = layer.bias.detach().numpy().astype(np.float64)
    return arrays


def _find_thresholds(windows: LabelledWindows, seed: int) -> Array:
    """Return (2,) the scores that sound movement of people left out seldom exceeds: arms, legs."""
    people = np.unique(windows.person)
    rng = np.random.default_rng(seed)
    scores = np.empty(len(windows.labels))
    for part in np.array_split(rng.permutation(people), min(_FOLDS, len(people))):
        out = np.isin(windows.person, part)
        rest = windows.select(~out) if len(people) > 1 else windows
        scores[out] = score_features(_train(rest, seed), windows.features[out])
    limits = []
    for kind in (0, 1):
        some, rows = windows.of_kind(kind), scores[windows.kind == kind]
        levels = np.quantile(rows[some.clean], np.linspace(0.9, 1.0, 200))
        allowed = ALARMS_A_MINUTE * some.sound_minutes
        limits.append(
            next((one for one in levels if some.count_runs(rows > one) <= allowed), levels[-1])
        )
    return np.array(limits)
