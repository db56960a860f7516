"""Test that packets read in batches, and batches taken in as a whole, leave what single ones do."""

from __future__ import annotations

import random
import socket
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.show.receivers.dmx.datagrams import ADDRESS_BYTES, DatagramBatch, read_address
from renderer.show.receivers.dmx.packets import DmxPacket, read_artnet, write_artnet
from renderer.show.receivers.dmx.repeats import Repeats, Route, find_repeats
from renderer.show.receivers.dmx.universes import UniverseTable

SEQUENCE, LEVELS = 12, 18
PATIENCE_S = 60.0
NO_OWN: tuple[frozenset[int], frozenset[bytes]] = frozenset(), frozenset()


@pytest.mark.parametrize("is_joined", [True, False])
def test_datagrams_come_with_their_senders_in_order(is_joined: bool) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(("127.0.0.1", 0))
        receiver.setblocking(False)
        sender.bind(("127.0.0.1", 0))
        batch = DatagramBatch(receiver, 8, is_joined=is_joined)
        assert batch.read() == []
        sent = [bytes([number] * (number + 1)) for number in range(11)]
        for one in sent:
            sender.sendto(one, receiver.getsockname())
        found: list[bytes] = []
        deadline = time.monotonic() + PATIENCE_S
        while len(found) < len(sent) and time.monotonic() < deadline:
            sizes = batch.read()
            assert len(sizes) <= 8
            for number, size in enumerate(sizes):
                start = number * batch.stride
                row = batch.memory[start : start + batch.stride]
                assert read_address(row) == sender.getsockname()
                found.append(bytes(row[ADDRESS_BYTES : ADDRESS_BYTES + size]))
        assert found == sent


class Desk:
    """A table that is sent batches of packets, each read by itself or all compared as a whole."""

    def __init__(self, universes: int, *, is_whole: bool) -> None:
        self.table = UniverseTable("htp")
        self._is_whole = is_whole
        self._rows = np.zeros((universes, ADDRESS_BYTES + LEVELS + 512), np.uint8)
        self._repeats: Repeats | None = None
        self.is_repeated = False
        self._routes = [
            Route(
                DmxPacket(number, None, LEVELS, 512), universe, ("Art-Net", "desk", b""),
                "desk", 1, slice(ADDRESS_BYTES + LEVELS, ADDRESS_BYTES + LEVELS + 512),
            )
            for number in range(universes)
            if (universe := self.table.get(number)) is not None
        ]  # fmt: skip

    def send(self, batch: list[tuple[int, int]], now_ns: int) -> None:
        """Take in a packet for each universe: its sequence number, and its first level."""
        at, sizes = ADDRESS_BYTES + SEQUENCE, [LEVELS + 512] * len(batch)
        for number, (_, level) in enumerate(batch):
            packet = write_artnet(number, 0, bytes([level]) + bytes(511))
            assert read_artnet(packet, len(packet)) is not None
            self._rows[number, ADDRESS_BYTES:] = np.frombuffer(packet, np.uint8)
        repeats = self._repeats
        self.is_repeated = repeats is not None and repeats.matches(self._rows, sizes)
        if repeats is not None and self.is_repeated:
            repeats.take(self._rows, [sequence for sequence, _ in batch], now_ns)
            return
        assert (self._rows[:, at] == 0).all()
        taken = []
        for route, row, (sequence, _) in zip(self._routes, self._rows, batch, strict=True):
            route.packet.sequence = sequence or None
            used = route.universe.take(route.packet, route.key, row[route.levels], now_ns)
            taken.append(route if used else None)
        if self._is_whole:
            head = ADDRESS_BYTES + LEVELS
            self._repeats = find_repeats(taken, self._rows, sizes, head, NO_OWN, None)


@given(st.integers(0, 2**32), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_a_whole_batch_leaves_what_its_packets_leave(seed: int, universes: int) -> None:
    """Whatever is late, repeated, unchanged or silent for seconds."""
    chooser = random.Random(seed)
    one, whole = Desk(universes, is_whole=False), Desk(universes, is_whole=True)
    sequence, now_ns = 1, 0
    for _ in range(60):
        now_ns += chooser.choice([22_000_000, 22_000_000, 3_000_000_000])
        sequence = sequence % 255 + 1
        batch = [
            (
                chooser.choice([sequence] * 6 + [max(sequence - 3, 1), 0]),
                chooser.choice([10, 10, chooser.randrange(256)]),
            )
            for _ in range(universes)
        ]
        is_read = chooser.random() < 0.5
        for desk in (one, whole):
            desk.send(batch, now_ns)
            if is_read:
                desk.table.read(now_ns, {})
        for number in range(universes):
            left, right = one.table.universes[number], whole.table.universes[number]
            assert left.merge(now_ns).tolist() == right.merge(now_ns).tolist()
            assert (left.stale, left.lost) == (right.stale, right.lost)
            assert [
                (source.sequence, source.heard_ns, source.packets)
                for source in left.sources.values()
            ] == [
                (source.sequence, source.heard_ns, source.packets)
                for source in right.sources.values()
            ]


def test_the_packets_of_a_desk_are_compared_as_a_whole() -> None:
    desk = Desk(4, is_whole=True)
    for sequence in range(1, 9):
        desk.send([(sequence, sequence)] * 4, sequence * 22_000_000)
        assert desk.is_repeated is (sequence > 1)
    assert all(one.merge(9)[0] == 8 for one in desk.table.universes.values())
