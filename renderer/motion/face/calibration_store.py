"""Storage of face profiles: one small JSON file per performer, in the user's data folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import msgspec
import numpy as np

from renderer.errors import MotionError
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.regression import default_full_sums
from renderer.paths import data_folder

_VERSION: Final = 2
_MAX_NAME: Final = 80
"""Characters of a file name without its suffix."""

_REMEDY: Final = "calibrate the face again"

Transform = Callable[[bytes], bytes]
"""Encrypts or decrypts a file's content."""


class _Record(msgspec.Struct, frozen=True):
    """A file's content; FaceProfile describes the numbers."""

    version: int
    performer: str
    made: str
    rest: list[float]
    full: list[float]
    points_rest: list[float]
    points_full: list[float]
    gaze_rest: list[float]
    gaze_scale: list[float]
    leak: float
    read_full: list[float]


def performers_folder() -> Path:
    """Return the folder of the performers' files."""
    return data_folder() / "performers"


def profile_path(performer: str, folder: Path | None = None) -> Path:
    """Return the path of a performer's face profile.

    Raises:
        MotionError: the name is empty, or too long for a file name.
    """
    # Percent encoding makes a file name of any name, and never the same of two names.
    file = quote(performer.strip(), safe="-_ ").replace(".", "%2E")
    if not file or len(file) > _MAX_NAME:
        raise MotionError(
            f"Performer {performer[:40]!r}",
            "is not a name that a face can be stored under",
            "give the performer a name of one to about twenty letters",
        )
    return (folder or performers_folder()) / f"{file}.json"


def list_performers(folder: Path | None = None) -> list[str]:
    """Return the names of the performers with a stored face, sorted."""
    return sorted(unquote(path.stem) for path in (folder or performers_folder()).glob("*.json"))


def encode_profile(profile: FaceProfile, performer: str = "") -> bytes:
    """Encode a face profile as JSON; decoding restores its numbers to the bit."""
    numbers = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in asdict(profile).items()
    }
    made = datetime.now(UTC).isoformat(timespec="seconds")
    record = _Record(version=_VERSION, performer=performer.strip(), made=made, **numbers)
    return msgspec.json.encode(record)


def decode_profile(data: bytes | str) -> FaceProfile:
    """Decode a face profile from the JSON of `encode_profile`.

    Raises:
        ValueError: the data is not a face profile, or has another version.
    """
    try:
        record = msgspec.json.decode(data, type=_Record)
    except RecursionError as fault:
        raise ValueError("it is nested too deeply") from fault
    if record.version != _VERSION:
        raise ValueError(f"it has version {record.version}")
    return FaceProfile(
        rest=np.array(record.rest, np.float64),
        full=np.array(record.full, np.float64),
        points_rest=np.array(record.points_rest, np.float64),
        points_full=np.array(record.points_full, np.float64),
        gaze_rest=np.array(record.gaze_rest, np.float64),
        gaze_scale=np.array(record.gaze_scale, np.float64),
        leak=record.leak,
        # Profiles stored when fewer shapes were regressed take the average person's sums for the
        # rest.
        read_full=np.array([*record.read_full, *default_full_sums()[len(record.read_full) :]]),
    )


def save_profile(
    profile: FaceProfile,
    performer: str,
    folder: Path | None = None,
    seal: Transform | None = None,
) -> Path:
    """Store a performer's face profile and return its path; replaces an older one of that name.

    Args:
        profile: of the performer.
        performer: their name.
        folder: of the performers' files; in the user's data if None.
        seal: encrypts it; None stores it readable.

    Raises:
        MotionError: it cannot be written.
        RendererError: it cannot be encrypted.
    """
    path = profile_path(performer, folder)
    content = msgspec.json.format(encode_profile(profile, performer))
    kept = content if seal is None else seal(content)
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(kept)
        # Replaced atomically: a show may be reading the old file.
        fresh.replace(path)
    except OSError as fault:
        raise MotionError(
            f"The face of {performer}",
            f"cannot be stored in {path.parent} ({fault.strerror or fault})",
            "free some space, or name another folder in ENCORE_DATA",
        ) from fault
    return path


def load_profile(
    performer: str, folder: Path | None = None, unseal: Transform | None = None
) -> FaceProfile | None:
    """Load a performer's face profile; None if there is none.

    Args:
        performer: their name.
        folder: of the performers' files; in the user's data if None.
        unseal: decrypts it; without one, an encrypted profile is refused.

    Raises:
        MotionError: its file cannot be read.
        RendererError: it cannot be decrypted.
    """
    path = profile_path(performer, folder)
    try:
        kept = path.read_bytes()
        return decode_profile(kept if unseal is None else unseal(kept))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        raise MotionError(
            f"The face of {performer}", f"cannot be read from {path} ({fault})", _REMEDY
        ) from fault
