"""Test the desk's screenshot."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from renderer.desk.shell.screenshot import take_screenshot
from renderer.errors import DeskError
from renderer.protocol.schema import section_types
from renderer.protocol.show import ShowDocument, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from tests.desk.conftest import Show

AIR = (0xD8, 0x1E, 0x34)
GREY = (180, 180, 180)


def count(path: Path, wanted: tuple[int, int, int]) -> int:
    """Return the number of pixels of a colour."""
    with Image.open(path) as picture:
        colors = picture.convert("RGB").getcolors(1 << 24) or []
    return sum(number for number, color in colors if color == wanted)


def ticks(show: Show, done: threading.Event) -> None:
    while not done.wait(0.02):
        show.tick()


def picture_of(show: Show, path: Path) -> None:
    done = threading.Event()
    engine = threading.Thread(target=lambda: ticks(show, done))
    engine.start()
    try:
        take_screenshot(path, wait_seconds=4)
    finally:
        done.set()
        engine.join()


def test_a_running_show_is_pictured(qapp: QApplication, show: Show, tmp_path: Path) -> None:
    show.change(state=ShowState.ON_AIR, program=show.picture("p", 64, 36, 180))
    picture_of(show, tmp_path / "desk.png")
    with Image.open(tmp_path / "desk.png") as picture:
        assert picture.size == (1366, 768)
    assert count(tmp_path / "desk.png", AIR) > 2000
    assert count(tmp_path / "desk.png", GREY) > 20_000


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
    assert count(tmp_path / "desk.png", GREY) > 20_000


def test_without_a_show_the_waiting_desk_is_pictured(qapp: QApplication, tmp_path: Path) -> None:
    take_screenshot(tmp_path / "desk.png")
    with Image.open(tmp_path / "desk.png") as picture:
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 50, "something is written"
    assert count(tmp_path / "desk.png", AIR) == 0


def test_a_place_that_cannot_be_written_is_told(qapp: QApplication, tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "desk.png", tmp_path / "desk.nonsense"):
        with pytest.raises(DeskError, match="cannot be written"):
            take_screenshot(path)
