"""Log files: what a line holds, where files lie, and how much is kept."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from renderer.logs import files
from renderer.logs.files import log_path, log_settings, start_logging, stop_logging

LOGGER = logging.getLogger("renderer.test")


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ENCORE_LOGS", str(tmp_path / "logs"))
    yield tmp_path / "logs"
    stop_logging()


def test_a_line_holds_time_process_level_logger_and_message() -> None:
    path = start_logging("show")
    assert not path.exists(), "nothing is made before there is something to say"
    LOGGER.warning("line one\nline two, %d %%", 7)
    (line,) = path.read_text().splitlines()
    record = json.loads(line)
    assert list(record) == ["time", "process", "pid", "level", "logger", "message"]
    assert (record["process"], record["level"]) == ("show", "WARNING")
    assert (record["logger"], record["message"]) == ("renderer.test", "line one\nline two, 7 %")
    assert datetime.fromisoformat(record["time"]).tzinfo is not None


def test_a_process_without_logging_has_no_file() -> None:
    assert log_path() is None
    assert log_settings() is None


def test_a_child_logs_beside_its_parent() -> None:
    path = start_logging("show")
    settings = log_settings()
    assert settings is not None
    assert settings.folder == path.parent
    assert path.parent.name.endswith(f"-{path.parent.name.rpartition('-')[2]}")


def test_files_rotate_and_only_the_newest_runs_are_kept(
    logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_FILE_BYTES", 2_000)
    for number in range(40):
        run = logs / f"20200101-0000{number:02d}-show-1"
        run.mkdir(parents=True)
        (run / "show.log").write_text("old")
    (logs / "notes").mkdir()
    path = start_logging("show")
    for number in range(200):
        LOGGER.info("message %d", number)
    assert sorted(entry.name for entry in path.parent.iterdir()) == [
        "show.log", "show.log.1", "show.log.2", "show.log.3",
    ]  # fmt: skip
    assert all(entry.stat().st_size < 2_000 for entry in path.parent.iterdir())
    runs = [entry for entry in logs.iterdir() if entry.name != "notes"]
    assert len(runs) == 30
    assert path.parent in runs
    assert (logs / "notes").is_dir()


def test_a_log_that_cannot_be_written_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    start_logging("show", tmp_path / "file" / "below")
    LOGGER.warning("not kept")
    assert files._handler is not None
    assert files._handler.lost == 1


def test_uncaught_exceptions_and_warnings_are_written() -> None:
    path = start_logging("show")

    def fail() -> None:
        raise RuntimeError("in a thread")

    hook, threading.excepthook = threading.excepthook, lambda args: hook(args)
    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("a library's warning", stacklevel=1)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert any("RuntimeError: in a thread" in line.get("trace", "") for line in lines)
    assert any("a library's warning" in line["message"] for line in lines)


def test_a_crash_at_the_end_of_a_program_is_written(logs: Path) -> None:
    program = "from renderer.logs.files import start_logging as start; start('show'); "
    program += "raise OSError('gone')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "OSError: gone" in done.stderr
    (path,) = logs.glob("*/show.log")
    assert "OSError: gone" in json.loads(path.read_text())["trace"]
