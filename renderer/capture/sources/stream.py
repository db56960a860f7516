"""Read frames from a network camera or stream: RTSP, or HLS over HTTP.

RTSP frames arrive as they are captured, so the sender's clock is mapped onto this machine's by the
least transit time of the last seconds (network/clock.py). HLS arrives in segments of some seconds:
its frames are yielded in real time by their timestamps, counted from the first.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

import av
import av.error
import av.logging
from av.container import InputContainer
from av.video.frame import VideoFrame

from renderer.capture.network.clock import SenderClock
from renderer.capture.records import CameraFrame
from renderer.capture.sources.address import check_address, without_password
from renderer.capture.sources.upright import Upright
from renderer.capture.sources.video import damage_warning
from renderer.errors import CaptureError

_CONNECT_S: Final = 6.0
"""Connection timeout, seconds."""
_SILENT_S: Final = 4.0
"""Read timeout after which a connection counts as lost, seconds."""
_RATE: Final = Fraction(30)
"""Frames per second assumed where the stream states none."""
_PIECE_SILENT_S: Final = 15.0
"""Read timeout for HLS, whose segments are seconds apart, seconds."""
_LATE_S: Final = 0.5
"""Delay at which HLS counts as stalled and its time origin is reset, seconds."""
_SECOND_NS: Final = 1_000_000_000
_SAFE: Final = {
    "rtsp": "rtsp,rtp,udp,tcp",
    "rtsps": "rtsp,rtsps,rtp,srtp,udp,tcp,tls",
    # A playlist from the network must not make FFmpeg open files of this machine.
    "http": "http,https,tcp,tls,crypto",
    "https": "https,tcp,tls,crypto",
}


class NetworkStream:
    """Reads a network stream until it ends."""

    def __init__(self, address: str) -> None:
        """Connect and wait for the first frame.

        Raises:
            CaptureError: the address is invalid, does not answer, or sends no video.
        """
        scheme = check_address(address)
        self.name = without_password(address)
        self.warning = ""
        self.is_live = True
        self.length_ns: int | None = None
        self._comes_in_pieces = scheme.startswith("http")
        self._container = self._connect(address, scheme)
        try:
            self._pictures = self._decode()
            first = next(self._pictures, None)
            if first is None:
                raise self._describe_loss("gives no picture")
        except CaptureError:
            self._container.close()
            raise
        self._first = first
        stream = self._container.streams.video[0]
        self._upright = Upright(first, stream.sample_aspect_ratio)
        self.note = f"{self.name} {self._upright.fault}" if self._upright.fault else ""
        self.last_duration_ns = 0
        self.size = self._upright.size
        self._rate = stream.average_rate or stream.guessed_rate or _RATE
        self.rate = float(self._rate)

    def frames(self, start_ns: int = 0) -> Iterator[CameraFrame]:  # noqa: ARG002 - it has no past
        """Yield every frame with its time on this machine's clock.

        Raises:
            CaptureError: the connection is lost, or the stream has ended.
        """
        place = self._pace if self._comes_in_pieces else self._place_in_time
        yield from place()
        raise self._describe_loss("has ended")

    def close(self) -> None:
        """Close the connection."""
        self._container.close()

    def _place_in_time(self) -> Iterator[CameraFrame]:
        """Yield frames as they arrive, with their capture times."""
        clock = SenderClock()
        for index, (t_ns, picture) in enumerate(self._read_timed()):
            seen_ns = clock.place(t_ns, time.monotonic_ns())
            if seen_ns is not None:
                yield CameraFrame(self._upright.pixels(picture), seen_ns, index)

    def _pace(self) -> Iterator[CameraFrame]:
        """Yield frames in real time by their timestamps, whenever their segments arrived."""
        start_ns: int | None = None
        for index, (t_ns, picture) in enumerate(self._read_timed()):
            frame = CameraFrame(self._upright.pixels(picture), t_ns, index)
            now_ns = time.monotonic_ns()
            if start_ns is None or not -_SILENT_S < (now_ns - start_ns - t_ns) / 1e9 < _LATE_S:
                start_ns = now_ns - t_ns
            wait_ns = start_ns + t_ns - now_ns
            if wait_ns > 0:
                time.sleep(wait_ns / _SECOND_NS)
            yield replace(frame, t_seen_ns=start_ns + t_ns)

    def _read_timed(self) -> Iterator[tuple[int, VideoFrame]]:
        """Yield frames with the sender's times in nanoseconds.

        Times increase, except where the sender's clock restarts.
        """
        step_ns = int(_SECOND_NS / self._rate)
        t_ns = -step_ns
        picture: VideoFrame | None = self._first
        while picture is not None:
            stamp_ns = t_ns
            if picture.pts is not None and picture.time_base is not None:
                stamp_ns = int(picture.pts * picture.time_base * _SECOND_NS)
            # A large step back is a restart of the sender; a small one is a frame out of order.
            t_ns = stamp_ns if stamp_ns > t_ns or stamp_ns < t_ns - _SECOND_NS else t_ns + step_ns
            yield t_ns, picture
            picture = next(self._pictures, None)

    def _decode(self) -> Iterator[VideoFrame]:
        """Yield frames as they are decoded; skip damaged packets and report them in `warning`."""
        stream = self._container.streams.video[0]
        damaged = 0
        try:
            for packet in self._container.demux(stream):
                try:
                    pictures = packet.decode()
                except av.error.InvalidDataError:
                    damaged += 1
                    self.warning = damage_warning(self.name, damaged)
                    continue
                yield from pictures
        except (av.error.FFmpegError, OSError) as error:
            raise self._describe_loss(f"is lost ({_reason(error)})") from error

    def _connect(self, address: str, scheme: str) -> InputContainer:
        # FFmpeg's log would contain the address with its password.
        av.logging.set_level(av.logging.PANIC)
        options = {"protocol_whitelist": _SAFE[scheme], "analyzeduration": "2000000"}
        if not self._comes_in_pieces:
            # TCP retransmits lost packets; no buffer is needed to reorder them.
            options |= {"rtsp_transport": "tcp", "fflags": "nobuffer"}
        silent_s = _PIECE_SILENT_S if self._comes_in_pieces else _SILENT_S
        try:
            container = av.open(address, options=options, timeout=(_CONNECT_S, silent_s))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise CaptureError(
                self.name,
                f"cannot be watched ({_reason(error)})",
                "check the address, its name and password, and that the camera sends",
            ) from error
        if not container.streams.video:
            container.close()
            raise CaptureError(self.name, "has no video in it", "name another stream")
        container.streams.video[0].thread_type = "SLICE"
        return container

    def _describe_loss(self, fault: str) -> CaptureError:
        return CaptureError(
            self.name, fault, "see that the camera sends and that the network holds"
        )


def _reason(error: Exception) -> str:
    """Return FFmpeg's error message, for a person."""
    if isinstance(error, av.error.ExitError):
        # FFmpeg reports a timeout as this error.
        return "nothing came for too long"
    return getattr(error, "strerror", None) or "it is no address"
