"""Open a frame source: a local or network camera, a video file or an image sequence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from renderer.capture.records import CameraFrame
from renderer.capture.sources.address import (
    CAMERA_PREFIX,
    DEVICE_PREFIX,
    LOOP_PREFIX,
    is_camera,
    is_looped,
    is_network,
)
from renderer.errors import CaptureError


class Source(Protocol):
    """A source of upright RGB frames.

    Attributes:
        name: display name, without any password.
        size: (width, height) of the upright frames in pixels.
        rate: nominal frames per second.
        is_live: frames come in real time; otherwise as fast as they are read.
        length_ns: duration of a file in nanoseconds; None for a live source.
        last_duration_ns: duration of the last yielded frame in nanoseconds; 0 for a live source.
        warning: what was lost so far, as a sentence; empty if nothing. It is set before the frame
            that follows the loss is yielded, at the end before the iteration ends.
        note: what was wrong and has been corrected, as a sentence, set likewise; empty if nothing.
    """

    name: str
    size: tuple[int, int]
    rate: float
    is_live: bool
    length_ns: int | None
    last_duration_ns: int
    warning: str
    note: str

    def frames(self, start_ns: int = 0) -> Iterator[CameraFrame]:
        """Yield every frame once.

        `t_seen_ns` counts from the first frame for files and is time.monotonic_ns for live sources.

        Args:
            start_ns: frames of a file before this time are left out, nanoseconds; a live source
                always begins now.

        Raises:
            CaptureError: the source stopped delivering frames.
        """
        ...

    def close(self) -> None:
        """Release the device or file."""
        ...


def open_source(spec: str, image_rate: float | None = None) -> Source:
    """Open a frame source.

    Args:
        spec: `camera:0` for the first camera or `/dev/video0` for that device; `rtsp://…` or
            `http://….m3u8` for a network stream; a folder of images or a numbered pattern such as
            `img_%04d.png`; anything else is the path of a video file. `loop:` before a file
            repeats it.
        image_rate: images per second of an image sequence; None for its default.

    Raises:
        CaptureError: the source does not exist, cannot be opened or contains no images.
    """
    # Imports are local: OpenCV for cameras and images, FFmpeg for the others.
    if is_camera(spec):
        from renderer.capture.sources.camera import Camera

        return Camera(_device(spec))
    if is_network(spec):
        from renderer.capture.sources.stream import NetworkStream

        return NetworkStream(spec)
    if is_looped(spec):
        from renderer.capture.sources.looped import LoopedFile

        return LoopedFile(lambda: open_source(spec.removeprefix(LOOP_PREFIX), image_rate))
    path = Path(spec)
    # An existing file takes precedence over a pattern of the same name.
    if path.is_dir() or ("%" in path.name and not path.is_file()):
        from renderer.capture.sources.images import ImageSequence

        return ImageSequence(path, image_rate)
    from renderer.capture.sources.video import VideoFile

    return VideoFile(path)


def _device(spec: str) -> int | str:
    """Return a camera's number, or the path of its device file."""
    if spec.startswith(DEVICE_PREFIX):
        return spec
    number = spec.removeprefix(CAMERA_PREFIX)
    if not number.isascii() or not number.isdecimal():
        raise CaptureError(spec, "names no camera", "write camera:0 for the first one")
    return int(number)
