"""Test a fault of the desk: reported, logged once, survived."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from renderer.desk.shell.faults import FaultReporter
from renderer.logs.files import log_to_file


def stumble(reporter: FaultReporter) -> None:
    try:
        {}["no such key"]
    except KeyError as fault:
        reporter.report(type(fault), fault, fault.__traceback__)


def test_a_fault_is_reported_and_logged_once(tmp_path: Path) -> None:
    told: list[str] = []
    with log_to_file("desk", tmp_path) as path:
        reporter = FaultReporter(told.append)
        for _ in range(30):
            stumble(reporter)
    assert len(told) == 1
    assert "goes on" in told[0] and "no such key" in told[0] and str(path) in told[0]
    assert path.read_text().count("KeyError: 'no such key'") == 1


def test_the_hook_is_given_back() -> None:
    before = sys.excepthook
    with FaultReporter(lambda text: None) as reporter:
        assert sys.excepthook == reporter.report
    assert sys.excepthook is before


def test_without_a_log_file_the_terminal_has_the_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told: list[str] = []
    stumble(FaultReporter(told.append))
    assert "goes on" in told[0]
    assert "KeyError" in capsys.readouterr().err


def test_leaving_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: passed.append(kind))
    told: list[str] = []
    with FaultReporter(told.append) as reporter:
        reporter.report(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert passed == [KeyboardInterrupt]
    assert told == []
