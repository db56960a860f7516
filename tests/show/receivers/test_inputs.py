"""Test that what a document asks for under `control` reaches cues, fixtures and commands."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from renderer.capture.network.osc import message
from renderer.errors import RendererError
from renderer.protocol.alarms import Alarms
from renderer.protocol.control.receivers import ArmTimecode, DmxHealth, ReceiversHealth
from renderer.protocol.schema import Command, Reply
from renderer.show.containment import Containment
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import DocumentEditor, validate
from renderer.show.document.read import ReadShow
from renderer.show.event_log import EventLog
from renderer.show.receivers import inputs
from renderer.show.receivers.dmx import receiver
from renderer.show.receivers.dmx.packets import write_artnet
from renderer.show.receivers.inputs import ControlInputs
from renderer.stage.text.titles import TitlePlan

DEADLINE_S = 20.0
CUES = [
    {"number": "1", "actions": [{"do": "text", "text": "go"}]},
    {"number": "2", "trigger": {"on": "osc", "address": "/my/button"},
     "actions": [{"do": "text", "text": "osc"}]},
    {"number": "3", "trigger": {"on": "dmx", "universe": 1, "channel": 2},
     "actions": [{"do": "text", "text": "dmx"}]},
    {"number": "4", "trigger": {"on": "timecode", "at": "01:00:00:10"},
     "actions": [{"do": "text", "text": "timecode"}]},
]  # fmt: skip


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Show:
    """A show without pictures and desks, with a document's receivers."""

    def __init__(self, control: dict[str, Any], *, is_resumed: bool = False) -> None:
        data: dict[str, Any] = {
            "cue_lists": [{"name": "Main", "cues": CUES}], "control": control,
        }  # fmt: skip
        show = validate(data)
        self.alarms, events = Alarms(), EventLog()
        self.director = StageDirector(show, TitlePlan(), events)
        editor = DocumentEditor(ReadShow(Path("show.toml"), "", data, data, show))
        direction = DirectionCommands(self.director, editor, events, self.alarms)
        self.commands = CommandRegistry()
        self.sections: dict[type, Callable[[], Any]] = {}
        desk: Any = SimpleNamespace(
            commands=self.commands,
            sections=SimpleNamespace(add=lambda kind, _, read: self.sections.update({kind: read})),
            handle=self._handle,
        )
        direction.attach(desk)
        scene: Any = SimpleNamespace(director=self.director, lights=None)
        self.inputs = ControlInputs(
            show.control, desk, direction, scene, self.alarms,
            Containment(self.alarms, events, live=True), is_resumed=is_resumed,
        )  # fmt: skip

    def _handle(self, command: Command, answer: Callable[[Reply], None]) -> None:
        self.commands.handle(command, answer)

    def frames_until(self, is_met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not is_met():
            assert time.monotonic() < deadline, self.inputs.health()
            self.director.advance(0, time.monotonic_ns(), None)
            self.inputs.poll()
            self.director.present()
            time.sleep(0.002)


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return free ports of OSC and Art-Net."""
    dmx = free_port()
    monkeypatch.setattr(receiver, "ARTNET_PORT", dmx)
    return free_port(), dmx


def test_osc_dmx_and_timecode_call_the_same_cues(
    ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    osc, dmx = ports
    kept: list[Any] = []
    monkeypatch.setattr(inputs, "open_timecode_source", lambda entry, control: kept.append(control))
    show = Show(
        {
            "osc": {"port": osc, "tcp_port": 0},
            "artnet": {},
            "timecode": {"source": "ltc", "rate": "25"},
        }
    )
    director = show.director
    assert director.warnings() == []
    with closing(show.inputs), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk:
        desk.sendto(message("/go"), ("127.0.0.1", osc))
        show.frames_until(lambda: director.state.text == "go")
        desk.sendto(message("/my/button", 1), ("127.0.0.1", osc))
        show.frames_until(lambda: director.state.text == "osc")
        for level in (0, 255):
            desk.sendto(write_artnet(0, 0, bytes([0, level])), ("127.0.0.1", dmx))
            show.frames_until(
                lambda level=level: (
                    [  # type: ignore[misc]
                        one.levels[1] for one in show.sections[DmxHealth]().universes
                    ]
                    == [level]
                )
            )
        show.frames_until(lambda: director.state.text == "dmx")
        now_ns = time.monotonic_ns()
        kept[0].take(3600 * 10**9 + 4 * 10**8, now_ns, "01:00:00:10")
        show.frames_until(lambda: director.state.text == "timecode")
        health = show.sections[ReceiversHealth]()
        assert [one.name for one in health.receivers] == ["OSC", "Art-Net", "Timecode"]
        replies: list[Reply] = []
        show.commands.handle(ArmTimecode(on=False), replies.append)
        assert replies[0].text.startswith("The crew calls")
        assert msgspec.msgpack.encode(health)


def test_a_port_that_is_taken_refuses_a_show_and_is_an_alarm_of_a_resumed_one() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        control = {"osc": {"port": other.getsockname()[1], "tcp_port": 0}}
        with pytest.raises(RendererError, match="cannot be listened on"):
            Show(control)
        show = Show(control, is_resumed=True)
        with closing(show.inputs):
            assert [alarm.id for alarm in show.alarms.active] == ["receiver.OSC"]
            show.inputs.poll()


def test_without_control_nothing_listens_and_deaf_cues_are_told() -> None:
    show = Show({})
    with closing(show.inputs):
        assert show.inputs.health().receivers == []
    said = " ".join(show.director.warnings())
    assert "OSC" in said and "DMX" in said and "timecode" in said


def test_timecode_that_the_rate_has_not_refuses_a_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "open_timecode_source", lambda *_: None)
    monkeypatch.setitem(CUES[3], "trigger", {"on": "timecode", "at": "01:00:00:24"})
    with pytest.raises(RendererError, match="01:00:00:24"):
        Show({"timecode": {"source": "ltc", "rate": "24"}})
