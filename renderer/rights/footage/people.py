"""Tell whether a video or picture shows a real person's face."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from renderer.capture.trackers.models import load_model
from renderer.errors import RightsError
from renderer.paths import cache_folder
from renderer.rights.files import read_file, replace_file
from renderer.rights.real_faces import FACE_MODEL, search_pictures, shrink

FOLDER: Final = "footage"
VERSION: Final = 1
"""Of the method; what another one found is searched again."""
PICTURES: Final = 8
"""Pictures of a video that are searched, evenly spread; a face that is seen in none is missed."""

Find = Callable[[Path], bool]
"""Tells whether a file shows a person; raises RendererError."""


class _Found(msgspec.Struct):
    version: int
    shows_person: bool


def shows_person(path: Path, folder: Path | None = None) -> bool:
    """Return whether a file shows a face as a photograph does; the answer is kept.

    Args:
        path: of a video or picture.
        folder: of earlier findings; the user's cache if None.

    Raises:
        RendererError: the file cannot be read, or the face detector is not at hand.
    """
    what = f"file {path}"
    try:
        stat = path.stat()
    except OSError as fault:
        raise RightsError(
            what, f"cannot be read ({fault.strerror})", "name a readable file"
        ) from fault
    named = f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}"
    key = hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()
    place = (folder or cache_folder() / FOLDER) / f"{key}.json"
    try:
        known = msgspec.json.decode(read_file(place, f"finding {place}", 1 << 10), type=_Found)
        if known.version == VERSION:
            return known.shows_person
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        pass
    load_model(FACE_MODEL)
    found = bool(search_pictures(_read_pictures(path, what), what))
    replace_file(place, msgspec.json.encode(_Found(VERSION, found)), f"finding {place}")
    return found


def _read_pictures(path: Path, what: str) -> list[NDArray[np.uint8]]:
    """Return pictures from all over a file, RGB."""
    # Loaded here, so that checking licences does not load it.
    import av
    from av.error import FFmpegError

    pictures: list[NDArray[np.uint8]] = []
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                return []
            length_us = container.duration or 0
            for number in range(PICTURES if length_us else 1):
                if number:
                    container.seek(number * length_us // PICTURES)
                frame = next(container.decode(video=0), None)
                if frame is None:
                    break
                pictures += _cut(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    except (FFmpegError, OSError) as fault:
        if not pictures:
            raise RightsError(
                what, f"cannot be searched for people ({fault})", "name a video or a picture"
            ) from fault
    return pictures


def _cut(picture: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Return a picture, and nine overlapping parts of half its size, where small faces are large.

    The detector finds faces of at least a tenth of the picture's sides.
    """
    height, width = (max(side // 2, 1) for side in picture.shape[:2])
    parts = [
        picture[row * height // 2 :][:height, column * width // 2 :][:, :width]
        for row in range(3)
        for column in range(3)
    ]
    return [shrink(one) for one in (picture, *parts)]
