"""Test that MIDI controllers call cues and commands, are learned, and follow the show."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import RendererError, SetupError
from renderer.faults import FaultCollector
from renderer.protocol.alarms import Alarms
from renderer.protocol.control.midi import ForgetMidi, LearnMidi, ReopenMidi, StopLearningMidi
from renderer.protocol.document import SaveDocument, UndoEdit
from renderer.protocol.schema import Command, Reply
from renderer.show.containment import Containment
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import DocumentEditor, validate
from renderer.show.document.read import read_show
from renderer.show.event_log import EventLog
from renderer.show.receivers.inputs import ControlInputs
from renderer.show.receivers.learning import LEARN_S
from renderer.show.receivers.midi.control import MOST_COMMANDS, MidiControl
from renderer.show.receivers.midi.device import SystemMidi, Take, find_port
from renderer.show.receivers.midi.inbox import KEPT, MidiInbox
from renderer.show.receivers.midi.messages import (
    MidiKind,
    MidiMessage,
    MidiParser,
    write_message,
)
from renderer.show.receivers.midi.watch import PortWatch, is_there
from renderer.stage.text.titles import TitlePlan

DOCUMENT = """
# The pads call the show.
[[looks]]
name = "Blue"
[[looks]]
name = "Gold"
[[cameras]]
number = 1
[[cameras]]
number = 2
[[cue_lists]]
name = "Main"
[[cue_lists.cues]]
number = "1"
actions = [{ do = "text", text = "one" }]
[[cue_lists.cues]]
number = "2"
trigger = { on = "midi", message = "note", number = 60, channel = 2 }
actions = [{ do = "text", text = "pad" }]
[[cue_lists.cues]]
number = "3"
trigger = { on = "midi", message = "control", number = 80 }
actions = [{ do = "text", text = "pedal" }]
[[cue_lists.cues]]
number = "4"
trigger = { on = "midi", message = "program", number = 5 }
actions = [{ do = "text", text = "program" }]
[control.midi]
port = "nanoKONTROL2"
feedback = "nanoKONTROL2"
[[control.midi.bindings]]
message = "control"
number = 7
address = "/master"
argument = "level"
[[control.midi.bindings]]
message = "note"
number = 36
address = "/camera/2"
[[control.midi.bindings]]
message = "note"
number = 37
address = "/look/Gold"
arguments = { seconds = 0 }
"""


class Port:
    """A port of a controller that is not there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[bytes] = []
        self.is_closed = self.is_gone = False

    def send(self, data: bytes) -> None:
        if self.is_gone:
            raise OSError("unplugged")
        self.sent.append(data)

    def close(self) -> None:
        self.is_closed = True


class Plugged:
    """The names of the ports that are plugged in."""

    def __init__(self) -> None:
        self.inputs: tuple[str, ...] | None = ("nanoKONTROL2",)
        self.outputs: tuple[str, ...] | None = ("nanoKONTROL2",)
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Devices:
    """The MIDI ports of a machine with one controller."""

    def __init__(self) -> None:
        self.plugged = Plugged()
        self.play: Take = lambda _: None
        self.ports: list[Port] = []

    def open_input(self, name: str, take: Take) -> Port:
        self.play = take
        self.ports.append(Port(name))
        return self.ports[-1]

    def open_output(self, name: str) -> Port:
        self.ports.append(Port(name))
        return self.ports[-1]

    def watch(self) -> Plugged:
        return self.plugged


class Show:
    """A show without pictures and desks, with a controller."""

    def __init__(self, folder: Path, text: str = DOCUMENT) -> None:
        file = folder / "show.toml"
        file.write_text(text)
        self.file = file
        read = read_show(file, FaultCollector())
        assert read is not None
        self.alarms, events = Alarms(), EventLog()
        self.director = StageDirector(read.show, TitlePlan(), events)
        direction = DirectionCommands(self.director, DocumentEditor(read), events, self.alarms)
        self.commands = CommandRegistry()
        self.devices = Devices()
        desk: Any = SimpleNamespace(
            commands=self.commands,
            sections=SimpleNamespace(add=lambda *_: None),
            handle=self.commands.handle,
        )
        direction.attach(desk)
        scene: Any = SimpleNamespace(director=self.director, lights=None)
        self.inputs = ControlInputs(
            read.show.control, desk, direction, scene, self.alarms,
            Containment(self.alarms, events, live=True), midi=self.devices,
        )  # fmt: skip
        (self.control,) = self.inputs._receivers
        self.now_ns = 0
        self.frame()

    @property
    def lamps(self) -> list[bytes]:
        return self.devices.ports[-1].sent

    def frame(self, count: int = 1) -> None:
        for _ in range(count):
            self.now_ns += 100_000_000
            self.director.advance(0, self.now_ns, None)
            self.control.poll(self.now_ns)
            self.director.present()

    def play(self, *bytes_: int) -> None:
        self.devices.play(bytes(bytes_))
        self.frame()

    def send(self, command: Command) -> list[Reply]:
        replies: list[Reply] = []
        self.commands.handle(command, replies.append)
        return replies


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    one = Show(tmp_path)
    with closing(one.inputs):
        yield one
    assert all(port.is_closed for port in one.devices.ports)
    assert one.devices.plugged.is_closed


MESSAGES = st.builds(
    MidiMessage,
    st.sampled_from([MidiKind.NOTE, MidiKind.CONTROL]),
    st.integers(1, 16),
    st.integers(0, 127),
    st.integers(0, 127),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(MESSAGES, max_size=12), st.data())
def test_a_stream_is_read_in_any_pieces_with_running_status_and_clock(
    messages: list[MidiMessage], data: st.DataObject
) -> None:
    stream, status = bytearray(), -1
    for message in messages:
        raw = write_message(message)
        # The same status byte may be left out, and the clock comes between any two bytes.
        for byte in raw[raw[0] == status :]:
            stream += b"\xf8" * data.draw(st.integers(0, 1)) + bytes((byte,))
        status = raw[0]
    parser, found = MidiParser(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += parser.feed(bytes(stream[:size]))
        del stream[:size]
    assert found == messages and not parser.malformed


def test_what_is_cut_off_or_no_controllers_is_left_out() -> None:
    parser = MidiParser()
    note = MidiMessage(MidiKind.NOTE, 1, 60, 100)
    assert parser.feed(b"\x3c\x64") == [] and parser.malformed == 2, "data without a status"
    assert parser.feed(b"\x90\x3c" + b"\x90\x3c\x64") == [note] and parser.malformed == 3
    assert parser.feed(b"\xf0" + bytes(100_000) + b"\xf7") == [], "system exclusive"
    assert parser.feed(b"\x3c\x64") == [] and parser.malformed == 5, "it ends running status"
    assert parser.feed(b"\xf1\x22\xf2\x01\x02\xf3\x01\xf6\xe0\x01\x02\xd0\x05\xa0\x01\x02") == []
    assert parser.feed(b"\x80\x3c\x40") == [MidiMessage(MidiKind.NOTE, 1, 60, 0)]
    assert parser.feed(b"\xc3\x05") == [MidiMessage(MidiKind.PROGRAM, 4, 5, 127)]
    # A system exclusive message that another status byte ends.
    assert parser.feed(b"\xf0\x01\x02\x90\x3c\x64") == [note]
    assert parser.malformed == 5


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_stop_the_parser(data: bytes) -> None:
    for message in MidiParser().feed(data):
        assert 1 <= message.channel <= 16
        assert 0 <= message.number <= 127 and 0 <= message.value <= 127


def test_a_flood_keeps_to_its_bound_and_is_counted() -> None:
    inbox = MidiInbox()
    device = threading.Thread(
        target=lambda: [inbox.take_bytes(b"\xb0\x07\x40") for _ in range(4000)]
    )
    device.start()
    device.join()
    assert len(inbox.take(10**6)) == KEPT
    assert inbox.received == 4000 and inbox.dropped == 4000 - KEPT


def test_messages_call_the_cues_that_wait_for_them(show: Show) -> None:
    show.play(0x90, 60, 100)
    assert show.director.state.text is None, "another channel"
    show.play(0x91, 60, 100)
    assert show.director.state.text == "pad"
    for value in (10, 63, 64, 127, 100):
        show.play(0xB0, 80, value)
    assert show.director.state.text == "pedal"
    show.play(0xC0, 5)
    assert show.director.state.text == "program"
    show.play(0x91, 60, 0)
    assert show.director.state.text == "program", "a released note calls nothing"
    (status,) = show.control.statuses()
    assert (status.received, status.unknown) == (9, 1)


def test_faders_and_buttons_call_commands(show: Show) -> None:
    show.play(0xB0, 7, 0)
    assert show.director.state.master == 0.0
    show.play(0xB0, 7, 127)
    assert show.director.state.master == 1.0
    show.play(0x90, 36, 1)
    assert show.director.state.camera == 2
    show.play(0x90, 37, 1)
    assert show.director.state.look == "Gold"


def test_of_a_faders_messages_in_one_frame_the_newest_counts(show: Show) -> None:
    for value in range(128):
        show.devices.play(bytes((0xB0, 7, value)))
    show.frame()
    (status,) = show.control.statuses()
    assert show.director.state.master == 1.0 and status.dropped == 127
    for number in range(100):
        show.devices.play(bytes((0x90, 36, 1 + number % 100)))
    show.frame()
    (status,) = show.control.statuses()
    assert status.dropped == 127 + 100 - MOST_COMMANDS


def test_a_learned_message_is_an_edit_that_is_kept_and_undone(show: Show) -> None:
    replies = show.send(LearnMidi(address="/crowd", high=0.5, operator="Mina"))
    assert not replies and show.control.health().learning == "/crowd"
    show.play(0xB3, 20, 127)
    assert replies == [Reply(True, "control 20 on channel 4 calls /crowd.")]
    show.play(0xB3, 20, 127)
    assert show.director.state.crowd == 0.5
    (reply,) = show.send(SaveDocument(operator="Mina"))
    assert reply.ok, reply.text
    kept = show.file.read_text()
    assert "# The pads call the show." in kept and 'address = "/crowd"' in kept
    assert show.send(UndoEdit(operator="Mina"))[0].ok
    show.frame()
    assert [one.address for one in show.control.health().bindings] == [
        "/master", "/camera/2", "/look/Gold",
    ]  # fmt: skip


def test_a_message_that_is_learned_again_calls_the_new_command_alone(show: Show) -> None:
    replies = show.send(LearnMidi(address="/camera/1", arguments={"dissolve": "2"}))
    show.play(0x90, 36, 90)
    assert replies[0].ok
    show.frame()
    (bound,) = [one for one in show.director.show.control.midi.bindings if one.number == 36]  # type: ignore[union-attr]
    assert bound.address == "/camera/1" and bound.arguments == {"dissolve": 2.0}
    assert show.send(ForgetMidi(address="/camera/1"))[0].ok
    show.frame()
    assert len(show.control.health().bindings) == 2
    (refused,) = show.send(ForgetMidi(address="/camera/1"))
    assert not refused.ok and "name one of /master" in refused.text


def test_what_cannot_be_learned_is_refused_with_a_sentence(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in (
        LearnMidi(address="/goo"),
        LearnMidi(address="/camera/x"),
        LearnMidi(address="/go", arguments={"seconds": 1}),
    ):
        (reply,) = show.send(wrong)
        assert not reply.ok and len(reply.text) > 20, wrong
    first = show.send(LearnMidi(address="/go"))
    second = show.send(LearnMidi(address="/back"))
    assert "another message" in first[0].text
    assert show.send(StopLearningMidi())[0].ok and "called off" in second[0].text
    third = show.send(LearnMidi(address="/go"))
    later = time.monotonic() + LEARN_S + 1.0
    monkeypatch.setattr("renderer.show.receivers.learning.time.monotonic", lambda: later)
    show.frame()
    assert "none came" in third[0].text
    fourth = show.send(LearnMidi(address="/go"))
    show.inputs.close()
    assert "the show ends" in fourth[0].text


def test_lamps_and_faders_follow_the_show(show: Show) -> None:
    assert set(show.lamps) == {b"\xb0\x07\x7f", b"\x90\x24\x00", b"\x90\x25\x00"}
    show.lamps.clear()
    show.play(0x90, 36, 127)
    show.play(0x90, 37, 127)
    show.frame()
    assert show.lamps == [b"\x90\x24\x7f", b"\x90\x25\x7f"]
    show.lamps.clear()
    show.play(0xB0, 7, 64)
    assert not show.lamps, "a hand is on the fader"
    show.frame(6)
    assert show.lamps == [b"\xb0\x07\x40"]


def test_an_unplugged_controller_stops_nothing_and_can_be_opened_again(show: Show) -> None:
    show.devices.ports[-1].is_gone = True
    show.play(0x90, 36, 127)
    (status,) = show.control.statuses()
    assert "/midi/reopen" in status.fault and show.director.state.camera == 2
    show.frame(3)
    (reply,) = show.send(ReopenMidi())
    assert reply.ok and "nanoKONTROL2" in reply.text
    show.frame()
    assert b"\x90\x24\x7f" in show.lamps


def test_a_controller_that_is_plugged_in_again_is_used_at_once(show: Show) -> None:
    plugged = show.devices.plugged
    plugged.inputs = plugged.outputs = ("Midi Through:0",)
    show.frame(11)
    assert all(port.is_closed for port in show.devices.ports)
    (status,) = show.control.statuses()
    assert status.address == "closed" and "is unplugged" in status.fault
    show.frame(30)
    assert len(show.devices.ports) == 2, "nothing is opened that is not there"

    plugged.inputs = plugged.outputs = ("Midi Through:0", "nanoKONTROL2:nanoKONTROL2 28:0")
    show.frame(11)
    show.play(0x90, 36, 127)
    assert show.director.state.camera == 2
    (status,) = show.control.statuses()
    assert status.fault == ""
    show.frame()
    assert b"\x90\x24\x7f" in show.lamps


def test_the_systems_ports_are_looked_at_again_and_again() -> None:
    lists = iter([(["a"], ["b"]), OSError("no sequencer"), (["a", "c"], [])])
    looked = threading.Event()

    def list_ports() -> tuple[list[str], list[str]]:
        found = next(lists, None)
        if found is None:
            looked.set()
            return ["last"], []
        if isinstance(found, OSError):
            raise found
        return found

    with PortWatch(list_ports, look_s=0.001) as watch:
        assert looked.wait(60)
        deadline = time.monotonic() + 60
        while watch.inputs != ("last",) and time.monotonic() < deadline:
            time.sleep(0.005)
    assert (watch.inputs, watch.outputs) == (("last",), ())
    assert is_there("LAST", watch.inputs) and not is_there("b", watch.inputs)
    assert is_there("a", None)


@pytest.mark.parametrize(
    ("binding", "said"),
    [
        ({"address": "/goo"}, "is no command"),
        ({"address": "/master"}, "missing"),
        ({"address": "/master", "argument": "colour"}, "is no number"),
        ({"address": "/go", "arguments": {"x": 1}}, "no argument"),
    ],
)
def test_bindings_that_call_nothing_refuse_a_show(binding: dict[str, Any], said: str) -> None:
    data = {"control": {"midi": {"port": "x", "bindings": [
        {"message": "note", "number": 1, **binding}]}}}  # fmt: skip
    entry = validate(data).control.midi
    assert entry is not None
    with pytest.raises(RendererError, match=said):
        MidiControl(entry, Devices(), CommandRegistry().handle, lambda _: 0)


def test_ports_are_found_by_a_part_of_their_name() -> None:
    names = ["Midi Through:0", "nanoKONTROL2:nanoKONTROL2 _ CTRL 24:0"]
    assert find_port("NanoKontrol", names, "MIDI input") == 1
    assert find_port("Midi Through:0", names, "MIDI input") == 0
    with pytest.raises(RendererError, match="name one of Midi Through"):
        find_port("Launchpad", names, "MIDI input")
    with pytest.raises(RendererError, match="no port is there"):
        find_port("Launchpad", [], "MIDI input")


def test_midi_that_is_not_there_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(RendererError) as told:
        SystemMidi().open_input("a controller that nobody has", lambda _: None)
    assert "MIDI input a controller that nobody has" in str(told.value) or "rtmidi" in str(
        told.value
    )
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    with pytest.raises(SetupError, match="python-rtmidi"):
        SystemMidi().open_output("x")


def test_the_status_can_be_sent(show: Show) -> None:
    assert msgspec.msgpack.encode(show.control.health())
