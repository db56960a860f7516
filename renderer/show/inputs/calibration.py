"""Load the calibration of an input's cameras; loads nothing slow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from renderer.capture.sources.address import without_password
from renderer.errors import ShowError
from renderer.motion.cameras.calibration_file import load_cameras
from renderer.motion.cameras.model import CameraSet


def load_calibration(path: Path, words: Sequence[str]) -> CameraSet:
    """Load the calibration of an input's cameras, in the order of the input.

    Cameras that were calibrated under the same names in another order are put in this order.

    Args:
        path: the calibration file.
        words: the input's cameras.

    Raises:
        RendererError: the file cannot be used, or is of another number of cameras.
    """
    calibration = load_cameras(path)
    if len(calibration.cameras) != len(words):
        raise ShowError(
            f"Calibration {path}",
            f"is of {len(calibration.cameras)} cameras, and the input has {len(words)}",
            "name the cameras that were calibrated, or calibrate these with encore calibrate "
            "cameras",
        )
    names = [without_password(word) for word in words]
    known = {camera.name: camera for camera in calibration.cameras}
    if len(known) == len(names) and set(known) == set(names):
        return replace(calibration, cameras=tuple(known[name] for name in names))
    return calibration
