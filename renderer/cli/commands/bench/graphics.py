"""`encore bench graphics`: measure the cost of drawing for each effect and pass."""

from __future__ import annotations

from argparse import Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.graphics import measure_graphics

    return end_bench(measure_graphics(print_progress), arguments.json)


COMMAND = Command(
    "graphics",
    "what drawing costs, effect by effect and pass by pass",
    check_figures_option,
    run,
    add_figures_option,
    ("encore bench graphics", "encore bench graphics --json graphics.json"),
)
