"""Run the process that holds the connection to a stream server.

In libav's Python binding, connecting and closing block the whole interpreter for as long as a
silent server does not answer, and timeouts have no effect. Therefore each stream has its own
process, which blocks no other and ends itself when the server stays silent (`Child.limit`). This
module runs in that process; `stream.py` feeds it.
"""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

import av

from renderer.errors import OutputError
from renderer.output.audio.sound import reason
from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.sinks.sink import FIRST_PAUSE_S, LONGEST_PAUSE_S
from renderer.output.sinks.tcp_progress import TcpProgress
from renderer.output.spec import OutputSpec
from renderer.output.stream_address import StreamAddress
from renderer.platform import PLATFORM
from renderer.processes.child import Child

CONNECT_S = 3.0
"""Seconds after which a server that accepts no connection is considered unreachable."""
SILENCE_S = 5.0
"""Seconds without an answer or progress after which the server is lost and this process ends."""
SETTLE_S = 0.5
"""A server that rejects the stream disconnects within this many seconds. libav does not wait for
the server's answer, so without this wait a wrong key would be noticed only on air."""
STALL_S, GIVE_UP_S = 10.0, 30.0
"""Seconds after which a server that accepts nothing, while the system's buffers still do, is
reported as stalled, and after which it is reconnected: a load balancer may pick another server."""
WATCH_S = 1.0
"""Interval in seconds between checks of a connection's progress."""

INTERLEAVE = {"max_interleave_delta": "20000"}
"""Microseconds that a packet waits to be interleaved. With each packet sent at once, the latency to
a local server falls from 72 to 38 ms."""
FLV_OPTIONS = INTERLEAVE | {
    "flush_packets": "1",
    # A stream cannot be seeked, so duration and size are not written at its start.
    "flvflags": "no_duration_filesize",
}


class KeyUnavailableError(OSError):
    """The stream's key cannot be read from where it is stored."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The server accepts packets of connection `number`."""

    number: int


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection was lost or not made, because of `why`."""

    why: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """The server has accepted nothing for `seconds`; 0 when it accepts packets again."""

    seconds: float


News = Connected | Lost | Stalled


class ServerStalledError(OSError):
    """The server keeps the connection open but accepts nothing."""


Feed = tuple[int, EncodedPacket] | None
"""Connection number that a packet is meant for, and the packet; None ends the stream."""


def run_relay(child: Child, link: Connection, spec: OutputSpec, header: bytes) -> None:
    """Keep a stream connected, until told to end or until the feeding process has ended.

    Args:
        child: this process.
        link: receives packets, and sends events.
        spec: the stream's output.
        header: the streams' description from a ProgramEncoder.
    """
    child.ready()
    number, pause = 0, FIRST_PAUSE_S
    was_connected = False
    try:
        while True:
            number += 1
            began = time.monotonic()
            try:
                muxer = _connect(child, spec, header)
                if not was_connected and PLATFORM.wait_for_hangup(
                    PLATFORM.tcp_connections(), SETTLE_S
                ):
                    muxer.discard()
                    raise ConnectionAbortedError
                link.send(Connected(number))
                was_connected = True
                began = time.monotonic()
                if _publish(child, link, muxer, number):
                    return
            except (OSError, av.FFmpegError) as fault:
                link.send(Lost(_explain(fault)))
            if time.monotonic() - began > SILENCE_S:
                pause = FIRST_PAUSE_S
            if _told_to_end(link, pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_S)
    except (EOFError, BrokenPipeError):
        # The media process has ended; the server sees the end of the stream.
        return


def _connect(child: Child, spec: OutputSpec, header: bytes) -> Muxer:
    try:
        # Read again for every connection: services replace keys, and a file may be corrected.
        address = spec.stream.fill_in()
    except OutputError as fault:
        raise KeyUnavailableError(str(fault)) from fault
    with child.limit(SILENCE_S):
        # Checked first, because libav does not report whether host, port or stream is at fault.
        socket.create_connection((address.host, address.port), CONNECT_S).close()
    with child.limit(SILENCE_S):
        return Muxer(_tee_target(address), header, "tee", INTERLEAVE)


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


def _publish(child: Child, link: Connection, muxer: Muxer, number: int) -> bool:
    """Send packets; return True when told to end. Raises the error if the connection breaks."""
    progress = TcpProgress(next(iter(PLATFORM.tcp_connections()), None))
    is_stalled = False
    try:
        while True:
            is_stalled = _tell_stall(link, progress, is_stalled)
            if not link.poll(WATCH_S):
                continue
            feed: Feed = _receive(link)
            with child.limit(SILENCE_S):
                if feed is None:
                    muxer.close()
                    return True
                meant_for, packet = feed
                if meant_for == number and muxer.write(packet):
                    progress.wrote(len(packet.data))
    except (EOFError, OSError, av.FFmpegError):
        with child.limit(SILENCE_S):
            muxer.discard()
        raise


def _tell_stall(link: Connection, progress: TcpProgress, was_stalled: bool) -> bool:
    """Report a stall and its end to the feeding process; return whether there is one.

    Raises:
        ServerStalledError: it has lasted too long.
    """
    still_s = progress.still_s()
    if still_s > GIVE_UP_S:
        raise ServerStalledError
    is_stalled = still_s > STALL_S
    if is_stalled or was_stalled:
        link.send(Stalled(still_s if is_stalled else 0.0))
    return is_stalled


def _told_to_end(link: Connection, pause: float) -> bool:
    """Drain the link for `pause` seconds; return whether it contained the end."""
    while link.poll(pause):
        if _receive(link) is None:
            return True
    return False


def _receive(link: Connection) -> Feed:
    try:
        feed: Feed = link.recv()
    except ConnectionResetError as gone:
        raise EOFError from gone
    return feed


def _explain(fault: OSError | av.FFmpegError) -> str:
    if isinstance(fault, KeyUnavailableError):
        return str(fault)
    if isinstance(fault, socket.gaierror):
        return "its host is unknown"
    if isinstance(fault, ConnectionRefusedError):
        return "no server takes connections there"
    if isinstance(fault, ConnectionAbortedError):
        return "the server refused the stream; its key may be wrong"
    if isinstance(fault, ServerStalledError):
        return f"the server took nothing for {GIVE_UP_S:.0f} s"
    if isinstance(fault, TimeoutError):
        return f"no answer within {CONNECT_S:.0f} s"
    return f"the server ended it: {reason(fault)}"
