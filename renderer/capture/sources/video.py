"""A video file as a source of pictures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from renderer.capture.records import CameraFrame
from renderer.capture.sources.upright import Upright
from renderer.errors import CaptureError

_DEFAULT_RATE = Fraction(30)
_SECOND_NS = 1_000_000_000
_OTHER_FILE = "choose a video file that plays"
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
        self.is_live = False
        self._container = _open(path)
        try:
            self._stream = _moving_pictures(self._container, path)
            self._stream.thread_type = "AUTO"
            self._pictures = self._decode()
            first = next(self._pictures, None)
            if first is None:
                raise CaptureError(
                    str(path), "gives no picture: it is damaged or cut off", _OTHER_FILE
                )
        except CaptureError:
            self._container.close()
            raise
        self._rate = self._stream.average_rate or self._stream.guessed_rate or _DEFAULT_RATE
        self.rate = float(self._rate)
        self.length_ns = _length_ns(self._container, self._stream)
        self._first = first
        self._upright = Upright(first)
        self.size = self._upright.size

    def frames(self) -> Iterator[CameraFrame]:
        """Every picture, in the order of presentation; a broken end becomes a warning.

        Times are those that the file gives, from its first picture on, and always grow: a picture
        without a time, or with one that is not later than the last, follows at the mean rate.
        """
        step_ns = int(_SECOND_NS / self._rate)
        start: Fraction | None = None
        t_ns = -step_ns
        for index, picture in enumerate(chain([self._first], self._pictures)):
            time = None
            if picture.pts is not None and picture.time_base is not None:
                time = picture.pts * picture.time_base
                start = time if start is None else start
            t_picture = t_ns if time is None or start is None else int((time - start) * _SECOND_NS)
            t_ns = t_picture if t_picture > t_ns else t_ns + step_ns
            yield CameraFrame(self._upright.pixels(picture), t_ns, index)
        self._note_early_end(t_ns + step_ns)

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _decode(self) -> Iterator[VideoFrame]:
        """Pictures as they are decoded; what is damaged is left out and told of in `warning`."""
        damaged = 0
        try:
            for packet in self._container.demux(self._stream):
                try:
                    yield from packet.decode()
                except av.error.InvalidDataError:
                    damaged += 1
        except (av.error.FFmpegError, OSError) as error:
            self.warning = f"{self.name} breaks off: {error.strerror}"
        if damaged and not self.warning:
            self.warning = f"{self.name} is damaged in {damaged} places, which were left out"

    def _note_early_end(self, played_ns: int) -> None:
        """Warn of a lost end. A cut file's duration is FFmpeg's guess, its frame count is not."""
        announced_ns = max(int(self._stream.frames * _SECOND_NS / self._rate), self.length_ns or 0)
        if played_ns >= _EARLY_END * announced_ns:
            return
        self.warning = (
            f"{self.name} ends after {played_ns / 1e9:.1f} s of the "
            f"{announced_ns / 1e9:.1f} s it announces: its end is missing"
        )


def _open(path: Path) -> InputContainer:
    if not path.exists():
        raise CaptureError(str(path), "does not exist", "check the path")
    if not path.is_file():
        raise CaptureError(
            str(path), "is not a file", "name a video file, or camera:0 for a camera"
        )
    if path.stat().st_size == 0:
        raise CaptureError(str(path), "is empty", _OTHER_FILE)
    try:
        # A local file only: a playlist or a description must not make FFmpeg open other places.
        return av.open(f"file:{path}", options={"protocol_whitelist": "file"})
    except (av.error.FFmpegError, OSError) as error:
        raise CaptureError(
            str(path), f"cannot be read as a video ({error.strerror})", _OTHER_FILE
        ) from error


def _moving_pictures(container: InputContainer, path: Path) -> VideoStream:
    """The first video in the file that is no cover picture of a song."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    raise CaptureError(str(path), "has no video in it", _OTHER_FILE)


def _length_ns(container: InputContainer, stream: VideoStream) -> int | None:
    if stream.duration is not None and stream.time_base is not None:
        return int(stream.duration * stream.time_base * _SECOND_NS)
    return None if container.duration is None else container.duration * 1000
