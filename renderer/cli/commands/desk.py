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
        "--join",
        nargs="?",
        const="",
        metavar="NAME",
        help="the show on another machine, as encore pair list names it; the only one by default",
    )
    parser.add_argument(
        "--address", metavar="ADDRESS[:PORT]", help="where that machine is now, if not as paired"
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
    if arguments.address is not None:
        from renderer.transport.machines.address import parse_host_port

        arguments.address = faults.attempt(parse_host_port, arguments.address)
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
    if arguments.join is not None:
        return _join(arguments)
    return _open(arguments, arguments.session)


def _open(arguments: Namespace, session: str | None) -> int:
    from renderer.desk.shell.app import run_desk

    return run_desk(session, arguments.turns, operator=arguments.operator, size=arguments.window)


def _join(arguments: Namespace) -> int:
    """Open the desk of a show on another machine, which is repeated here meanwhile."""
    from renderer.cli.parser import version
    from renderer.processes.process import ChildProcess
    from renderer.protocol.machines import MachinePart
    from renderer.transport.machines.choice import choose_show
    from renderer.transport.machines.store import PairingStore

    show = choose_show(PairingStore(), arguments.join or None, MachinePart.DESK, arguments.address)
    mirror = ChildProcess("mirror", "renderer.desk.joined.process:run", show, version())
    mirror.start()
    try:
        return _open(arguments, mirror.wait_ready())
    finally:
        mirror.close()


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
    (
        "encore desk",
        "encore desk --join stage-pc",
        "encore desk --keys keys.html",
        "encore desk --screenshot desk.png",
    ),
)
