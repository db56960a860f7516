"""Send the program's packets over WebRTC to a WHIP server."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypeVar

import av

from renderer.output.encode.packets import (
    AUDIO_CLOCK,
    VIDEO_CLOCK,
    EncodedPacket,
    Join,
    read_parameters,
)
from renderer.output.sinks.opus_sound import OpusSound
from renderer.output.sinks.transport import TransportError
from renderer.output.spec import OutputSpec
from renderer.output.whip_address import WhipAddress
from renderer.processes.child import Child

if TYPE_CHECKING:
    from renderer.output.sinks.whip_session import WhipSession

_OPEN_S: Final = 15.0
_CLOSE_S: Final = 3.0
_REPORTED_S: Final = 1.5
"""Longest usual interval in seconds between a receiver's reports (RTCP)."""
_SILENT_S: Final = 5.0
"""Seconds without a report after which the server is lost."""
T = TypeVar("T")


class WhipTransport:
    """A stream that a server has accepted.

    Its sound is sent with the pictures that it belongs to: a receiver synchronises both by the time
    at which they are sent.
    """

    def __init__(self, address: WhipAddress, header: bytes) -> None:
        # Optional packages, which only an output of this kind needs.
        from renderer.output.sinks.whip_session import WhipSession

        # A stream's parameter sets are in the container's header, and WebRTC has none.
        self._header, self._parameters = header, read_parameters(header)
        self._sound = OpusSound(header)
        self._join = Join()
        self._pending: deque[EncodedPacket] = deque()
        self._keyframe_requested = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="whip", daemon=True)
        self._thread.start()
        self._session: WhipSession | None = None
        try:
            self._session = self._call(self._open(WhipSession, address), _OPEN_S)
        except BaseException:
            self.discard()
            raise

    def write(self, packet: EncodedPacket) -> bool:
        """Send a packet; see Transport."""
        session = self._require()
        admitted = self._join.admit(packet)
        if admitted is None:
            return False
        if not admitted.is_video:
            self._pending.extend(self._sound.convert(admitted))
            return True
        if admitted.header and admitted.header != self._header:
            # Another encoder goes on.
            self._header, self._parameters = admitted.header, read_parameters(admitted.header)
        data = self._parameters + admitted.data if admitted.is_keyframe else admitted.data
        self._put(session.video, data, admitted.pts, VIDEO_CLOCK)
        end = (admitted.pts + admitted.duration) * AUDIO_CLOCK
        while self._pending and self._pending[0].pts * VIDEO_CLOCK < end:
            sound = self._pending.popleft()
            self._put(session.audio, sound.data, sound.pts, AUDIO_CLOCK)
        return True

    def still_s(self) -> float:
        """Return for how many seconds the server has been overdue with its reports.

        Raises:
            TransportError: the connection is lost.
        """
        silent_s = time.monotonic() - self._require().reported_s
        if silent_s > _SILENT_S:
            raise TransportError(f"the server has sent no report for {_SILENT_S:.0f} s")
        return max(0.0, silent_s - _REPORTED_S)

    def take_keyframe_request(self) -> bool:
        """Return whether the server has asked for a keyframe; true once for each."""
        is_asked = self._keyframe_requested.is_set()
        self._keyframe_requested.clear()
        return is_asked

    def close(self) -> None:
        """End the stream."""
        self.discard()

    def discard(self) -> None:
        """Close the connection, and end the thread."""
        if self._session is not None:
            with suppress(TransportError):
                self._call(self._session.close(), _CLOSE_S)
        self._session = None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSE_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _open(self, kind: type[WhipSession], address: WhipAddress) -> WhipSession:
        session = kind(address, self._keyframe_requested.set)
        try:
            await session.connect()
        except BaseException:
            await session.close()
            raise
        return session

    def _require(self) -> WhipSession:
        session = self._session
        if session is None or session.fault:
            raise TransportError(session.fault if session is not None else "it is closed")
        return session

    def _put(self, track: Any, data: bytes, pts: int, clock: int) -> None:
        packet: av.Packet[av.stream.Stream] = av.Packet(data)
        packet.pts, packet.time_base = pts, Fraction(1, clock)
        self._loop.call_soon_threadsafe(track.put, packet)

    def _call(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Run a coroutine in the loop's thread, and return its result.

        Raises:
            TransportError: it takes too long.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError as late:
            future.cancel()
            raise TransportError(f"no answer within {seconds:.0f} s") from late


def connect(child: Child, spec: OutputSpec, header: bytes, is_first: bool) -> WhipTransport:
    """Open a WHIP output; see `transport.Connect`."""
    del child, is_first  # aiortc does not block the interpreter, and tells a refusal at once.
    try:
        return WhipTransport(spec.whip.fill_in(), header)
    except ModuleNotFoundError as absent:
        raise TransportError(
            f"WHIP needs the package {absent.name}; install encore-renderer[webrtc]"
        ) from absent
