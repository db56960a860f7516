"""Test the prompt screen: what a performer reads while their face is calibrated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.prompt.model import PromptModel, prompt_of
from renderer.desk.prompt.view import PromptScreen
from renderer.protocol.performers import (
    CalibrateFace,
    CalibrationStatus,
    PerformersHealth,
    PerformerStatus,
    StopCalibration,
)
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

RUNS = CalibrationStatus("Smile as broadly as you can", 2, 5, 0.3, "the face was not seen")


def test_every_state_of_a_calibration_says_what_to_do() -> None:
    running = prompt_of("Ren", RUNS, is_known=False)
    assert (running.text, running.step, running.share) == (RUNS.prompt, 2, 30)
    assert running.note == "the face was not seen"
    waiting = prompt_of("Ren", None, is_known=False)
    over = prompt_of("Ren", CalibrationStatus("", 5, 5, 1.0, ended=True), is_known=True)
    failed = prompt_of("Ren", CalibrationStatus("", 2, 5, 0.3, "no face", True), is_known=False)
    assert len({waiting.text, over.text, failed.text}) == 3
    assert failed.note == "no face"


def test_it_follows_whoever_is_calibrated(tmp_path: Path) -> None:
    desk = DeskModel(ShowConnection(), tmp_path)
    model = PromptModel(desk)
    ren, mai = PerformerStatus(0, "Ren"), PerformerStatus(1, "Mai", calibration=RUNS)
    model.update(Status([PerformersHealth([ren, mai])]))
    assert model.prompt.value.name == "Mai"
    model.update(Status([PerformersHealth([ren])]))
    assert model.prompt.value.name == "Ren"


def test_one_key_starts_a_calibration_and_stops_it(tmp_path: Path) -> None:
    desk = DeskModel(ShowConnection(), tmp_path)
    action = desk.board.find("capture.calibrate")
    desk.status = Status([PerformersHealth([PerformerStatus(0, "Ren")])])
    assert action.press(desk) == CalibrateFace(0)
    desk.status = Status([PerformersHealth([PerformerStatus(0, "Ren", calibration=RUNS)])])
    assert action.is_on(desk)
    assert action.press(desk) == StopCalibration(0)


def test_the_screen_opens_and_closes_with_its_switch(qtbot: QtBot, tmp_path: Path) -> None:
    desk = DeskModel(ShowConnection(), tmp_path)
    model = PromptModel(desk)
    screen = PromptScreen(model, desk)
    qtbot.addWidget(screen)
    desk.shows_prompt.watch(lambda is_on: screen.open(screen) if is_on else screen.close())
    desk.press("capture.prompt")
    assert screen.isVisible()
    performer = PerformerStatus(1, "이채원 (Chae-won)", calibration=RUNS)
    model.update(Status([PerformersHealth([performer])]))
    assert "이채원" in screen.accessibleName()
    assert not screen.grab().isNull()
    screen.close()
    assert not desk.shows_prompt.value
