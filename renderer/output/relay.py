"""The process that holds the connection to a stream server.

In libav's Python binding, connecting and closing block the whole process, for as long as a silent
server likes. So a stream has a process of its own, and nobody else can notice its troubles. This
module is what runs there; `stream.py` is the side that feeds it.
"""

from __future__ import annotations

import signal
import socket
from dataclasses import dataclass
from multiprocessing.connection import Connection

import av

from renderer.output.packets import EncodedPacket, Muxer
from renderer.output.sound import reason
from renderer.output.spec import OutputSpec

CONNECT_S = 3.0
"""A server that does not take a connection in this time is not there."""
SILENCE_S = 5.0
"""A server that takes nothing for this long is gone."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 2.0

OPTIONS = {
    # Send each packet at once, and hold none back for more than 20 ms to sort it among others:
    # the latency to a local server falls from 72 to 38 ms.
    "flush_packets": "1",
    "max_interleave_delta": "20000",
    # A stream cannot be sought in, so its end need not be noted at its start.
    "flvflags": "no_duration_filesize",
    "rw_timeout": str(int(SILENCE_S * 1e6)),
}


@dataclass(frozen=True, slots=True)
class Connected:
    """The server takes packets of connection `number`."""

    number: int


@dataclass(frozen=True, slots=True)
class Lost:
    """There is no connection, because of `why`."""

    why: str


Feed = tuple[int, EncodedPacket] | None
"""The connection that a packet is meant for, and the packet; None ends the stream."""


def run_relay(link: Connection, spec: OutputSpec, header: bytes) -> None:
    """Keep a stream connected, until told to end or until the feeding process is gone."""
    # The show decides when it ends; Ctrl-C reaches every process of the terminal.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    number, pause = 0, FIRST_PAUSE_S
    try:
        while True:
            number += 1
            try:
                muxer = _connect(spec, header)
                pause = FIRST_PAUSE_S
                link.send(Connected(number))
                if _publish(link, muxer, number):
                    return
            except (OSError, av.FFmpegError) as fault:
                link.send(Lost(_explain(fault)))
            if _told_to_end(link, pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_S)
    except (EOFError, BrokenPipeError):
        # The media process is gone; the server sees the stream end.
        return


def _connect(spec: OutputSpec, header: bytes) -> Muxer:
    # libav would wait for minutes, and would not say which of the two was at fault.
    socket.create_connection(spec.host, CONNECT_S).close()
    return Muxer(spec.address, header, "flv", OPTIONS)


def _publish(link: Connection, muxer: Muxer, number: int) -> bool:
    """Send what comes; True when told to end. Raises the fault when the connection breaks."""
    try:
        while True:
            feed: Feed = _receive(link)
            if feed is None:
                muxer.close()
                return True
            meant_for, packet = feed
            if meant_for == number:
                muxer.write(packet)
    except EOFError:
        muxer.close()
        raise
    except (OSError, av.FFmpegError):
        muxer.discard()
        raise


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
    if isinstance(fault, socket.gaierror):
        return "its host is unknown"
    if isinstance(fault, ConnectionRefusedError):
        return "no server takes connections there"
    if isinstance(fault, TimeoutError):
        return f"no answer within {SILENCE_S:.0f} s"
    return f"the server ended it: {reason(fault)}"
