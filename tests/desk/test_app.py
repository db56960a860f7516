"""Test the desk as a process: killed, restarted, closed; the show is not affected."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from renderer.desk.shell.app import run_desk
from renderer.errors import DeskError
from renderer.protocol.outputs import StopLive
from renderer.protocol.pictures import AskPicture

if TYPE_CHECKING:
    from tests.desk.conftest import Show, Until

DESK = """
import sys, threading
from renderer.desk.shell import app
from renderer.desk import model

class Model(model.DeskModel):
    def poll(self):
        super().poll()
        if self.in_contact.value and not told.is_set():
            told.set()
            print("in contact", flush=True)

told = threading.Event()
app.DeskModel = Model
sys.exit(app.run_desk())
"""


class Desk:
    """A desk's process."""

    def __init__(self, home: Path) -> None:
        environment = {**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", DESK], stdout=subprocess.PIPE, env=environment
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)

    def is_in_contact(self) -> bool:
        assert self.process.stdout is not None
        assert self.process.poll() is None, "the desk ended by itself"
        return bool(self.process.stdout.read())

    def end(self, with_signal: signal.Signals) -> int:
        self.process.send_signal(with_signal)
        self.process.communicate(timeout=20)
        return self.process.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_desks_come_and_go_and_the_show_continues(show: Show, tmp_path: Path, until: Until) -> None:
    first = Desk(tmp_path)
    until(first.is_in_contact, show.tick)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    for _ in range(50):
        show.tick()
    assert all(isinstance(one, AskPicture) for one in show.heard)
    assert show.endpoint.malformed == 0
    second = Desk(tmp_path)
    until(second.is_in_contact, show.tick)
    assert second.end(signal.SIGINT) == 0, "Ctrl+C closes the window"
    show.tick()
    assert StopLive() not in show.heard


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a display may lack")
def test_a_missing_display_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DeskError, match="no display"):
        run_desk()
