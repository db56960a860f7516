"""Receive Art-Net and sACN in a thread of its own.

The thread gathers what arrives for some milliseconds and reads it in one go, since waking up costs
more than reading. Levels go from the receive buffer into the universe's array by numpy views. A
packet's head is read once: those that follow it differ in nothing but the sequence number.
"""

from __future__ import annotations

import logging
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

from renderer.capture.network.allow import AllowList
from renderer.capture.network.effort import Effort
from renderer.capture.network.packets import PacketError
from renderer.closing import Closing
from renderer.errors import CaptureError
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
from renderer.show.receivers.dmx.universes import U8, SourceKey, Universe, UniverseTable

GATHER_S: Final = 0.008
"""Seconds for which packets gather before they are read: a quarter of a frame at 30 per second."""
BATCH: Final = 512
"""Packets that are read in one go."""
_LONGEST: Final = 2048
_LOOK_UP_S: Final = 0.2
_BUFFER: Final = 1 << 20
"""Bytes of the system's buffer: half a second of 32 universes."""

_log: Final = logging.getLogger(__name__)

_MOST_ROUTES: Final = 2048
"""Heads of packets that are remembered: more than a show's universes have sources."""
_ARTNET_SEQUENCE, _ARTNET_LEVELS = 12, 18
_SACN_SEQUENCE, _SACN_LEVELS = 111, 126
"""Offsets in a packet of the sequence number and of the first level, bytes."""

Read = Callable[[bytearray, int], DmxPacket | None]


@dataclass(slots=True)
class _Route:
    """Where the levels of packets with a known head go.

    Attributes:
        packet: the head; only its sequence number changes.
        levels: view of the receive buffer.
        size: bytes that such a packet has at least.
    """

    packet: DmxPacket
    universe: Universe
    key: SourceKey
    levels: U8
    size: int


class DmxReceiver(Closing):
    """Receives one protocol into a table from its creation until `close`.

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
        self._routes: dict[tuple[str, int, bytes, bytes], _Route] = {}
        self._ending = False
        is_local = not allowed.remote(4)
        self.address: Final = interface or ("127.0.0.1" if is_local else "0.0.0.0")
        self.port: Final = port or (ARTNET_PORT if self._is_artnet else SACN_PORT)
        self._socket = self._bind(interface or ("127.0.0.1" if is_local else ""), universes)
        self._thread = threading.Thread(target=self._run, name=protocol, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop receiving. Idempotent."""
        self._ending = True
        self._thread.join()
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

    def _run(self) -> None:
        effort = Effort()
        buffer = bytearray(_LONGEST)
        view = np.frombuffer(buffer, np.uint8)
        while not self._ending:
            effort.rest()
            try:
                if select.select([self._socket], [], [], _LOOK_UP_S)[0]:
                    time.sleep(GATHER_S)
                    self._read_batch(buffer, view)
            except Exception as fault:  # noqa: BLE001 - nothing may end the thread
                said = f"{type(fault).__name__}, see the log"
                if said != self.fault:
                    _log.exception("a fault while receiving %s", self.protocol)
                self.fault = said

    def _read_batch(self, buffer: bytearray, view: U8) -> None:
        receive, now_ns = self._socket.recvfrom_into, time.monotonic_ns()
        routes, memory = self._routes, memoryview(buffer)
        at = _ARTNET_SEQUENCE if self._is_artnet else _SACN_SEQUENCE
        levels_at = _ARTNET_LEVELS if self._is_artnet else _SACN_LEVELS
        with suppress(BlockingIOError, ConnectionError), self._table.lock:
            for _ in range(BATCH):
                size, (host, port) = receive(buffer)
                head = host, port, bytes(memory[:at]), bytes(memory[at + 1 : levels_at])
                route = routes.get(head)
                if route is None or size < route.size:
                    route = self._find_route(buffer, view, size, host, port)
                    if route is None:
                        continue
                    if len(routes) >= _MOST_ROUTES:
                        routes.clear()
                    routes[head] = route
                packet = route.packet
                if port in self.own_ports or packet.source in self.own_cids:
                    continue
                # Art-Net's 0 says that the source does not count.
                packet.sequence = buffer[at] or (None if self._is_artnet else 0)
                used = route.universe.take(packet, route.key, route.levels, now_ns)
                self.received += used
                self.sender = host

    def _find_route(
        self, buffer: bytearray, view: U8, size: int, host: str, port: int
    ) -> _Route | None:
        """Return where a packet's levels go; None for one that carries none, or is not taken."""
        if not self._is_allowed(host) or port in self.own_ports:
            return None
        try:
            packet = self._read(buffer, size)
        except PacketError as fault:
            self.malformed += 1
            self.fault = f"{fault} ({host})"
            return None
        if packet is None:
            self.ignored += 1
            if self._is_artnet and is_art_poll(buffer, size):
                self._answer_poll(host, port)
            return None
        universe = self._table.get(packet.universe + self._offset)
        if universe is None:
            self.refused += 1
            self.fault = f"{host} sends more universes than a show takes"
            return None
        end = packet.offset + packet.length
        key = self.protocol, host, packet.source
        return _Route(packet, universe, key, view[packet.offset : end], end)

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
