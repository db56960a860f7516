"""Child processes of a test's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from renderer.processes.process import ChildProcess

# The children import `targets` from here: they have their parent's path.
sys.path.append(str(Path(__file__).parent))

Start = Callable[..., ChildProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a child process; whatever still runs at the end is killed."""
    started: list[ChildProcess] = []

    def begin(target: Callable[..., int | None], *args: Any, **options: Any) -> ChildProcess:
        child = ChildProcess("test", target, *args, **options)
        started.append(child)
        child.start()
        return child

    yield begin
    for child in started:
        child.kill()
        child.stop()
