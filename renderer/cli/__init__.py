"""Run the `encore` command. `main` checks all arguments before it loads a slow library."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# Small matrix products are ten times slower with several threads; set before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from renderer.interrupts import end_while_loading

# Before the libraries that take seconds to load, some of which swallow Ctrl-C.
end_while_loading()

from renderer.cli.parser import build_parser, parse_words  # noqa: E402
from renderer.cli.registry import find_commands  # noqa: E402
from renderer.errors import RendererError  # noqa: E402
from renderer.faults import FaultCollector  # noqa: E402
from renderer.logs.files import log_to_file  # noqa: E402

USAGE_STATUS = 2
"""Exit status if the arguments, or what they name, cannot be used."""
INTERRUPTED_STATUS = 130
"""128 + SIGINT, as shells report a command ended by Ctrl-C."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Every fault is one sentence on stderr. All faults of the arguments are reported at once; faults
    that occur while the command runs are reported as they occur.

    Args:
        words: the arguments after `encore`; the process's own if None.
    """
    try:
        status = _run(list(sys.argv[1:] if words is None else words))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has closed the pipe, as `head` does; flushing the rest at exit would fail
        # again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except RendererError as fault:
        return _print_faults([fault])
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS
    return status


def _run(words: list[str]) -> int:
    parser = build_parser(find_commands())
    if not words:
        parser.print_help()
        return USAGE_STATUS
    faults = FaultCollector()
    command, arguments = parse_words(parser, words, faults)
    if command is None:
        return _print_faults(faults.faults)
    request = command.prepare(arguments, faults)
    if faults.faults:
        return _print_faults(faults.faults)
    with log_to_file(command.name):
        return command.run(request)


def _print_faults(faults: Sequence[RendererError]) -> int:
    for fault in faults:
        sys.stderr.write(f"encore: {fault}\n")
    return USAGE_STATUS
