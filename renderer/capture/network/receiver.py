"""A thread that listens for one network tracker.

One port hears one sender at a time: the first that is allowed, until it has been silent for a
second. Nothing that arrives can stop the thread; what is refused is counted and shown. A flood gets
a share of a core: what comes beyond that waits in the system's buffer, and is lost where that is
full.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self

from renderer.capture.network.allow import AllowList, parse_address
from renderer.capture.network.effort import Effort
from renderer.capture.network.packets import Decoder, PacketError, StalePacketError
from renderer.capture.network.records import Tracked
from renderer.capture.network.sockets import ListeningSockets

KEPT: Final = 512
"""Records that wait to be fetched: four seconds of a fast phone. The oldest give way."""

_LOOK_UP_S: Final = 0.2
"""How long the thread waits for a packet before it checks whether to end or to send a hello."""

_HELLO_S: Final = 1.0
_SILENT_NS: Final = 1_000_000_000

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hello:
    """What makes a sender send, and the port on which it waits for that."""

    data: bytes
    port: int


@dataclass(frozen=True, slots=True)
class TrackerStatus:
    """How a network tracker is doing.

    Attributes:
        name: what a person calls it.
        sender: the address that is heard; empty before anyone was heard.
        packets: datagrams that were taken in.
        malformed: datagrams that were not what the protocol says; `fault` is the last one's.
        skipped: elements left out of datagrams that were taken in; `skip_fault` is the last one's.
        unknown: names that belong to no bone.
        stale: datagrams that were replayed, or came after newer ones.
        refused: datagrams from addresses that are not allowed, or from a second sender.
        dropped: records that nobody fetched in time.
        rests: how often more came than one tracker sends, and reading paused.
        heard_ns: when the last good datagram came, monotonic; 0 before.
        stranger: the address that was refused last.
        failure: why it listens no more; empty while it does.
        is_local: whether it listens to this machine alone.
    """

    name: str
    sender: str = ""
    packets: int = 0
    malformed: int = 0
    skipped: int = 0
    stale: int = 0
    refused: int = 0
    dropped: int = 0
    rests: int = 0
    heard_ns: int = 0
    fault: str = ""
    skip_fault: str = ""
    unknown: tuple[str, ...] = ()
    stranger: str = ""
    failure: str = ""
    is_local: bool = False

    @property
    def warnings(self) -> list[str]:
        """What the crew should know, one sentence each."""
        out = []
        if self.failure:
            out.append(f"{self.name} is no longer heard: {self.failure}; start the show again")
        if self.is_local and not (self.packets or self.malformed or self.refused):
            out.append(
                f"{self.name} has heard nothing from this machine, and listens to no other; allow "
                "the phone's or suit's address (--allow)"
            )
        if self.refused:
            out.append(
                f"{self.name}: {self.refused} packets from {self.stranger} were refused; "
                "allow its address, or have it send elsewhere"
            )
        if self.malformed:
            out.append(f"{self.name}: {self.malformed} packets were malformed; {self.fault}")
        if self.skipped:
            out.append(
                f"{self.name}: {self.skipped} elements of packets could not be used and were left "
                f"out; {self.skip_fault}"
            )
        if self.unknown:
            out.append(
                f"{self.name}: no bone is called {', '.join(self.unknown)}; what is sent for it is "
                "left out"
            )
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
        port: 0 lets the system choose; `port` says which it chose.
        make_decoder: makes a new one for each sender.
        allowed: whose packets are used; while it names no other machine, only this one is heard.
        hello: if anything, sent every second to the machines that are named in `allowed` while
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
        is_local = not (allowed.remote(4) or allowed.remote(6))
        self._status = TrackerStatus(name, is_local=is_local)
        self._waiting: deque[Tracked] = deque()
        self._lock = threading.Lock()
        self._ending = False
        self._sender: tuple[str, int] | None = None
        self._sender_ns = 0
        self._hello_due = 0.0
        self._skipped_before = 0
        self._decoder = make_decoder()
        self._sockets = ListeningSockets(name, port, allowed)
        self.port: Final[int] = self._sockets.port
        self.addresses: Final = self._sockets.addresses
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def status(self) -> TrackerStatus:
        """How it is doing now."""
        return self._status

    def drain(self) -> list[Tracked]:
        """Return everything that was seen since the last call, oldest first. Never waits."""
        with self._lock:
            out = list(self._waiting)
            self._waiting.clear()
        return out

    def close(self) -> None:
        """Stop listening; may be called twice."""
        self._ending = True
        self._thread.join()
        self._sockets.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        try:
            self._listen()
        except Exception as error:  # noqa: BLE001 - whatever it was, the crew must learn of it
            # The thread's end would otherwise look like a sender's silence.
            _log.exception("%s has stopped listening", self._status.name)
            self._status = replace(self._status, failure=_described(error))

    def _listen(self) -> None:
        effort = Effort()
        while not self._ending:
            if effort.rest():
                self._status = replace(self._status, rests=self._status.rests + 1)
            self._send_hello()
            for datagram, address, port in self._sockets.receive(_LOOK_UP_S):
                self.take(datagram, address, port, time.monotonic_ns())

    def take(self, datagram: bytes, address: str, port: int, received_ns: int) -> None:
        """Take in one datagram, as the thread does with each that arrives.

        Args:
            datagram: any bytes.
            address: the sender's; an IPv4 address may be written as IPv6 does.
            port: the sender's.
            received_ns: when it arrived, monotonic.
        """
        address, now = str(parse_address(address)), self._status
        if address not in self._allowed or not self._is_heard((address, port), received_ns):
            self._status = replace(now, refused=now.refused + 1, stranger=address)
            return
        try:
            records = self._decoder.decode(datagram, received_ns)
        except PacketError as error:
            self._status = replace(now, malformed=now.malformed + 1, fault=str(error))
        except StalePacketError:
            self._status = replace(now, stale=now.stale + 1)
        except Exception as error:  # noqa: BLE001 - no datagram may end the thread
            # A decoder's own fault must cost the datagram alone, and one line of the log.
            fault = _described(error)
            if fault != now.fault:
                _log.exception("%s: a packet could not be decoded", now.name)
            self._status = replace(now, malformed=now.malformed + 1, fault=fault)
            self._renew_decoder()
        else:
            self._sender, self._sender_ns = (address, port), received_ns
            dropped = self._keep(records)
            skipped = self._decoder.skipped
            self._status = replace(
                now,
                sender=address,
                packets=now.packets + 1,
                dropped=now.dropped + dropped,
                skipped=self._skipped_before + skipped.count,
                skip_fault=skipped.fault or now.skip_fault,
                unknown=skipped.unknown or now.unknown,
                heard_ns=received_ns,
            )

    def _is_heard(self, sender: tuple[str, int], received_ns: int) -> bool:
        """Return whether this sender may send now; a new one gets a new decoder."""
        if self._sender is None or sender == self._sender:
            return True
        if received_ns - self._sender_ns < _SILENT_NS:
            return False
        self._sender = sender
        self._renew_decoder()
        return True

    def _renew_decoder(self) -> None:
        self._skipped_before += self._decoder.skipped.count
        self._decoder = self._make_decoder()

    def _keep(self, records: list[Tracked]) -> int:
        """Put records where `drain` finds them; return how many older ones gave way."""
        with self._lock:
            self._waiting.extend(records)
            dropped = max(0, len(self._waiting) - KEPT)
            for _ in range(dropped):
                self._waiting.popleft()
        return dropped

    def _send_hello(self) -> None:
        now = time.monotonic()
        quiet = time.monotonic_ns() - self._sender_ns > _SILENT_NS
        if self._hello is None or not quiet or now < self._hello_due:
            return
        self._hello_due = now + _HELLO_S
        for host in self._allowed.hosts:
            self._sockets.send(self._hello.data, host, self._hello.port)


def _described(error: Exception) -> str:
    """Return an unforeseen error as part of a sentence."""
    return f"{type(error).__name__}, see the log"
