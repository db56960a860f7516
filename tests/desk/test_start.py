"""Test the start page: shows, devices, the check, and a new show; nothing ends a show."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject, Qt

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.settings import SettingsFile
from renderer.desk.shell.window import DeskWindow
from renderer.desk.start.model import StartModel, check_rows, device_rows, new_file, start_words
from renderer.desk.start.starter import ShowStarter
from renderer.desk.start.view import StartPage
from renderer.desk.widgets.formatting import Level

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show


@pytest.fixture
def desk(tmp_path: Path) -> DeskModel:
    return DeskModel(ShowConnection(), tmp_path)


def test_the_show_to_learn_from_is_always_there(desk: DeskModel) -> None:
    rows = StartModel(desk).shows.value
    assert [row.title for row in rows] == ["First Light"]
    assert Path(rows[0].file).is_file()


def test_recent_shows_come_first_and_lost_ones_are_left_out(
    desk: DeskModel, tmp_path: Path
) -> None:
    (tmp_path / "spring.toml").touch()
    desk.files.add_recent(str(tmp_path / "spring.toml"))
    desk.files.add_recent(str(tmp_path / "gone.toml"))
    rows = StartModel(desk).shows.value
    assert [row.title for row in rows] == ["spring", "First Light"]


def test_devices_and_checks_are_told_with_what_to_do() -> None:
    devices = {
        "cameras": {"devices": [{"name": "A", "option": "camera:0", "state": "taken"}], "note": ""}
    }
    heading, camera = device_rows(json.dumps(devices).encode())
    assert (heading.is_heading, camera.level, camera.remedy) == (True, Level.WARN, "camera:0")
    findings = [
        {"thing": "disk", "verdict": "ok", "text": "40 GB"},
        {"thing": "GPU", "verdict": "problem", "text": "none", "remedy": "install a driver"},
    ]
    first, second = check_rows(json.dumps({"findings": findings}).encode())
    assert (first.name, first.level, first.remedy) == ("GPU", Level.BAD, "install a driver")
    assert second.level is Level.GOOD


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=40))
def test_any_output_of_a_process_is_borne(output: bytes) -> None:
    assert device_rows(output)
    assert check_rows(output)


def test_who_performs_is_asked_once(desk: DeskModel) -> None:
    StartModel(desk).keep_studio("Studio Haneul", "corporation")
    again = StartModel(DeskModel(ShowConnection(), Path(), settings=SettingsFile()))
    assert (again.studio, again.usage) == ("Studio Haneul", "corporation")


def test_a_new_show_declares_the_studio_s_use(
    qtbot: QtBot, desk: DeskModel, tmp_path: Path
) -> None:
    page = StartPage(desk, tmp_path / "shows")
    qtbot.addWidget(page)
    page.model.keep_studio("Studio", "corporation")
    page.name.setText("Spring / ../ Live")
    page.new_show()
    qtbot.waitUntil(lambda: "is ready" in page.model.said.value, timeout=60_000)
    file = Path(page.model.chosen.value)
    assert file.parent == tmp_path / "shows"
    assert 'usage = "corporation"' in file.read_text(encoding="utf-8")
    assert new_file(file.parent, "Spring / ../ Live") != file


def test_a_show_is_started_apart_from_the_desk(
    qtbot: QtBot, desk: DeskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    def start(_starter: ShowStarter, _program: str, words: list[str], _folder: Path) -> None:
        started.append(words)

    monkeypatch.setattr(ShowStarter, "start", start)
    page = StartPage(desk, tmp_path)
    qtbot.addWidget(page)
    qtbot.mouseClick(page.start, Qt.MouseButton.LeftButton)
    assert started[0][2:] == list(start_words(page.model.chosen.value))
    assert "--off-air" in started[0], "nothing goes out before somebody says so"
    page.close_processes()


def test_a_show_that_does_not_start_says_why(qtbot: QtBot, desk: DeskModel, tmp_path: Path) -> None:
    said: list[str] = []
    parent = QObject()
    starter = ShowStarter(parent, lambda: desk.in_contact.value, said.append)
    code = "import sys; sys.exit('encore: the tracking model is missing; fetch it')"
    starter.start(sys.executable, ["-c", code], tmp_path)
    assert said == ["The show is starting; the desk follows it when it answers."]
    qtbot.waitUntil(lambda: "is missing; fetch it" in said[-1], timeout=60_000)
    starter.start(str(tmp_path / "nothing"), [], tmp_path)
    assert "cannot be run" in said[-1]
    starter.forget()
    parent.deleteLater()


def test_the_page_gives_way_to_a_show_and_comes_back(
    qtbot: QtBot, show: Show, desk: DeskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StartPage, "examine", lambda _: None)
    window = DeskWindow(desk, tmp_path)
    qtbot.addWidget(window)
    window.show_start()
    window.show()
    window.start()
    assert window.start_page.isVisible()
    qtbot.waitUntil(lambda: show.tick() or desk.in_contact.value, timeout=10_000)
    assert not window.start_page.isVisible()
    desk.press("desk.start")
    assert window.start_page.isVisible()
    desk.press("desk.capture")
    assert window.perspective.id == "capture"
    assert not window.start_page.isVisible()
    window.close()
    assert show.heard == [one for one in show.heard if type(one).__name__ == "AskPicture"]
