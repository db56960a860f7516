"""`encore rights scan`: look for our marks and for copies of protected idols."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from renderer.cli.command import Command
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore rights scan`."""
    parser.add_argument("places", type=Path, nargs="+", metavar="FILE|FOLDER")
    parser.add_argument(
        "--licence",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.licence",
        help="of an idol to look for, besides those from `encore rights protect`",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the places exist."""
    for place in (*arguments.places, *arguments.licence):
        if not place.exists():
            faults.add(UsageError(str(place), "does not exist", "name a file or folder"))
    return arguments


def run(arguments: Namespace) -> int:
    """Print a line for each file in which something was found; 1 if there is a copy."""
    from renderer.rights.folders import load_trust
    from renderer.rights.licence import load_text, read_licence
    from renderer.rights.protected import load_protected
    from renderer.rights.scan import Sort, scan

    trust = load_trust()
    named = [read_licence(load_text(one, "licence"), str(one), trust) for one in arguments.licence]
    kept, faults = load_protected(trust)
    for fault in faults:
        print(f"not used: {fault}")
    if not (named or kept):
        print("No protected idol is known here: only marks are looked for. See --licence.")
    counts = dict.fromkeys(Sort, 0)
    for found in scan(arguments.places, (*named, *kept)):
        counts[found.sort] += 1
        if found.sort is not Sort.CLEAN:
            print(f"{found.sort.value:15} {found.path}")
            for line in found.detail:
                print(f"{'':15} {line}")
    print(", ".join(f"{sort.value}: {count}" for sort, count in counts.items()))
    return 1 if counts[Sort.COPY] else 0


COMMAND = Command(
    "scan",
    "look in files for our marks and for copies of protected idols",
    prepare,
    run,
    add_options,
    (
        "encore rights scan downloads/",
        "encore rights scan clip.mp4 model.vrm --licence idol.licence",
    ),
)
