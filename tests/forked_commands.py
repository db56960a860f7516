"""Run the real command many times, with its libraries loaded once: each run is a fork.

A fork has everything else to itself, as a command has: environment, output, children, exit status.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from renderer.closing import Closing

HAS_FORKS: Final = hasattr(os, "fork")

_SERVER: Final = """
import json, os, sys
from renderer.cli import main
import renderer.show.show
for line in sys.stdin:
    words, environment, printed, errors = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.environ.update(environment)
        for number, path in enumerate((os.devnull, printed, errors)):
            file = os.open(path, os.O_WRONLY if number else os.O_RDONLY)
            os.dup2(file, number)
            os.close(file)
        sys.exit(main(words))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    sys.stdout.write(f"{status}\\n")
    sys.stdout.flush()
"""
"""What the process runs; a fork leaves the loop with the command's exit status. It has no threads
when it forks: those of NumPy's linear algebra are started again in a fork."""


class ForkedCommands(Closing):
    """A process that forks for each command; where there are no forks, commands are processes."""

    def __init__(self) -> None:
        self._process = self._start() if HAS_FORKS else None

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `encore` with arguments and additional environment variables, and wait for its end.

        The test's timeout limits it.
        """
        said = [str(word) for word in words]
        if self._process is None:
            return subprocess.run(
                [sys.executable, "-m", "renderer.cli", *said],
                capture_output=True,
                text=True,
                env={**os.environ, **environment},
                check=False,
            )
        with tempfile.TemporaryDirectory() as folder:
            printed, errors = Path(folder) / "printed", Path(folder) / "errors"
            printed.touch()
            errors.touch()
            try:
                status = _request(
                    self._process, said, {**os.environ, **environment}, str(printed), str(errors)
                )
            except BaseException:
                # Its answer would be taken for the next command's.
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.communicate()
                self._process = self._start()
                raise
            return subprocess.CompletedProcess(
                said,
                status,
                printed.read_text(errors="replace"),
                errors.read_text(errors="replace"),
            )

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()

    @staticmethod
    def _start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def _request(server: subprocess.Popen[str], *parts: object) -> int:
    """Let a process fork, and return the fork's exit status."""
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps(parts) + "\n")
    server.stdin.flush()
    return int(server.stdout.readline())
