"""`encore bench fans`: measure the fans' endpoint with thousands of clients on this machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.cli.values import whole_number

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
    add_figures_option(parser)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.fans.run import run_fans_bench

    return end_bench(run_fans_bench(print_progress, arguments.clients), arguments.json)


COMMAND = Command(
    "fans",
    "what thousands of fans cost their endpoint and the engine",
    check_figures_option,
    run,
    add_options,
    ("encore bench fans", "encore bench fans --clients 1000 --json fans.json"),
    details="Each client sends a vote every three seconds, from loopback alone.",
)
