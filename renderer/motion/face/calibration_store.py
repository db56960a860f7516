"""Where performers' calibrated faces are kept: one small JSON file each, in the user's own data."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import msgspec
import numpy as np

from renderer.errors import MotionError
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.regression import whole_read
from renderer.paths import data_folder

_VERSION: Final = 2
_LONGEST_NAME: Final = 80
_REMEDY: Final = "calibrate the face again"


class _Record(msgspec.Struct, frozen=True):
    """A file's content; what the numbers are stands in FaceProfile."""

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
    """Where the performers' records lie."""
    return data_folder() / "performers"


def profile_path(performer: str, folder: Path | None = None) -> Path:
    """Where a performer's face is kept.

    Raises:
        MotionError: the name is empty, or too long for a file's.
    """
    # Percent signs make a file's name of any name, and of two names never one.
    file = quote(performer.strip(), safe="-_ ").replace(".", "%2E")
    if not file or len(file) > _LONGEST_NAME:
        raise MotionError(
            f"Performer {performer[:40]!r}",
            "is no name that a face can be kept under",
            "give the performer a name of one to some twenty letters",
        )
    return (folder or performers_folder()) / f"{file}.json"


def list_performers(folder: Path | None = None) -> list[str]:
    """The names of those whose faces are kept, sorted."""
    return sorted(unquote(path.stem) for path in (folder or performers_folder()).glob("*.json"))


def encode_profile(profile: FaceProfile, performer: str = "") -> bytes:
    """A face as JSON; its numbers come back to the bit."""
    numbers = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in asdict(profile).items()
    }
    made = datetime.now(UTC).isoformat(timespec="seconds")
    record = _Record(version=_VERSION, performer=performer.strip(), made=made, **numbers)
    return msgspec.json.encode(record)


def decode_profile(data: bytes | str) -> FaceProfile:
    """The face that `encode_profile` made this of.

    Raises:
        ValueError: it is none, or of another version.
    """
    try:
        record = msgspec.json.decode(data, type=_Record)
    except RecursionError as fault:
        raise ValueError("it is nested without end") from fault
    if record.version != _VERSION:
        raise ValueError(f"it is of version {record.version}")
    return FaceProfile(
        rest=np.array(record.rest, np.float64),
        full=np.array(record.full, np.float64),
        points_rest=np.array(record.points_rest, np.float64),
        points_full=np.array(record.points_full, np.float64),
        gaze_rest=np.array(record.gaze_rest, np.float64),
        gaze_scale=np.array(record.gaze_scale, np.float64),
        leak=record.leak,
        # Of faces that were kept when fewer shapes were read, the rest are everybody's.
        read_full=np.array([*record.read_full, *whole_read()[len(record.read_full) :]]),
    )


def keep_profile(profile: FaceProfile, performer: str, folder: Path | None = None) -> Path:
    """Keep a performer's face; an older one of that name is replaced.

    Raises:
        MotionError: it cannot be written.
    """
    path = profile_path(performer, folder)
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(msgspec.json.format(encode_profile(profile, performer)))
        # Whole or not at all: a show may be reading the old one.
        fresh.replace(path)
    except OSError as fault:
        raise MotionError(
            f"The face of {performer}",
            f"cannot be kept in {path.parent} ({fault.strerror or fault})",
            "free some space, or name another folder in ENCORE_DATA",
        ) from fault
    return path


def load_profile(performer: str, folder: Path | None = None) -> FaceProfile | None:
    """A performer's face; None if it was never calibrated.

    Raises:
        MotionError: its record cannot be read.
    """
    path = profile_path(performer, folder)
    try:
        return decode_profile(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        raise MotionError(
            f"The face of {performer}", f"cannot be read from {path} ({fault})", _REMEDY
        ) from fault
