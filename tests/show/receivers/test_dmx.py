"""Test that DMX levels arrive over Art-Net and sACN, are merged by the book, and never stop."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacn.messages.data_packet import DataPacket

from renderer.capture.network.allow import AllowList
from renderer.capture.network.packets import PacketError
from renderer.errors import CaptureError
from renderer.show.receivers.dmx.packets import (
    DmxPacket,
    is_art_poll,
    read_artnet,
    read_sacn,
    sacn_group,
    write_artnet,
    write_poll_reply,
)
from renderer.show.receivers.dmx.receiver import DmxReceiver
from renderer.show.receivers.dmx.universes import LOST_NS, MOST_SOURCES, Universe, UniverseTable

DEADLINE_S = 20.0
S = 1_000_000_000


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait(is_met: Callable[[], bool], *receivers: DmxReceiver) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not is_met():
        assert time.monotonic() < deadline
        time.sleep(0.002)
        for one in receivers:
            one.poll()


def sacn_packet(universe: int, levels: bytes, sequence: int = 0, priority: int = 100) -> bytes:
    """Return a packet of another program: the package sacn."""
    packet = DataPacket(
        (65,) * 16, "desk", universe, tuple(levels), priority=priority, sequence=sequence
    )
    return bytes(packet.getBytes())


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_both_protocols_fill_their_universe(opened: ExitStack) -> None:
    table = UniverseTable()
    artnet = opened.enter_context(
        DmxReceiver("Art-Net", table, AllowList(), port=free_port(), offset=1)
    )
    sacn = opened.enter_context(DmxReceiver("sACN", table, AllowList(), port=free_port()))
    levels = bytes(range(256)) * 2
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk:
        desk.sendto(write_artnet(6, 1, levels), ("127.0.0.1", artnet.port))
        desk.sendto(sacn_packet(9, levels[::-1]), ("127.0.0.1", sacn.port))
        desk.sendto(b"Art-Net\0\0", ("127.0.0.1", artnet.port))
        desk.sendto(b"hello", ("127.0.0.1", sacn.port))
        wait(
            lambda: artnet.malformed == sacn.malformed == artnet.received == sacn.received == 1,
            artnet, sacn,
        )  # fmt: skip
        desk.settimeout(DEADLINE_S)
        desk.sendto(b"Art-Net\0\x00\x20\x00\x0e\x00\x00", ("127.0.0.1", artnet.port))
        wait(lambda: artnet.ignored == 1, artnet)
        reply, _ = desk.recvfrom(2048)
    assert len(reply) == 239 and reply[10:14] == bytes((127, 0, 0, 1)), "desks find the show"
    found = {one.number: bytes(one.levels) for one in table.read(time.monotonic_ns(), {})}
    assert found == {7: levels, 9: levels[::-1]}


def test_sacn_arrives_by_multicast_on_loopback(opened: ExitStack) -> None:
    table = UniverseTable()
    sacn = opened.enter_context(
        DmxReceiver("sACN", table, AllowList(), port=free_port(), universes=[1, 300])
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk:
        here = socket.inet_aton("127.0.0.1")
        desk.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
        for universe in (1, 300):
            packet = sacn_packet(universe, bytes([universe & 255] * 512))
            desk.sendto(packet, (sacn_group(universe), sacn.port))
        wait(lambda: sacn.received == 2, sacn)
    assert {one.number for one in table.read(time.monotonic_ns(), {})} == {1, 300}


def test_strangers_are_refused_and_named(opened: ExitStack) -> None:
    receiver = opened.enter_context(
        DmxReceiver("Art-Net", UniverseTable(), AllowList(), port=free_port())
    )
    assert not receiver._is_allowed("192.0.2.9") and not receiver._is_allowed("192.0.2.9")
    assert receiver.refused == 2 and "192.0.2.9" in receiver.fault and "allow" in receiver.fault


def test_a_port_of_a_program_that_shares_it_not_is_told() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        with pytest.raises(CaptureError, match="close the program"):
            DmxReceiver("sACN", UniverseTable(), AllowList(), port=other.getsockname()[1])


def take(
    universe: Universe,
    source: str,
    levels: list[int],
    now_ns: int = 0,
    *,
    priority: int = 100,
    sequence: int | None = None,
    is_end: bool = False,
) -> bool:
    packet = DmxPacket(1, sequence, 0, len(levels), priority, is_end=is_end)
    key = "sACN", source, b""
    return universe.take(packet, key, np.array(levels, np.uint8), now_ns)


def test_the_highest_priority_wins_and_comes_back_when_it_is_lost() -> None:
    universe = Universe(1, "htp")
    take(universe, "main", [10, 20], priority=120)
    take(universe, "backup", [200, 200], priority=100)
    assert universe.merge(0)[:2].tolist() == [10, 20]
    take(universe, "backup", [200, 201], S, priority=100)
    assert universe.merge(LOST_NS + 1)[:2].tolist() == [200, 201] and universe.lost == 1
    assert universe.merge(9 * S)[:2].tolist() == [200, 201], "a universe keeps its last levels"
    assert not universe.sources


def test_of_the_same_priority_the_highest_or_the_newest_level_wins() -> None:
    highest, newest = Universe(1, "htp"), Universe(1, "ltp")
    for universe in (highest, newest):
        take(universe, "a", [100, 0, 50], 1)
        take(universe, "b", [90, 10, 60], 2)
        take(universe, "a", [100, 0, 55], 3)
    assert highest.merge(4)[:3].tolist() == [100, 10, 60]
    assert newest.merge(4)[:3].tolist() == [90, 10, 55], "each channel that changed last"


def test_late_and_repeated_packets_are_left_and_a_new_count_is_followed() -> None:
    universe = Universe(1, "htp")
    assert take(universe, "a", [1], sequence=254)
    assert take(universe, "a", [2], sequence=255) and take(universe, "a", [3], sequence=0)
    assert not take(universe, "a", [9], sequence=255) and not take(universe, "a", [9], sequence=0)
    assert universe.stale == 2 and universe.merge(0)[0] == 3
    assert take(universe, "a", [4], sequence=100), "a desk that was started again"
    # Two desks on one universe count independently.
    assert take(universe, "b", [5], sequence=7) and take(universe, "a", [6], sequence=101)


def test_a_source_that_ends_is_gone_at_once() -> None:
    universe = Universe(1, "htp")
    take(universe, "a", [200])
    take(universe, "b", [100])
    take(universe, "a", [0], is_end=True)
    assert universe.merge(0)[0] == 100 and len(universe.sources) == 1


def test_more_sources_than_a_universe_takes_are_refused() -> None:
    universe = Universe(1, "htp")
    used = [take(universe, str(number), [number]) for number in range(MOST_SOURCES + 3)]
    assert sum(used) == MOST_SOURCES and universe.refused == 3
    assert take(universe, "later", [9], 2 * LOST_NS), "the others are lost by then"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.integers(0, 255), min_size=1,
       max_size=6), st.sampled_from([50, 100])), max_size=12))  # fmt: skip
def test_htp_is_the_maximum_of_the_newest_levels_of_the_top_sources(
    packets: list[tuple[str, list[int], int]],
) -> None:
    universe = Universe(1, "htp")
    expected: dict[str, tuple[int, list[int]]] = {}
    for source, levels, priority in packets:
        take(universe, source, levels, priority=priority)
        kept = expected.get(source, (0, [0] * 6))[1]
        expected[source] = priority, levels + kept[len(levels) :]
    top = max((priority for priority, _ in expected.values()), default=0)
    rows = [levels for priority, levels in expected.values() if priority == top] or [[0] * 6]
    assert universe.merge(0)[:6].tolist() == [max(column) for column in zip(*rows, strict=True)]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 700))
def test_no_packet_is_read_beyond_its_end(noise: bytes, cut: int) -> None:
    good = (write_artnet(3, 1, bytes(512)), sacn_packet(3, bytes(512)), b"Art-Net\0\0\x50")
    for read in (read_artnet, read_sacn):
        for data in (noise, *(one[:cut] for one in good), *(one[:30] + noise for one in good)):
            buffer = bytearray(data.ljust(2048, b"\xff"))
            is_art_poll(buffer, len(data))
            try:
                packet = read(buffer, len(data))
            except PacketError:
                continue
            assert packet is None or packet.offset + packet.length <= len(data)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 0x7FFF), st.integers(1, 255), st.binary(min_size=1, max_size=512))
def test_what_is_written_is_read_again(universe: int, sequence: int, levels: bytes) -> None:
    data = write_artnet(universe, sequence, levels)
    packet = read_artnet(data, len(data))
    assert packet is not None and (packet.universe, packet.sequence) == (universe, sequence)
    assert data[packet.offset :][: len(levels)] == levels
    assert len(write_poll_reply("10.0.0.1", (universe,))) == 239


def test_a_flood_of_universes_is_bounded() -> None:
    table = UniverseTable()
    found = [table.get(number) for number in range(1000)]
    assert found[0] is not None and found[-1] is None and len(table.universes) == 256
    with closing(DmxReceiver("sACN", table, AllowList(), port=free_port())) as receiver:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk:
            desk.sendto(sacn_packet(5000, bytes(512)), ("127.0.0.1", receiver.port))
        wait(lambda: receiver.refused == 1, receiver)
        assert "more universes" in receiver.fault


def test_a_show_fires_cues_by_levels_and_shows_what_arrives() -> None:
    from renderer.show.document.entries.control import ArtnetEntry, ControlEntry
    from renderer.show.receivers.dmx import receiver as module
    from renderer.show.receivers.dmx.control import DmxControl

    fired: list[tuple[int, int]] = []
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ARTNET_PORT", port)
        control = DmxControl(
            ControlEntry(artnet=ArtnetEntry()),
            {1},
            lambda number, levels: fired.append((number, levels[0])),
        )
    with closing(control), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk:
        for level in (9, 200):
            desk.sendto(write_artnet(0, 0, bytes([level, 1])), ("127.0.0.1", port))

            def has_fired(level: int = level) -> bool:
                control.poll(time.monotonic_ns())
                return (1, level) in fired

            wait(has_fired)
        (one,) = control.health().universes
        assert one.number == 1 and one.levels[:2] == bytes((200, 1)) and len(one.levels) == 512
        assert one.sources[0].host == "127.0.0.1" and control.statuses()[0].received == 2
