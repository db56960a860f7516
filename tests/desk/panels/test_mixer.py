"""Test the mixer panel: meters, held peaks, and faders, mutes, talkback by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.mixer.model import HOLD, MixerModel, totals_of
from renderer.desk.panels.mixer.scale import FADER_DB, fader_gain, fader_share, meter_share
from renderer.desk.panels.mixer.view import MixerView, Strips
from renderer.desk.shell.window import DeskWindow
from renderer.protocol.pictures import AskPicture
from renderer.protocol.sound import (
    BusStatus,
    DeviceState,
    MuteBus,
    SetBusGain,
    SoundDeviceStatus,
    SoundHealth,
    SwitchTalkback,
)
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

BUSES = [
    BusStatus("mic-1", -3.0, False, -12.0, -18.0, -19.0, -20.0, "Hana"),
    BusStatus("song", 0.0, False, -8.0, -14.0, -14.0, -14.5),
    BusStatus("talkback", 0.0, True),
    BusStatus("program", 0.0, False, -6.0, -12.0, -13.0, -13.84),
]
LOST = SoundDeviceStatus("mic-1", "USB", DeviceState.LOST, "no block for 1.5 s")


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_fader_moves_one_way(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert fader_gain(low) <= fader_gain(high)
    assert FADER_DB[0] <= fader_gain(low) <= FADER_DB[-1]


@given(st.integers(-60, 12))
def test_a_gain_is_where_its_fader_stands(db: int) -> None:
    assert fader_gain(fader_share(float(db))) == db


def test_the_ends_of_a_meter() -> None:
    assert (meter_share(-200.0), meter_share(0.0), meter_share(6.0)) == (0.0, 1.0, 1.0)


def test_a_peak_is_held_then_falls_and_the_top_stays(tmp_path: Path) -> None:
    desk = DeskModel(ShowConnection(), tmp_path)
    model = MixerModel(desk)

    def hear(peak: float) -> None:
        model.update(Status([SoundHealth([BusStatus("song", peak_db=peak)])]))

    hear(-0.5)
    for _ in range(HOLD):
        hear(-40.0)
    (strip,) = model.strips.value
    assert (strip.held_db, strip.top, strip.is_hot) == (-0.5, "−0.5", True)
    for _ in range(50):
        hear(-40.0)
    (strip,) = model.strips.value
    assert (strip.held_db, strip.top) == (-40.0, "−0.5")
    desk.press("sound.reset")
    assert "No show" in desk.note.value.text, "there is no show to measure"
    desk.peaks_reset.set(1)
    hear(-40.0)
    assert model.strips.value[0].top == "−40.0"


def test_a_lost_microphone_is_told(tmp_path: Path) -> None:
    model = MixerModel(DeskModel(ShowConnection(), tmp_path))
    model.update(Status([SoundHealth(BUSES, [LOST])]))
    strips = {strip.name: strip for strip in model.strips.value}
    assert (strips["mic-1"].title, strips["mic-1"].fault) == ("Hana", "no block for 1.5 s")
    totals = totals_of(SoundHealth(BUSES, integrated=-14.2, ducking_db=-6.0))
    assert (totals.loudness, totals.whole) == ("−13.8", "−14.2")
    assert "−6.0" in totals.gains


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path) -> DeskWindow:
    show.status = show.status.with_sections([SoundHealth(BUSES)])
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.start()
    window.desk.set_perspective("sound")
    qtbot.waitUntil(lambda: show.tick() or len(strips(window).shown()) == 4, timeout=60_000)
    qtbot.waitUntil(lambda: show.tick() or window.desk.in_contact.value, timeout=60_000)
    return window


def strips(window: DeskWindow) -> Strips:
    view = window.perspective.views["mixer"]
    assert isinstance(view, MixerView)
    return view.strips


def heard(qtbot: QtBot, show: Show, *commands: object) -> None:
    def told() -> list[object]:
        show.tick()
        return [one for one in show.heard if not isinstance(one, AskPicture)]

    qtbot.waitUntil(lambda: len(told()) >= len(commands), timeout=60_000)
    assert told() == list(commands)


def test_the_mixer_by_keyboard(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    for key in ("Right", "Right", "Up", "Down", "0", "M", "T"):
        qtbot.keyClick(QApplication.focusWidget() or window, getattr(Qt.Key, f"Key_{key}"))
    heard(
        qtbot, show, SetBusGain("song", 1.0), SetBusGain("song", -1.0), SetBusGain("song", 0.0),
        MuteBus("song"), SwitchTalkback(True),
    )  # fmt: skip


def test_the_mixer_by_mouse(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    view = strips(window)
    strip, places = view.shown()[1]
    assert strip.name == "song"
    click(qtbot, view, places.mute.center())
    groove = places.groove
    at = QPointF(groove.center().x(), groove.bottom() - groove.height() * fader_share(-12.0))
    click(qtbot, view, at)
    heard(qtbot, show, MuteBus("song"), SetBusGain("song", -12.0))
    assert window.desk.selected_bus.value == "song"


def click(qtbot: QtBot, view: Strips, at: QPointF) -> None:
    point = QPoint(round(at.x()), round(at.y()))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point)
