"""Test that controllers call a show by OSC over UDP and TCP, and that no input stops it."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc import udp_client
from pythonosc.osc_message import OscMessage
from pythonosc.slip import decode as slip_decode
from pythonosc.slip import encode as slip_encode

from renderer.capture.network.allow import AllowList
from renderer.capture.network.osc import message, read_elements
from renderer.errors import CaptureError, RendererError
from renderer.protocol.cues import CuesHealth, CutCamera, Go, Panic, SetMaster, StartCue
from renderer.protocol.schema import Command, Reply, command_types
from renderer.show.control.addresses import all_addresses
from renderer.show.receivers.osc import server as servers
from renderer.show.receivers.osc.control import MOST_A_FRAME, OscControl
from renderer.show.receivers.osc.server import OscServer
from renderer.show.receivers.osc.slip import LONGEST, Deframer, frame
from renderer.show.receivers.osc.words import find_osc_command

DEADLINE_S = 20.0


class Desk:
    """A show that keeps its commands, with an OSC server on ports of its own."""

    def __init__(self, tcp: bool = True) -> None:
        self.server = OscServer(0, 0 if tcp else None, AllowList())
        self.commands: list[Command] = []
        self.fired: list[str] = []
        self.cues = CuesHealth(camera=1, look="Blue")
        self.now_ns = 0
        self.control = OscControl(self.server, self._handle, self._fire, lambda: self.cues)

    def _handle(self, command: Command, answer: Callable[[Reply], None]) -> None:
        self.commands.append(command)
        answer(Reply(True, f"{type(command).__name__} runs."))

    def _fire(self, address: str) -> int:
        self.fired.append(address)
        return int(address == "/my/cue")

    def frames_until(self, is_met: Callable[[], bool]) -> None:
        """Run frames until a condition is met."""
        deadline = time.monotonic() + DEADLINE_S
        while not is_met():
            assert time.monotonic() < deadline, self.control.status()
            self.now_ns += 33_000_000
            self.control.poll(self.now_ns)
            time.sleep(0.001)


@pytest.fixture
def desk() -> Iterator[Desk]:
    one = Desk()
    with closing(one.control):
        yield one


def commands_of(address: str, *arguments: Any) -> Command | None:
    ((name, values),) = read_elements(message(address, *arguments))
    return find_osc_command(name, values)


@pytest.mark.parametrize(
    ("address", "arguments", "command"),
    [
        ("/go", (), Go()),
        ("/go", (1,), Go()),
        ("/go", (1.0,), Go()),
        ("/go", ("12",), StartCue(cue="12")),
        ("/cue/12.5/start", (), StartCue(cue="12.5")),
        ("/cue/12/go", (1.0,), StartCue(cue="12")),
        ("/workspace/AB-12/cue/3/start", (), StartCue(cue="3")),
        ("/panic", (), Panic()),
        ("/panic", (0,), Panic(on=False)),
        ("/master", (0.5,), SetMaster(0.5)),
        ("/master", (1, 2.0), SetMaster(1.0, 2.0)),
        ("/camera/3", (1.5,), CutCamera(3, 1.5)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_words_of_qlab_and_the_shows_own_find_their_command(
    address: str, arguments: tuple[Any, ...], command: Command
) -> None:
    assert commands_of(address, *arguments) == command


def test_no_message_speaks_in_another_operators_name() -> None:
    command = find_osc_command("/go", ["3"], "Front of house")
    assert command == StartCue(cue="3", operator="Front of house")
    with pytest.raises(RendererError, match="too many"):
        find_osc_command("/go", ["", "Boss"], "OSC")


def test_the_release_of_a_button_calls_nothing() -> None:
    assert commands_of("/go", 0) is None
    assert commands_of("/cue/3/start", 0.0) is None


@pytest.mark.parametrize(
    "address",
    ["/goo", "/cue/1/strat", "/cue//start", "/", "//", "/master", "/hardStop\n", "/go\n"],
)
def test_unknown_words_are_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(RendererError) as told:
        commands_of(address)
    assert len(str(told.value)) > 20


def test_every_command_of_the_registry_is_found_by_its_address() -> None:
    for one in all_addresses():
        address = one.address
        for name in ("cue", "camera", "look", "effect"):
            address = address.replace(f"{{{name}}}", "1")
        try:
            found = find_osc_command(address, [])
        except RendererError as refused:
            assert "cannot be sent" in str(refused), f"{address}: {refused}"
        else:
            assert type(found) is one.kind
    assert len(all_addresses()) == len(command_types())


def test_udp_commands_run_in_the_next_frame_and_are_answered(desk: Desk) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        phone.settimeout(DEADLINE_S)
        # Another program's encoder: python-osc.
        client = udp_client.SimpleUDPClient("127.0.0.1", desk.server.port)
        client.send_message("/cue/4/start", [])
        desk.frames_until(lambda: bool(desk.commands))
        assert desk.commands == [StartCue(cue="4", operator="OSC")]
        phone.sendto(message("/goo"), ("127.0.0.1", desk.server.port))
        desk.frames_until(lambda: desk.control.status().unknown == 1)
        reply = OscMessage(phone.recv(4096))
        assert reply.address == "/reply/goo"
        said = json.loads(reply.params[0])
        assert said["status"] == "error" and "did you mean /go?" in said["data"]
        client._sock.close()


def test_tcp_carries_the_same_and_subscribers_hear_changes(desk: Desk) -> None:
    with socket.create_connection(("127.0.0.1", desk.server.tcp_port)) as stream:
        stream.setblocking(False)
        heard: dict[str, Any] = {}
        deframer = Deframer()

        def read() -> bool:
            with suppress(BlockingIOError):
                for packet in deframer.feed(stream.recv(65_536)):
                    one = OscMessage(packet)
                    heard[one.address] = one.params[0]
            return True

        # In two pieces, as a network may deliver it.
        packet = slip_encode(message("/subscribe")) + slip_encode(message("/go"))
        stream.sendall(packet[:9])
        stream.sendall(packet[9:])
        desk.frames_until(lambda: bool(desk.commands))
        desk.frames_until(lambda: read() and "/reply/go" in heard and "/show/camera" in heard)
        assert heard["/show/camera"] == 1 and heard["/show/look"] == "Blue"
        heard.clear()
        desk.cues = CuesHealth(camera=3, look="Blue", master=0.5)
        desk.frames_until(lambda: read() and "/show/master" in heard)
        assert heard == {"/show/camera": 3, "/show/master": 0.5}, "only what has changed is sent"


def test_cue_triggers_fire_by_any_address_and_not_on_release(desk: Desk) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        for value in (0, 1, 0):
            phone.sendto(message("/my/cue", value), ("127.0.0.1", desk.server.port))
        desk.frames_until(lambda: desk.server.counts.received == 3)
    desk.frames_until(lambda: desk.control.status().unknown == 2)
    assert desk.fired == ["/my/cue"]


def test_a_button_that_is_released_in_the_same_frame_was_pressed(desk: Desk) -> None:
    with socket.create_connection(("127.0.0.1", desk.server.tcp_port)) as stream:
        stream.sendall(frame(message("/go", 1.0)) + frame(message("/go", 0.0)))
        deadline = time.monotonic() + DEADLINE_S
        while desk.server.counts.received < 2 and time.monotonic() < deadline:
            time.sleep(0.001)
    desk.control.poll(0)
    assert desk.commands == [Go(operator="OSC")]


def test_of_a_fast_fader_the_newest_value_is_executed(desk: Desk) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        for step in range(20):
            phone.sendto(message("/master", step / 19), ("127.0.0.1", desk.server.port))
    deadline = time.monotonic() + DEADLINE_S
    while desk.server.counts.received < 20 and time.monotonic() < deadline:
        time.sleep(0.001)
    desk.control.poll(0)
    assert desk.commands == [SetMaster(1.0, operator="OSC")]


def test_a_flood_is_dropped_counted_and_bounded_in_a_frame(desk: Desk) -> None:
    with socket.create_connection(("127.0.0.1", desk.server.tcp_port)) as stream:
        stream.sendall(frame(message("/go")) * 3 * servers.KEPT)
        deadline = time.monotonic() + DEADLINE_S
        counts = desk.server.counts
        while counts.received + counts.dropped < 3 * servers.KEPT and time.monotonic() < deadline:
            time.sleep(0.001)
    assert counts.received == servers.KEPT and counts.dropped == 2 * servers.KEPT
    assert len(desk.server.take(MOST_A_FRAME)) == MOST_A_FRAME
    desk.control.poll(0)
    assert desk.commands == [Go(operator="OSC")]


def test_strangers_are_refused_and_named() -> None:
    server = OscServer(0, None, AllowList(["127.0.0.1"]))
    with closing(server):
        server._refuse("192.0.2.7")
        assert server.counts.refused == 1 and "192.0.2.7" in server.counts.fault


def test_a_taken_port_is_told_before_air() -> None:
    with closing(OscServer(0, 0, AllowList())) as first:
        for port, tcp in ((first.port, None), (0, first.tcp_port)):
            with pytest.raises(CaptureError, match="port"):
                OscServer(port, tcp, AllowList())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=6), st.integers(1, 50))
def test_packets_survive_slip_in_any_pieces(packets: list[bytes], size: int) -> None:
    stream = b"".join(map(frame, packets))
    deframer = Deframer()
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    found = [packet for piece in pieces for packet in deframer.feed(piece)]
    wanted = [packet for packet in packets if packet]
    assert found == wanted
    assert [slip_decode(frame(one)) for one in wanted] == wanted


def test_an_endless_packet_is_left_out_and_the_next_one_found() -> None:
    deframer = Deframer()
    assert not list(deframer.feed(b"x" * (LONGEST + 1)))
    assert not list(deframer.feed(b"y" * LONGEST))
    assert list(deframer.feed(b"z" + frame(b"good"))) == [b"good"] and deframer.overlong == 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_no_datagram_stops_the_frame(data: bytes) -> None:
    counts = FUZZED.server.counts
    FUZZED.server._take_in(data, servers.Peer("127.0.0.1", 9))
    FUZZED.server._take_in(b"/go\0," + data, servers.Peer("127.0.0.1", 9))
    FUZZED.server._take_in(b"/master\0,f\0\0" + data[:4], servers.Peer("127.0.0.1", 9))
    FUZZED.control.poll(0)
    assert counts.received + counts.malformed + counts.dropped > 0


@pytest.fixture(autouse=True, scope="module")
def _fuzzed() -> Iterator[None]:
    global FUZZED
    FUZZED = Desk(tcp=False)
    yield
    FUZZED.control.close()


FUZZED: Desk


def test_numbers_of_every_kind_are_read() -> None:
    assert commands_of("/panic", "0") == Panic(on=False)
    packet = b"/master\0,d\0\0" + struct.pack(">d", 0.25)
    ((name, values),) = read_elements(packet)
    assert find_osc_command(name, values) == SetMaster(0.25)
    packet = b"/master\0,f\0\0" + struct.pack(">f", float("nan"))
    ((name, values),) = read_elements(packet)
    command = find_osc_command(name, values)
    assert isinstance(command, SetMaster) and command.level != command.level
