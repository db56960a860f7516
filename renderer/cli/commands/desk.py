"""`encore desk`: open the production desk of a running show."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore desk`."""
    parser.add_argument(
        "--session", metavar="NAME", help="which running show; the newest by default"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE.png", help="save the desk's picture and leave"
    )
    parser.add_argument(
        "--turns",
        type=Path,
        metavar="FILE.jsonl",
        help="append how long the event loop's turns take, a line of JSON a second",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the files can be written."""
    check_all(faults, partial(require_writable, what="measurement"), [arguments.turns])
    check_all(faults, partial(require_writable, what="screenshot"), [arguments.screenshot])
    return arguments


def run(arguments: Namespace) -> int:
    """Open the desk until its window is closed, or save its picture."""
    if arguments.screenshot:
        from renderer.desk.shell.screenshot import take_screenshot

        take_screenshot(arguments.screenshot, arguments.session)
        return 0
    from renderer.desk.shell.app import run_desk

    return run_desk(arguments.session, arguments.turns)


COMMAND = Command(
    "desk",
    "open the production desk of the running show",
    prepare,
    run,
    add_options,
    ("encore desk", "encore desk --screenshot desk.png"),
)
