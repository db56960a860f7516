"""Reads a model's weights (.npz) with its card (.json), and refuses what does not belong together.

The card states which data the weights were trained on, with licence and consent, the seed, the
figures measured, and the SHA-256 of the weights' file. Arrays are read without pickle.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from avatars.maths.vectors import Array
from renderer.errors import MotionError

SHIPPED: Final = Path(__file__).resolve().parent / "shipped"
"""Folder of the weights that are part of the program."""

_MAX_BYTES: Final = 4 << 20
"""Bytes of a model's file, and of its arrays when unpacked; the largest shipped one has 0.3 MB."""
_MAX_CARD_BYTES: Final = 1 << 18
"""Bytes of a card."""
_REMEDY: Final = "train it again with encore train, or install the program again"


class TrainingData(msgspec.Struct, frozen=True):
    """One recording, or one set of recordings, that a model was trained on.

    Attributes:
        name: of the recording or the set.
        licence: what allows its use.
        source: where it comes from, with the credit that the licence asks for.
        consent: what the person recorded agreed to, as far as it is known.
        seconds: its length.
        sha256: of the file; of the names and hashes of all files of a set.
        takes: SHA-256 of each take in it, which a signed consent allows to be trained on.
        performers: those in the takes, by name; a show needs their consents to use the model.
    """

    name: str
    licence: str
    source: str
    consent: str
    seconds: float
    sha256: str
    takes: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()


class ModelCard(msgspec.Struct, frozen=True):
    """What is known about a model's weights.

    Attributes:
        model: its name, such as `prior`.
        version: of the arrays' layout.
        purpose: what it does, in a sentence.
        command: the command line that made it.
        seed: of every random number in its training.
        sha256: of the weights' file.
        data: what it was trained on.
        figures: what its training measured on held-out subjects.
        limits: what it cannot do, in a sentence.
        performer: whose it is; empty if it serves anybody.
    """

    model: str
    version: int
    purpose: str
    command: str
    seed: int
    sha256: str
    data: list[TrainingData]
    figures: dict[str, float]
    limits: str
    performer: str = ""


def card_path(weights: Path) -> Path:
    """Return the path of the card of a weights' file."""
    return weights.with_suffix(".json")


def read_card(weights: Path) -> ModelCard:
    """Read the card of a weights' file.

    Raises:
        MotionError: it is missing or cannot be read.
    """
    path = card_path(weights)
    try:
        if path.stat().st_size > _MAX_CARD_BYTES:
            raise ValueError(f"it has more than {_MAX_CARD_BYTES} bytes")
        return msgspec.json.decode(path.read_bytes(), type=ModelCard)
    except (OSError, ValueError, RecursionError) as fault:
        raise MotionError(f"Model card {path}", f"cannot be read ({fault})", _REMEDY) from fault


def load_weights(
    path: Path,
    model: str,
    version: int,
    shapes: Mapping[str, tuple[int, ...]],
    unseal: Callable[[bytes], bytes] | None = None,
) -> dict[str, Array]:
    """Load a model's arrays as float64.

    Args:
        path: the .npz file; its card lies beside it.
        model: the name that the card must have.
        version: the layout that the card must have.
        shapes: each array's name and shape.
        unseal: decrypts one performer's weights; without it, encrypted ones are refused.

    Raises:
        MotionError: a file is missing, too large or damaged, the card is another model's or has
            another hash, or an array is missing, of another shape or not finite.
    """
    card = read_card(path)
    if (card.model, card.version) != (model, version):
        raise MotionError(
            f"Model {path}",
            f"is {card.model} of version {card.version}, not {model} of version {version}",
            _REMEDY,
        )
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise MotionError(f"Model {path}", f"has more than {_MAX_BYTES >> 20} MB", _REMEDY)
        data = path.read_bytes()
    except OSError as fault:
        raise MotionError(f"Model {path}", f"cannot be read ({fault.strerror})", _REMEDY) from fault
    if hashlib.sha256(data).hexdigest() != card.sha256:
        raise MotionError(
            f"Model {path}", "has changed since it was trained: its hash is not its card's", _REMEDY
        )
    try:
        return _read_arrays(data if unseal is None else unseal(data), shapes)
    except (ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile) as fault:
        raise MotionError(f"Model {path}", f"cannot be read ({fault})", _REMEDY) from fault


def _read_arrays(data: bytes, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """Return the arrays of an .npz file; raises ValueError or KeyError if they are others."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # A small file may unpack to any size.
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > _MAX_BYTES:
        raise ValueError(f"its arrays have more than {_MAX_BYTES >> 20} MB")
    arrays: dict[str, Array] = {}
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        for name, shape in shapes.items():
            array = kept[name].astype(np.float64)
            if array.shape != shape:
                raise ValueError(f"{name} is {array.shape} instead of {shape}")
            if not np.isfinite(array).all():
                raise ValueError(f"{name} is not finite")
            arrays[name] = array
    return arrays
