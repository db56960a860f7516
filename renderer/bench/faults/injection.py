"""A show whose parts raise when the bench asks for it: `python -m renderer.bench.faults.injection`.

The show is the real command, in a process whose functions are wrapped before it starts. Each line
on standard input, such as `4 the scene`, makes a part raise in its next calls; each time one has,
its name is appended to a file.
"""

from __future__ import annotations

import runpy
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any, Final, TextIO

from renderer.bench.faults.tick_parts import TICK_PARTS, TickPart, raise_where

MODULE: Final = "renderer.bench.faults.injection"
_COMMAND: Final = "renderer.cli"
"""By name: it stands above the bench."""


class Injector:
    """Wraps the parts of the tick, and counts what each still has to raise."""

    def __init__(self, raised: Path) -> None:
        """Wrap all parts.

        Args:
            raised: where the names of parts that have raised are written, one a line.
        """
        self._raised = raised
        self._lock = threading.Lock()
        self._due: Counter[str] = Counter()
        for part in TICK_PARTS:
            self._wrap(part)

    def request(self, name: str, calls: int) -> None:
        """Make a part raise in its next calls."""
        with self._lock:
            self._due[name] += calls

    def follow(self, lines: TextIO) -> None:
        """Carry out the requests that come as lines."""
        for line in lines:
            calls, _, name = line.strip().partition(" ")
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


def main(words: list[str]) -> None:
    """Run a command of Encore under an injector, as `python -m renderer.cli` does.

    Args:
        words: the file for the names of parts that have raised, then the command's words.
    """
    injector = Injector(Path(words[0]))
    threading.Thread(target=injector.follow, args=(sys.stdin,), daemon=True).start()
    sys.argv[1:] = words[1:]
    runpy.run_module(_COMMAND, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
