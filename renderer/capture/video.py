"""A video file as a source of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.video.frame import VideoFrame

from renderer.capture.records import CameraFrame
from renderer.errors import CaptureError

_DEFAULT_RATE = Fraction(30)
_SECOND_NS = 1_000_000_000
_EARLY_END = 0.9
"""A file that gives less than this share of the length it announces has lost its end."""


class VideoFile:
    """Every picture of a file at its presentation time, turned upright.

    The first picture is decoded on opening: only then is it known that there is one, and which
    way up it is.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.warning = ""
        self._container = _open(path)
        try:
            self._stream = self._container.streams.video[0]
            self._stream.thread_type = "AUTO"
            self._decoder = self._container.decode(self._stream)
            self._first: VideoFrame = next(self._decoder)
        except (IndexError, StopIteration, av.error.FFmpegError, OSError) as error:
            self._container.close()
            fault = (
                "has no video in it"
                if isinstance(error, IndexError)
                else "gives no picture: it is damaged or cut off before its first one"
            )
            raise CaptureError(str(path), fault, "choose a video file that plays") from error
        self._rate = self._stream.average_rate or self._stream.guessed_rate or _DEFAULT_RATE
        self.rate = float(self._rate)
        self._announced_ns = _length_ns(self._container)
        self.length_ns = self._announced_ns
        self._turns = round(self._first.rotation / 90) % 4
        width, height = self._first.width, self._first.height
        self.size = (height, width) if self._turns % 2 else (width, height)
        self._picture_size = (width, height)

    def frames(self) -> Iterator[CameraFrame]:
        """Every picture, in the order of presentation; a broken end becomes a warning.

        Times are those that the file gives, from its first picture on, and always grow: a picture
        without a time, or with one that is not later than the last, follows at the mean rate.
        """
        step_ns = int(_SECOND_NS / self._rate)
        start: Fraction | None = None
        t_ns = -step_ns
        for index, picture in enumerate(self._pictures()):
            time = None
            if picture.pts is not None and picture.time_base is not None:
                time = picture.pts * picture.time_base
                start = time if start is None else start
            t_picture = t_ns if time is None or start is None else int((time - start) * _SECOND_NS)
            t_ns = t_picture if t_picture > t_ns else t_ns + step_ns
            yield CameraFrame(self._upright(picture), t_ns, index)
        if self._announced_ns is not None and not self.warning:
            played_ns = t_ns + step_ns
            if played_ns < _EARLY_END * self._announced_ns:
                self._warn(played_ns)

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _pictures(self) -> Iterator[VideoFrame]:
        yield self._first
        try:
            yield from self._decoder
        except (av.error.FFmpegError, OSError) as error:
            self.warning = f"{self.name} is damaged ({error}): it was used up to the damage"

    def _upright(self, picture: VideoFrame) -> npt.NDArray[np.uint8]:
        """Pixels (h, w, 3), turned as the file asks; of one size even if the file changes its."""
        width, height = self._picture_size
        pixels = picture.to_ndarray(format="rgb24", width=width, height=height)
        if self._turns:
            pixels = np.ascontiguousarray(np.rot90(pixels, self._turns))
        return pixels

    def _warn(self, played_ns: int) -> None:
        assert self._announced_ns is not None
        self.warning = (
            f"{self.name} ends after {played_ns / 1e9:.1f} s of the "
            f"{self._announced_ns / 1e9:.1f} s it announces: its end is missing"
        )


def _open(path: Path) -> InputContainer:
    if not path.exists():
        raise CaptureError(str(path), "does not exist", "check the path")
    if not path.is_file():
        raise CaptureError(
            str(path), "is not a file", "name a video file, or camera:0 for a camera"
        )
    if path.stat().st_size == 0:
        raise CaptureError(str(path), "is empty", "choose a video file that plays")
    try:
        # A local file only: a playlist or a description must not make FFmpeg open other places.
        return av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise CaptureError(
            str(path), f"cannot be read as a video ({error})", "choose a video file that plays"
        ) from error


def _length_ns(container: InputContainer) -> int | None:
    stream = container.streams.video[0]
    if stream.duration is not None and stream.time_base is not None:
        return int(stream.duration * stream.time_base * _SECOND_NS)
    return None if container.duration is None else container.duration * 1000
