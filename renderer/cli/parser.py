"""Parse the arguments of `encore` with an argparse that records all faults instead of exiting."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, NoReturn

from renderer.cli.command import Command, Group
from renderer.cli.spelling import correct_words, format_placeholder
from renderer.errors import RendererError, UsageError
from renderer.faults import FaultCollector
from renderer.spelling import nearest

PROGRAM: Final = "encore"
DISTRIBUTION: Final = "encore-renderer"
"""Distribution name in pyproject.toml, by which the installed version is found."""

_HELP_COLUMN: Final = 28
"""Column at which the help of an option begins, characters."""

_SELECTED: Final = "selected_command"


class WordParser(argparse.ArgumentParser):
    """Parses one command's arguments and records their faults.

    Unusable values are replaced by a usable one (for a choice) or by None (for a number), so that
    the other arguments are still checked; a command with faults is never run.
    """

    faults: FaultCollector
    default_command: str = ""
    """Name of the subcommand that is meant where an option comes first; empty if none is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        formatter = partial(argparse.RawDescriptionHelpFormatter, max_help_position=_HELP_COLUMN)
        options.setdefault("formatter_class", formatter)
        options["allow_abbrev"] = False
        super().__init__(*args, **options)
        self.faults = FaultCollector()

    def error(self, message: str) -> NoReturn:
        """Report a fault that only argparse itself detects.

        Raises:
            UsageError: always.
        """
        raise UsageError(self.prog, message, f"{self.prog} --help shows what it takes")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse as argparse does, but record every missing argument instead of raising."""
        required = [
            action
            for action in self._actions
            if action.required and not isinstance(action, argparse._SubParsersAction)
        ]
        for action in required:
            action.required = False
        try:
            # A separate namespace, to distinguish a default from a value that was given.
            parsed, extras = super().parse_known_args(args, namespace)
        finally:
            for action in required:
                action.required = True
        named = {fault.thing for fault in self.faults.faults}
        for action in required:
            missing = getattr(parsed, action.dest, action.default) == action.default
            if missing and named.isdisjoint(action.option_strings):
                self.faults.add(_missing(self, action))
        return parsed, extras

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        try:
            value = super()._get_value(action, arg_string)
        except RendererError as fault:
            self.faults.add(fault)
            return None
        if action.choices is None or isinstance(action, argparse._SubParsersAction):
            return value
        choices = [str(choice) for choice in action.choices]
        if str(value) in choices:
            return value
        meant = nearest(arg_string, choices)
        name = action.option_strings[-1] if action.option_strings else format_placeholder(action)
        self.faults.add(
            UsageError(
                f"{name} {arg_string}",
                f"is none of {', '.join(choices)}",
                f"did you mean {meant}?" if meant else "take one of these",
            )
        )
        return next(iter(action.choices))


def build_parser(commands: Sequence[Command[Any] | Group]) -> WordParser:
    """Return the parser of the whole command line."""
    parser = WordParser(
        prog=PROGRAM,
        description="A performer in front of a camera becomes an idol on a stage.",
        epilog=_examples(
            (
                "encore doctor                      what works on this machine",
                "encore devices                     cameras and microphones, and what to type",
                "encore demo                        the demo show",
                "encore show --input camera:0 --live --desk",
                "encore show --help                 every option of a show, with examples",
            )
        ),
    )
    parser.add_argument("--version", action=_VersionAction, help="show the version and exit")
    verbs = _add_subparsers(parser)
    for one in commands:
        if isinstance(one, Command):
            _add_command(verbs, one)
            continue
        group = verbs.add_parser(one.name, help=one.summary, description=_sentence(one.summary))
        group.default_command = one.default
        below = _add_subparsers(group)
        for command in one.commands:
            _add_command(below, command)
    return parser


def parse_words(
    parser: WordParser, words: list[str], faults: FaultCollector
) -> tuple[Command[Any] | None, argparse.Namespace]:
    """Parse the arguments of one command.

    Args:
        parser: from build_parser.
        words: the arguments after `encore`.
        faults: collects all their faults.

    Returns:
        The command and its arguments, for its `prepare` to check further; None and an empty
        namespace if the words name no command or cannot be parsed at all.

    Raises:
        SystemExit: help or the version was requested and has been printed.
    """
    chosen, corrected = correct_words(parser, words, faults)
    if corrected is None or not isinstance(chosen, WordParser):
        return None, argparse.Namespace()
    chosen.faults = faults
    try:
        arguments, extras = parser.parse_known_args(corrected)
    except UsageError as fault:
        faults.add(fault)
        return None, argparse.Namespace()
    faults.add(
        *(
            UsageError(
                repr(word),
                f"is one word too many for {chosen.prog}",
                f"{chosen.prog} --help shows what it takes",
            )
            for word in extras
        )
    )
    return getattr(arguments, _SELECTED), arguments


class _VersionAction(argparse.Action):
    """Prints the version, which is read only on request."""

    def __init__(self, option_strings: Sequence[str], **options: Any) -> None:
        options["dest"] = argparse.SUPPRESS
        super().__init__(option_strings, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser._print_message(f"{PROGRAM} {version()}\n")
        parser.exit()


def version() -> str:
    """Return the installed version."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed(DISTRIBUTION)
    except PackageNotFoundError as fault:
        raise UsageError(
            "The version", "is not known, since encore is not installed", "run python3 run.py setup"
        ) from fault


def _add_subparsers(parser: WordParser) -> argparse._SubParsersAction[WordParser]:
    return parser.add_subparsers(
        required=True, metavar="COMMAND", title="commands", parser_class=WordParser
    )


def _add_command(verbs: argparse._SubParsersAction[WordParser], command: Command[Any]) -> None:
    parser = verbs.add_parser(
        command.name,
        help=command.summary,
        description="\n\n".join(filter(None, (_sentence(command.summary), command.details))),
        epilog=_examples(command.examples),
    )
    command.add_options(parser)
    parser.set_defaults(**{_SELECTED: command})


def _examples(lines: Sequence[str]) -> str | None:
    return "examples:\n" + "\n".join(f"  {line}" for line in lines) if lines else None


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _missing(parser: argparse.ArgumentParser, action: argparse.Action) -> UsageError:
    value = format_placeholder(action)
    thing = action.option_strings[-1] if action.option_strings else value
    line = f"{parser.prog} {f'{thing} {value}' if action.option_strings else value}"
    return UsageError(thing, "is missing", f"write {line}")
