"""`encore licence explain`: tell in plain words what a licence allows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence explain`."""
    parser.add_argument("licence", type=Path, metavar="FILE.licence")
    parser.add_argument(
        "--language", choices=("en", "ko", "ja"), default="en", help="en, ko or ja; en by default"
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file exists."""
    require = partial(require_file, what="licence", remedy="name an existing file")
    check_all(faults, require, [arguments.licence])
    return arguments


def run(arguments: Namespace) -> int:
    """Print the licence's terms, and whether it was verified."""
    from renderer.errors import RightsError
    from renderer.rights.explain import explain_terms
    from renderer.rights.folders import load_trust
    from renderer.rights.licence import describe_unverified, load_text, read_licence

    text = load_text(arguments.licence, "licence")
    place = str(arguments.licence)
    terms, issuer = describe_unverified(text, place)
    try:
        issuer = read_licence(text, place, load_trust()).issuer_name
        fault = None
    except RightsError as found:
        fault = found
    print("\n".join(explain_terms(terms, issuer, arguments.language)))
    if fault is not None:
        print(f"NOT VERIFIED: {fault}")
    return 0 if fault is None else 1


COMMAND = Command(
    "explain",
    "what a licence allows, in plain words",
    prepare,
    run,
    add_options,
    ("encore licence explain idol.licence", "encore licence explain idol.licence --language ko"),
)
