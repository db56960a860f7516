"""The desk as a picture file."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from renderer.desk.shell.screenshot import take_screenshot
from renderer.errors import DeskError
from renderer.protocol.inputs import InputsHealth
from renderer.protocol.schema import section_types
from renderer.protocol.show import ShowDocument, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tests.desk.conftest import Show


def reds(path: Path) -> int:
    """How many pixels have the colour of being on air."""
    with Image.open(path) as picture:
        colors = picture.convert("RGB").getcolors(1 << 24) or []
    return sum(count for count, color in colors if color == (224, 36, 47))


def ticks(show: Show, done: threading.Event) -> None:
    while not done.wait(0.02):
        show.tick()


def picture_of(show: Show, path: Path) -> None:
    done = threading.Event()
    engine = threading.Thread(target=lambda: ticks(show, done))
    engine.start()
    try:
        take_screenshot(path, wait_seconds=10)
    finally:
        done.set()
        engine.join()


def test_a_running_show_is_pictured(qapp: QApplication, show: Show, tmp_path: Path) -> None:
    show.change(state=ShowState.ON_AIR, program=show.picture("p", 64, 36, 180))
    picture_of(show, tmp_path / "desk.png")
    with Image.open(tmp_path / "desk.png") as picture:
        assert picture.size == (1280, 800)
        assert picture.convert("RGB").getpixel((300, 300)) == (180, 180, 180)
    assert reds(tmp_path / "desk.png") > 4000


def test_a_picture_waits_for_the_section_that_comes_last(
    qapp: QApplication, show: Show, tmp_path: Path
) -> None:
    show.change(state=ShowState.ON_AIR, program=show.picture("p", 64, 36, 180))
    whole = show.status
    early = [kind for kind in section_types() if whole.has(kind) and kind is not ShowDocument]
    show.status = Status(whole.of(kind) for kind in early)
    later = threading.Timer(0.5, lambda: setattr(show, "status", whole))
    later.start()
    picture_of(show, tmp_path / "desk.png")
    later.join()
    with Image.open(tmp_path / "desk.png") as picture:
        assert picture.convert("RGB").getpixel((300, 300)) == (180, 180, 180)


def test_a_camera_that_came_last_is_in_its_place(
    qapp: QApplication, show: Show, tmp_path: Path
) -> None:
    show.show_cameras(*show.status.of(InputsHealth).cameras)
    show.change(program=show.picture("p", 64, 36, 180))
    picture_of(show, tmp_path / "desk.png")
    with Image.open(tmp_path / "desk.png") as picture:
        pixels = picture.convert("RGB")
    # The camera's picture is a plain grey, on its right there is the edge of the column.
    rows = [y for y in range(60, 600) if pixels.getpixel((1000, y)) == (90, 90, 90)]
    assert rows[0] < 90
    assert rows[-1] > 280


def test_a_page_that_needs_no_scroll_bar_has_none(
    qapp: QApplication, show: Show, tmp_path: Path
) -> None:
    """The window is laid out as if it had been seen."""
    take_screenshot(tmp_path / "desk.png")
    with Image.open(tmp_path / "desk.png") as picture:
        beside = picture.convert("RGB").crop((1246, 350, 1252, 570)).getcolors()
    assert beside is not None
    assert len(beside) == 1, "nothing but the page"


def test_without_a_show_the_waiting_desk_is_pictured(qapp: QApplication, tmp_path: Path) -> None:
    take_screenshot(tmp_path / "desk.png")
    with Image.open(tmp_path / "desk.png") as picture:
        assert picture.size == (1280, 800)
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 50, "something is written"
    assert reds(tmp_path / "desk.png") == 0


def test_a_place_that_cannot_be_written_is_told(qapp: QApplication, tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "desk.png", tmp_path / "desk.nonsense"):
        with pytest.raises(DeskError, match="cannot be written"):
            take_screenshot(path)
