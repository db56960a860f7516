"""Test the T-bar: what a hand moves is what the audience sees, at every position."""

from __future__ import annotations

from typing import Any

import pytest

from renderer.protocol.alarms import Alarms
from renderer.protocol.cues import CutCamera, MoveTransition, SetAutoDirector
from renderer.protocol.schema import Command, Reply
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.direction.mixer import TAIL_FRAMES
from renderer.show.document.editor import DocumentEditor, validate
from renderer.show.document.read import ReadShow
from renderer.show.event_log import EventLog
from renderer.stage.text.titles import TitlePlan

FRAME_NS = 1_000_000_000 // 30
DOCUMENT: dict[str, Any] = {
    "cameras": [{"number": number, "framing": "wide"} for number in (1, 2, 3)]
}


class _Desk:
    """A desk endpoint's registries, without a bus."""

    def __init__(self) -> None:
        self.commands = CommandRegistry()
        self.sections = self

    def add(self, *_: object) -> None:
        """Publish nothing."""


class Switcher:
    """A directed show's cameras, frame by frame."""

    def __init__(self) -> None:
        show = validate(DOCUMENT)
        events = EventLog()
        self.director = StageDirector(show, TitlePlan(()), events)
        editor = DocumentEditor(ReadShow(None, "", DOCUMENT, DOCUMENT, show))
        self.commands = DirectionCommands(self.director, editor, events, Alarms())
        self.desk = _Desk()
        self.commands.attach(self.desk)  # type: ignore[arg-type]
        self.number = 0
        self.frame()
        self.send(CutCamera(1))
        self.send(CutCamera(2, preview=True))
        self.frame()

    def send(self, command: Command) -> Reply:
        replies: list[Reply] = []
        self.desk.commands.handle(command, replies.append)
        return replies[0]

    def move(self, position: float) -> float:
        """Move the bar, and return the share of the camera that comes in the next frame."""
        assert self.send(MoveTransition(position=position)).ok
        return self.frame()

    def frame(self) -> float:
        self.number += 1
        self.director.advance(self.number, self.number * FRAME_NS, None)
        return self.director.mix.share

    def shown(self) -> tuple[int, int | None]:
        """Return the numbers of the camera that comes and of the one that is left."""
        presenter = self.director.presenter
        leaving = presenter.leaving
        return presenter.on_air.camera, None if leaving is None else leaving.camera

    def cameras(self) -> tuple[int, int]:
        """Return program and preview as published to desks."""
        health = self.commands.health()
        return health.camera, health.preview


def test_the_picture_follows_the_hand_and_changes_over_at_the_end() -> None:
    switcher = Switcher()
    for position in (0.1, 0.5, 0.3, 0.9):
        assert switcher.move(position) == pytest.approx(position)
        assert switcher.shown() == (2, 1)
        assert switcher.cameras() == (1, 2), "program is the one that is left until the end"
    assert switcher.move(1.0) == 1.0
    assert switcher.cameras() == (2, 1)
    assert switcher.commands.health().tbar == 1.0
    for _ in range(TAIL_FRAMES):
        switcher.frame()
    assert switcher.shown() == (2, None), "the camera that was left is drawn no more"


def test_the_next_transition_leads_back() -> None:
    switcher = Switcher()
    switcher.move(0.5)
    switcher.move(1.0)
    assert switcher.move(0.75) == pytest.approx(0.25)
    assert switcher.shown() == (1, 2)
    switcher.move(0.0)
    assert switcher.cameras() == (1, 2)


def test_a_bar_that_is_taken_back_leaves_everything_as_it_was() -> None:
    switcher = Switcher()
    switcher.move(0.6)
    assert switcher.move(0.0) == 1.0, "the whole picture is the camera before"
    assert switcher.shown() == (1, 2), "the other is drawn until the frames under way are mixed"
    for _ in range(TAIL_FRAMES):
        switcher.frame()
    assert switcher.shown() == (1, None)
    assert switcher.cameras() == (1, 2)


def test_a_jump_from_end_to_end_is_a_cut() -> None:
    switcher = Switcher()
    assert switcher.move(1.0) == 1.0
    assert switcher.shown() == (2, None)
    assert switcher.cameras() == (2, 1)


def test_a_cut_ends_it_and_the_bar_waits_for_an_end() -> None:
    switcher = Switcher()
    switcher.move(0.5)
    switcher.send(CutCamera(3))
    assert switcher.frame() == 1.0
    assert switcher.move(0.7) == 1.0, "half a transition must not begin anywhere"
    assert switcher.shown()[0] == 3
    switcher.move(1.0)
    assert switcher.move(0.8) == pytest.approx(0.2)
    assert switcher.shown() == (2, 3)


def test_a_cut_to_the_camera_that_comes_completes_it() -> None:
    switcher = Switcher()
    switcher.move(0.5)
    switcher.send(CutCamera(2))
    assert switcher.frame() == 1.0
    assert switcher.cameras()[0] == 2


def test_it_takes_the_cameras_from_the_auto_director() -> None:
    switcher = Switcher()
    switcher.send(SetAutoDirector())
    switcher.move(0.2)
    assert not switcher.director.state.auto


def test_what_cannot_be_done_is_refused_with_a_remedy() -> None:
    switcher = Switcher()
    for wrong in (-0.1, 1.1, float("nan")):
        refused = switcher.send(MoveTransition(position=wrong))
        assert not refused.ok and "from 0 to 1" in refused.text
    switcher.send(CutCamera(2))
    refused = switcher.send(MoveTransition(position=0.5))
    assert not refused.ok and "on preview first" in refused.text
