"""Reads what a training command names: recordings with their licence and consent."""

from __future__ import annotations

import hashlib
import shlex
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from renderer.bench.priors.faces import FaceRecording, own_faces, read_faces
from renderer.bench.priors.recordings import (
    Recording,
    find_recordings,
    own_recordings,
    read_recordings,
)
from renderer.errors import MotionError
from renderer.motion.priors.weights import TrainingData
from renderer.rights.consent import SUFFIX
from renderer.rights.takes.training import require_training
from renderer.training.model_file import OWN_CONSENT, OWN_LICENCE, DataSet, check_licence

Progress = Callable[[str], None]

OWN_NAME: Final = "the project's own choreography"


def read_data(arguments: Namespace, progress: Progress, *, own: bool = True) -> list[DataSet]:
    """Read the recordings to train on.

    Args:
        arguments: with takes, licence, consent and performer.
        progress: called with each step, and with what is left out.
        own: whether the project's own choreography is added.

    Raises:
        RightsError: a licence forbids it, or a take's performer did not agree.
        MotionError: nothing can be read.
    """
    found = []
    if own:
        found.append(DataSet(OWN_NAME, OWN_LICENCE, OWN_CONSENT, tuple(own_recordings())))
    performer = getattr(arguments, "performer", "")
    for path, licence, consent in zip(
        arguments.takes, arguments.licence, arguments.consent, strict=True
    ):
        check_licence(path.name, licence)
        progress(f"reading {path}")
        files = find_recordings(path)
        takes = require_training(files, [consent], datetime.now(UTC))
        recordings = tuple(read_recordings(files, progress))
        if not recordings:
            raise MotionError(f"Recordings {path}", "hold no usable motion", "record longer takes")
        found.append(
            DataSet(
                performer or path.name, licence, consent, recordings, takes.sha256, takes.performers
            )
        )
    return found


def read_test(arguments: Namespace, progress: Progress) -> list[Recording]:
    """Read the recordings to measure on.

    Raises:
        MotionError: nothing can be read.
    """
    found: list[Recording] = []
    for path in arguments.test:
        progress(f"reading {path}")
        found += read_recordings(find_recordings(path), progress)
    return found


def named_consents(arguments: Namespace) -> list[Path]:
    """Return the consent files among what the crew said of consents."""
    return [Path(word) for word in arguments.consent if word.lower().endswith(SUFFIX)]


def describe_command(model: str, arguments: Namespace) -> str:
    """Return the command line for the card: folders without their places, which tell nothing."""
    words = ["encore", "train", model]
    for option in ("takes", "licence", "consent"):
        for value in getattr(arguments, option, ()):
            words += [f"--{option}", getattr(value, "name", value)]
    if getattr(arguments, "performer", ""):
        words += ["--performer", arguments.performer]
    words += ["--seed", str(arguments.seed)]
    return shlex.join(words)


def describe_face(name: str, path: Path, licence: str, consent: str) -> TrainingData:
    """Return the card's entry of a take of a face.

    Raises:
        RightsError: the licence forbids training, or the take's performer did not agree.
        MotionError: the file cannot be read.
    """
    check_licence(path.name, licence)
    takes = require_training([path], [consent], datetime.now(UTC))
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as fault:
        raise MotionError(
            f"Recording {path}", f"cannot be read ({fault.strerror})", "check the path"
        ) from fault
    return TrainingData(
        name, licence, path.name, consent, 0.0, digest, takes.sha256, takes.performers
    )


def read_face_data(arguments: Namespace) -> tuple[list[FaceRecording], list[TrainingData]]:
    """Read face recordings with their entries for the card; the project's own come first.

    Raises:
        RightsError: a licence forbids training.
        MotionError: a recording cannot be read.
    """
    own = own_faces()
    faces = [own]
    entries = [
        TrainingData(
            "the project's own singing and shapes",
            OWN_LICENCE,
            "composed",
            OWN_CONSENT,
            round(own.seconds, 1),
            own.sha256,
        )
    ]
    for path, licence, consent in zip(
        arguments.takes, arguments.licence, arguments.consent, strict=True
    ):
        check_licence(path.name, licence)
        face = read_faces(path)
        faces.append(face)
        entries.append(
            TrainingData(
                face.name, licence, path.name, consent, round(face.seconds, 1), face.sha256
            )
        )
    return faces, entries
