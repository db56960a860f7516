"""`encore train prior`: train what continues limbs that are not seen."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial

from renderer.cli.command import Command
from renderer.cli.report import end_bench, print_progress
from renderer.cli.train_options import add_recording_options, check_recordings
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore train prior`."""
    add_recording_options(parser)
    parser.add_argument(
        "--performer",
        default="",
        metavar="NAME",
        help="the recordings are this performer's rehearsals: learn only what is theirs",
    )
    parser.add_argument(
        "--nets",
        action="store_true",
        help="train networks as well, one of them against a discriminator, and compare; minutes",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the recordings and where the result goes."""
    if arguments.performer and arguments.out is None:
        from renderer.motion.takes.own_models import prior_path

        arguments.out = faults.attempt(prior_path, arguments.performer)
        if arguments.out is None:
            return arguments
    check_recordings(arguments, faults)
    if arguments.performer and not arguments.takes:
        faults.add(
            UsageError("--takes", "is missing", f"name the rehearsals of {arguments.performer}")
        )
    if arguments.performer and arguments.nets:
        faults.add(
            UsageError("--nets", "is for general weights only", "leave it or --performer out")
        )
    return arguments


def run(arguments: Namespace) -> int:
    """Train, write the weights and print the figures."""
    from renderer.rights.takes.personal_files import open_personal, seal_personal
    from renderer.training.data_sets import describe_command, named_consents, read_data, read_test
    from renderer.training.motion_prior import train_personal, train_prior

    data = read_data(arguments, print_progress, own=not arguments.performer)
    test = read_test(arguments, print_progress)
    command = describe_command("prior", arguments)
    if arguments.performer:
        report = train_personal(
            data,
            test,
            arguments.out,
            command,
            print_progress,
            performer=arguments.performer.strip(),
            seal=partial(
                seal_personal, performer=arguments.performer, named=named_consents(arguments)
            ),
            unseal=open_personal,
        )
    else:
        report = train_prior(
            data, test, arguments.out, arguments.seed, command, print_progress, nets=arguments.nets
        )
    return end_bench(report, arguments.json)


COMMAND = Command(
    "prior",
    "train what continues limbs that are not seen",
    prepare,
    run,
    add_options,
    (
        "encore train prior --takes mocap --licence CC-BY-4.0 --consent published --out prior.npz",
        "encore train prior --performer Mai --takes one.mcap --licence own --consent mai.consent",
    ),
    details="Without --takes the project's own choreography is all that is learnt from.",
)
