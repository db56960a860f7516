"""`encore bench desk`: measure the desk's stability, its cost and its response time."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress
from renderer.cli.values import number


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench desk`."""
    parser.add_argument(
        "--minutes",
        type=number("Minutes", 0.02, 24 * 60, 10),
        default=10.0,
        metavar="N",
        help="how long the desk is measured, 10 by default",
    )
    add_figures_option(parser)


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.desk.run import run_desk_bench

    return end_bench(run_desk_bench(arguments.minutes * 60.0, print_progress), arguments.json)


COMMAND = Command(
    "desk",
    "whether the desk survives a show, what it costs and how promptly it answers",
    check_figures_option,
    run,
    add_options,
    ("encore bench desk", "encore bench desk --minutes 10 --json desk.json"),
    details="A real desk under Xvfb, or offscreen where Xvfb is not installed, follows a stand-in\n"
    "show with four cameras at 30 frames a second and eight outputs. Measurements of a minute and\n"
    "more also run First Light, with a desk and without, and compare the engine's frame rates.",
)
