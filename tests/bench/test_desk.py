"""Test the desk's benchmark: with a real desk on a simulated show, and with one that dies."""

from __future__ import annotations

import json
import shutil
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from renderer.bench.desk.report import TurnSums, add_turns
from renderer.bench.desk.run import run_desk_bench
from renderer.cli import main

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the show's bus and signals as Linux has them"
)


@pytest.mark.parametrize("display", ["Xvfb", "offscreen"])
def test_a_desk_is_measured(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    display: str,
) -> None:
    if display == "offscreen":
        monkeypatch.setattr("renderer.bench.desk.screen.shutil.which", lambda name: None)
    elif shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    file = tmp_path / "desk.json"
    assert main(["bench", "desk", "--minutes", "0.04", "--json", str(file)]) == 0
    figures = json.loads(file.read_text())
    assert figures["exit_status"] is None
    assert figures["survived_s"] >= figures["asked_s"] > 2.4
    assert figures["display"].startswith(display)
    assert figures["turns"] > 10
    assert figures["worst_turn_ms"] > 0.0
    assert 0.0 <= figures["turns_over_8ms_share"] <= 1.0
    assert figures["cpu_share"] > 0.0
    assert figures["shown_s"] > 0.0
    assert figures["engine_ratio"] is None, "a short measurement leaves the engine out"
    assert figures["machine"]["cores"] > 0
    assert "worst turn" in capsys.readouterr().out


def test_a_desk_that_dies_is_reported_with_its_status() -> None:
    killed = threading.Event()

    def kill() -> None:
        """Kill the desk after its first output line."""
        me = psutil.Process()
        while not killed.wait(0.1):
            for child in me.children():
                line = child.cmdline()
                if "--turns" in line and Path(line[-1]).exists() and Path(line[-1]).stat().st_size:
                    child.send_signal(signal.SIGKILL)
                    killed.set()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        report = run_desk_bench(60.0, lambda text: None)
    finally:
        killed.set()
        killer.join()
    assert report.exit_status == -signal.SIGKILL
    assert report.survived_s < report.asked_s
    assert "ended by itself with status -9" in report.text()


def test_the_warm_up_and_half_a_line_are_left_out() -> None:
    lines = [
        '{"t_s": 1.0, "turns": 30, "long": 30, "worst_ms": 400.0}',
        '{"t_s": 4.0, "turns": 30, "long": 2, "worst_ms": 11.0}',
        '{"t_s": 5.0, "turns": 40, "long": 1, "worst_ms": 9.0}',
        '{"t_s": 6.0, "tur',
    ]
    assert add_turns(lines, 3.0) == TurnSums(70, 3, 11.0)
