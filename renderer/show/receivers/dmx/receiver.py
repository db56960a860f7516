"""Receive Art-Net and sACN when a frame asks for the levels.

What has arrived since the last frame is read by one call of the system, and waits in its buffer
until then: no thread wakes up for packets of which a frame shows the newest. Levels go from the
receive buffer into the universe's array by numpy views. A packet's head is read once: those that
follow it from the same address differ in nothing but the sequence number. Packets that repeat those
before are compared as a whole.
"""

from __future__ import annotations

import logging
import socket
import struct
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from renderer.capture.network.allow import AllowList
from renderer.capture.network.packets import PacketError
from renderer.closing import Closing
from renderer.errors import CaptureError
from renderer.show.receivers.dmx.datagrams import ADDRESS_BYTES, DatagramBatch, read_address
from renderer.show.receivers.dmx.packets import (
    ARTNET_PORT,
    SACN_PORT,
    DmxPacket,
    is_art_poll,
    read_artnet,
    read_sacn,
    sacn_group,
    write_poll_reply,
)
from renderer.show.receivers.dmx.repeats import Repeats, Route, find_repeats
from renderer.show.receivers.dmx.universes import U8, UniverseTable

BATCH: Final = 128
"""Packets that are read by one call."""
MOST_S: Final = 0.002
"""Seconds of a frame that packets may take: twice what 256 universes need."""
_BUFFER: Final = 1 << 20
"""Bytes of the system's buffer: half a second of 32 universes."""

_log: Final = logging.getLogger(__name__)

_MOST_ROUTES: Final = 2048
"""Heads of packets that are remembered: more than a show's universes have sources."""
_ARTNET_SEQUENCE, _ARTNET_LEVELS = 12, 18
_SACN_SEQUENCE, _SACN_LEVELS = 111, 126
"""Offsets in a packet of the sequence number and of the first level, bytes."""

Read = Callable[[memoryview, int], DmxPacket | None]


class DmxReceiver(Closing):
    """Receives one protocol into a table at each `poll`. Belongs to the thread of the table.

    Args:
        protocol: "Art-Net" or "sACN".
        table: of the show's universes.
        allowed: who may send; without another machine, only loopback is bound.
        port: 0 for the protocol's own.
        offset: is added to the protocol's number of a universe: 1 for Art-Net, which counts from 0.
        universes: of sACN whose multicast groups are joined.
        interface: IPv4 address of the network that is joined; empty for all, or for loopback if
            no other machine may send.

    Attributes:
        own_cids, own_ports: of this show's own output, whose packets are left out.
        received, malformed, refused, ignored: packets, as ReceiverStatus has them; ignored ones
            carry no levels.
        fault: the newest fault; empty if there was none.

    Raises:
        CaptureError: the port cannot be bound.
    """

    def __init__(
        self,
        protocol: str,
        table: UniverseTable,
        allowed: AllowList,
        *,
        port: int = 0,
        offset: int = 0,
        universes: Iterable[int] = (),
        interface: str = "",
    ) -> None:
        self.protocol: Final = protocol
        self._is_artnet = protocol == "Art-Net"
        self._read: Read = read_artnet if self._is_artnet else read_sacn
        self._table, self._allowed, self._offset = table, allowed, offset
        self.received = self.malformed = self.refused = self.ignored = 0
        self.sender = self.fault = ""
        self.own_cids: frozenset[bytes] = frozenset()
        self.own_ports: frozenset[int] = frozenset()
        self._hosts: dict[str, bool] = {}
        self._routes: dict[bytes, Route] = {}
        self._repeats: Repeats | None = None
        # Art-Net's sequence number 0 says that the source does not count.
        self._zero = None if self._is_artnet else 0
        self._levels_at = ADDRESS_BYTES + (_ARTNET_LEVELS if self._is_artnet else _SACN_LEVELS)
        is_local = not allowed.remote(4)
        self.address: Final = interface or ("127.0.0.1" if is_local else "0.0.0.0")
        self.port: Final = port or (ARTNET_PORT if self._is_artnet else SACN_PORT)
        self._socket = self._bind(interface or ("127.0.0.1" if is_local else ""), universes)
        self._batch = DatagramBatch(self._socket, BATCH)

    def close(self) -> None:
        """Stop receiving. Idempotent."""
        self._socket.close()

    def _bind(self, interface: str, universes: Iterable[int]) -> socket.socket:
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            # Other lighting programs on this machine use the same ports.
            out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            out.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            out.setblocking(False)
            # A group's packets do not reach a socket that is bound to one address.
            groups = [] if self._is_artnet else [sacn_group(one) for one in universes]
            out.bind(("" if groups else self.address, self.port))
            for group in groups:
                member = struct.pack(
                    "4s4s", socket.inet_aton(group), socket.inet_aton(interface or "0.0.0.0")
                )
                out.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        except OSError as fault:
            out.close()
            raise CaptureError(
                f"{self.protocol}, port {self.port}",
                f"cannot be opened ({fault.strerror or fault})",
                "close the program that has it, or name another interface",
            ) from fault
        return out

    def poll(self) -> None:
        """Take in what has arrived; a flood for MOST_S, and what it leaves in the next call."""
        end = time.monotonic() + MOST_S
        try:
            while self._read_batch() == BATCH and time.monotonic() < end:
                pass
        except Exception as fault:  # noqa: BLE001 - nothing that arrives may end a show
            said = f"{type(fault).__name__}, see the log"
            if said != self.fault:
                _log.exception("a fault while receiving %s", self.protocol)
            self.fault = said

    def _read_batch(self) -> int:
        """Take in a batch; return how many packets it had."""
        batch = self._batch
        sizes = batch.read()
        if not sizes:
            return 0
        now_ns = time.monotonic_ns()
        count = len(sizes)
        at = ADDRESS_BYTES + (_ARTNET_SEQUENCE if self._is_artnet else _SACN_SEQUENCE)
        # Without its sequence number, a head is the same in every packet of a source.
        sequences = batch.rows[:count, at].tolist()
        batch.rows[:count, at] = 0
        first = self._take_repeats(batch.rows, sizes, sequences, now_ns)
        if first < count:
            routes = [
                self._take_one(batch, number, sizes[number], sequences[number], now_ns)
                for number in range(first, count)
            ]
            self._repeats = None
            if self._table.is_htp:
                own = self.own_ports, self.own_cids
                rows = batch.rows[first:count]
                self._repeats = find_repeats(
                    routes, rows, sizes[first:], self._levels_at, own, self._zero
                )
        return count

    def _take_repeats(self, rows: U8, sizes: list[int], sequences: list[int], now_ns: int) -> int:
        """Take in packets that repeat the known ones, time after time; return how many."""
        repeats, first = self._repeats, 0
        if repeats is None or repeats.own != (self.own_ports, self.own_cids):
            return 0
        count = repeats.count
        while first + count <= len(sizes):
            part = slice(first, first + count)
            if not repeats.matches(rows[part], sizes[part]):
                break
            self.received += repeats.take(rows[part], sequences[part], now_ns)
            first += count
        return first

    def _take_one(
        self, batch: DatagramBatch, number: int, size: int, sequence: int, now_ns: int
    ) -> Route | None:
        """Take in one packet; return where its levels went, None if they were not taken."""
        start = number * batch.stride
        head = bytes(batch.memory[start : start + self._levels_at])
        route = self._routes.get(head)
        if route is None or ADDRESS_BYTES + size < route.levels.stop:
            route = self._find_route(batch.memory[start : start + batch.stride], size)
            if route is None:
                return None
            if len(self._routes) >= _MOST_ROUTES:
                self._routes.clear()
            self._routes[head] = route
        packet = route.packet
        if route.port in self.own_ports or packet.source in self.own_cids:
            return None
        packet.sequence = sequence or self._zero
        levels = batch.rows[number, route.levels]
        used = route.universe.take(packet, route.key, levels, now_ns)
        self.received += used
        self.sender = route.host
        return route if used else None

    def _find_route(self, row: memoryview, size: int) -> Route | None:
        """Return where a packet's levels go; None for one that carries none, or is not taken."""
        host, port = read_address(row)
        data = row[ADDRESS_BYTES:]
        if not self._is_allowed(host) or port in self.own_ports:
            return None
        try:
            packet = self._read(data, size)
        except PacketError as fault:
            self.malformed += 1
            self.fault = f"{fault} ({host})"
            return None
        if packet is None:
            self.ignored += 1
            if self._is_artnet and is_art_poll(data, size):
                self._answer_poll(host, port)
            return None
        universe = self._table.get(packet.universe + self._offset)
        if universe is None:
            self.refused += 1
            self.fault = f"{host} sends more universes than a show takes"
            return None
        first = ADDRESS_BYTES + packet.offset
        key = self.protocol, host, packet.source
        levels = slice(first, first + packet.length)
        return Route(packet, universe, key, host, port, levels)

    def _is_allowed(self, host: str) -> bool:
        known = self._hosts.get(host)
        if known is None:
            if len(self._hosts) > BATCH:
                self._hosts.clear()
            known = self._hosts[host] = host in self._allowed
        if not known:
            self.refused += 1
            self.fault = f"levels from {host} were refused; add it to allow"
        return known

    def _answer_poll(self, host: str, port: int) -> None:
        own = self.address if self.address != "0.0.0.0" else _find_own_address(host)
        ports = tuple(sorted(one - self._offset for one in self._table.universes))
        with suppress(OSError):
            self._socket.sendto(write_poll_reply(own, ports), (host, port))


def _find_own_address(host: str) -> str:
    """Return the address of this machine from which a host is reached."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((host, ARTNET_PORT))
        except OSError:
            return "0.0.0.0"
        return str(probe.getsockname()[0])
