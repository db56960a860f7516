"""Test that event-loop iterations are measured as work between two waits, without the waits."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from renderer.desk.shell.turns import TurnMeter
from renderer.errors import DeskError

WORK_S = 0.05
WAIT_MS = 1500
ROUNDS = 3


def test_work_is_measured_and_waiting_is_not(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    path = tmp_path / "turns.jsonl"
    meter = TurnMeter(qapp, path)
    done: list[int] = []

    def work() -> None:
        time.sleep(WORK_S)  # The iteration's own work, not a wait.
        done.append(1)

    timer = QTimer()
    timer.timeout.connect(work)
    timer.start(WAIT_MS)
    qtbot.waitUntil(lambda: len(done) == ROUNDS, timeout=60_000)
    timer.stop()
    # The last iteration ends with the next wait.
    QTimer.singleShot(1, lambda: done.append(1))
    qtbot.waitUntil(lambda: len(done) == ROUNDS + 1, timeout=10_000)
    meter.close()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) > 1, "a line a second"
    assert sum(line["long"] for line in lines) >= ROUNDS
    assert sum(line["turns"] for line in lines) >= sum(line["long"] for line in lines)
    worst = max(line["worst_ms"] for line in lines)
    assert WORK_S * 1e3 <= worst < WAIT_MS * 0.9, worst
    assert [line["t_s"] for line in lines] == sorted(line["t_s"] for line in lines)


def test_a_file_that_cannot_be_written_is_reported(qapp: QCoreApplication, tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="cannot be written"):
        TurnMeter(qapp, tmp_path / "nowhere" / "turns.jsonl")
