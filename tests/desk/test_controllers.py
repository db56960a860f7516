"""Test that controls of the desk are bound to MIDI messages, and named as OSC messages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from renderer.desk.actions.controllers import control_of, short_message
from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.widgets.action_button import ActionButton
from renderer.protocol.control.midi import LearnMidi, MidiBinding, MidiHealth, StopLearningMidi
from renderer.protocol.control.osc import LearnOsc, OscBinding, OscHealth, StopLearningOsc
from renderer.protocol.cues import CueListStatus, CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.status import Status
from renderer.show.control.addresses import find_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

DATA = {"cameras": [{"number": 4, "name": "Close"}], "looks": [{"name": "Gold"}]}


@pytest.fixture
def desk(tmp_path: Path) -> DeskModel:
    desk = DeskModel(ShowConnection(), tmp_path, operator="Sora")
    cues = CuesHealth([CueListStatus("Main", "1")], camera=1, preview=4)
    desk.status = Status([cues, DocumentContent(1, DATA)])
    return desk


def test_what_a_control_sends_is_a_command_of_the_show(desk: DeskModel) -> None:
    found = {one.id: control_of(desk, one.id) for one in desk.board.all()}
    controls = {id: one for id, one in found.items() if one is not None}
    assert {"cues.go", "cameras.cut", "cameras.tbar", "lights.master", "show.slate"} <= set(
        controls
    )
    assert "show.end" not in controls, "what asks twice at the desk is no pad"
    assert "cameras.preview2" not in controls, "there is no second camera"
    for one in controls.values():
        value = {one.argument: True if one.argument == "on" else 1.0} if one.argument else {}
        find_command(one.address, {**one.arguments, **value})
    assert controls["cameras.preview1"].words == "/camera/4 preview=True"
    assert controls["lights.look1"].address == "/look/Gold"
    assert controls["cameras.tbar"].words == "/tbar position"


@pytest.mark.parametrize(
    ("message", "short"),
    [
        ("control 7 on channel 1", "CC 7"), ("note 60 on channel 10", "N 60 ch 10"),
        ("program 3 on channel 1", "PC 3"), ("something else", "something else"),
    ],
)  # fmt: skip
def test_a_message_is_named_as_controllers_print_it(message: str, short: str) -> None:
    assert short_message(message) == short


def test_a_click_learns_and_a_key_acts(
    qtbot: QtBot, show: Show, desk: DeskModel, until: Callable[..., None]
) -> None:
    show.status = show.status.with_sections(
        [
            *(desk.status.of(kind) for kind in (CuesHealth, DocumentContent)),
            MidiHealth("nano", bindings=[MidiBinding("control 7 on channel 1", "/take")]),
        ]
    )

    def step() -> None:
        show.tick()
        desk.poll()

    with desk.connection:
        until(lambda: desk.in_contact.value and desk.status.has(MidiHealth), step)
        button = ActionButton(desk.board, "cameras.cut")
        qtbot.addWidget(button)
        button.show()
        desk.press("desk.learn")
        assert desk.board.bindings.value["cameras.cut"] == "CC 7"
        assert desk.board.bindings.value["cues.go"] == ""
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        until(lambda: LearnMidi(address="/take") in show.heard, step)
        desk.board.press("cameras.auto")
        until(lambda: any(type(one).__name__ == "SetAutoDirector" for one in show.heard), step)
        desk.press("desk.learn")
        until(lambda: StopLearningMidi() in show.heard, step)
        assert desk.board.bindings.value == {}


def test_without_a_controller_it_says_what_to_do(desk: DeskModel) -> None:
    desk.in_contact.set(True)
    desk.press("desk.learn")
    assert "[control.midi]" in desk.note.value.text
    assert not desk.board.is_learning.value


def test_osc_is_learned_as_midi_is(
    qtbot: QtBot, show: Show, desk: DeskModel, until: Callable[..., None]
) -> None:
    bound = [OscBinding("/1/push1", "/take")]
    show.status = show.status.with_sections(
        [
            *(desk.status.of(kind) for kind in (CuesHealth, DocumentContent)),
            OscHealth(bindings=bound), MidiHealth("nano"),
        ]
    )  # fmt: skip

    def step() -> None:
        show.tick()
        desk.poll()

    with desk.connection:
        until(lambda: desk.in_contact.value and desk.status.has(OscHealth), step)
        desk.press("desk.learn_osc")
        assert desk.board.bindings.value["cameras.cut"] == "/1/push1"
        desk.board.click("lights.master")
        until(lambda: LearnOsc(address="/master", argument="level") in show.heard, step)
        desk.press("desk.learn")
        until(lambda: StopLearningOsc() in show.heard, step)
        assert desk.board.is_learning_from(is_osc=False), "MIDI is learned instead"
        assert desk.board.bindings.value["cameras.cut"] == ""
        desk.press("desk.learn")
        assert not desk.board.is_learning.value
