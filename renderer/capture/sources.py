"""Where pictures come from: a camera, or a video file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from renderer.capture.records import CameraFrame
from renderer.errors import CaptureError

CAMERA_PREFIX = "camera:"


class Source(Protocol):
    """Something that gives pictures, upright and in RGB.

    Attributes:
        name: what a person calls it.
        size: (width, height) of its upright pictures in pixels.
        rate: frames a second, as far as it is known beforehand.
        is_live: its frames come in real time; otherwise as fast as they are asked for.
        length_ns: how long a file is; None of what has no end.
        warning: what a person should know once the frames have ended; empty if nothing.
    """

    name: str
    size: tuple[int, int]
    rate: float
    is_live: bool
    length_ns: int | None
    warning: str

    def frames(self) -> Iterator[CameraFrame]:
        """Every frame, once. A file's `t_seen_ns` count from its first frame, a camera's are live.

        Raises:
            CaptureError: it stopped giving pictures.
        """
        ...

    def close(self) -> None:
        """Let the device or file go."""
        ...


def open_source(spec: str) -> Source:
    """Open a camera or a video file.

    Args:
        spec: `camera:0` for the first camera, `camera:1` for the next; anything else is a path.

    Raises:
        CaptureError: there is no such camera or file, or no pictures in it.
    """
    # Only what is asked for is loaded: OpenCV for cameras, FFmpeg for files.
    if spec.startswith(CAMERA_PREFIX):
        number = spec.removeprefix(CAMERA_PREFIX)
        if not number.isascii() or not number.isdecimal():
            raise CaptureError(spec, "names no camera", "write camera:0 for the first one")
        from renderer.capture.camera import Camera

        return Camera(int(number))
    from renderer.capture.video import VideoFile

    return VideoFile(Path(spec))
