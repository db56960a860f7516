"""Read and write the packets that carry DMX512 over networks: Art-Net 4 and sACN (ANSI E1.31).

Sources: Artistic Licence, "Art-Net 4 Protocol Release V1.4", ArtDmx, ArtPoll and ArtPollReply; ANSI
E1.31-2018, chapters 4 to 6.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from renderer.capture.network.packets import PacketError

ARTNET_PORT: Final = 6454
SACN_PORT: Final = 5568
CHANNELS: Final = 512
SACN_PRIORITY: Final = 100
"""Default priority of E1.31; Art-Net has none and counts as this."""
_ART_ID: Final = b"Art-Net\0"
_ART_HEAD: Final = struct.Struct("<8sHBBBBHBB")
"""ID, opcode, protocol version (high, low), sequence, physical, port address, length (high, low).
"""
_OP_DMX, _OP_POLL, _OP_POLL_REPLY = 0x5000, 0x2000, 0x2100
_ART_VERSION: Final = 14
_SACN_ID: Final = b"\x00\x10\x00\x00ASC-E1.17\x00\x00\x00"
_SACN_HEAD: Final = struct.Struct(">16sHI16sHI64sBHBBHHBBHHHB")
_ROOT_VECTOR, _FRAME_VECTOR, _DMP_VECTOR = 4, 2, 2
_PREVIEW, _TERMINATED = 0x80, 0x40


@dataclass(slots=True)
class DmxPacket:
    """The head of a packet of DMX levels. Not frozen, which would double the time of reading one.

    Attributes:
        universe: Art-Net's port address (from 0) or sACN's universe (from 1).
        sequence: of its source; None if the source does not count.
        offset, length: of the levels in the packet, bytes.
        priority: 0 to 200.
        source: of sACN, its CID; empty for Art-Net.
        name: that the source gives itself.
        is_end: whether the source says that it stops.
        is_preview: whether it is meant for visualisers alone, not for fixtures on air.
    """

    universe: int
    sequence: int | None
    offset: int
    length: int
    priority: int = SACN_PRIORITY
    source: bytes = b""
    name: str = ""
    is_end: bool = False
    is_preview: bool = False


def read_artnet(data: bytes | bytearray | memoryview, size: int) -> DmxPacket | None:
    """Return the head of an Art-Net packet; None for one that carries no levels.

    Args:
        data: begins with the packet.
        size: of the packet, bytes.

    Raises:
        PacketError: it is no Art-Net, or is cut off.
    """
    if size < 10 or data[:8] != _ART_ID:
        raise PacketError("a packet is no Art-Net")
    if data[8] | data[9] << 8 != _OP_DMX:
        return None
    if size < _ART_HEAD.size:
        raise PacketError("an ArtDmx packet is cut off")
    _, _, _, version, sequence, _, universe, high, low = _ART_HEAD.unpack_from(data)
    length = high << 8 | low
    if version < _ART_VERSION or not 1 <= length <= CHANNELS or size < _ART_HEAD.size + length:
        raise PacketError("an ArtDmx packet has a wrong version or length")
    return DmxPacket(universe & 0x7FFF, sequence or None, _ART_HEAD.size, length)


def is_art_poll(data: bytes | bytearray | memoryview, size: int) -> bool:
    """Return whether an Art-Net packet asks who is there."""
    return size >= 10 and data[:8] == _ART_ID and data[8] | data[9] << 8 == _OP_POLL


def write_artnet(universe: int, sequence: int, levels: bytes) -> bytes:
    """Return an ArtDmx packet.

    Args:
        universe: port address, from 0.
        sequence: 1 to 255.
        levels: 1 to 512; an odd number is filled up, since Art-Net wants even ones.
    """
    levels += b"\0" * (len(levels) % 2)
    size = len(levels)
    return _ART_HEAD.pack(
        _ART_ID, _OP_DMX, 0, _ART_VERSION, sequence, 0, universe, size >> 8, size & 255
    ) + levels  # fmt: skip


def write_poll_reply(host: str, universes: tuple[int, ...] = ()) -> bytes:
    """Return the answer to ArtPoll, by which desks list this show as a node.

    Args:
        host: IPv4 address of this machine.
        universes: port addresses that it takes; the first four of one net and subnet are announced.
    """
    address = bytes(map(int, host.split("."))) if host.count(".") == 3 else bytes(4)
    first = universes[0] if universes else 0
    ports = [one for one in universes if one >> 4 == first >> 4][:4]
    switches = bytes([one & 15 for one in ports]).ljust(4, b"\0")
    kinds = (b"\x80" * len(ports)).ljust(4, b"\0")
    return b"".join(
        (
            _ART_ID, struct.pack("<H", _OP_POLL_REPLY), address, struct.pack("<H", ARTNET_PORT),
            bytes((0, 1, first >> 8 & 127, first >> 4 & 15, 0, 0, 0, 0xD0, 0, 0)),
            b"Encore".ljust(18, b"\0"), b"Encore virtual stage".ljust(64, b"\0"),
            b"#0001 [0000] receiving".ljust(64, b"\0"), struct.pack(">H", len(ports)),
            kinds, bytes(4), b"\x80" * 4, switches, bytes(4), bytes(44 + 11),
        )
    )[:239].ljust(239, b"\0")  # fmt: skip


def read_sacn(data: bytes | bytearray | memoryview, size: int) -> DmxPacket | None:
    """Return the head of an E1.31 packet; None for one that carries no levels.

    Args:
        data: begins with the packet.
        size: of the packet, bytes.

    Raises:
        PacketError: it is no E1.31, or is cut off.
    """
    if size < 22 or data[:16] != _SACN_ID:
        raise PacketError("a packet is no sACN")
    if int.from_bytes(data[18:22], "big") != _ROOT_VECTOR:
        return None  # Synchronisation and discovery.
    if size < _SACN_HEAD.size:
        raise PacketError("an sACN packet is cut off")
    (
        _, _, _, cid, _, frame_vector, name, priority, _, sequence, options, universe, _,
        vector, kind, first, step, count, start,
    ) = _SACN_HEAD.unpack_from(data)  # fmt: skip
    length = count - 1
    if (
        (frame_vector, vector, kind, first, step) != (_FRAME_VECTOR, _DMP_VECTOR, 0xA1, 0, 1)
        or not 1 <= universe <= 63_999
        or not 0 <= length <= CHANNELS
        or size < _SACN_HEAD.size + length
        or priority > 200
    ):
        raise PacketError("an sACN packet has a wrong vector, universe, priority or length")
    if start != 0:
        return None  # Another start code: priorities per channel, text, RDM.
    return DmxPacket(
        universe, sequence, _SACN_HEAD.size, length, priority, cid,
        name.split(b"\0")[0].decode(errors="replace"),
        bool(options & _TERMINATED), bool(options & _PREVIEW),
    )  # fmt: skip


def sacn_group(universe: int) -> str:
    """Return the multicast address of a universe."""
    return f"239.255.{universe >> 8}.{universe & 255}"
