"""Receive OSC over UDP and TCP in a thread, and send replies.

No input can stop the thread. It is limited to a share of a core, and its queue is bounded: what a
flood brings beyond that is counted and dropped.
"""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from renderer.capture.network.allow import AllowList, parse_address
from renderer.capture.network.effort import Effort
from renderer.capture.network.osc import Argument, read_elements
from renderer.capture.network.packets import PacketError, printable
from renderer.capture.network.sockets import ListeningSockets
from renderer.closing import Closing
from renderer.errors import CaptureError
from renderer.show.receivers.osc.slip import Deframer, frame

KEPT: Final = 512
"""Messages that wait for the show's next frame; further ones are dropped."""
MOST_CLIENTS: Final = 16
"""TCP connections at a time."""
_LOOK_UP_S: Final = 0.2
_CHUNK: Final = 16_384

_log: Final = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Peer:
    """Who sent a message, and where replies go.

    Attributes:
        host: its address.
        port: to which replies over UDP go.
        stream: its TCP connection; None for UDP.
        is_gone: whether the connection has ended.
    """

    host: str
    port: int
    stream: socket.socket | None = None
    deframer: Deframer = field(default_factory=Deframer)
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A message, with its sender."""

    address: str
    arguments: list[Argument]
    peer: Peer


@dataclass(slots=True)
class OscCounts:
    """Counters of a server; see ReceiverStatus."""

    received: int = 0
    malformed: int = 0
    refused: int = 0
    dropped: int = 0
    sender: str = ""
    newest: str = ""
    fault: str = ""


class OscServer(Closing):
    """Listens from its creation until `close`.

    Args:
        port: over UDP; 0 lets the system choose one.
        tcp_port: over TCP; None for none, 0 lets the system choose one.
        allowed: who may send.
        reply_port: to which replies over UDP go; 0 for the port that a message came from.

    Attributes:
        port, tcp_port: where it listens; the latter is 0 for none.
        counts: of what has arrived.

    Raises:
        CaptureError: a port cannot be bound.
    """

    def __init__(
        self, port: int, tcp_port: int | None, allowed: AllowList, reply_port: int = 0
    ) -> None:
        self._allowed, self._reply_port = allowed, reply_port
        self.counts = OscCounts()
        self._waiting: deque[Received] = deque()
        self._replies: deque[tuple[Peer, bytes]] = deque(maxlen=KEPT)
        self._ending = False
        self._udp_peers: dict[tuple[str, int], Peer] = {}
        self._clients: list[Peer] = []
        self._sockets = ListeningSockets("OSC", port, allowed)
        self.port: Final = self._sockets.port
        self.addresses: Final = self._sockets.addresses
        self._selector = selectors.DefaultSelector()
        self._doors: list[socket.socket] = []
        try:
            self.tcp_port: Final = 0 if tcp_port is None else self._open_doors(tcp_port)
        except BaseException:
            self._sockets.close()
            raise
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._wake.setblocking(False)
        for one in (*self._sockets.sockets, *self._doors, self._woken):
            self._selector.register(one, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, name="OSC", daemon=True)
        self._thread.start()

    def take(self, most: int) -> list[Received]:
        """Return the oldest waiting messages, without waiting."""
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def send(self, peer: Peer, packet: bytes) -> None:
        """Send a packet to a peer soon; never waits."""
        self._replies.append((peer, packet))
        with suppress(OSError):
            self._wake.send(b"\0")

    def close(self) -> None:
        """Stop listening. Idempotent."""
        if self._ending:
            return
        self._ending = True
        with suppress(OSError):
            self._wake.send(b"\0")
        self._thread.join()
        self._selector.close()
        self._sockets.close()
        streams = [one.stream for one in self._clients if one.stream is not None]
        for one in (*self._doors, *streams, self._wake, self._woken):
            one.close()

    def _open_doors(self, port: int) -> int:
        """Listen over TCP where UDP listens, and return the port."""
        for address in self.addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            door = socket.socket(family, socket.SOCK_STREAM)
            self._doors.append(door)
            try:
                if family is socket.AF_INET6:
                    door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                door.bind((address, port))
                door.listen(MOST_CLIENTS)
            except OSError as fault:
                for one in self._doors:
                    one.close()
                raise CaptureError(
                    f"OSC over TCP, port {port}",
                    f"cannot be opened ({fault.strerror or fault})",
                    "close the program that has it, or choose another tcp_port",
                ) from fault
            door.setblocking(False)
            port = door.getsockname()[1]
        return port

    def _run(self) -> None:
        effort = Effort()
        while not self._ending:
            effort.rest()
            try:
                self._serve()
            except Exception as fault:  # noqa: BLE001 - nothing may end the thread
                said = f"{type(fault).__name__}, see the log"
                if said != self.counts.fault:
                    _log.exception("a fault while receiving OSC")
                self.counts.fault = said

    def _serve(self) -> None:
        for key, _ in self._selector.select(_LOOK_UP_S):
            one: Any = key.fileobj
            if one in self._doors:
                self._accept(one)
            elif one is self._woken:
                with suppress(BlockingIOError):
                    one.recv(4096)
            elif isinstance(key.data, Peer):
                self._read_stream(key.data)
            else:
                self._read_datagram(one)
        while self._replies:
            self._send_now(*self._replies.popleft())

    def _read_datagram(self, one: socket.socket) -> None:
        with suppress(BlockingIOError, ConnectionError):
            data, sender = one.recvfrom(65_536)
            host, port = str(parse_address(sender[0])), sender[1]
            if host not in self._allowed:
                self._refuse(host)
                return
            if (host, port) not in self._udp_peers:
                if len(self._udp_peers) >= KEPT:
                    self._udp_peers.clear()
                self._udp_peers[host, port] = Peer(host, self._reply_port or port)
            self._take_in(data, self._udp_peers[host, port])

    def _accept(self, door: socket.socket) -> None:
        with suppress(OSError):
            stream, sender = door.accept()
            host = str(parse_address(sender[0]))
            if host not in self._allowed:
                self._refuse(host)
                stream.close()
                return
            if len(self._clients) >= MOST_CLIENTS:
                self.counts.fault = f"{MOST_CLIENTS} programs are connected; {host} was turned away"
                self.counts.refused += 1
                stream.close()
                return
            stream.setblocking(False)
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer = Peer(host, sender[1], stream)
            self._clients.append(peer)
            self._selector.register(stream, selectors.EVENT_READ, peer)

    def _read_stream(self, peer: Peer) -> None:
        assert peer.stream is not None
        try:
            data = peer.stream.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(peer)
            return
        before = peer.deframer.overlong
        for packet in peer.deframer.feed(data):
            self._take_in(packet, peer)
        if peer.deframer.overlong > before:
            self.counts.malformed += peer.deframer.overlong - before
            self.counts.fault = "a packet over TCP was longer than 64 KB"

    def _take_in(self, data: bytes, peer: Peer) -> None:
        counts = self.counts
        for element in read_elements(data):
            if isinstance(element, PacketError):
                counts.malformed += 1
                counts.fault = str(element)
                continue
            if len(self._waiting) >= KEPT:
                counts.dropped += 1
                continue
            address, arguments = element
            counts.received += 1
            counts.sender = peer.host
            counts.newest = printable(" ".join((address, *map(str, arguments[:4]))))
            self._waiting.append(Received(address, arguments, peer))

    def _refuse(self, host: str) -> None:
        self.counts.refused += 1
        self.counts.fault = f"messages from {host} were refused; add it to allow"

    def _send_now(self, peer: Peer, packet: bytes) -> None:
        if peer.stream is None:
            self._sockets.send(packet, peer.host, peer.port)
            return
        if peer.is_gone:
            return
        framed = frame(packet)
        try:
            is_sent = peer.stream.send(framed) == len(framed)
        except OSError:
            is_sent = False
        if not is_sent:  # It does not read: a rest of a packet would garble all later ones.
            self._drop(peer)

    def _drop(self, peer: Peer) -> None:
        if peer.stream is None or peer.is_gone:
            return
        peer.is_gone = True
        self._selector.unregister(peer.stream)
        peer.stream.close()
        self._clients.remove(peer)
