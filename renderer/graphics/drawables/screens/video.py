"""Decode a video file for an LED screen in a separate thread, by show time and looped."""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import av.error
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from renderer.capture.sources.upright import Upright
from renderer.errors import RendererError, StageError
from renderer.media_address import LOCAL_FILES_ONLY, file_address

U8 = npt.NDArray[np.uint8]

QUEUE: Final = 6
"""Maximum number of decoded frames in the queue."""
_LARGEST: Final = 8192
"""Maximum side of a video, pixels: a decoder keeps up to 16 frames in memory."""
_JUMP_S: Final = 2.0
"""Minimum distance ahead of the newest frame for a seek, seconds; below, decoding continues."""
_WAIT_S: Final = 30.0
"""Timeout of an offline render for a frame, seconds; then the video counts as broken."""
_USUAL_RATE: Final = 25.0
"""Default frame rate of a file that states none, frames per second."""
_OTHER: Final = "choose a video or picture that plays"

_log = logging.getLogger(__name__)


class ScreenVideo:
    """A video that plays by show time.

    The video starts with the show and loops without a gap: its time is show time modulo its
    duration. The thread decodes at most QUEUE frames ahead; late frames are decoded but not
    converted.

    Args:
        path: of the file.
        longest: maximum length of a frame's longer side, pixels; larger ones are scaled down.
        waits: whether `frame_at` waits for the exact frame, for renders that must not depend on
            the machine's speed; otherwise it returns the newest frame that is ready.

    Attributes:
        size: width and height of the frames, pixels.
        fault: the error that ended playback; None while it plays.

    Raises:
        StageError: the file holds no video that can be decoded.
    """

    def __init__(self, path: Path, longest: int, *, waits: bool) -> None:
        self._path = path
        self._waits = waits
        self._container, self._stream, first = _open(path)
        self._upright = Upright(first, self._stream.sample_aspect_ratio, longest)
        self.size = self._upright.size
        rate = self._stream.average_rate or self._stream.guessed_rate
        self._interval = 1.0 / float(rate) if rate else 1.0 / _USUAL_RATE
        self._start = _seconds(first) or 0.0
        self._period = max(_duration(self._container, self._stream), self._interval)
        self.fault: RendererError | None = None
        self._changed = threading.Condition()
        self._frames: deque[tuple[float, U8]] = deque()
        self._wanted = 0.0
        self._seek_to: float | None = 0.0
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name=f"screen {path.name}", daemon=True)
        self._thread.start()

    def frame_at(self, seconds: float) -> U8 | None:
        """Return the frame (h, w, 3) at a show time, the same array for the same frame.

        Returns:
            None while no frame is ready.
        """
        seconds = max(seconds, 0.0)
        with self._changed:
            self._request(seconds)
            if self._waits and not self._changed.wait_for(lambda: self._is_exact(seconds), _WAIT_S):
                self.fault = self._broken("it gave no frame in time")
            self._drop_passed(seconds)
            if not self._frames or self._frames[0][0] > seconds:
                return None
            return self._frames[0][1]

    def close(self) -> None:
        """Stop the thread and close the file; may be called again."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()
        self._container.close()

    def _request(self, seconds: float) -> None:
        """Set the time that the thread decodes, and whether it seeks to it."""
        self._wanted = seconds
        frames = self._frames
        is_before = bool(frames) and seconds < frames[0][0]
        is_after = bool(frames) and seconds > frames[-1][0] + max(_JUMP_S, 2.0 * self._interval)
        # A frame with a long duration, such as a still, is no reason to seek.
        if (is_before or (is_after and len(frames) > 1)) and self._seek_to is None:
            self._seek_to = seconds
            frames.clear()
            self._changed.notify_all()

    def _drop_passed(self, seconds: float) -> None:
        while len(self._frames) > 1 and self._frames[1][0] <= seconds:
            self._frames.popleft()
            self._changed.notify_all()

    def _is_exact(self, seconds: float) -> bool:
        """Return whether the oldest frame is the one of this time, or no further frame follows."""
        self._drop_passed(seconds)
        frames = self._frames
        is_next_known = len(frames) > 1 and frames[0][0] <= seconds
        return is_next_known or self.fault is not None or self._is_closed

    def _run(self) -> None:
        try:
            while not self._is_closed:
                self._play()
        except Exception as error:  # noqa: BLE001 - a thread that ends must say why
            _log.exception("screen video %s failed", self._path)
            self._fail(error if isinstance(error, RendererError) else self._broken(str(error)))

    def _play(self) -> None:
        """Decode from the requested time on, loop by loop, until another time is requested."""
        with self._changed:
            start = self._seek_to if self._seek_to is not None else self._wanted
            self._seek_to = None
        loop = math.floor(start / self._period)
        skip_to = max(start - loop * self._period, 0.0)
        while True:
            count = 0
            held: VideoFrame | None = None  # The newest frame at or before the requested time.
            for frame in self._decode(skip_to):
                local = self._local_time(frame)
                if local >= self._period:
                    break
                if local <= skip_to:
                    held = frame
                    if self._is_left():
                        return
                    continue
                first = held or (frame if count == 0 else None)
                if first is not None and not self._show(
                    first, loop, self._local_time(first), start
                ):
                    return
                if frame is not first and not self._show(frame, loop, local):
                    return
                held = None
                count += 1
            if held is not None:
                if not self._show(held, loop, self._local_time(held), start):
                    return
                count += 1
            if not count and not skip_to:
                raise self._broken("it gives no picture")
            loop += 1
            skip_to = 0.0
            start = loop * self._period

    def _local_time(self, frame: VideoFrame) -> float:
        """Return a frame's time in seconds from the file's first frame."""
        return max((_seconds(frame) or 0.0) - self._start, 0.0)

    def _is_left(self) -> bool:
        with self._changed:
            return self._is_closed or self._seek_to is not None

    def _show(self, frame: VideoFrame, loop: int, local: float, latest: float = math.inf) -> bool:
        """Queue a frame; return False if another time is requested or the video is closed.

        Args:
            latest: upper limit of the frame's time, for the first frame after a seek.
        """
        time = min(loop * self._period + local, latest)
        with self._changed:
            is_late = not self._waits and time + 2.0 * self._interval < self._wanted
            # Keep one late frame, so that a slow machine shows at least that one.
            if is_late and self._frames:
                return not (self._is_closed or self._seek_to is not None)
        pixels = self._upright.pixels(frame)
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._seek_to is not None or len(self._frames) < QUEUE
            )
            if self._is_closed or self._seek_to is not None:
                return False
            self._frames.append((time, pixels))
            self._changed.notify_all()
            return True

    def _decode(self, skip_to: float) -> Iterator[VideoFrame]:
        """Yield the frames from the keyframe before a time to the end; skip damaged packets."""
        time_base = self._stream.time_base
        try:
            if time_base is not None:
                target = int((self._start + skip_to) / time_base)
                self._container.seek(target, stream=self._stream, backward=True)
            for packet in self._container.demux(self._stream):
                try:
                    yield from packet.decode()
                except av.error.InvalidDataError:
                    _log.warning("screen video %s is damaged and was shown on", self._path)
        except (av.error.FFmpegError, OSError) as error:
            _log.warning("screen video %s breaks off: %s", self._path, error)

    def _broken(self, what: str) -> StageError:
        return StageError(str(self._path), f"{what}, so its screen shows something else", _OTHER)

    def _fail(self, error: RendererError) -> None:
        with self._changed:
            self.fault = error
            self._changed.notify_all()


def _open(path: Path) -> tuple[InputContainer, VideoStream, VideoFrame]:
    """Open a file and decode its first frame."""
    try:
        container = av.open(file_address(path), options=LOCAL_FILES_ONLY)
    except (av.error.FFmpegError, OSError) as error:
        raise StageError(
            str(path), f"cannot be read as a video ({error.strerror})", _OTHER
        ) from error
    try:
        streams = [
            one for one in container.streams.video if not one.disposition & Disposition.attached_pic
        ]
        if not streams:
            raise StageError(str(path), "has no video in it", _OTHER)
        stream = streams[0]
        if max(stream.width, stream.height) > _LARGEST:
            raise StageError(
                str(path),
                f"has pictures of {stream.width}×{stream.height} pixels",
                f"export it with sides of at most {_LARGEST}",
            )
        stream.thread_type = "AUTO"
        first = _first_frame(container, stream)
        if first is None:
            raise StageError(str(path), "gives no picture: it is damaged or cut off", _OTHER)
    except BaseException:
        container.close()
        raise
    return container, stream, first


def _first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    try:
        for packet in container.demux(stream):
            try:
                for frame in packet.decode():
                    return frame
            except av.error.InvalidDataError:
                continue
    except (av.error.FFmpegError, OSError):
        return None
    return None


def _duration(container: InputContainer, stream: VideoStream) -> float:
    """Return a file's duration in seconds; read through the file if it states none."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None:
        return container.duration / av.time_base
    end = start = 0.0
    try:
        container.seek(0)
        for number, packet in enumerate(container.demux(stream)):
            if packet.pts is None or packet.time_base is None:
                continue
            time = float(packet.pts * packet.time_base)
            start = time if number == 0 else min(start, time)
            end = max(end, time + float((packet.duration or 0) * packet.time_base))
    except (av.error.FFmpegError, OSError):
        return end - start
    return end - start


def _seconds(frame: VideoFrame) -> float | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return float(frame.pts * frame.time_base)
