"""Test that OSC messages are learned: bound in the document, called, replaced and forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from pythonosc.udp_client import SimpleUDPClient

from renderer.capture.network.allow import AllowList
from renderer.errors import RendererError
from renderer.protocol.control.osc import ForgetOsc, LearnOsc, OscBinding, StopLearningOsc
from renderer.protocol.cues import CutCamera, Go, SetMaster
from renderer.protocol.document import EditDocument, InsertItem, RemoveItem, SetValue
from renderer.protocol.schema import Command, Reply
from renderer.show.control.registry import CommandRegistry
from renderer.show.document.entries.control import OscBindingEntry, OscEntry
from renderer.show.receivers.osc.control import OscControl
from renderer.show.receivers.osc.server import OscServer

DEADLINE_S = 60.0


class Desk:
    """A show that keeps its commands, and edits its bindings as a document does."""

    def __init__(self) -> None:
        self.entry = OscEntry()
        self.commands: list[Command] = []
        self.answers: list[Reply] = []
        self.server = OscServer(0, None, AllowList())
        self.control = OscControl(
            self.server, self._handle, lambda _: 0, None, self.entry, lambda: self.entry
        )
        self.registry = CommandRegistry()
        self.control.attach(self.registry)
        self.client = SimpleUDPClient("127.0.0.1", self.server.port)

    def ask(self, command: Command) -> None:
        self.registry.handle(command, self.answers.append)

    def send(self, address: str, *values: float) -> None:
        self.client.send_message(address, list(values))

    def until(self, is_met: Callable[[], bool]) -> None:
        """Run frames until a condition is met."""
        deadline = time.monotonic() + DEADLINE_S
        while not is_met():
            assert time.monotonic() < deadline, self.control.status()
            self.control.poll(time.monotonic_ns())
            time.sleep(0.001)

    def learn(self, command: LearnOsc, heard: str, *values: float) -> Reply:
        """Learn a message, and return the answer."""
        count = len(self.answers)
        self.ask(command)
        assert self.control.health().learning == command.address
        self.send(heard, *values)
        self.until(lambda: len(self.answers) > count)
        return self.answers[-1]

    def close(self) -> None:
        self.control.close()
        self.client.close()

    def _handle(self, command: Command, answer: Callable[[Reply], None]) -> None:
        if not isinstance(command, EditDocument):
            self.commands.append(command)
            answer(Reply(True, "It runs."))
            return
        bindings = list(self.entry.bindings)
        for edit in command.edits:
            assert edit.path[:3] == ["control", "osc", "bindings"]
            match edit:
                case InsertItem():
                    bindings.insert(edit.index, OscBindingEntry(**edit.value))
                case SetValue():
                    bindings[int(edit.path[3])] = OscBindingEntry(**edit.value)
                case RemoveItem():
                    del bindings[edit.index]
        self.entry = OscEntry(bindings=tuple(bindings))
        answer(Reply(True, ""))


@pytest.fixture
def desk() -> Iterator[Desk]:
    one = Desk()
    yield one
    one.close()


def test_a_fader_is_learned_and_moves_its_command(desk: Desk) -> None:
    reply = desk.learn(LearnOsc(address="/master"), "/1/fader5", 0.5)
    assert reply == Reply(True, "/1/fader5 calls /master.")
    assert desk.control.health().learning == ""
    desk.send("/1/fader5", 0.25)
    desk.until(lambda: bool(desk.commands))
    assert desk.control.health().bindings == [OscBinding("/1/fader5", "/master")]
    assert desk.commands == [SetMaster(0.25, operator="OSC")]


def test_a_button_acts_when_it_is_pressed_and_not_when_it_is_released(desk: Desk) -> None:
    assert desk.learn(LearnOsc(address="/go"), "/1/push1", 1.0).ok
    desk.send("/1/push1", 0.0)
    desk.send("/1/push1", 1.0)
    desk.until(lambda: bool(desk.commands))
    assert desk.commands == [Go(operator="OSC")]


def test_a_message_calls_the_newest_that_it_was_learned_for(desk: Desk) -> None:
    assert desk.learn(LearnOsc(address="/go"), "/pad").ok
    assert desk.learn(LearnOsc(address="/camera/2"), "/pad").ok
    desk.send("/pad")
    desk.until(lambda: bool(desk.commands))
    assert desk.commands == [CutCamera(2, operator="OSC")]
    desk.ask(ForgetOsc(address="/camera/2"))
    assert desk.answers[-1].ok
    assert desk.entry.bindings == ()
    desk.until(lambda: not desk.control.health().bindings)
    desk.ask(ForgetOsc(address="/camera/2"))
    assert "bound to no OSC message" in desk.answers[-1].text


def test_learning_is_refused_called_off_and_ended(desk: Desk) -> None:
    desk.ask(LearnOsc(address="/nothing/such"))
    assert not desk.answers[-1].ok
    desk.ask(LearnOsc(address="/go"))
    desk.ask(StopLearningOsc())
    assert [one.ok for one in desk.answers[-2:]] == [False, True]
    desk.ask(LearnOsc(address="/go"))
    desk.control.close()
    assert "the show ends" in desk.answers[-1].text


def test_a_binding_that_calls_nothing_is_refused_before_the_show() -> None:
    server = OscServer(0, None, AllowList())
    entry = OscEntry(bindings=(OscBindingEntry(heard="/x", address="/nothing/such"),))
    with pytest.raises(RendererError):
        OscControl(server, lambda *_: None, lambda _: 0, None, entry)
