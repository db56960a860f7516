"""`encore completion`: print a shell completion script for `encore`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from renderer.cli.command import Command, as_parsed

SHELLS: Final = ("bash", "zsh", "tcsh")
"""Shells that shtab supports."""
FILE_OPTIONS: Final = ("input", "closeup", "voice", "record", "video", "still")
"""Options that accept a file name or something else, so that their type is not Path."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `encore completion`."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def run(arguments: argparse.Namespace) -> int:
    """Print the completion script of a shell."""
    import shtab

    from renderer.cli.parser import build_parser
    from renderer.cli.registry import find_commands

    parser = build_parser(find_commands())
    _mark_files(parser, shtab.FILE, shtab.DIRECTORY)
    print(shtab.complete(parser, shell=arguments.shell))
    return 0


def _mark_files(
    parser: argparse.ArgumentParser, file: Mapping[str, object], folder: Mapping[str, object]
) -> None:
    """Mark for shtab the options that are completed with the names of files or folders."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _mark_files(below, file, folder)
        elif action.metavar == "FOLDER":
            action.complete = folder  # type: ignore[attr-defined]
        elif action.type is Path or action.dest in FILE_OPTIONS:
            action.complete = file  # type: ignore[attr-defined]


COMMAND = Command(
    "completion",
    "print a script that completes encore's words in a shell",
    as_parsed,
    run,
    add_options,
    (
        "encore completion bash > ~/.local/share/bash-completion/completions/encore",
        "encore completion zsh > ~/.zfunc/_encore   with fpath+=~/.zfunc in ~/.zshrc",
        "encore completion tcsh > ~/.encore.tcsh    with source ~/.encore.tcsh in ~/.tcshrc",
    ),
)
