"""`encore train naturalness`: train the discriminator of tracking faults."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.cli.report import end_bench, print_progress
from renderer.cli.train_options import add_recording_options, check_recordings
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore train naturalness`."""
    add_recording_options(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the recordings and where the result goes."""
    check_recordings(arguments, faults)
    return arguments


def run(arguments: Namespace) -> int:
    """Train, write the weights and print the figures."""
    from renderer.training.data_sets import describe_command, read_data, read_test
    from renderer.training.naturalness import train_naturalness

    data = read_data(arguments, print_progress)
    test = read_test(arguments, print_progress)
    command = describe_command("naturalness", arguments)
    report = train_naturalness(data, test, arguments.out, arguments.seed, command, print_progress)
    return end_bench(report, arguments.json)


COMMAND = Command(
    "naturalness",
    "train the discriminator of tracking faults",
    prepare,
    run,
    add_options,
    ("encore train naturalness --takes mocap --licence CC-BY-4.0 --consent yes --out judge.npz",),
    details="Without --takes the project's own choreography is all that is learnt from.",
)
