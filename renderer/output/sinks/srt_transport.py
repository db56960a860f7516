"""Send MPEG-TS over SRT, to a listener that is called or to callers that are listened for."""

from __future__ import annotations

import time
from typing import Final

from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.sinks import libsrt
from renderer.output.sinks.libsrt import PAYLOAD, SrtSocket
from renderer.output.sinks.transport import TransportError
from renderer.output.spec import OutputSpec
from renderer.output.srt_address import SrtAddress
from renderer.processes.child import Child

_CALLERS: Final = 8
"""Callers that a listener serves at once; each costs the stream's bit rate again."""
_CONNECT_MS: Final = 3000
_PEER_IDLE_MS: Final = 3000
"""Milliseconds without a sign of life after which a peer is lost; libsrt's default is 5000."""
_DRAIN_S: Final = 1.0
"""Seconds for the last packets to be acknowledged when the stream ends."""
_VIDEO_PID: Final = 0x100
"""PID of the first stream, as libav numbers them."""
_OPTIONS: Final = {
    "flush_packets": "1",
    "max_interleave_delta": "20000",
    # A caller that joins finds the tables with its first picture.
    "mpegts_flags": "pat_pmt_at_frames",
    # Sound leaves with each frame, instead of waiting for 2930 bytes: 128 ms at 160 kbit/s.
    "pes_payload_size": "0",
    # A receiver knows that a picture is complete without waiting for the next one.
    "omit_video_pes_length": "0",
}


class _Peer:
    """One receiver; it gets messages from the first keyframe on."""

    def __init__(self, connection: SrtSocket, has_begun: bool) -> None:
        self.connection, self.has_begun = connection, has_begun
        self._acknowledged = 0
        self._progress_s = time.monotonic()

    def send(self, data: bytes) -> None:
        for start in range(0, len(data), PAYLOAD):
            if not self.connection.send(data[start : start + PAYLOAD]):
                raise TransportError("the other side takes nothing, and the buffer is full")

    def still_s(self) -> float:
        now, acknowledged = time.monotonic(), self.connection.acknowledged
        if acknowledged != self._acknowledged or not self.connection.unsent:
            self._acknowledged, self._progress_s = acknowledged, now
        return now - self._progress_s


class _Peers:
    """The receivers, as a target for the muxer. A listener's come and go."""

    def __init__(self, opened: SrtSocket, is_listener: bool) -> None:
        self._listener = opened if is_listener else None
        # The muxer begins with a keyframe by itself; only later callers have to wait for one.
        self._peers = [] if is_listener else [_Peer(opened, True)]

    def write(self, data: bytes, /) -> int:
        """Send the muxer's bytes; peers that have not begun wait for a keyframe."""
        for peer in tuple(self._peers):
            peer.has_begun = peer.has_begun or _has_keyframe(data)
            try:
                if peer.has_begun:
                    peer.send(data)
            except OSError:
                if self._listener is None:
                    raise
                peer.connection.close()
                self._peers.remove(peer)
        return len(data)

    def accept(self) -> bool:
        """Take callers that have come; return whether there were any."""
        before = len(self._peers)
        if self._listener is not None:
            while len(self._peers) < _CALLERS and (caller := self._listener.accept()) is not None:
                self._peers.append(_Peer(caller, False))
        return len(self._peers) > before

    def still_s(self) -> float:
        """Return for how many seconds no peer has acknowledged anything; 0 without a peer."""
        return min((peer.still_s() for peer in self._peers), default=0.0)

    def drain(self, latency_s: float) -> None:
        """Wait until what was sent is acknowledged, but not for long, and played."""
        deadline = time.monotonic() + _DRAIN_S
        while time.monotonic() < deadline and any(
            peer.connection.is_connected and peer.connection.unsent for peer in self._peers
        ):
            time.sleep(0.01)
        # A receiver hands on what it has only after the agreed latency, and drops it when we close.
        if self._peers:
            time.sleep(min(latency_s, _DRAIN_S))

    def close(self) -> None:
        """Close all connections."""
        for peer in self._peers:
            peer.connection.close()
        self._peers.clear()
        if self._listener is not None:
            self._listener.close()


class SrtTransport:
    """Muxes packets, and sends them to a listener or to every caller."""

    def __init__(self, address: SrtAddress, header: bytes) -> None:
        opened = _open(address)
        try:
            if address.is_listener:
                opened.listen(address.host, address.port, _CALLERS)
            else:
                opened.connect(address.host, address.port)
                opened.set(libsrt.SNDSYN, False)
            self._peers = _Peers(opened, address.is_listener)
            self._muxer = Muxer(self._peers, header, "mpegts", _OPTIONS)
        except BaseException:
            opened.close()
            raise
        self._has_joined = False
        self._latency_s = address.latency_ms / 1000

    def write(self, packet: EncodedPacket) -> bool:
        """Send a packet to every peer; see Transport."""
        self._has_joined |= self._peers.accept()
        return self._muxer.write(packet)

    def still_s(self) -> float:
        """Return for how many seconds no peer has acknowledged anything."""
        self._has_joined |= self._peers.accept()
        return self._peers.still_s()

    def take_keyframe_request(self) -> bool:
        """Return whether a caller has joined; true once for each."""
        joined, self._has_joined = self._has_joined, False
        return joined

    def close(self) -> None:
        """Send the rest, and close once it is acknowledged."""
        self._muxer.close()
        self._peers.drain(self._latency_s)
        self._peers.close()

    def discard(self) -> None:
        """Close without sending."""
        self._peers.close()
        self._muxer.discard()


def connect(child: Child, spec: OutputSpec, header: bytes, is_first: bool) -> SrtTransport:
    """Open an SRT output; see `transport.Connect`."""
    del child, is_first  # libsrt does not block the interpreter, and tells a refusal at once.
    return SrtTransport(spec.srt.fill_in(), header)


def _has_keyframe(data: bytes) -> bool:
    """Return whether a keyframe begins in whole packets of MPEG-TS (ISO/IEC 13818-1, 2.4.3).

    A packet is 188 bytes: sync byte, flags and PID, then flags whose 0x20 announces an adaptation
    field, whose first flags are at byte 5, with random_access_indicator as 0x40.
    """
    for start in range(0, len(data) - 187, 188):
        pid = (data[start + 1] & 0x1F) << 8 | data[start + 2]
        is_random_access = data[start + 3] & 0x20 and data[start + 4] and data[start + 5] & 0x40
        if pid == _VIDEO_PID and is_random_access:
            return True
    return False


def _open(address: SrtAddress) -> SrtSocket:
    """Return a socket with the address's options.

    Raises:
        OSError: the library is absent, or refuses one.
    """
    opened = SrtSocket()
    opened.set(libsrt.SENDER, True)
    opened.set(libsrt.CONNTIMEO, _CONNECT_MS)
    opened.set(libsrt.PEERIDLETIMEO, _PEER_IDLE_MS)
    opened.set(libsrt.RCVLATENCY, address.latency_ms)
    opened.set(libsrt.PEERLATENCY, address.latency_ms)
    if address.passphrase:
        opened.set(libsrt.PBKEYLEN, address.key_bytes)
        opened.set(libsrt.PASSPHRASE, address.passphrase)
    if address.stream_id:
        opened.set(libsrt.STREAMID, address.stream_id)
    if address.is_listener:
        opened.set(libsrt.RCVSYN, False)
        opened.set(libsrt.SNDSYN, False)
    return opened
