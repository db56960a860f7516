"""What a command of `encore` is: its options, the check of its words, and its run.

A new command is a new file under `renderer/cli/commands/` that defines `COMMAND`; a folder whose
`__init__.py` defines `GROUP` holds the commands below that word.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from renderer.faults import FaultCollector

Request = TypeVar("Request")


def _no_options(_parser: ArgumentParser) -> None:
    """Add nothing."""


@dataclass(frozen=True, slots=True)
class Command(Generic[Request]):
    """One command.

    Attributes:
        name: the word that selects it.
        summary: what it does, as a line of the list of commands; no capital, no full stop.
        prepare: turns the parsed words into what `run` takes and records every fault of theirs.
            It loads nothing slow: neither torch, MediaPipe, OpenGL, numba, PyAV nor Qt.
        run: does the work and returns the exit status; what is slow to load is loaded here.
        add_options: adds the command's options to its parser.
        examples: whole lines to type, shown by `--help`.
        details: text below the summary in `--help`.
    """

    name: str
    summary: str
    prepare: Callable[[Namespace, FaultCollector], Request]
    run: Callable[[Request], int]
    add_options: Callable[[ArgumentParser], None] = _no_options
    examples: tuple[str, ...] = ()
    details: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A word that further commands stand below, such as `avatar`."""

    name: str
    summary: str
    commands: tuple[Command[Any], ...]


def as_parsed(arguments: Namespace, _faults: FaultCollector) -> Namespace:
    """Return the parsed words as they are, for commands that have nothing more to check."""
    return arguments
