"""`encore rights protect`: refuse copies of an idol in every show of this user."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore rights protect`."""
    parser.add_argument("licence", type=Path, metavar="FILE.licence")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the licence exists."""
    require = partial(require_file, what="licence", remedy="name an existing file")
    check_all(faults, require, [arguments.licence])
    return arguments


def run(arguments: Namespace) -> int:
    """Keep the licence, and say what it protects."""
    from renderer.rights.folders import load_trust
    from renderer.rights.protected import protect

    licence = protect(arguments.licence, load_trust())
    print(f"{licence.terms.avatar} is protected: shows refuse a copy of it in another file")
    return 0


COMMAND = Command(
    "protect",
    "refuse copies of an idol whose licence protects its shape",
    prepare,
    run,
    add_options,
    ("encore rights protect idol.licence",),
)
