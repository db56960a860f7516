"""Storage of an avatar's face response: a small TOML file in the user's settings or beside it.

The user's file counts before the one beside the avatar; without any, an avatar shows what was seen.
The idols that come with the product have files beside them.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from renderer.errors import MotionError
from renderer.motion.face.response import FaceResponse
from renderer.paths import config_folder

_SUFFIX: Final = ".face.toml"
_MAX_NAME: Final = 80
"""Characters of a file name without its suffix."""

_MAX_BYTES: Final = 65_536
"""Size of the largest file that is read; a full one has two kilobytes."""

_REMEDY: Final = "correct the file, or remove it to show what is seen"


def settings_path(avatar: Path, name: str) -> Path:
    """Return the path of an avatar's response in the user's settings.

    Args:
        avatar: its file, whose name counts where the avatar has none.
        name: the avatar's own.
    """
    # Percent encoding makes a file name of any name, and never the same of two names.
    file = quote(name.strip() or avatar.stem, safe="-_ ").replace(".", "%2E")[:_MAX_NAME]
    return config_folder() / "faces" / f"{file}{_SUFFIX}"


def load_response(avatar: Path, name: str) -> FaceResponse:
    """Load an avatar's face response, or its default.

    Raises:
        MotionError: a file exists and cannot be read, or is no response.
    """
    for path in (settings_path(avatar, name), avatar.with_suffix(_SUFFIX)):
        found = _read(path, name)
        if found is not None:
            return found
    return FaceResponse()


def save_response(response: FaceResponse, avatar: Path, name: str) -> Path:
    """Store an avatar's face response in the user's settings and return the path.

    Raises:
        MotionError: it cannot be written.
    """
    path = settings_path(avatar, name)
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(format_response(response, name), encoding="utf-8")
        # Replaced atomically: another show may be reading the old file.
        fresh.replace(path)
    except OSError as fault:
        raise MotionError(
            f"The face response of {name}",
            f"cannot be stored in {path.parent} ({fault.strerror or fault})",
            "free some space, or name another folder in ENCORE_CONFIG",
        ) from fault
    return path


def format_response(response: FaceResponse, name: str) -> str:
    """Return a response as TOML; parsing restores it."""
    title = "".join(letter for letter in name if letter.isprintable())
    lines = [
        f"# Face of {title}: from what was seen to what is shown.",
        "# 0 shows a face as it was seen, 1 the whole response below.",
        f"expressiveness = {response.expressiveness!r}",
        "# How far an open mouth snaps to the nearest vowel, 0 to 1.",
        f"vowels = {response.vowels!r}",
        "# A blink up to the first value is an open eye, from the second on a shut one.",
        f"blink = [{response.blink[0]!r}, {response.blink[1]!r}]",
        "# Factor on the gaze.",
        f"gaze = {response.gaze!r}",
        "",
        "# gain * ((x - floor) / (1 - floor)) ^ power, for shapes whose names begin so.",
        "[curves]",
    ]
    lines += [
        f"{shape} = {{ floor = {curve.floor!r}, power = {curve.power!r}, gain = {curve.gain!r} }}"
        for shape, curve in response.curves.items()
    ]
    return "\n".join(lines) + "\n"


def _read(path: Path, name: str) -> FaceResponse | None:
    """Return the response in a file; None if there is no file.

    Raises:
        MotionError: it cannot be read or is no response.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise ValueError(f"it is larger than {_MAX_BYTES} bytes")
        plain = tomllib.loads(data.decode("utf-8"))
        return msgspec.convert(plain, FaceResponse)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as fault:
        raise MotionError(
            f"The face response of {name}", f"cannot be read from {path} ({fault})", _REMEDY
        ) from fault
