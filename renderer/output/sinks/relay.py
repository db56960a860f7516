"""The process that holds the connection to a stream server.

In libav's Python binding, connecting and closing block the whole interpreter, for as long as a
silent server likes, and no timeout is heeded. So a stream has a process of its own, which disturbs
no other and ends itself when the server stays silent (`Child.limit`). This module is what runs
there; `stream.py` feeds it.
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
"""A server that does not take a connection in this time is not there."""
SILENCE_S = 5.0
"""A server that answers or takes nothing for this long is gone, and so is this process."""
SETTLE_S = 0.5
"""A server that does not want the stream hangs up within this time. libav does not wait for its
answer, so a wrong key would be found out on air only."""
STALL_S, GIVE_UP_S = 10.0, 30.0
"""A server that takes nothing for so long, though the system's buffers still do, is told to have
stalled, and is then connected to again: a balancer may lead to one that works."""
WATCH_S = 1.0
"""How often a connection's progress is looked at."""

INTERLEAVE = {"max_interleave_delta": "20000"}
"""Microseconds that a packet waits to be sorted among others. With each packet sent at once, the
latency to a local server falls from 72 to 38 ms."""
FLV_OPTIONS = INTERLEAVE | {
    "flush_packets": "1",
    # A stream cannot be sought in, so its length need not be written at its start.
    "flvflags": "no_duration_filesize",
}


class KeyUnavailableError(OSError):
    """The stream's key cannot be read from its place."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The server takes packets of connection `number`."""

    number: int


@dataclass(frozen=True, slots=True)
class Lost:
    """There is no connection, because of `why`."""

    why: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """The server has taken nothing for `seconds`; 0 when it takes packets again."""

    seconds: float


News = Connected | Lost | Stalled


class ServerStalledError(OSError):
    """The server keeps the connection and takes nothing."""


Feed = tuple[int, EncodedPacket] | None
"""The connection that a packet is meant for, and the packet; None ends the stream."""


def run_relay(child: Child, link: Connection, spec: OutputSpec, header: bytes) -> None:
    """Keep a stream connected, until told to end or until the feeding process is gone.

    Args:
        child: this process.
        link: brings the packets, and takes the news.
        spec: where the stream goes.
        header: the streams, of a ProgramEncoder.
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
        # The media process is gone; the server sees the stream end.
        return


def _connect(child: Child, spec: OutputSpec, header: bytes) -> Muxer:
    try:
        # Read for every connection: services replace keys, and a file may be put right.
        address = spec.stream.fill_in()
    except OutputError as fault:
        raise KeyUnavailableError(str(fault)) from fault
    with child.limit(SILENCE_S):
        # libav would not say whether the host, the port or the stream is at fault.
        socket.create_connection((address.host, address.port), CONNECT_S).close()
    with child.limit(SILENCE_S):
        return Muxer(_tee_target(address), header, "tee", INTERLEAVE)


def _tee_target(address: StreamAddress) -> str:
    """Return what FFmpeg's tee muxer opens as an FLV stream to `address`.

    FFmpeg cuts an address into application and play path by rules of its own, which break at a
    slash in a key. Its options `rtmp_app` and `rtmp_playpath` give both as they are. PyAV passes no
    options to a protocol, but the tee muxer does; it serves the one stream here.
    """
    options = FLV_OPTIONS | {"f": "flv", "rtmp_app": address.app, "rtmp_playpath": address.key}
    listed = ":".join(f"{name}={_escape(text, ':]')}" for name, text in options.items())
    return _escape(f"[{listed}]{address.scheme}://{address.authority}/", "|")


def _escape(text: str, special: str) -> str:
    """Put a backslash before each of FFmpeg's special characters, and those of `special`."""
    return re.sub(rf"([\\'{re.escape(special)}])", r"\\\1", text)


def _publish(child: Child, link: Connection, muxer: Muxer, number: int) -> bool:
    """Send what comes; True when told to end. Raises the fault when the connection breaks."""
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
    """Tell the feeding process of a stall and of its end; return whether there is one.

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
    """Drain the link for `pause` seconds; whether the end was among what came."""
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
