"""Read frames from an image sequence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from renderer.capture.records import CameraFrame
from renderer.errors import CaptureError

_RATE: Final = 30.0
_KINDS: Final = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
_NUMBER: Final = re.compile(r"%0?\d*d")
_DIGITS: Final = re.compile(r"(\d+)")
_SECOND_NS: Final = 1_000_000_000


class ImageSequence:
    """Reads the images of a folder, or those of a pattern such as `img_%04d.png`, in order.

    Names are sorted naturally: 9 before 10. Missing numbers and unreadable images leave a gap in
    time and are reported in `warning`. Grey images and those with transparency are converted to
    RGB; images of another size are resized to the first one's.
    """

    def __init__(self, path: Path, rate: float | None) -> None:
        """Find the images and read the first.

        Args:
            path: folder or pattern.
            rate: images per second; 30 if None.

        Raises:
            CaptureError: there are no images, or the first one cannot be read.
        """
        self.name = path.name
        self.rate = rate or _RATE
        self.is_live = False
        self.warning = self.note = ""
        self._files = _find_numbered(path) if "%" in path.name else _sort_folder(path)
        first = _read(self._files[0][1])
        if first is None:
            raise CaptureError(
                str(self._files[0][1]), "cannot be read as an image", "choose whole images"
            )
        height, width = first.shape[:2]
        self.size = (width, height)
        count = self._files[-1][0] - self._files[0][0] + 1
        self.last_duration_ns = round(_SECOND_NS / self.rate)
        self.length_ns: int | None = round(count * _SECOND_NS / self.rate)

    def frames(self, start_ns: int = 0) -> Iterator[CameraFrame]:
        """Yield every readable image with its presentation time, from `start_ns` on."""
        start = self._files[0][0]
        given = 0
        for number, path in self._files:
            t_ns = round((number - start) * _SECOND_NS / self.rate)
            if t_ns < start_ns:
                given = number - start + 1
                continue
            picture = _read(path)
            left_out = number - start - given + (picture is None)
            if left_out:
                self.warning = f"{self.name} lacks {left_out} of its images, or they cannot be read"
            if picture is None:
                continue
            given += 1
            if picture.shape[1::-1] != self.size:
                picture = np.asarray(cv2.resize(picture, self.size), np.uint8)
            yield CameraFrame(picture, t_ns, number - start)

    def close(self) -> None:
        """Do nothing: no file is kept open."""


def _find_numbered(pattern: Path) -> list[tuple[int, Path]]:
    """Return the files that match a pattern, with their numbers, sorted."""
    parts = _NUMBER.split(pattern.name)
    if len(parts) != 2 or "%" in "".join(parts):
        raise CaptureError(
            str(pattern), "is no pattern of numbered images", "write it like img_%04d.png"
        )
    named = re.compile(re.escape(parts[0]) + r"(\d+)" + re.escape(parts[1]))
    found = []
    for file in _list_folder(pattern.parent):
        match = named.fullmatch(file.name)
        if match and pattern.name % int(match[1]) == file.name:
            found.append((int(match[1]), file))
    if not found:
        raise CaptureError(
            str(pattern), "names no image that is there", "check the folder and the numbers"
        )
    return sorted(found)


def _sort_folder(folder: Path) -> list[tuple[int, Path]]:
    """Return a folder's images in natural order of their names, numbered from 0."""
    images = [file for file in _list_folder(folder) if file.suffix.lower() in _KINDS]
    if not images:
        raise CaptureError(
            str(folder),
            "is a folder without images",
            "name a video file, a folder of images, or camera:0 for a camera",
        )
    return list(enumerate(sorted(images, key=_natural)))


def _list_folder(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.is_file()]
    except OSError as error:
        raise CaptureError(
            str(folder), f"cannot be listed ({error.strerror})", "check the path"
        ) from error


def _natural(file: Path) -> list[tuple[int, str]]:
    parts = _DIGITS.split(file.name)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _read(path: Path) -> npt.NDArray[np.uint8] | None:
    """Read an image as (h, w, 3) RGB, rotated by its EXIF orientation; None if unreadable."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB) if data.size else None
    except (OSError, cv2.error):
        return None
    return None if picture is None else np.asarray(picture, np.uint8)
