"""`encore bench fans`: measure the fans' endpoint with thousands of clients on this machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.report import end_bench, tell_progress
from renderer.cli.values import check_all, whole_number
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

_CLIENTS = 5000


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench fans`."""
    parser.add_argument(
        "--clients",
        type=whole_number("Clients", 1, 12_000),
        default=_CLIENTS,
        metavar="N",
        help=f"connected fans; {_CLIENTS} by default",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the results can be written."""
    check_all(faults, partial(require_writable, what="figures"), [arguments.json])
    return arguments


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.fans.run import run_fans_bench

    return end_bench(run_fans_bench(tell_progress, arguments.clients), arguments.json)


COMMAND = Command(
    "fans",
    "what thousands of fans cost their endpoint and the engine",
    prepare,
    run,
    add_options,
    ("encore bench fans", "encore bench fans --clients 1000 --json fans.json"),
    details="Each client sends a vote every three seconds, from loopback alone.",
)
