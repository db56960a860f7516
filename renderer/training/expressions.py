"""Trains the expression autoencoder: `encore train expressions`.

The shared latent is a principal component analysis. A network with the same latent is trained
beside it on request and has to beat it on people left out. What completes unseen shapes belongs to
one performer: a take with camera and phone gives the pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.vectors import Array
from avatars.names import ARKIT
from renderer.bench.priors.faces import (
    FaceRecording,
    complete_left_out,
    correlations,
    fit_completion,
    fit_components,
)
from renderer.capture.network.records import TrackedFace
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.sources import Source
from renderer.motion.face.landmarks import measure_observation
from renderer.motion.face.solver import FaceSolver
from renderer.motion.priors.expressions import (
    FACE,
    LATENT,
    PERSONAL,
    SCALE_LIMITS,
    UNSEEN,
    VERSION,
    PersonalFace,
)
from renderer.motion.priors.weights import TrainingData
from renderer.motion.takes.read import Take
from renderer.training.model_file import write_model
from renderer.training.report import TrainingReport

Progress = Callable[[str], None]

_PAIR_NS: Final = 40_000_000
"""Nanoseconds between a camera's frame and the phone's that show the same face."""
_MIN_PAIRS: Final = 300
"""Pairs, ten seconds, that a performer's model needs."""
_TEST_SHARE: Final = 0.25
"""Share of a take, its end, that is measured on."""
_RANGE: Final = (5.0, 95.0)
"""Percentiles between which a shape's range lies."""
_MIN_RANGE: Final = 0.1
"""A shape that moves less keeps its scale."""

_PURPOSE: Final = "maps a performer's face shapes to an idol's through a shared latent"
_LIMITS: Final = "It maps onto idols alone, never onto a real person's face; eyes pass through it."


def train_expressions(
    faces: Sequence[FaceRecording],
    data: list[TrainingData],
    path: Path,
    seed: int,
    command: str,
    progress: Progress,
    *,
    nets: bool = False,
) -> TrainingReport:
    """Train the shared latent and write it.

    Args:
        faces: recordings of at least one person, each of one person.
        data: their entries for the card.
        path: the .npz file.
        seed: of the network; the analysis needs none.
        command: for the card.
        progress: called with each step.
        nets: whether a network is trained and measured, too.

    Raises:
        MotionError: the file cannot be written.
    """
    measured: dict[str, dict[str, float]] = {"components": {}}
    for left_out in faces:
        others = [one.shapes for one in faces if one is not left_out]
        if not others:
            continue
        progress(f"leaving out {left_out.name}")
        known = np.concatenate(others)
        mean, basis = fit_components(known, LATENT)
        face = left_out.shapes[:, FACE]
        back = (face - mean) @ basis.T @ basis + mean
        name = f"RMSE {left_out.name}"
        measured["components"][name] = float(np.sqrt(np.mean((back - face) ** 2)))
        if nets:
            # torch is slow to load, and the analysis does not need it.
            from renderer.training.expression_net import measure_net

            measured.setdefault("network", {})[name] = measure_net(known, left_out.shapes, seed)
    for one in faces:
        found = complete_left_out(one.shapes)
        if found:
            measured["components"][f"unseen r {one.name}"] = float(np.mean(list(found.values())))
    mean, basis = fit_components(np.concatenate([one.shapes for one in faces]), LATENT)
    card = write_model(
        path,
        {"mean": mean, "basis": basis},
        model="expressions",
        version=VERSION,
        purpose=_PURPOSE,
        command=command,
        seed=seed,
        data=data,
        figures=measured["components"],
        limits=_LIMITS,
    )
    verdict = (
        "The components are written; RMSE is that of a person left out, r that of time left out."
    )
    return TrainingReport(path, card, measured, verdict)


def train_personal_face(
    take: Take,
    performer: int,
    data: TrainingData,
    path: Path,
    command: str,
    progress: Progress,
    seal: Callable[[bytes], bytes] | None = None,
) -> TrainingReport:
    """Train one performer's model from a take with a camera and a phone, and write it.

    Args:
        take: with both.
        performer: 0 is the first.
        data: its entry for the card.
        path: the .npz file.
        command: for the card.
        progress: called with each step.
        seal: encrypts the model; None writes it readable.

    Raises:
        MotionError: the take has too few pairs, or the file cannot be written.
    """
    progress(f"solving the face of {take.path}")
    seen, true = pair_faces(take, performer)
    if len(seen) < _MIN_PAIRS:
        raise MotionError(
            f"Take {take.path}",
            f"shows camera and phone together in {len(seen)} frames, fewer than {_MIN_PAIRS}",
            "record ten seconds or more with both",
        )
    split = round((1.0 - _TEST_SHARE) * len(seen))
    tried = fit_personal_face(seen[:split], true[:split]).complete(seen[split:])
    measured = {
        "camera": correlations(seen[split:][:, UNSEEN], true[split:][:, UNSEEN]),
        "completed": correlations(tried[:, UNSEEN], true[split:][:, UNSEEN]),
    }
    face = fit_personal_face(seen, true)
    card = write_model(
        path,
        {"bias": face.bias, "scale": face.scale, "completion": face.completion},
        model=PERSONAL,
        version=VERSION,
        purpose="completes face shapes that the camera does not see of one performer",
        command=command,
        seed=0,
        data=[data],
        figures={f"r {name}": value for name, value in measured["completed"].items()},
        limits="It serves the performer of its take, and is deleted with their consent.",
        performer=data.name,
        seal=seal,
    )
    verdict = "Correlations are those of the take's last quarter, which was not trained on."
    return TrainingReport(path, card, measured, verdict)


def fit_personal_face(seen: Array, true: Array) -> PersonalFace:
    """Fit a performer's bias, scale and completion to shapes (n, 52), seen and true."""
    low, high = np.percentile(seen, _RANGE, axis=0)
    true_low, true_high = np.percentile(true, _RANGE, axis=0)
    moves = (high - low > _MIN_RANGE) & (true_high - true_low > _MIN_RANGE)
    scale = np.where(moves, (true_high - true_low) / np.maximum(high - low, _MIN_RANGE), 1.0)
    scale = np.clip(scale, *SCALE_LIMITS)
    bias = np.where(moves, np.maximum(low - true_low / scale, 0.0), 0.0)
    shown = np.clip((seen - bias) * scale, 0.0, 1.0)
    return PersonalFace(bias, scale, fit_completion(shown, true))


def pair_faces(take: Take, performer: int) -> tuple[Array, Array]:
    """Return shapes (n, 52) that the camera gave, and the phone's (n, 52) at the same time.

    Raises:
        MotionError: nothing in the take can be read.
    """
    solver, last_ns = FaceSolver(), None
    camera: list[tuple[int, Array]] = []
    phone: list[tuple[int, Array]] = []
    for entry in take.entries():
        record = entry.record
        if entry.performer != performer:
            continue
        if isinstance(record, Observation) and entry.source is Source.CAMERA:
            if record.scores is None or not np.isfinite(record.scores).all():
                continue
            dt = 0.0 if last_ns is None else max(record.t_seen_ns - last_ns, 0) * 1e-9
            last_ns = record.t_seen_ns
            shapes, _ = solver.solve(
                record.scores, measure_observation(record), record.t_seen_ns, min(dt, 0.1)
            )
            camera.append((record.t_seen_ns, shapes.copy()))
        elif isinstance(record, TrackedFace) and entry.source is Source.PHONE:
            phone.append((record.t_seen_ns, np.clip(record.scores, 0.0, 1.0).astype(np.float64)))
    empty = np.zeros((0, len(ARKIT)))
    if not camera or not phone:
        return empty, empty
    times = np.array([t for t, _ in phone])
    pairs = []
    for t, shapes in camera:
        k = int(np.abs(times - t).argmin())
        if abs(int(times[k]) - t) <= _PAIR_NS:
            pairs.append((shapes, phone[k][1]))
    if not pairs:
        return empty, empty
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
