"""`encore desk`: open the production desk: of the running show, or to start one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore desk`."""
    parser.add_argument(
        "--session", metavar="NAME", help="which running show; the newest by default"
    )
    parser.add_argument(
        "--operator", default="", metavar="NAME", help="who sits at the desk; settings go by it"
    )
    parser.add_argument(
        "--size", metavar="WxH", help="of the window in pixels; 1366x768 by default"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE.png", help="save the desk's picture and leave"
    )
    parser.add_argument(
        "--keys",
        nargs="?",
        const="-",
        metavar="FILE.html",
        help="print the key map and leave, or write it as a page to print",
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
    arguments.window = None
    if arguments.size is not None:
        width, _, height = arguments.size.partition("x")
        if width.isdecimal() and height.isdecimal():
            arguments.window = int(width), int(height)
        else:
            size = arguments.size[:20]
            faults.add(UsageError(f"Size {size}", "is none", "write one such as 1920x1080"))
    page = None if arguments.keys in (None, "-") else Path(arguments.keys)
    check_all(faults, partial(require_writable, what="key map"), [page])
    return arguments


def run(arguments: Namespace) -> int:
    """Open the desk until its window is closed, or save its picture or its key map."""
    if arguments.keys:
        return _write_keys(arguments.keys)
    if arguments.screenshot:
        from renderer.desk.shell.screenshot import take_screenshot

        take_screenshot(arguments.screenshot, arguments.session)
        return 0
    from renderer.desk.shell.app import run_desk

    return run_desk(
        arguments.session, arguments.turns, operator=arguments.operator, size=arguments.window
    )


def _write_keys(where: str) -> int:
    from renderer.desk.actions.catalogue import all_actions
    from renderer.desk.actions.key_map import key_map_page, key_map_text

    if where == "-":
        print(key_map_text(all_actions()))
    else:
        Path(where).write_text(key_map_page(all_actions()), encoding="utf-8")
    return 0


COMMAND = Command(
    "desk",
    "open the production desk, of the running show or to start one",
    prepare,
    run,
    add_options,
    ("encore desk", "encore desk --keys keys.html", "encore desk --screenshot desk.png"),
)
