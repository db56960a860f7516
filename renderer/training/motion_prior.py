"""Trains the motion prior: `encore train prior`.

The ridge regression is what ships. The networks are trained beside it on request, with the same
features, and have to beat it on people left out; docs/learned.md has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from renderer.bench.priors.gaps import measure_gaps
from renderer.bench.priors.recordings import Recording
from renderer.errors import MotionError
from renderer.motion.priors.limb_prior import PRIOR, SHAPES, VERSION, LimbPrior
from renderer.motion.priors.weights import load_weights
from renderer.training.model_file import DataSet, describe_data, write_model
from renderer.training.prior_fit import Fit, fit_general, fit_personal
from renderer.training.prior_samples import Samples, take_samples, wrist_error
from renderer.training.report import TrainingReport

Progress = Callable[[str], None]
Transform = Callable[[bytes], bytes]
"""Encrypts or decrypts a file's content."""

LIMB_KINDS: Final = ("arm", "leg")
_STEP: Final = 4
"""Frames between the samples of a recording."""
_MIN_PEOPLE: Final = 2
"""People whose recordings general weights need: strength is chosen by leaving one out."""
_FRAMES: Final = {"0.17": 5, "0.33": 10, "1.00": 30}

_PURPOSE: Final = "continues a limb that is not seen, as a correction to its last pose"
_LIMITS: Final = (
    "It knows nothing of the song, and gains little on people whose movement is unlike the data's."
)


def train_prior(
    data: Sequence[DataSet],
    test: Sequence[Recording],
    path: Path,
    seed: int,
    command: str,
    progress: Progress,
    *,
    nets: bool = False,
) -> TrainingReport:
    """Train the general motion prior and write it.

    Args:
        data: to train on.
        test: recordings of people who are not in the data; may be empty.
        path: the .npz file.
        seed: of the networks; the ridge regression needs none.
        command: for the card.
        progress: called with each step.
        nets: whether the networks are trained and measured, too.

    Raises:
        MotionError: there are too few people, or the file cannot be written.
    """
    recordings = [one for each in data for one in each.recordings]
    people = sorted({one.person for one in recordings})
    if len(people) < _MIN_PEOPLE:
        raise MotionError(
            "The recordings",
            f"show {len(people)} person, too few to learn what strangers do",
            "add recordings of others, or name their performer with --performer",
        )
    fits: list[Fit] = []
    measured: dict[str, dict[str, float]] = {"hold": {}, "ridge": {}}
    for kind, limb in enumerate(LIMB_KINDS):
        progress(f"fitting {limb}s of {', '.join(people)}")
        samples = take_samples(recordings, kind, _STEP)
        fit, choice = fit_general(samples)
        fits.append(fit)
        measured["hold"][f"{limb}, left out"] = 1.0
        measured["ridge"][f"{limb}, left out"] = choice.ratio
        progress(
            f"{limb}s: penalty {choice.penalty:g}, coast {choice.coast:g}, step {choice.step:g}"
        )
        if test:
            strangers = take_samples(test, kind, _STEP)
            _add_ratios(measured["ridge"], limb, strangers, fit.predict(strangers), kind)
            if nets:
                _measure_nets(recordings, strangers, kind, fit, seed, measured, progress)
    figures = {f"ridge, {name}": value for name, value in measured["ridge"].items()}
    card = write_model(
        path,
        _stack(fits),
        model="prior",
        version=VERSION,
        purpose=_PURPOSE,
        command=command,
        seed=seed,
        data=describe_data(data),
        figures=figures,
        limits=_LIMITS,
    )
    return TrainingReport(path, card, measured, _judge_candidates(measured))


def train_personal(
    data: Sequence[DataSet],
    test: Sequence[Recording],
    path: Path,
    command: str,
    progress: Progress,
    base: Path = PRIOR,
    *,
    performer: str = "",
    seal: Transform | None = None,
    unseal: Transform | None = None,
) -> TrainingReport:
    """Train one performer's motion prior from their rehearsals, on top of the general one.

    Args:
        data: the performer's recordings.
        test: other recordings of the same performer; may be empty.
        path: the .npz file.
        command: for the card.
        progress: called with each step.
        base: the general weights.
        performer: their name, for the card.
        seal: encrypts the performer's weights; None writes them readable.
        unseal: decrypts them again, to measure with `test`.

    Raises:
        MotionError: the general weights cannot be used, or the file cannot be written.
    """
    general = load_weights(base, "prior", VERSION, SHAPES)
    recordings = [one for each in data for one in each.recordings]
    fits = []
    for kind, limb in enumerate(LIMB_KINDS):
        progress(f"fitting the performer's {limb}s")
        fit = Fit(
            general["mean"][kind],
            general["scale"][kind],
            general["weights"][kind],
            float(general["coast"][kind]),
        )
        fits.append(fit_personal(fit, take_samples(recordings, kind, _STEP - 1)))
    card = write_model(
        path,
        _stack(fits),
        model="prior",
        version=VERSION,
        purpose=_PURPOSE,
        command=command,
        seed=0,
        data=describe_data(data),
        figures={},
        limits="It serves the performer of its recordings, and is deleted with their consent.",
        performer=performer,
        seal=seal,
    )
    measured: dict[str, dict[str, float]] = {}
    if test:
        for name, prior in (
            ("general", LimbPrior(base)),
            ("with rehearsal", LimbPrior(path, unseal)),
        ):
            figures = measure_gaps(test, prior).as_dict()
            measured[name] = {f"{key} s": figures[f"ratio_{key}s"] for key in _FRAMES}
    verdict = "Errors are shares of those of holding the limb." if test else "Nothing was measured."
    return TrainingReport(path, card, measured, verdict)


def _measure_nets(
    recordings: Sequence[Recording],
    strangers: Samples,
    kind: int,
    fit: Fit,
    seed: int,
    measured: dict[str, dict[str, float]],
    progress: Progress,
) -> None:
    """Train both networks for a kind of limb and add their figures."""
    # torch is slow to load, and the ridge regression does not need it.
    from renderer.training.prior_net import PriorTrainer

    for name, adversarial in (("net", False), ("net, adversarial", True)):
        progress(f"training the {name} for {LIMB_KINDS[kind]}s")
        trainer = PriorTrainer(recordings, kind, fit, seed)
        predicted = trainer.predict(trainer.train(adversarial=adversarial), strangers)
        _add_ratios(measured.setdefault(name, {}), LIMB_KINDS[kind], strangers, predicted, kind)


def _add_ratios(
    figures: dict[str, float], limb: str, samples: Samples, predicted: Array, kind: int
) -> None:
    """Add the mean errors of a prediction over those of holding the limb."""
    for name, frames in _FRAMES.items():
        rows = samples.frames == frames
        held = wrist_error(samples.moved[rows], np.zeros_like(samples.moved[rows]), kind).mean()
        error = wrist_error(samples.moved[rows], predicted[rows], kind).mean()
        figures[f"{limb} {name} s"] = float(error / held)


def _judge_candidates(measured: dict[str, dict[str, float]]) -> str:
    """Return which candidate is written, and why."""
    nets = {
        name: float(np.mean(list(one.values())))
        for name, one in measured.items()
        if name.startswith("net")
    }
    if not nets:
        return "The ridge regression is written; errors are shares of those of holding the limb."
    shared = [name for name in measured["net"] if name in measured["ridge"]]
    ridge = float(np.mean([measured["ridge"][name] for name in shared]))
    best = min(nets, key=lambda name: nets[name])
    said = "loses to" if nets[best] >= ridge else "beats"
    return (
        f"The {best} ({nets[best]:.3f}) {said} the ridge regression ({ridge:.3f}) on strangers; "
        "the ridge regression is written."
    )


def _stack(fits: Sequence[Fit]) -> dict[str, Array]:
    """Return the arrays of the model's file."""
    return {
        "mean": np.array([fit.mean for fit in fits]),
        "scale": np.array([fit.scale for fit in fits]),
        "weights": np.array([fit.weights for fit in fits]),
        "coast": np.array([fit.coast for fit in fits]),
    }
