"""Where pictures come from: a camera here or on the network, a video file, a row of images."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from renderer.capture.records import CameraFrame
from renderer.capture.sources.address import CAMERA_PREFIX, DEVICE_PREFIX, is_camera, is_network
from renderer.errors import CaptureError


class Source(Protocol):
    """Something that gives pictures, upright and in RGB.

    Attributes:
        name: what a person calls it; without any password.
        size: (width, height) of its upright pictures in pixels.
        rate: frames a second, as far as it is known beforehand.
        is_live: its frames come in real time; otherwise as fast as they are asked for.
        length_ns: how long a file is; None of what has no end.
        last_duration_ns: how long the last frame given is shown; 0 of what has no end.
        warning: what of it was lost, a sentence, once the frames have ended; empty if nothing.
        note: what was wrong with it and has been corrected, a sentence; empty if nothing.
    """

    name: str
    size: tuple[int, int]
    rate: float
    is_live: bool
    length_ns: int | None
    last_duration_ns: int
    warning: str
    note: str

    def frames(self) -> Iterator[CameraFrame]:
        """Every frame, once. A file's `t_seen_ns` count from its first frame, a camera's are live.

        Raises:
            CaptureError: it stopped giving pictures.
        """
        ...

    def close(self) -> None:
        """Let the device or file go."""
        ...


def open_source(spec: str, image_rate: float | None = None) -> Source:
    """Open whatever pictures come from.

    Args:
        spec: `camera:0` for the first camera or `/dev/video0` for that device; `rtsp://…` or
            `http://….m3u8` for one on the network; a folder of images or a numbered pattern such
            as `img_%04d.png`; anything else is the path of a video file.
        image_rate: of a row of images, a second.

    Raises:
        CaptureError: there is no such thing, or there are no pictures in it.
    """
    # Only what is asked for is loaded: OpenCV for cameras and images, FFmpeg for the others.
    if is_camera(spec):
        from renderer.capture.sources.camera import Camera

        return Camera(_device(spec))
    if is_network(spec):
        from renderer.capture.sources.stream import NetworkStream

        return NetworkStream(spec)
    path = Path(spec)
    # A file of that very name is meant, even where it could be read as a pattern.
    if path.is_dir() or ("%" in path.name and not path.is_file()):
        from renderer.capture.sources.images import ImageSequence

        return ImageSequence(path, image_rate)
    from renderer.capture.sources.video import VideoFile

    return VideoFile(path)


def _device(spec: str) -> int | str:
    """A camera's number, or its device file."""
    if spec.startswith(DEVICE_PREFIX):
        return spec
    number = spec.removeprefix(CAMERA_PREFIX)
    if not number.isascii() or not number.isdecimal():
        raise CaptureError(spec, "names no camera", "write camera:0 for the first one")
    return int(number)
