"""Read frames from a video file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Final

import av
import av.error
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from renderer.capture.records import CameraFrame
from renderer.capture.sources.timeline import PresentationTimes
from renderer.capture.sources.upright import Upright
from renderer.errors import CaptureError
from renderer.media_address import LOCAL_FILES_ONLY, file_address

_DEFAULT_RATE: Final = Fraction(30)
_SECOND_NS: Final = 1_000_000_000
_OTHER_FILE: Final = "choose a video file that plays"
_EARLY_END: Final = 0.9
"""A file with less than this share of its announced duration is truncated."""

_LONGEST_NS: Final = 60 * _SECOND_NS
"""Longest plausible duration of the last frame, nanoseconds."""


class VideoFile:
    """Reads every frame of a file at its presentation time, oriented upright.

    The first frame is decoded on opening, to check that there is one and to read its orientation.
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
        self.last_duration_ns = 0
        self._first = first
        self._upright = Upright(first, self._stream.sample_aspect_ratio)
        self._layout_note = f"{self.name} {self._upright.fault}" if self._upright.fault else ""
        self.note = self._layout_note
        self.size = self._upright.size

    def frames(self, start_ns: int = 0) -> Iterator[CameraFrame]:
        """Yield every frame in presentation order; set `warning` and `note` as faults are found.

        Times are the file's timestamps counted from the first frame, see PresentationTimes.
        """
        origin_ns = _read_timestamp_ns(self._first)
        is_sought = start_ns > 0 and origin_ns is not None and self._seek(origin_ns + start_ns)
        pictures = self._decode() if is_sought else chain([self._first], self._pictures)
        times = PresentationTimes(int(_SECOND_NS / self._rate), origin_ns if is_sought else None)
        t_ns = index = leaps = 0
        for index, picture in enumerate(pictures):
            t_ns = times.place(_read_timestamp_ns(picture))
            if t_ns < start_ns:
                continue
            if times.leaps > leaps:
                leaps = times.leaps
                self._note_leaps(times)
            self.last_duration_ns = max(_duration_ns(picture), times.interval_ns)
            yield CameraFrame(self._upright.pixels(picture), t_ns, index)
        if not (is_sought and times.leaps):  # Otherwise the length until here is unknown.
            self._note_early_end(t_ns + self.last_duration_ns, index + 1, times)

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _seek(self, stated_ns: int) -> bool:
        """Go to the keyframe at or before a timestamp; return whether the file permits that."""
        assert self._stream.time_base is not None
        place = int(stated_ns / (_SECOND_NS * self._stream.time_base))
        try:
            self._container.seek(place, stream=self._stream)
        except (av.error.FFmpegError, OSError):
            return False
        return True

    def _decode(self) -> Iterator[VideoFrame]:
        """Yield frames as they are decoded; skip damaged packets and report them in `warning`."""
        damaged = 0
        try:
            for packet in self._container.demux(self._stream):
                try:
                    yield from packet.decode()
                except av.error.InvalidDataError:
                    damaged += 1
                    self.warning = damage_warning(self.name, damaged)
        except (av.error.FFmpegError, OSError) as error:
            self.warning = f"{self.name} breaks off: {error.strerror}"

    def _note_leaps(self, times: PresentationTimes) -> None:
        often = "once" if times.leaps == 1 else f"{times.leaps} times, at most"
        leap = (
            f"the timestamps of {self.name} leap {often} by {times.closed_ns / 1e9:.1f} s, "
            "which was closed up"
        )
        self.note = "; ".join(filter(None, (self._layout_note, leap)))

    def _note_early_end(self, played_ns: int, pictures: int, times: PresentationTimes) -> None:
        """Warn of a truncated file.

        FFmpeg estimates the duration of a truncated file, but its frame count is read from it.
        """
        announced_ns = max(int(self._stream.frames * _SECOND_NS / self._rate), self.length_ns or 0)
        if times.leaps:
            # The announced duration includes the jumps.
            announced_ns = played_ns * self._stream.frames // pictures
        if played_ns >= _EARLY_END * announced_ns:
            return
        self.warning = (
            f"{self.name} ends after {played_ns / 1e9:.1f} s of the "
            f"{announced_ns / 1e9:.1f} s it announces: its end is missing"
        )


def damage_warning(name: str, damaged: int) -> str:
    """Return the sentence about packets that could not be decoded.

    Args:
        name: display name of the source.
        damaged: number of such packets so far.
    """
    places = "one place, which was" if damaged == 1 else f"{damaged} places, which were"
    return f"{name} is damaged in {places} left out"


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
        return av.open(file_address(path), options=LOCAL_FILES_ONLY)
    except (av.error.FFmpegError, OSError) as error:
        raise CaptureError(
            str(path), f"cannot be read as a video ({error.strerror})", _OTHER_FILE
        ) from error


def _moving_pictures(container: InputContainer, path: Path) -> VideoStream:
    """Return the first video stream of the file that is not cover art."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    raise CaptureError(str(path), "has no video in it", _OTHER_FILE)


def _read_timestamp_ns(picture: VideoFrame) -> int | None:
    if picture.pts is None or picture.time_base is None:
        return None
    return int(picture.pts * picture.time_base * _SECOND_NS)


def _duration_ns(picture: VideoFrame) -> int:
    """Return a frame's stated duration in nanoseconds; 0 if absent or implausible."""
    if not picture.duration or picture.time_base is None:
        return 0
    duration_ns = int(picture.duration * picture.time_base * _SECOND_NS)
    return duration_ns if 0 < duration_ns <= _LONGEST_NS else 0


def _length_ns(container: InputContainer, stream: VideoStream) -> int | None:
    if stream.duration is not None and stream.time_base is not None:
        return int(stream.duration * stream.time_base * _SECOND_NS)
    return None if container.duration is None else container.duration * 1000
