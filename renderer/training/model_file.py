"""Writes a model's weights and its card; the same arrays give the same bytes."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from avatars.authoring.clips.clip import write_arrays
from avatars.maths.vectors import Array
from renderer.bench.priors.recordings import Recording
from renderer.errors import MotionError, RightsError
from renderer.motion.priors.weights import ModelCard, TrainingData, card_path

_FORBIDDING: Final = re.compile(
    r"\b(?:NC|ND|non[- ]?commercial|no[- ]?deriv\w*|research only|no training)\b", re.IGNORECASE
)
"""What in a licence forbids a model that ships or is used in a show."""

OWN_LICENCE: Final = "Apache-2.0"
"""Licence of the project's own choreography."""
OWN_CONSENT: Final = "composed, nobody was recorded"


@dataclass(frozen=True, slots=True)
class DataSet:
    """Recordings that share a licence.

    Attributes:
        name: of the folder or file.
        licence: what allows training on them.
        consent: what the people recorded agreed to.
        recordings: the recordings used.
        takes: SHA-256 of the takes among them.
        performers: those in the takes, by name.
    """

    name: str
    licence: str
    consent: str
    recordings: tuple[Recording, ...]
    takes: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()


def check_licence(name: str, licence: str) -> None:
    """Raise RightsError if a licence forbids training a model that a show may use, or is empty."""
    if not licence.strip():
        raise RightsError(
            f"Recordings {name}", "have no licence", "name what allows training on them: --licence"
        )
    if found := _FORBIDDING.search(licence):
        raise RightsError(
            f"Recordings {name}",
            f"have a licence that forbids it ({found[0]})",
            "train on data whose licence allows commercial use and derived works",
        )


def describe_data(data: Sequence[DataSet]) -> list[TrainingData]:
    """Return a card's entries of data sets."""
    entries = []
    for one in data:
        digest = hashlib.sha256(
            "".join(f"{r.name} {r.sha256}\n" for r in one.recordings).encode()
        ).hexdigest()
        people = sorted({r.person for r in one.recordings})
        entries.append(
            TrainingData(
                name=one.name,
                licence=one.licence,
                source=f"{len(one.recordings)} recordings of {', '.join(people)}",
                consent=one.consent,
                seconds=round(sum(r.seconds for r in one.recordings), 1),
                sha256=digest,
                takes=one.takes,
                performers=one.performers,
            )
        )
    return entries


def write_model(
    path: Path,
    arrays: Mapping[str, Array],
    *,
    model: str,
    version: int,
    purpose: str,
    command: str,
    seed: int,
    data: list[TrainingData],
    figures: Mapping[str, float],
    limits: str,
    performer: str = "",
    seal: Callable[[bytes], bytes] | None = None,
) -> ModelCard:
    """Write a model's weights as FILE.npz and its card as FILE.json; returns the card.

    Args:
        performer: whose the model is; empty if it serves anybody.
        seal: encrypts the weights of one performer; None writes them readable.

    Raises:
        MotionError: a file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        write_arrays(content, arrays)
        kept = content.getvalue() if seal is None else seal(content.getvalue())
        path.write_bytes(kept)
        card = ModelCard(
            model=model,
            version=version,
            purpose=purpose,
            command=command,
            seed=seed,
            sha256=hashlib.sha256(kept).hexdigest(),
            data=data,
            figures={name: round(value, 4) for name, value in figures.items()},
            limits=limits,
            performer=performer,
        )
        card_path(path).write_bytes(
            msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"
        )
    except OSError as fault:
        raise MotionError(
            f"Model {path}", f"cannot be written ({fault.strerror or fault})", "name another place"
        ) from fault
    return card
