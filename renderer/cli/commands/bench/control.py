"""`encore bench control`: measure cues, jumps and undo on a set of 20 songs and 400 cues."""

from __future__ import annotations

from argparse import Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.control.run import run_control_bench

    return end_bench(run_control_bench(print_progress), arguments.json)


COMMAND = Command(
    "control",
    "how promptly and how truly a large show answers its crew",
    check_figures_option,
    run,
    add_figures_option,
    ("encore bench control", "encore bench control --json control.json"),
    details="No picture is drawn. What is not built yet is null in the file.",
)
