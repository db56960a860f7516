"""Send FLV over RTMP or RTMPS to a server."""

from __future__ import annotations

import re
import socket
import ssl
from typing import Final

from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.sinks.tcp_progress import TcpProgress
from renderer.output.sinks.transport import StreamsChangedError, TransportError
from renderer.output.spec import OutputSpec
from renderer.output.stream_address import StreamAddress
from renderer.platform import PLATFORM
from renderer.processes.child import Child

CONNECT_S: Final = 3.0
"""Seconds after which a server that accepts no connection is considered unreachable."""
SILENCE_S: Final = 5.0
"""Seconds without an answer or progress after which the server is lost and this process ends."""
SETTLE_S: Final = 0.5
"""A server that rejects the stream disconnects within this many seconds. libav does not wait for
the server's answer, so without this wait a wrong key would be noticed only on air."""
INTERLEAVE: Final = {"max_interleave_delta": "20000"}
"""Microseconds that a packet waits to be interleaved. With each packet sent at once, the latency to
a local server falls from 72 to 38 ms."""
FLV_OPTIONS: Final = INTERLEAVE | {
    "flush_packets": "1",
    # A stream cannot be seeked, so duration and size are not written at its start.
    "flvflags": "no_duration_filesize",
}


class RtmpTransport:
    """A stream that a server has accepted.

    libav's calls block the interpreter; each kills this process if the server stays silent.
    """

    def __init__(self, child: Child, muxer: Muxer, header: bytes) -> None:
        self._child, self._muxer, self._header = child, muxer, header
        self._progress = TcpProgress(next(iter(PLATFORM.tcp_connections()), None))

    def write(self, packet: EncodedPacket) -> bool:
        """Send a packet; see Transport.

        Raises:
            StreamsChangedError: FLV describes its pictures once, at its start.
        """
        if packet.header and packet.header != self._header:
            raise StreamsChangedError(packet.header)
        with self._child.limit(SILENCE_S):
            is_sent = self._muxer.write(packet)
        if is_sent:
            self._progress.add_written(len(packet.data))
        return is_sent

    def still_s(self) -> float:
        """Return for how many seconds the server has accepted nothing."""
        return self._progress.still_s()

    def take_keyframe_request(self) -> bool:
        """Return False: the server serves its viewers itself."""
        return False

    def close(self) -> None:
        """End the stream."""
        with self._child.limit(SILENCE_S):
            self._muxer.close()

    def discard(self) -> None:
        """Free a lost connection."""
        with self._child.limit(SILENCE_S):
            self._muxer.discard()


def connect(child: Child, spec: OutputSpec, header: bytes, is_first: bool) -> RtmpTransport:
    """Open an RTMP output; see `transport.Connect`."""
    address = spec.stream.fill_in()
    with child.limit(SILENCE_S):
        _check_server(address)
    with child.limit(SILENCE_S):
        muxer = Muxer(_tee_target(address), header, "tee", INTERLEAVE)
    transport = RtmpTransport(child, muxer, header)
    if is_first and PLATFORM.wait_for_hangup(PLATFORM.tcp_connections(), SETTLE_S):
        transport.discard()
        raise TransportError("the server refused the stream; its key may be wrong")
    return transport


def _check_server(address: StreamAddress) -> None:
    """Connect once, because libav does not say what is at fault and checks no certificate.

    Raises:
        TransportError: the server's certificate is expired or not trusted.
        OSError: it cannot be reached.
    """
    with socket.create_connection((address.host, address.port), CONNECT_S) as connection:
        if address.scheme != "rtmps":
            return
        try:
            context = ssl.create_default_context()
            context.wrap_socket(connection, server_hostname=address.host).close()
        except ssl.SSLCertVerificationError as fault:
            raise TransportError(
                f"the server's certificate is not accepted: {fault.verify_message}"
            ) from fault
        except ssl.SSLError as fault:
            raise TransportError("the server does not speak TLS as it should") from fault


def _tee_target(address: StreamAddress) -> str:
    """Return the argument with which FFmpeg's tee muxer opens an FLV stream to `address`.

    FFmpeg splits an address into application and play path by its own rules, which fail if a key
    contains a slash. Its options `rtmp_app` and `rtmp_playpath` set both verbatim. PyAV passes no
    options to a protocol, but the tee muxer does; here it serves the single stream.
    """
    options = FLV_OPTIONS | {"f": "flv", "rtmp_app": address.app, "rtmp_playpath": address.key}
    listed = ":".join(f"{name}={_escape(text, ':]')}" for name, text in options.items())
    return _escape(f"[{listed}]{address.scheme}://{address.authority}/", "|")


def _escape(text: str, special: str) -> str:
    """Put a backslash before each of FFmpeg's special characters, and those in `special`."""
    return re.sub(rf"([\\'{re.escape(special)}])", r"\\\1", text)
