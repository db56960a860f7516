"""Configure logging: location, format and retention of log files."""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any, Final

from renderer.logs.redact import RedactingFilter, hide, list_hidden_words, redact
from renderer.paths import logs_folder

_FILE_BYTES: Final = 8_000_000
_FILES_KEPT: Final = 3
"""Number of rotated log files to keep for each process."""
_RUNS_KEPT: Final = 30
"""Number of earlier runs whose folders are kept."""
_RUN_NAME: Final = re.compile(r"\d{8}-\d{6}-[\w-]+-\d+")
_JOURNAL: Final = "journal.log"
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_-]+")

_log = logging.getLogger(__name__)
_handler: LogFile | None = None


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The settings with which a child process logs into the same folder as its parent."""

    folder: Path
    secrets: frozenset[str]


class JsonFormatter(logging.Formatter):
    """Formats records as JSON lines; `time` comes first, so that `sort -m` merges files."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line, without the line break."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "process": self._process,
            "pid": record.process,
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_text:
            line["trace"] = record.exc_text
        return json.dumps(line, ensure_ascii=False)


class LogFile(RotatingFileHandler):
    """A rotating log file that is created with its first record and never raises.

    Attributes:
        path: of the file.
        lost: number of records that could not be written, for example because the disk is full.
    """

    def __init__(self, path: Path, process: str) -> None:
        self.path = path
        self.lost = 0
        super().__init__(path, "a", _FILE_BYTES, _FILES_KEPT, encoding="utf-8", delay=True)
        self.setFormatter(JsonFormatter(process))
        self.addFilter(RedactingFilter())

    def _open(self) -> IO[Any]:  # type: ignore[override]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Count a record that could not be written; a log must not end a show."""
        del record
        self.lost += 1


def start_logging(process: str, folder: Path | None = None) -> Path:
    """Write this process's log records to its own file from now on.

    Args:
        process: its name, such as `show` or `capture camera:0`.
        folder: of the run; None creates one and removes the oldest.

    Returns:
        The path of the file, which is created with the first record.
    """
    global _handler
    stop_logging()
    if folder is None:
        moment = datetime.now().strftime("%Y%m%d-%H%M%S")
        folder = logs_folder() / f"{moment}-{_file_name(process)}-{os.getpid()}"
        _remove_old_runs(folder.parent)
    _handler = LogFile(folder / f"{_file_name(process)}.log", process)
    root = logging.getLogger()
    root.addHandler(_handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    if not faulthandler.is_enabled() and sys.stderr is not None:
        faulthandler.enable()
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    return _handler.path


@contextmanager
def log_to_file(process: str, folder: Path | None = None) -> Iterator[Path]:
    """Log to a file during the block; see `start_logging`."""
    try:
        yield start_logging(process, folder)
    finally:
        stop_logging()


def join_logging(process: str, settings: LogSettings) -> Path:
    """Write this child process's log into its parent's folder; see `start_logging`."""
    hide(settings.secrets)
    return start_logging(process, settings.folder)


def stop_logging() -> None:
    """Close the log file; later records are discarded until logging is started again."""
    global _handler
    if _handler is None:
        return
    logging.getLogger().removeHandler(_handler)
    logging.captureWarnings(False)
    _handler.close()
    _handler = None
    sys.excepthook = sys.__excepthook__
    threading.excepthook = threading.__excepthook__


def log_path() -> Path | None:
    """Return the path of this process's log file; None if logging was not started."""
    return _handler.path if _handler is not None else None


def journal_path() -> Path | None:
    """Return where this run's journal is kept; None if logging was not started."""
    return _handler.path.with_name(_JOURNAL) if _handler is not None else None


def find_newest_journal() -> Path | None:
    """Return the journal of the newest run that has one; None if there is none."""
    found = sorted(logs_folder().glob(f"*/{_JOURNAL}"), key=lambda path: path.parent.name)
    return found[-1] if found else None


def log_settings() -> LogSettings | None:
    """Return the log settings for a child process; None if this process does not log."""
    return LogSettings(_handler.path.parent, list_hidden_words()) if _handler is not None else None


def _file_name(process: str) -> str:
    return _UNSAFE.sub("-", redact(process)).strip("-")[:60] or "process"


def _remove_old_runs(root: Path) -> None:
    """Remove the folders of all but the newest runs."""
    with suppress(OSError):
        runs = [path for path in root.iterdir() if _RUN_NAME.fullmatch(path.name)]
        for run in sorted(runs)[: -_RUNS_KEPT + 1]:
            shutil.rmtree(run, ignore_errors=True)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    if issubclass(kind, Exception):
        _log.critical("uncaught exception", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)


def _log_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and issubclass(args.exc_type, Exception):
        name = args.thread.name if args.thread is not None else "a thread"
        trace = (args.exc_type, args.exc_value, args.exc_traceback)
        _log.critical("uncaught exception in %s", name, exc_info=trace)
    threading.__excepthook__(args)
