"""A fault of the desk's own: told, written down once, survived."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from renderer.desk.faults import FaultReporter


def stumble(reporter: FaultReporter) -> None:
    try:
        {}["no such key"]
    except KeyError as fault:
        reporter.report(type(fault), fault, fault.__traceback__)


def test_a_fault_is_told_and_written_once(tmp_path: Path) -> None:
    told: list[str] = []
    reporter = FaultReporter(tmp_path / "logs" / "desk.log", told.append)
    for _ in range(30):
        stumble(reporter)
    assert len(told) == 1
    assert "goes on" in told[0] and "no such key" in told[0] and "desk.log" in told[0]
    assert (tmp_path / "logs" / "desk.log").read_text().count("KeyError") == 1


def test_the_hook_is_given_back(tmp_path: Path) -> None:
    before = sys.excepthook
    with FaultReporter(tmp_path / "desk.log", lambda text: None) as reporter:
        assert sys.excepthook == reporter.report
    assert sys.excepthook is before


def test_a_log_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    told: list[str] = []
    stumble(FaultReporter(tmp_path / "file" / "desk.log", told.append))
    assert "could not be written" in told[0]
    assert "KeyError" in capsys.readouterr().err


def test_leaving_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: passed.append(kind))
    told: list[str] = []
    with FaultReporter(tmp_path / "desk.log", told.append) as reporter:
        reporter.report(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert passed == [KeyboardInterrupt]
    assert told == []
