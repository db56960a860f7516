"""Find the commands: all modules of `renderer.cli.commands` that define COMMAND or GROUP."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from renderer.cli import commands
from renderer.cli.command import Command, Group


def find_commands() -> list[Command[Any] | Group]:
    """Return all commands and groups of commands, sorted by name."""
    found: list[Command[Any] | Group] = []
    for module in _modules(commands):
        if hasattr(module, "__path__"):
            below = tuple(sorted(map(_command_of, _modules(module)), key=lambda one: one.name))
            name, default = module.__name__.rpartition(".")[2], getattr(module, "DEFAULT", "")
            found.append(Group(name, module.GROUP, below, default))
        else:
            found.append(_command_of(module))
    return sorted(found, key=lambda one: one.name)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for module in iter_modules(package.__path__, f"{package.__name__}."):
        if not module.name.rpartition(".")[2].startswith("_"):
            yield import_module(module.name)


def _command_of(module: ModuleType) -> Command[Any]:
    command = module.COMMAND
    if not isinstance(command, Command):
        raise TypeError(f"{module.__name__}.COMMAND is no Command")
    return command
