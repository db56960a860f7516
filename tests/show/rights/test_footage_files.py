"""Test that every file that a show can put into the picture is searched for people before air."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from renderer.errors import RightsError
from renderer.output.media_group import MediaGroup
from renderer.protocol.alarms import Alarms
from renderer.rights.declaration import Declaration
from renderer.rights.footage.check import FootageCheck
from renderer.show.document.editor import validate
from renderer.show.document.read import ReadShow
from renderer.show.plan import ShowPlan
from renderer.show.program.slate_choice import SlateChoice
from renderer.show.rights.gate import refuses_slate, require_footage
from renderer.stage.records import ScreenFeed, ScreenSource


def on(screen: str, file: Path) -> ScreenSource:
    return ScreenSource(screen, ScreenFeed.FILE, file)


@pytest.fixture
def plan(tmp_path: Path) -> ShowPlan:
    data: dict[str, Any] = {
        "performers": [{"name": "Mai"}],
        "inputs": [{"address": "camera:0"}],
        "stingers": [{"name": "Flash", "file": "flash.webm"}],
    }
    return ShowPlan(
        ("camera:0",), (), None, Declaration("Mai", show="First Light"), live=True,
        screens=(on("wall", tmp_path / "wall.mp4"),),
        cue_screens=(on("wall", tmp_path / "cue.mp4"),),
        slate=tmp_path / "slate.png",
        document=ReadShow(tmp_path / "show.toml", "", data, data, validate(data)),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["wall.mp4", "cue.mp4", "flash.webm", "slate.png"])
def test_a_person_in_any_file_refuses_the_show(plan: ShowPlan, name: str) -> None:
    footage = FootageCheck("First Light", lambda path: path.name == name)
    with pytest.raises(RightsError, match=f"File {name}: shows a real person"):
        require_footage(plan, footage)


def test_every_file_is_judged_though_the_first_is_refused(plan: ShowPlan, tmp_path: Path) -> None:
    footage = FootageCheck("First Light", lambda _: True)
    with pytest.raises(RightsError, match="wall"):
        require_footage(plan, footage)
    for name in ("wall.mp4", "cue.mp4", "flash.webm", "slate.png"):
        assert footage.is_refused(tmp_path / name)
    assert refuses_slate(plan, footage)
    assert not refuses_slate(replace(plan, slate=None), footage)


def test_a_file_that_could_not_be_searched_is_refused_until_it_is(tmp_path: Path) -> None:
    is_readable = False

    def find(_path: Path) -> bool:
        if not is_readable:
            raise RightsError("file wall.mp4", "cannot be read (gone)", "name a readable file")
        return False

    alarms, footage, path = Alarms(), FootageCheck("First Light", find), tmp_path / "wall.mp4"
    with pytest.raises(RightsError, match=r"cannot be searched.*gone.*; name a readable file"):
        footage.require(path)
    footage.refresh(alarms)
    assert footage.is_refused(path) and "gone" in alarms.active[0].text
    is_readable = True
    footage.refresh(alarms)
    assert not footage.is_refused(path) and not alarms.active


class Media(MediaGroup):
    """Media processes that record the requests they get."""

    def __init__(self) -> None:
        self.chosen: list[bool] = []

    def choose_slate(self, *, is_house: bool) -> None:
        self.chosen.append(is_house)


def test_media_is_told_which_slate_to_send_and_its_replacement_too() -> None:
    media, is_refused = Media(), False
    choice = SlateChoice(media, lambda: is_refused)
    choice.poll()
    is_refused = True
    choice.poll()
    choice.poll()
    choice.resend()
    choice.poll()
    is_refused = False
    choice.poll()
    choice.resend()
    choice.poll()
    assert media.chosen == [True, True, False, False]
