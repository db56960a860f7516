"""Run the process that holds the connection to a stream server.

In libav's Python binding, connecting and closing block the whole interpreter for as long as a
silent server does not answer, and timeouts have no effect. Therefore each stream has its own
process, which blocks no other and ends itself when the server stays silent (`Child.limit`). This
module runs in that process; `stream.py` feeds it.
"""

from __future__ import annotations

import pkgutil
import socket
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

import av

from renderer.errors import OutputError
from renderer.output.audio.sound import reason
from renderer.output.encode.packets import EncodedPacket
from renderer.output.sinks.libsrt import SrtError
from renderer.output.sinks.rtmp_transport import CONNECT_S, SILENCE_S
from renderer.output.sinks.sink import FIRST_PAUSE_S, LONGEST_PAUSE_S
from renderer.output.sinks.transport import (
    Connect,
    StreamsChangedError,
    Transport,
    TransportError,
)
from renderer.output.spec import OutputSpec
from renderer.processes.child import Child

STALL_S, GIVE_UP_S = 2.0, 30.0
"""Seconds after which a server that accepts nothing, while the system's buffers still do, is
reported as stalled, and after which it is reconnected: a load balancer may pick another server.
With the detection time, the alarm is raised within 3 s."""
WATCH_S = 0.25
"""Interval in seconds between checks of a connection's progress."""
_TRANSPORTS: Final = {
    "rtmp": "renderer.output.sinks.rtmp_transport:connect",
    "srt": "renderer.output.sinks.srt_transport:connect",
    "whip": "renderer.output.sinks.whip_transport:connect",
    "ndi": "renderer.output.sinks.ndi_transport:connect",
    "vcam": "renderer.output.sinks.virtual_camera_transport:connect",
}
"""Function that opens a connection, by the output's kind; imported by the relay that needs it."""


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


@dataclass(frozen=True, slots=True)
class KeyframeNeeded:
    """A viewer has joined the running stream."""


News = Connected | Lost | Stalled | KeyframeNeeded


class ServerStalledError(OSError):
    """The server keeps the connection open but accepts nothing."""


Feed = tuple[int, EncodedPacket] | None
"""Connection number that a packet is meant for, and the packet; None ends the stream."""


def run_relay(child: Child, link: Connection, spec: OutputSpec, header: bytes) -> None:
    """Keep a stream connected, until asked to end or until the feeding process has ended.

    Args:
        child: this process.
        link: receives packets, and sends events.
        spec: the stream's output.
        header: the streams' description from a ProgramEncoder.
    """
    child.ready()
    connect: Connect = pkgutil.resolve_name(_TRANSPORTS[spec.kind])
    number, pause = 0, FIRST_PAUSE_S
    was_connected = False
    try:
        while True:
            number += 1
            began = time.monotonic()
            try:
                # Keys are read again for every connection: services replace them.
                transport = connect(child, spec, header, not was_connected)
                link.send(Connected(number))
                was_connected = True
                began = time.monotonic()
                if _publish(link, transport, number):
                    return
            except (OSError, OutputError, av.FFmpegError) as fault:
                if isinstance(fault, StreamsChangedError):
                    header = fault.header
                link.send(Lost(_explain(fault)))
            if time.monotonic() - began > SILENCE_S:
                pause = FIRST_PAUSE_S
            if _drain_to_end(link, pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_S)
    except (EOFError, BrokenPipeError):
        # The media process has ended; the server sees the end of the stream.
        return


def _publish(link: Connection, transport: Transport, number: int) -> bool:
    """Send packets; return True when asked to end. Raises the error if the connection breaks."""
    is_stalled = False
    try:
        while True:
            is_stalled = _report_stall(link, transport.still_s(), is_stalled)
            if transport.take_keyframe_request():
                link.send(KeyframeNeeded())
            if not link.poll(WATCH_S):
                continue
            feed: Feed = _receive(link)
            if feed is None:
                transport.close()
                return True
            meant_for, packet = feed
            if meant_for == number:
                transport.write(packet)
    except (EOFError, OSError, av.FFmpegError):
        transport.discard()
        raise


def _report_stall(link: Connection, still_s: float, was_stalled: bool) -> bool:
    """Report a stall and its end to the feeding process; return whether there is one.

    Raises:
        ServerStalledError: it has lasted too long.
    """
    if still_s > GIVE_UP_S:
        raise ServerStalledError
    is_stalled = still_s > STALL_S
    if is_stalled or was_stalled:
        link.send(Stalled(still_s if is_stalled else 0.0))
    return is_stalled


def _drain_to_end(link: Connection, pause: float) -> bool:
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


def _explain(fault: OSError | OutputError | av.FFmpegError) -> str:
    if isinstance(fault, OutputError | TransportError | SrtError):
        return str(fault)
    if isinstance(fault, socket.gaierror):
        return "its host is unknown"
    if isinstance(fault, ConnectionRefusedError):
        return "no server takes connections there"
    if isinstance(fault, ServerStalledError):
        return f"the server took nothing for {GIVE_UP_S:.0f} s"
    if isinstance(fault, TimeoutError):
        return f"no answer within {CONNECT_S:.0f} s"
    return f"the server ended it: {reason(fault)}"
