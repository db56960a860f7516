"""Test that a Stream Deck's keys call the show, show what it has, and survive being unplugged."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from renderer.errors import RendererError, SetupError, ShowError
from renderer.faults import FaultCollector
from renderer.protocol.alarms import Alarms
from renderer.show.containment import Containment
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import DocumentEditor
from renderer.show.document.entries.streamdeck import DeckKeyEntry, StreamDeckEntry
from renderer.show.document.read import parse_show
from renderer.show.event_log import EventLog
from renderer.show.receivers.inputs import ControlInputs
from renderer.show.receivers.streamdeck import worker
from renderer.show.receivers.streamdeck.control import StreamDeckControl, list_usual
from renderer.show.receivers.streamdeck.device import Press, SystemDecks
from renderer.show.receivers.streamdeck.faces import (
    OFF,
    ON,
    ON_AIR,
    ON_PREVIEW,
    READY,
    Face,
    draw_face,
)
from renderer.show.receivers.streamdeck.worker import MOST_PRESSES
from renderer.stage.text.titles import TitlePlan

DOCUMENT = """
[[cameras]]
number = 1
[[cameras]]
number = 2
[[cue_lists]]
name = "Main"
[[cue_lists.cues]]
number = "1"
name = "Opening"
actions = [{ do = "text", text = "one" }]
[[cue_lists.cues]]
number = "2"
actions = [{ do = "text", text = "two" }]
[control.streamdeck]
"""


class Deck:
    """A Stream Deck that is not there."""

    def __init__(self, press: Press) -> None:
        self.press, self.name, self.keys, self.size = press, "Stream Deck XL A1", 32, (96, 96)
        self.pictures: dict[int, Image.Image] = {}
        self.is_connected, self.is_closed = True, False

    def show(self, key: int, picture: Image.Image) -> None:
        if not self.is_connected:
            raise OSError("unplugged")
        assert picture.size == self.size and key < self.keys
        self.pictures[key] = picture

    def close(self) -> None:
        self.is_closed = True


class Decks:
    """The USB of a machine with one Stream Deck."""

    def __init__(self) -> None:
        self.opened: list[Deck] = []
        self.is_plugged = True

    def open(self, serial: str, brightness: int, press: Press) -> Deck:
        if not self.is_plugged:
            raise ShowError("Stream Deck", "is not there", "connect it")
        self.opened.append(Deck(press))
        return self.opened[-1]


class Show:
    """A show without pictures and desks, with a Stream Deck."""

    def __init__(self) -> None:
        read = parse_show(DOCUMENT, Path("show.toml"), FaultCollector())
        assert read is not None
        alarms, events = Alarms(), EventLog()
        self.director = StageDirector(read.show, TitlePlan(), events)
        direction = DirectionCommands(self.director, DocumentEditor(read), events, alarms)
        commands = CommandRegistry()
        desk: Any = SimpleNamespace(
            commands=commands,
            sections=SimpleNamespace(add=lambda *_: None),
            handle=commands.handle,
        )
        direction.attach(desk)
        scene: Any = SimpleNamespace(director=self.director, lights=None)
        self.decks = Decks()
        self.inputs = ControlInputs(
            read.show.control, desk, direction, scene, alarms,
            Containment(alarms, events, live=True), decks=self.decks,
        )  # fmt: skip
        self.now_ns = 0
        self.frame()

    @property
    def deck(self) -> Deck:
        return self.decks.opened[-1]

    def frame(self) -> None:
        self.now_ns += 300_000_000
        self.director.advance(0, self.now_ns, None)
        for one in self.inputs._receivers:
            one.poll(self.now_ns)
        self.director.present()

    def press(self, key: int) -> None:
        self.deck.press(key, True)
        self.deck.press(key, False)
        self.frame()
        self.frame()

    def color(self, key: int) -> tuple[int, ...]:
        picture = self.deck.pictures.get(key)
        return () if picture is None else tuple(np.asarray(picture)[1, 1])


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    monkeypatch.setattr(worker, "_LOOK_S", 0.001)
    monkeypatch.setattr(worker.DeckWorker.__init__, "__defaults__", (0.001,))
    one = Show()
    with closing(one.inputs):
        yield one
    assert all(deck.is_closed for deck in one.decks.opened)


def await_(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60.0
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_keys_call_cues_and_cameras_and_show_the_tally(show: Show) -> None:
    await_(lambda: len(show.deck.pictures) == 6)
    assert show.color(0) == READY, "a cue is on standby"
    show.press(0)
    assert show.director.state.text == "one"
    show.press(5)
    assert show.director.state.camera == 2
    await_(lambda: show.color(5) == ON_AIR and show.color(4) != ON_AIR)
    show.press(0)
    await_(lambda: show.color(0) == OFF)
    assert show.director.state.text == "two"
    (status,) = show.inputs.health().receivers
    assert status.received == 3 and status.fault == "" and status.newest == "key 1"


def test_a_key_without_a_command_and_a_flood_are_counted(show: Show) -> None:
    show.press(20)
    for _ in range(MOST_PRESSES + 9):
        show.deck.press(31, True)
    show.frame()
    (status,) = show.inputs.health().receivers
    assert status.unknown == 1 + MOST_PRESSES and status.dropped == 9


def test_a_deck_that_is_unplugged_is_used_again_when_it_is_back(show: Show) -> None:
    await_(lambda: len(show.deck.pictures) == 6)
    show.decks.is_plugged = show.deck.is_connected = False
    await_(lambda: "is not there" in show.inputs.health().receivers[0].fault)
    show.frame()
    assert show.deck.is_closed
    show.decks.is_plugged = True
    await_(lambda: len(show.decks.opened) == 2 and len(show.deck.pictures) == 6)
    show.press(5)
    assert show.director.state.camera == 2
    assert show.inputs.health().receivers[0].fault == ""


def test_a_deck_that_is_not_there_and_keys_that_call_nothing_refuse_a_show() -> None:
    decks = Decks()
    wrong = StreamDeckEntry(keys=(DeckKeyEntry(key=1, address="/goo"),))
    with pytest.raises(RendererError, match="/goo"):
        StreamDeckControl(wrong, decks, CommandRegistry().handle, [])
    decks.is_plugged = False
    with pytest.raises(ShowError, match="is not there"):
        StreamDeckControl(StreamDeckEntry(), decks, CommandRegistry().handle, [1])


def test_without_keys_the_usual_ones_are_there() -> None:
    assert [one.address for one in list_usual([1, 4])] == [
        "/go", "/back", "/auto", "/pause", "/camera/1", "/camera/4",
    ]  # fmt: skip
    assert len(list_usual(range(1, 200))) == 64


@pytest.mark.parametrize("size", [(72, 72), (96, 96), (120, 120)])
@pytest.mark.parametrize("face", [Face("GO", "12 Chorus", ON), Face("x" * 200, "y" * 200), Face()])
def test_faces_of_any_text_fit_their_key(face: Face, size: tuple[int, int]) -> None:
    picture = np.asarray(draw_face(face, size))
    assert picture.shape == (size[1], size[0], 3)
    assert tuple(picture[0, 0]) == face.color
    border = np.concatenate([picture[:, 0], picture[:, -1], picture[0], picture[-1]])
    assert (border == face.color).all(), "text is cut off"
    assert (picture != face.color).any() == bool(face.title)


def test_without_the_package_a_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "StreamDeck", None)
    monkeypatch.setitem(sys.modules, "StreamDeck.DeviceManager", None)
    with pytest.raises(SetupError, match="pip install"):
        SystemDecks().open("", 50, lambda *_: None)


def test_the_packages_devices_take_pictures() -> None:
    pytest.importorskip("StreamDeck")
    deck = SystemDecks("dummy").open("", 50, lambda *_: None)
    assert deck.keys > 0 and deck.is_connected
    deck.show(0, draw_face(Face("GO", "1", ON_PREVIEW), deck.size))
    deck.close()
    deck.close()
    assert not deck.is_connected
    with pytest.raises(ShowError, match="is not there"):
        SystemDecks("dummy").open("another", 50, lambda *_: None)
