"""Fixture: child processes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from renderer.processes.process import ChildProcess

# The children import `targets` from here, because they inherit their parent's path.
sys.path.append(str(Path(__file__).parent))

Start = Callable[..., ChildProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Yield a function that starts a child process; those still running at the end are killed."""
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
