"""Receive one network tracker's datagrams in a thread.

A port accepts one sender at a time: the first allowed one, until it has been silent for a second.
No input can stop the thread; rejected datagrams are counted and reported. The thread is limited to
a share of a core: further datagrams queue in the system's receive buffer and are dropped when it is
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
"""Queue length in records: four seconds of a fast phone. The oldest are dropped."""

_LOOK_UP_S: Final = 0.2
"""Longest wait for a packet before the thread checks whether to stop or to send a hello."""

_HELLO_S: Final = 1.0
"""Interval of hellos, seconds."""
_SILENT_NS: Final = 1_000_000_000
"""Silence after which another sender is accepted, nanoseconds."""

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hello:
    """A datagram that makes a sender start, and the port on which the sender expects it."""

    data: bytes
    port: int


@dataclass(frozen=True, slots=True)
class TrackerStatus:
    """The state and counters of a network tracker.

    Attributes:
        name: display name.
        sender: address of the current sender; empty before the first one.
        packets: accepted datagrams.
        malformed: datagrams that violate the protocol; `fault` describes the last one.
        skipped: elements skipped in accepted datagrams; `skip_fault` describes the last one.
        unknown: unknown bone names.
        stale: datagrams that were replayed or arrived out of order.
        refused: datagrams from addresses that are not allowed, or from a second sender.
        dropped: records dropped because the queue was full.
        rests: how often reading paused because of too many packets.
        heard_ns: arrival time of the last accepted datagram, monotonic; 0 before the first.
        stranger: the last refused address.
        failure: why the thread stopped; empty while it runs.
        is_local: whether only this machine may send.
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
        """Return the warnings for the crew, one sentence each."""
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
    """Listens on a UDP port from its creation until `close`.

    Args:
        name: display name.
        port: UDP port; 0 lets the system choose one, which the attribute `port` returns.
        make_decoder: creates a decoder for each new sender.
        allowed: the allowed senders; if there is no other machine, only loopback is bound.
        hello: sent every second to the hosts of `allowed` while no sender is active; None for no
            hello.

    Raises:
        CaptureError: the port cannot be bound.
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
        """Return the current state and counters."""
        return self._status

    def drain(self) -> list[Tracked]:
        """Return the records received since the last call, oldest first, without waiting."""
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
        except Exception as error:  # noqa: BLE001 - any error must be reported to the crew
            # Otherwise the end of the thread would look like a silent sender.
            _log.exception("%s has stopped listening", self._status.name)
            self._status = replace(self._status, failure=_describe(error))

    def _listen(self) -> None:
        effort = Effort()
        while not self._ending:
            if effort.rest():
                self._status = replace(self._status, rests=self._status.rests + 1)
            self._send_hello()
            for datagram, address, port in self._sockets.receive(_LOOK_UP_S):
                self.take(datagram, address, port, time.monotonic_ns())

    def take(self, datagram: bytes, address: str, port: int, received_ns: int) -> None:
        """Process one datagram; the thread calls this for each one that arrives.

        Args:
            datagram: any bytes.
            address: the sender's address; an IPv4 address may be IPv6-mapped.
            port: the sender's port.
            received_ns: arrival time, monotonic nanoseconds.
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
            # A bug in a decoder must lose only this datagram, and is logged once.
            fault = _describe(error)
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
        """Return whether this sender is accepted now; create a decoder for a new sender."""
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
        """Queue records for `drain`; return how many older ones were dropped."""
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


def _describe(error: Exception) -> str:
    """Describe an unexpected error as part of a sentence."""
    return f"{type(error).__name__}, see the log"
