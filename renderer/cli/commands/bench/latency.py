"""`encore bench latency`: measure each output from drawing to a viewer, glass to glass."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.cli.values import number


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench latency`."""
    parser.add_argument(
        "--seconds",
        type=number("Seconds", 1, 3600, 20),
        default=20.0,
        metavar="S",
        help="for each output; 20 by default",
    )
    add_figures_option(parser)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.latency.run import measure_latency

    return end_bench(measure_latency(arguments.seconds, print_progress), arguments.json)


COMMAND = Command(
    "latency",
    "latency of each output through a real server, from drawing to a viewer",
    check_figures_option,
    run,
    add_options,
    ("encore bench latency", "encore bench latency --json latency.json"),
)
