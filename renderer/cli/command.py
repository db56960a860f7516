"""Define a command of `encore`: its options, the check of its arguments, and its run.

To add a command, add a file under `renderer/cli/commands/` that defines `COMMAND`. A folder whose
`__init__.py` defines `GROUP` contains subcommands.
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
        summary: its line in the list of commands; no capital, no full stop.
        prepare: converts the parsed arguments into the request of `run` and records all their
            faults. It loads nothing slow: neither torch, MediaPipe, OpenGL, numba, PyAV nor Qt.
        run: does the work and returns the exit status; loads the slow libraries.
        add_options: adds the command's options to its parser.
        examples: complete command lines, shown by `--help`.
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
    """A group of subcommands, such as `avatar`.

    Attributes:
        default: name of the command that is meant where an option follows the group's name; empty
            if one must be named.
    """

    name: str
    summary: str
    commands: tuple[Command[Any], ...]
    default: str = ""


def as_parsed(arguments: Namespace, _faults: FaultCollector) -> Namespace:
    """Return the parsed arguments unchanged, for commands with nothing more to check."""
    return arguments
