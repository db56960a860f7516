"""`encore train expressions`: train the expression autoencoder."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.report import end_bench, print_progress
from renderer.cli.train_options import add_result_options, check_declared, check_result
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore train expressions`."""
    parser.add_argument(
        "--takes",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="recordings of Live Link Face (.csv, .csv.xz), one person each; with --performer a "
        "take (.mcap) with camera and phone; repeatable",
    )
    parser.add_argument("--licence", action="append", default=[], metavar="TEXT")
    parser.add_argument("--consent", action="append", default=[], metavar="TEXT")
    parser.add_argument(
        "--performer",
        default="",
        metavar="NAME",
        help="learn from one take what the camera does not see of this performer's face",
    )
    parser.add_argument(
        "--nets", action="store_true", help="train a network as well, and compare; a minute"
    )
    add_result_options(parser)


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the recordings, their licences and the result."""
    if arguments.performer and arguments.out is None:
        from renderer.motion.takes.own_models import face_path

        arguments.out = faults.attempt(face_path, arguments.performer)
        if arguments.out is None:
            return arguments
    for path in arguments.takes:
        if not path.is_file():
            faults.add(UsageError(f"Recording {path}", "does not exist", "check the path"))
    check_declared(arguments, faults)
    if arguments.performer and len(arguments.takes) != 1:
        faults.add(
            UsageError("--takes", "is to name one take of a performer", "name camera and phone's")
        )
    check_result(arguments, faults)
    return arguments


def run(arguments: Namespace) -> int:
    """Train, write the weights and print the figures."""
    from renderer.motion.takes.read import open_take
    from renderer.rights.takes.encryption import unlock_take
    from renderer.rights.takes.personal_files import seal_personal
    from renderer.training.data_sets import (
        describe_command,
        describe_face,
        named_consents,
        read_face_data,
    )
    from renderer.training.expressions import train_expressions, train_personal_face

    command = describe_command("expressions", arguments)
    if arguments.performer:
        path = arguments.takes[0]
        entry = describe_face(
            arguments.performer.strip(), path, arguments.licence[0], arguments.consent[0]
        )
        report = train_personal_face(
            open_take(path, unlock_take), 0, entry, arguments.out, command, print_progress,
            partial(seal_personal, performer=arguments.performer, named=named_consents(arguments)),
        )  # fmt: skip
    else:
        faces, entries = read_face_data(arguments)
        report = train_expressions(
            faces, entries, arguments.out, arguments.seed, command, print_progress,
            nets=arguments.nets,
        )  # fmt: skip
    return end_bench(report, arguments.json)


COMMAND = Command(
    "expressions",
    "train the expression autoencoder",
    prepare,
    run,
    add_options,
    (
        "encore train expressions --out expressions.npz --nets",
        "encore train expressions --performer Mai --takes mai.mcap --licence own "
        "--consent mai.consent",
    ),
    details="Without --takes the project's own singing and shapes are all that is learnt from.",
)
