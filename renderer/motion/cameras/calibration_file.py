"""Calibration files: one readable JSON file for the cameras around a performer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from avatars.maths.vectors import Array
from renderer.errors import MotionError
from renderer.motion.cameras.model import Camera, CameraSet

VERSION: Final = 1
"""Version of the format; files of other versions are refused."""

FEWEST, MOST = 2, 4
"""Number of cameras in a file."""

_KIND: Final = "encore camera calibration"
_LARGEST: Final = 100_000
"""Bytes; a file of four cameras has less than four thousand."""

_ORTHOGONAL: Final = 1e-3
"""Largest deviation of a rotation matrix from an orthogonal one."""

_FAR: Final = 100.0
"""Metres; no camera on a performer is further away."""

_LONGEST_CLOCK_S: Final = 3600.0
"""Largest difference of two cameras' clocks, seconds."""

_REMEDY: Final = "calibrate again with encore calibrate cameras"

Vector = tuple[float, float, float]


class _Camera(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A camera as the file has it; see Camera. Rotation by rows."""

    name: str
    size: tuple[int, int]
    focal_px: tuple[float, float]
    centre_px: tuple[float, float]
    distortion: tuple[float, float, float, float, float]
    rotation: tuple[Vector, Vector, Vector]
    place_m: Vector
    clock_s: float
    error_px: float


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a file."""

    kind: str
    version: int
    made: str
    method: str
    height_m: float
    cameras: list[_Camera]


def encode_cameras(cameras: CameraSet) -> bytes:
    """Encode a set of cameras as JSON for people to read."""
    made = cameras.made or datetime.now(UTC).isoformat(timespec="seconds")
    file = _File(
        _KIND,
        VERSION,
        made,
        cameras.method,
        cameras.height_m,
        [_record(camera) for camera in cameras.cameras],
    )
    return msgspec.json.format(msgspec.json.encode(file))


def decode_cameras(data: bytes | str) -> CameraSet:
    """Decode a set of cameras from the JSON of `encode_cameras`.

    Raises:
        ValueError: it is no calibration, or has another version, or impossible values.
    """
    if len(data) > _LARGEST:
        raise ValueError("it is too large for a calibration")
    try:
        head = msgspec.json.decode(data)
    except RecursionError as fault:
        raise ValueError("it is nested too deeply") from fault
    if not isinstance(head, dict) or head.get("kind") != _KIND:
        raise ValueError("it is no calibration of cameras")
    if head.get("version") != VERSION:
        raise ValueError(f"it has version {head.get('version')!r}, not {VERSION}")
    file = msgspec.convert(head, _File)
    if not FEWEST <= len(file.cameras) <= MOST:
        raise ValueError(f"it has {len(file.cameras)} cameras, not {FEWEST} to {MOST}")
    cameras = tuple(_camera(record, k) for k, record in enumerate(file.cameras, 1))
    return CameraSet(cameras, file.height_m, file.method, file.made)


def save_cameras(cameras: CameraSet, path: Path) -> None:
    """Write a calibration file; replaces an older one at once.

    Raises:
        MotionError: it cannot be written.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(encode_cameras(cameras))
        fresh.replace(path)
    except OSError as fault:
        raise MotionError(
            f"Calibration {path}",
            f"cannot be written ({fault.strerror or fault})",
            "free some space, or name another file",
        ) from fault


def load_cameras(path: Path) -> CameraSet:
    """Read and check a calibration file.

    Raises:
        MotionError: it cannot be read, or is not a calibration of this version.
    """
    try:
        return decode_cameras(path.read_bytes())
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else fault
        raise MotionError(f"Calibration {path}", f"cannot be used: {reason}", _REMEDY) from fault


def _record(camera: Camera) -> _Camera:
    def numbers(values: Array) -> object:
        return values.tolist()

    fields = {
        "name": camera.name,
        "size": camera.size,
        "focal_px": numbers(camera.focal),
        "centre_px": numbers(camera.centre),
        "distortion": numbers(camera.distortion),
        "rotation": numbers(camera.rotation),
        "place_m": numbers(camera.place),
        "clock_s": camera.clock_ns * 1e-9,
        "error_px": round(camera.error_px, 2),
    }
    return msgspec.convert(fields, _Camera)


def _camera(record: _Camera, number: int) -> Camera:
    """Return a checked camera; `number` from 1, for messages."""
    values = [
        *record.focal_px, *record.centre_px, *record.distortion, *record.place_m,
        *(value for row in record.rotation for value in row), record.clock_s, record.error_px,
    ]  # fmt: skip
    if not np.isfinite(values).all():
        raise ValueError(f"camera {number} has a value that is no number")
    rotation = np.array(record.rotation)
    twisted = float(np.abs(rotation @ rotation.T - np.eye(3)).max())
    if twisted > _ORTHOGONAL or np.linalg.det(rotation) < 0.0:
        raise ValueError(f"the rotation of camera {number} is none")
    if min(record.size) < 16 or max(record.size) > 16384:
        raise ValueError(f"the picture of camera {number} has no possible size")
    longer = max(record.size)
    if not all(0.1 * longer < focal < 30.0 * longer for focal in record.focal_px):
        raise ValueError(f"the focal length of camera {number} is impossible")
    if np.linalg.norm(record.place_m) > _FAR or abs(record.clock_s) > _LONGEST_CLOCK_S:
        raise ValueError(f"camera {number} is impossibly far away in space or time")
    return Camera(
        record.name,
        record.size,
        np.array(record.focal_px),
        np.array(record.centre_px),
        np.array(record.distortion),
        rotation,
        np.array(record.place_m),
        round(record.clock_s * 1e9),
        record.error_px,
    )
