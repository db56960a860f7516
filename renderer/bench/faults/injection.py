"""Run a show whose parts raise on request: `python -m renderer.bench.faults.injection`.

The show is the real command, whose engine runs in a process where functions are wrapped before it
starts. A line added to a file, such as `4 the scene`, makes a part raise in its next four calls;
each time a part has raised, its name is appended to another file. `1 the GPU` loses the GPU, and
`-30 the clock` sets the engine's clock of the day back by 30 seconds.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from renderer.bench.faults.clock_step import CLOCK, step_clock
from renderer.bench.faults.tick_parts import TICK_PARTS, TickPart, raise_where
from renderer.processes.child import Child
from renderer.show.supervision import engine_process
from renderer.show.supervision.messages import EngineJob

MODULE: Final = "renderer.bench.faults.injection"
_COMMAND: Final = "renderer.cli"
"""Imported by name, because it is above the benchmark in the import order."""
REQUESTS: Final = "requests.txt"
RAISED: Final = "raised.txt"
"""Names of the files with the requests and with the parts that have raised, in the same folder."""
GPU: Final = "the GPU"
"""Name of the fault of a GPU that is lost, in requests."""
_FOLDER_VARIABLE: Final = "ENCORE_FAULTS"
_LOOK_S: Final = 0.02


class Injector:
    """Wraps the parts of the tick; counts the calls in which each still has to raise."""

    def __init__(self, raised: Path) -> None:
        """Wrap all parts.

        Args:
            raised: file that receives the names of the parts that have raised, one per line.
        """
        # It loads OpenGL, which only the engine's process may.
        from renderer.bench.faults.lost_gpu import LostGpu

        self._raised = raised
        self._lock = threading.Lock()
        self._due: Counter[str] = Counter()
        for part in TICK_PARTS:
            self._wrap(part)
        self._gpu = LostGpu()

    def request(self, name: str, calls: int) -> None:
        """Make a part raise in its next calls, or lose the GPU as long as this process runs."""
        if name == GPU:
            self._gpu.lose()
            return
        with self._lock:
            self._due[name] += calls

    def follow(self, path: Path) -> None:
        """Execute the requests that are added to a file, one per line."""
        path.touch()
        with path.open(encoding="utf-8") as file:
            file.seek(0, os.SEEK_END)  # Those before were for an engine that has died.
            while True:
                line = file.readline()
                if not line.endswith("\n"):
                    time.sleep(_LOOK_S)
                    continue
                calls, _, name = line.strip().partition(" ")
                if name == CLOCK:
                    step_clock(float(calls))
                else:
                    self.request(name, int(calls))

    def _wrap(self, part: TickPart) -> None:
        owner = part.resolve()

        def is_due(*args: Any) -> bool:
            with self._lock:
                if not self._due[part.name] or not part.is_meant(*args):
                    return False
                self._due[part.name] -= 1
            with self._raised.open("a", encoding="utf-8") as file:
                file.write(f"{part.name}\n")
            return True

        setattr(owner, part.function, raise_where(getattr(owner, part.function), is_due))


def run_injected_engine(child: Child, job: EngineJob) -> None:
    """Run an engine with wrapped parts, as `run_engine` does without."""
    from renderer.show.supervision.engine import run_engine

    folder = Path(os.environ[_FOLDER_VARIABLE])
    injector = Injector(folder / RAISED)
    threading.Thread(target=injector.follow, args=(folder / REQUESTS,), daemon=True).start()
    run_engine(child, job)


def main(words: list[str]) -> None:
    """Run an Encore command with such an engine, as `python -m renderer.cli` does without.

    Args:
        words: the folder for the requests, then the command's words.
    """
    os.environ[_FOLDER_VARIABLE] = words[0]
    engine_process.target = f"{MODULE}:{run_injected_engine.__name__}"
    sys.argv[1:] = words[1:]
    runpy.run_module(_COMMAND, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
