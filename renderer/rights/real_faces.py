"""Find photographed faces in an avatar's textures, and in views of its head.

A face detector finds faces; drawn ones score lower than .7 with it and consist of flat areas, while
in a photograph every pixel differs from its neighbour. Both must say "photograph". What is found is
kept by the file's hash, for the search takes a second.

MediaPipe runs in a process of its own, to which the textures go through a pipe: keeping its
telemetry off cuts the process off from HTTPS, by which a show fetches revocation lists.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from renderer.capture.trackers.models import load_model
from renderer.capture.trackers.telemetry import silence_telemetry
from renderer.errors import RightsError
from renderer.paths import cache_folder
from renderer.rights.face_view import TURNS, draw_head
from renderer.rights.files import read_file, replace_file

if TYPE_CHECKING:
    from avatars.model import Avatar

U8 = NDArray[np.uint8]
FaceFinder = Callable[[U8], list[U8]]
"""Returns the crops of the faces in a picture (h, w, 3), RGB."""

FACE_MODEL: Final = "face"
"""Of the tracking models, which contains the face detector."""
FOLDER: Final = "real-faces"
VERSION: Final = 2
"""Of the method; what another one found is searched again."""
CERTAIN: Final = 0.75
"""Least score of a face. Photographed ones have .81 to .94, drawn ones at most .65."""
FLAT: Final = 0.20
"""Largest share of flat pixels in a photograph. Those of faces have .03 to .09, drawn ones .31."""

_FLAT_STEP: Final = 1.0
"""Difference of neighbouring pixels, of 255, below which they are flat."""
_CROP: Final = 128
"""Size at which a face is judged, pixels."""
_LARGEST: Final = 1024
"""Longer side at which a texture is searched, pixels."""
_SMALLEST: Final = 48
"""Shorter side below which a texture shows nobody, pixels."""
_TIMEOUT_S: Final = 120
_DETECTOR: Final = "face_detector.tflite"


class _Found(msgspec.Struct):
    version: int
    names: list[str]


def find_real_faces(avatar: Avatar, folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the textures and views that show a photographed face.

    Args:
        avatar: to search.
        folder: of earlier findings; the user's cache if None.

    Raises:
        RendererError: the face detector is not at hand.
    """
    path = (folder or cache_folder() / FOLDER) / f"{avatar.sha256}.json"
    try:
        known = msgspec.json.decode(read_file(path, f"finding {path}", 1 << 16), type=_Found)
        if known.version == VERSION:
            return tuple(known.names)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        pass
    load_model(FACE_MODEL)
    shrunk = [shrink(texture.pixels) for texture in avatar.textures]
    names = [one.name or f"texture {k}" for k, one in enumerate(avatar.textures, 1)]
    # A face that the layout of the textures cuts up is whole in the picture of the head.
    shrunk += [draw_head(avatar, turn) for turn in TURNS.values()]
    names += [f"{name} of the head" for name in TURNS]
    found = [names[k] for k in search_pictures(shrunk, f"avatar {avatar.path.name}")]
    replace_file(path, msgspec.json.encode(_Found(VERSION, found)), f"finding {path}")
    return tuple(found)


def shows_real_face(pixels: U8, find: FaceFinder) -> bool:
    """Return whether a texture (h, w, 3 or 4) shows a photographed face, upright or upside down."""
    if min(pixels.shape[:2]) < _SMALLEST:
        return False
    picture = shrink(pixels)
    turned = np.ascontiguousarray(picture[::-1])
    return any(is_photograph(crop) for image in (picture, turned) for crop in find(image))


def shrink(pixels: U8) -> U8:
    """Return a picture's colours at the size at which it is searched."""
    picture = np.ascontiguousarray(pixels[:, :, :3])
    factor = _LARGEST / max(picture.shape[:2])
    if factor >= 1.0:
        return picture
    size = [max(1, round(factor * side)) for side in picture.shape[1::-1]]
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def search_pictures(pictures: list[U8], thing: str) -> list[int]:
    """Return the numbers of the pictures that show a photographed face.

    Args:
        pictures: (h, w, 3), RGB.
        thing: that they are of, for messages.

    Raises:
        RightsError: the detector cannot be run.
    """
    pipe = io.BytesIO()
    np.savez(pipe, *pictures)
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(
        command, input=pipe.getvalue(), capture_output=True, timeout=_TIMEOUT_S, check=False
    )
    try:
        return msgspec.json.decode(done.stdout, type=list[int])
    except msgspec.DecodeError as fault:
        reason = (done.stderr.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
        raise RightsError(
            thing,
            f"cannot be searched for real people's faces ({reason[:200]})",
            "`encore doctor` tells what is missing",
        ) from fault


def is_photograph(crop: U8) -> bool:
    """Return whether a picture of a face (h, w, 3) has the grain of a photograph."""
    if min(crop.shape[:2]) < _SMALLEST // 2:
        return False
    size = cv2.resize(crop, (_CROP, _CROP), interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(size, cv2.COLOR_RGB2GRAY), np.float64)
    step = np.hypot(np.diff(grey, axis=1)[:-1], np.diff(grey, axis=0)[:, :-1])
    return bool((step < _FLAT_STEP).mean() < FLAT)


def open_finder() -> FaceFinder:
    """Return MediaPipe's face detector.

    Raises:
        RendererError: its model is not at hand.
    """
    with zipfile.ZipFile(io.BytesIO(load_model(FACE_MODEL))) as task:
        model = task.read(_DETECTOR)
    silence_telemetry()
    from renderer.capture.trackers.library import BaseOptions, mp, vision

    options = vision.FaceDetectorOptions(
        base_options=BaseOptions(model_asset_buffer=model), min_detection_confidence=CERTAIN
    )
    detector = vision.FaceDetector.create_from_options(options)

    def find(picture: U8) -> list[U8]:
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
        boxes = [one.bounding_box for one in detector.detect(image).detections]
        return [
            picture[max(0, box.origin_y) : box.origin_y + box.height,
                    max(0, box.origin_x) : box.origin_x + box.width]
            for box in boxes
        ]  # fmt: skip

    return find


def _answer() -> None:
    """Search the pictures from standard input, and print the numbers of those with a face."""
    with np.load(io.BytesIO(sys.stdin.buffer.read())) as pictures:
        finder = open_finder()
        found = [k for k, one in enumerate(pictures.values()) if shows_real_face(one, finder)]
    sys.stdout.buffer.write(msgspec.json.encode(found))


if __name__ == "__main__":
    _answer()
