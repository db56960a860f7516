"""`encore bench faults`: test whether a live show survives injected faults."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.cli.command import Command
from renderer.cli.figures_option import add_figures_option, check_figures_option
from renderer.cli.report import keep_json, print_progress
from renderer.errors import UsageError
from renderer.faults import FaultCollector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renderer.bench.faults.scenarios import Fault


@dataclass(frozen=True, slots=True)
class FaultRequest:
    """The faults to test, and the path of the results as JSON."""

    faults: Sequence[Fault]
    json: Path | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore bench faults`."""
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="WORD",
        help="try the faults alone whose names begin so, such as media or 'exception in a pose'; "
        "may be given again",
    )
    add_figures_option(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> FaultRequest:
    """Check that the results can be written, and that --only names faults."""
    from renderer.bench.faults.scenarios import ALL

    check_figures_option(arguments, faults)
    words = tuple(arguments.only)
    for word in words:
        if not any(fault.name.startswith(word) for fault in ALL):
            names = ", ".join(fault.name for fault in ALL)
            faults.add(UsageError(f"--only {word}", "names no fault", f"begin as one of: {names}"))
    chosen = [fault for fault in ALL if not words or fault.name.startswith(words)]
    return FaultRequest(chosen, arguments.json)


def run(request: FaultRequest) -> int:
    """Inject the faults and print the results.

    Returns:
        1 if a fault that must be survived was not, if one was not reported, or if a show did not
        end normally; otherwise 0.
    """
    from renderer.bench.faults.bench import run_fault_bench

    report = run_fault_bench(print_progress, request.faults)
    print(report.text())
    keep_json(report.as_list(), request.json)
    return 0 if report.is_passed else 1


COMMAND = Command(
    "faults",
    "whether a live show survives what can break in it",
    prepare,
    run,
    add_options,
    ("encore bench faults", "encore bench faults --only relay --json faults.json"),
    details="Real shows with a desk, a recording, an HLS folder and, where nginx has its RTMP\n"
    "module, a stream. Engine, media, capture, desk, relay and watch page are stopped for 8 s and\n"
    "killed in turn, and every part of the tick raises. Takes about ten minutes. The exit status\n"
    "is 1 if a fault that has to be survived was not, or if one was not told.",
)
