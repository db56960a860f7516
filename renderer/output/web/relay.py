"""The process that holds the connection to a stream server.

In libav's Python binding, connecting and closing block the whole process, for as long as a silent
server likes, and no timeout is heeded. So a stream has a process of its own, whose troubles nobody
else can notice, and which the system's alarm clock ends when the server stays silent: that works
even while every thread waits for libav. This module is what runs there; `stream.py` feeds it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import av

from renderer.output.audio.sound import reason
from renderer.output.encode.packets import EncodedPacket, Muxer
from renderer.output.spec import OutputSpec

CONNECT_S = 3.0
"""A server that does not take a connection in this time is not there."""
SILENCE_S = 5.0
"""A server that answers or takes nothing for this long is gone, and so is this process."""
SETTLE_S = 0.5
"""A server that does not want the stream hangs up within this time. libav does not wait for its
answer, so a wrong key would be found out on air only."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 2.0

OPTIONS = {
    # Send each packet at once, and hold none back for more than 20 ms to sort it among others:
    # the latency to a local server falls from 72 to 38 ms.
    "flush_packets": "1",
    "max_interleave_delta": "20000",
    # A stream cannot be sought in, so its end need not be noted at its start.
    "flvflags": "no_duration_filesize",
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
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    number, pause = 0, FIRST_PAUSE_S
    try:
        while True:
            number += 1
            began = time.monotonic()
            try:
                muxer = _connect(spec, header)
                if number == 1 and _hung_up(link):
                    muxer.discard()
                    raise ConnectionAbortedError
                link.send(Connected(number))
                began = time.monotonic()
                if _publish(link, muxer, number):
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


def _connect(spec: OutputSpec, header: bytes) -> Muxer:
    with _alarm():
        # libav would not say whether the host, the port or the stream is at fault.
        socket.create_connection(spec.host, CONNECT_S).close()
    with _alarm():
        return Muxer(spec.address, header, "flv", OPTIONS)


def _hung_up(link: Connection) -> bool:
    """Whether the server ends the connection at once.

    libav keeps its socket to itself; but this process has no other than that and the link.
    """
    poller = select.poll()
    hung_up = select.POLLHUP | getattr(select, "POLLRDHUP", 0)
    for path in Path("/dev/fd").iterdir():
        fd = int(path.name)
        # The descriptor of the listing itself is closed by now.
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(fd).st_mode) and fd != link.fileno():
                poller.register(fd, hung_up)
    return bool(poller.poll(1000 * SETTLE_S))


def _publish(link: Connection, muxer: Muxer, number: int) -> bool:
    """Send what comes; True when told to end. Raises the fault when the connection breaks."""
    try:
        while True:
            feed: Feed = _receive(link)
            with _alarm():
                if feed is None:
                    muxer.close()
                    return True
                meant_for, packet = feed
                if meant_for == number:
                    muxer.write(packet)
    except (EOFError, OSError, av.FFmpegError):
        with _alarm():
            muxer.discard()
        raise


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    """End this process if what is inside takes longer than SILENCE_S."""
    signal.setitimer(signal.ITIMER_REAL, SILENCE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


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
    if isinstance(fault, ConnectionAbortedError):
        return "the server refused the stream; its key may be wrong"
    if isinstance(fault, TimeoutError):
        return f"no answer within {CONNECT_S:.0f} s"
    return f"the server ended it: {reason(fault)}"
