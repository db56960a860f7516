"""Open a display for the desk, and run processes that end with the benchmark."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from renderer.errors import DeskError

SCREEN: Final = "1920x1080x24"
"""Width, height and colour depth of the Xvfb screen."""

_LEAVE_S: Final = 10.0


@contextmanager
def open_screen() -> Iterator[tuple[str, dict[str, str]]]:
    """Open a display for the desk: Xvfb where it is installed, else Qt's offscreen platform.

    Yields:
        The display's name, and the environment variables that select it for Qt.
    """
    server = shutil.which("Xvfb")
    if server is None:
        yield "offscreen (Xvfb is not installed)", {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    command = [server, "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                number = answer.readline().strip()
            if not number:
                raise DeskError("Xvfb", "opens no screen", "uninstall it to measure offscreen")
            yield f"Xvfb {SCREEN}", {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            process.terminate()


@contextmanager
def run_process(
    command: list[str],
    environment: Mapping[str, str],
    *,
    cwd: Path | None = None,
    stdin: int | None = None,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process; on exit interrupt it, and kill it if it does not end.

    Args:
        command: program and arguments.
        environment: its variables.
        cwd: its working folder; this process's by default.
        stdin, stdout: as subprocess.Popen takes them.

    Yields:
        The process.
    """
    with subprocess.Popen(
        command, env=dict(environment), cwd=cwd, stdin=stdin, stdout=stdout
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(_LEAVE_S)
                except subprocess.TimeoutExpired:
                    process.kill()
