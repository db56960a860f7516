"""`encore bench encode`: measure how fast the program is encoded, compared with ffmpeg."""

from __future__ import annotations

from argparse import Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, print_progress


def run(arguments: Namespace) -> int:
    """Measure and print the figures."""
    from renderer.bench.encode import measure_encoding

    return end_bench(measure_encoding(print_progress), arguments.json)


COMMAND = Command(
    "encode",
    "how fast the program is encoded, against the ffmpeg command",
    check_figures_option,
    run,
    add_figures_option,
    ("encore bench encode", "encore bench encode --json encode.json"),
)
