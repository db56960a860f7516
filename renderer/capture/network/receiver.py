"""A thread that listens for one network tracker.

One port hears one sender at a time: the first that is allowed, until it has been silent for a
second. Nothing that arrives can stop the thread; what is refused is counted, and told. A flood gets
a share of a core: what comes beyond that waits in the system's buffer, and is lost where that is
full.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self

from renderer.capture.network.allow import AllowList
from renderer.capture.network.effort import Effort
from renderer.capture.network.packets import Decoder, PacketError, StalePacketError
from renderer.capture.network.records import Tracked
from renderer.errors import CaptureError

KEPT: Final = 512
"""Records that wait to be fetched: four seconds of a fast phone. The oldest give way."""

_HIGHEST_PORT: Final = 65535
_DATAGRAM: Final = 65536
_LOOK_UP_S: Final = 0.2
"""How long the thread waits for a packet before it looks whether it should end or say hello."""

_HELLO_S: Final = 1.0
_SILENT_NS: Final = 1_000_000_000
_RECEIVE_BUFFER: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Hello:
    """What a sender must be told before it sends, and the port on which it waits for that."""

    data: bytes
    port: int


@dataclass(frozen=True, slots=True)
class TrackerStatus:
    """How a network tracker is doing.

    Attributes:
        name: what a person calls it.
        sender: whom it hears; empty before anyone was heard.
        packets: datagrams that were taken in.
        malformed: datagrams that were not what the protocol says; `fault` tells of the last.
        stale: datagrams that were replayed, or came after newer ones.
        refused: datagrams from addresses that are not allowed, or from a second sender.
        dropped: records that nobody fetched in time.
        rests: how often more came than one tracker sends, and reading paused.
        heard_ns: when the last good datagram came, monotonic; 0 before.
        stranger: who was refused last.
    """

    name: str
    sender: str = ""
    packets: int = 0
    malformed: int = 0
    stale: int = 0
    refused: int = 0
    dropped: int = 0
    rests: int = 0
    heard_ns: int = 0
    fault: str = ""
    stranger: str = ""

    @property
    def warnings(self) -> list[str]:
        """What the crew should know, one sentence each."""
        out = []
        if self.refused:
            out.append(
                f"{self.name}: {self.refused} packets from {self.stranger} were refused; "
                "allow its address, or tell it to send elsewhere"
            )
        if self.malformed:
            out.append(f"{self.name}: {self.malformed} packets were malformed; {self.fault}")
        if self.stale:
            out.append(f"{self.name}: {self.stale} packets came twice or too late and were left")
        if self.dropped:
            out.append(f"{self.name}: {self.dropped} records were never fetched and are lost")
        if self.rests:
            out.append(
                f"{self.name}: more packets came than a tracker sends, and some may be lost; see "
                "who else sends to its port"
            )
        return out


class NetworkTracker:
    """Listens on a UDP port from the moment it is made until `close`.

    Args:
        name: what a person calls it.
        port: 0 lets the system choose; `port` tells.
        make_decoder: a fresh one for each sender.
        allowed: whom to listen to.
        hello: if anything, said every second to the machines that are named in `allowed` while
            nobody is heard.

    Raises:
        CaptureError: the port cannot be listened on.
    """

    def __init__(
        self,
        name: str,
        port: int,
        make_decoder: Callable[[], Decoder],
        allowed: AllowList,
        hello: Hello | None = None,
    ) -> None:
        self._make_decoder, self._allowed, self._hello = make_decoder, allowed, hello
        self._status = TrackerStatus(name)
        self._waiting: deque[Tracked] = deque()
        self._lock = threading.Lock()
        self._ending = False
        self._sender = ""
        self._sender_ns = 0
        self._hello_due = 0.0
        self._decoder = make_decoder()
        self._socket = _listening(name, port)
        self.port: Final[int] = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, name=name, daemon=True)
        self._thread.start()

    @property
    def status(self) -> TrackerStatus:
        """How it is doing now."""
        return self._status

    def drain(self) -> list[Tracked]:
        """Everything that was seen since the last call, oldest first. Never waits."""
        with self._lock:
            out = list(self._waiting)
            self._waiting.clear()
        return out

    def close(self) -> None:
        """Stop listening; may be called twice."""
        self._ending = True
        self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        effort = Effort()
        while not self._ending:
            if effort.rest():
                self._status = replace(self._status, rests=self._status.rests + 1)
            self._say_hello()
            try:
                datagram, (address, port) = self._socket.recvfrom(_DATAGRAM)
            except TimeoutError:
                continue
            except OSError:
                # An answer that could not be delivered (ICMP) shows up here; the socket is sound.
                continue
            self.take(datagram, address, port, time.monotonic_ns())

    def take(self, datagram: bytes, address: str, port: int, received_ns: int) -> None:
        """Take in one datagram, as the thread does with each that arrives."""
        sender, now = f"{address}:{port}", self._status
        if address not in self._allowed or not self._is_heard(sender, received_ns):
            self._status = replace(now, refused=now.refused + 1, stranger=address)
            return
        try:
            records = self._decoder.decode(datagram, received_ns)
        except PacketError as error:
            self._status = replace(now, malformed=now.malformed + 1, fault=str(error))
        except StalePacketError:
            self._status = replace(now, stale=now.stale + 1)
        else:
            self._sender, self._sender_ns = sender, received_ns
            dropped = self._keep(records)
            self._status = replace(
                now,
                sender=address,
                packets=now.packets + 1,
                dropped=now.dropped + dropped,
                heard_ns=received_ns,
            )

    def _is_heard(self, sender: str, received_ns: int) -> bool:
        """Whether this sender may speak now; a new one gets a decoder that knows nothing."""
        if sender == self._sender or not self._sender:
            return True
        if received_ns - self._sender_ns < _SILENT_NS:
            return False
        self._sender = sender
        self._decoder = self._make_decoder()
        return True

    def _keep(self, records: list[Tracked]) -> int:
        """Put records where `drain` finds them; how many older ones gave way."""
        with self._lock:
            self._waiting.extend(records)
            dropped = max(0, len(self._waiting) - KEPT)
            for _ in range(dropped):
                self._waiting.popleft()
        return dropped

    def _say_hello(self) -> None:
        now = time.monotonic()
        quiet = time.monotonic_ns() - self._sender_ns > _SILENT_NS
        if self._hello is None or not quiet or now < self._hello_due:
            return
        self._hello_due = now + _HELLO_S
        for host in self._allowed.hosts:
            try:
                self._socket.sendto(self._hello.data, (host, self._hello.port))
            except OSError:
                # The phone is not there yet; it is greeted again in a second.
                continue


def _listening(name: str, port: int) -> socket.socket:
    if not 0 <= port <= _HIGHEST_PORT:
        raise CaptureError(name, f"{port} is no port", f"take one from 1 to {_HIGHEST_PORT}")
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        out.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        out.bind(("", port))
    except OSError as error:
        out.close()
        raise CaptureError(
            name,
            f"port {port} cannot be listened on ({error.strerror or error})",
            "end the other program that uses it, or take another port",
        ) from error
    out.settimeout(_LOOK_UP_S)
    return out
