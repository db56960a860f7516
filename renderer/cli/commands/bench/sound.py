"""`encore bench sound`: loudness, peaks, processor time, and voice against picture."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench
from renderer.cli.values import whole_number


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench sound`."""
    parser.add_argument(
        "--minutes",
        type=whole_number("Minutes", 1, 24 * 60),
        default=60,
        metavar="N",
        help="length of the show with drifting clocks, in compressed time; 60 by default",
    )
    add_figures_option(parser)


def run(arguments: Namespace) -> int:
    """Measure and print the results."""
    from renderer.bench.sound.bench import run_sound_bench

    return end_bench(run_sound_bench(arguments.minutes / 60.0), arguments.json)


COMMAND = Command(
    "sound",
    "the program's loudness, true peak and processor time, and voice against picture",
    check_figures_option,
    run,
    add_options,
    ("encore bench sound", "encore bench sound --minutes 120 --json sound.json"),
    details="Loudness and peaks are measured by FFmpeg's ebur128, which shares no code with the\n"
    "mixer. A microphone's clock is 200 parts per million off the show's.",
)
