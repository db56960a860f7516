"""`encore bench onair`: disturb a live show on a schedule, and measure what its audience misses."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import end_bench, keep_json, print_progress
from renderer.cli.values import whole_number

_MINUTES = 30
_EVERY_S = 60


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench onair`."""
    parser.add_argument(
        "--minutes",
        type=whole_number("Minutes", 1, 24 * 60),
        default=_MINUTES,
        metavar="N",
        help=f"length of the show; {_MINUTES} by default",
    )
    parser.add_argument(
        "--every",
        type=whole_number("Every", 10, 3600, "seconds"),
        default=_EVERY_S,
        metavar="SECONDS",
        help=f"from one fault to the next; {_EVERY_S} by default",
    )
    parser.add_argument(
        "--fault",
        default="",
        metavar="NAME",
        help="inject only the faults whose names begin so, such as 'engine killed'",
    )
    parser.add_argument("--standby", action="store_true", help="give the show a standby engine")
    parser.add_argument(
        "--day",
        action="store_true",
        help="instead, run a day of a show in compressed time: its clocks and queues on a virtual "
        "clock, in some minutes",
    )
    add_figures_option(parser)


def run(arguments: Namespace) -> int:
    """Run the show and print the results.

    Returns:
        1 if the show did not survive every fault, or left something behind; otherwise 0.
    """
    if arguments.day:
        from renderer.bench.onair.day import DAY_H, run_day

        return end_bench(run_day(DAY_H, print_progress), arguments.json)

    from renderer.bench.onair.bench import run_air_bench

    report = run_air_bench(
        arguments.minutes, print_progress, arguments.every, arguments.fault, arguments.standby
    )
    print(report.text())
    keep_json(report.as_dict(), arguments.json)
    return 0 if report.survived and not report.leftovers else 1


COMMAND = Command(
    "onair",
    "what the audience of a live show misses when its parts die",
    check_figures_option,
    run,
    add_options,
    (
        "encore bench onair",
        "encore bench onair --minutes 5 --every 30 --json onair.json",
        "encore bench onair --minutes 1 --every 20 --fault 'engine killed'",
        "encore bench onair --day",
    ),
    details="A real show with a desk, a recording, an HLS folder and, where nginx has its RTMP\n"
    "module, a stream. One fault after another: engine, media, capture, relay, watch page and\n"
    "desk are killed, and stopped for 8 s; the stream server is killed and stalled, and with\n"
    "PulseAudio the room's sound device is lost.",
)
