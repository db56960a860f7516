"""Report mistyped words with the nearest match, and substitute it for the further checks.

argparse reports one fault and exits. Here the words are scanned before argparse sees them: unknown
commands and options, options without their value and flags with one are recorded, and the
remainder can be parsed completely, so that one run reports all faults.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from typing import Final

from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.spelling import nearest

_NUMBER: Final = re.compile(r"-\d+|-\d*\.\d+")
Subcommands = dict[str, argparse.ArgumentParser]


def subcommands_of(parser: argparse.ArgumentParser) -> Subcommands:
    """Return the subcommands' parsers by name; empty if there are none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def correct_words(
    parser: argparse.ArgumentParser, words: list[str], faults: FaultCollector
) -> tuple[argparse.ArgumentParser, list[str] | None]:
    """Record unknown words, and return words that argparse can parse.

    Args:
        parser: of the whole command line.
        words: as typed.
        faults: collects their faults.

    Returns:
        The parser of the command that they name, and the words with each mistyped one replaced by
        its nearest match, or removed if it has none. None in place of the words if they name no
        command.
    """
    out: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        below = subcommands_of(parser)
        if word == "--":
            out += [word, *waiting]
            break
        if is_option(word) and below and word not in parser._option_string_actions:
            if default := getattr(parser, "default_command", ""):
                out.append(default)
                parser = below[default]
                waiting.insert(0, word)
                continue
            faults.add(_explain_misplaced_option(parser, word))
            return parser, None
        if is_option(word):
            out += _correct_option(parser, word, waiting, faults)
        elif not below:
            out.append(word)
        else:
            name = word if word in below else nearest(word, below)
            if name != word:
                faults.add(_explain_unknown_command(parser, word, name, below))
            if not name:
                return parser, None
            out.append(name)
            parser = below[name]
    if below := subcommands_of(parser):
        if {"-h", "--help", "--version"} & set(out):
            return parser, out
        faults.add(
            UsageError(
                parser.prog, "needs a command", f"write {parser.prog} and one of {', '.join(below)}"
            )
        )
        return parser, None
    return parser, out


def is_option(word: str) -> bool:
    """Return whether argparse treats a word as an option rather than a value."""
    return len(word) > 1 and word[0] == "-" and " " not in word and not _NUMBER.fullmatch(word)


def _correct_option(
    parser: argparse.ArgumentParser, word: str, waiting: list[str], faults: FaultCollector
) -> list[str]:
    """Return an option with its values, taken from the remaining words; empty if it is unusable."""
    name, equals, value = word.partition("=")
    known = parser._option_string_actions
    if name not in known:
        meant = nearest(name, (one for one in known if one.startswith("--")))
        faults.add(_explain_unknown_option(parser, name, meant))
        if not meant:
            # Skip its values: without positionals, they would be reported as unexpected words.
            while not _has_positionals(parser) and waiting and not is_option(waiting[0]):
                waiting.pop(0)
            return []
        name = meant
    action = known[name]
    wanted = 1 if action.nargs is None else action.nargs if isinstance(action.nargs, int) else 0
    if not wanted:
        if equals:
            faults.add(UsageError(word, "takes no value", f"write {name} alone"))
        return [name]
    values = [value] if equals else []
    while len(values) < wanted and waiting and not is_option(waiting[0]) and waiting[0] != "--":
        values.append(waiting.pop(0))
    if len(values) < wanted:
        needs = "a value" if wanted == 1 else f"{wanted} values"
        faults.add(UsageError(name, f"needs {needs}", f"write {name} {format_placeholder(action)}"))
        return []
    # With an equals sign, a value may begin with a hyphen.
    return [f"{name}={values[0]}"] if wanted == 1 else [name, *values]


def format_placeholder(action: argparse.Action) -> str:
    """Return the placeholder of an option's value in help and messages."""
    metavar = action.metavar
    if isinstance(metavar, tuple):
        return " ".join(metavar)
    if metavar is None and action.choices is not None:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return metavar or action.dest.upper().replace("_", "-")


def _has_positionals(parser: argparse.ArgumentParser) -> bool:
    """Return whether a parser needs words that are no options."""
    return any(not action.option_strings and action.nargs != "?" for action in parser._actions)


def _explain_unknown_option(parser: argparse.ArgumentParser, name: str, meant: str) -> UsageError:
    remedy = f"did you mean {meant}?" if meant else f"{parser.prog} --help shows what it takes"
    return UsageError(name, f"is no option of {parser.prog}", remedy)


def _explain_unknown_command(
    parser: argparse.ArgumentParser, word: str, meant: str, known: Iterable[str]
) -> UsageError:
    remedy = f"did you mean {meant}?" if meant else f"take one of {', '.join(known)}"
    return UsageError(word, f"is no command of {parser.prog}", remedy)


def _explain_misplaced_option(parser: argparse.ArgumentParser, word: str) -> UsageError:
    """Return the fault of an option that is given where a command is expected."""
    name = word.partition("=")[0]
    owners: dict[str, argparse.ArgumentParser] = {}
    for below in _leaves(parser):
        for option in below._option_string_actions:
            owners.setdefault(option, below)
    meant = nearest(name, (*parser._option_string_actions, *owners))
    if not meant:
        return _explain_unknown_option(parser, name, "")
    if meant in owners and meant not in parser._option_string_actions:
        meant = f"{owners[meant].prog} {meant}"
    return _explain_unknown_option(parser, name, meant)


def _leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield the parsers of all commands; `show`, with the most options, first."""
    below = subcommands_of(parser)
    for name in sorted(below, key=lambda name: (name != "show", name)):
        if subcommands_of(below[name]):
            yield from _leaves(below[name])
        else:
            yield below[name]
