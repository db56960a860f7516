"""`encore consent erase`: erase what was recorded of a performer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore consent erase`."""
    parser.add_argument("consent", type=Path, metavar="FILE.consent")
    parser.add_argument(
        "places", type=Path, nargs="*", metavar="TAKE|FOLDER", help="where the crew keeps takes"
    )
    parser.add_argument(
        "--proof", required=True, type=Path, metavar="FILE.json", help="the signed proof"
    )
    parser.add_argument(
        "--shared",
        action="store_true",
        help="also takes in which others perform; they are erased as a whole",
    )
    parser.add_argument(
        "--ended",
        action="store_true",
        help="only what the consent lets be kept no longer: after its retention, or a withdrawal",
    )
    parser.add_argument("--yes", action="store_true", help="erase; without it files are only named")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the files exist, and that the proof replaces nothing."""
    require = partial(require_file, what="consent", remedy="name an existing file")
    check_all(faults, require, [arguments.consent])
    check_all(faults, partial(require_writable, what="proof"), [arguments.proof])
    for place in arguments.places:
        if not place.exists():
            faults.add(UsageError(str(place), "does not exist", "name a take or a folder"))
    if arguments.proof.exists():
        faults.add(UsageError(f"Proof {arguments.proof}", "exists already", "name another file"))
    return arguments


def run(arguments: Namespace) -> int:
    """Name the files, or erase them and write the proof; 1 if any is kept."""
    from datetime import UTC, datetime

    from renderer.rights.consent_file import load_consent
    from renderer.rights.erasure import erase, find_recorded
    from renderer.rights.files import replace_file
    from renderer.rights.provenance.certificate import load_certificate

    consent = load_consent(arguments.consent)
    found = find_recorded(consent, arguments.places)
    if arguments.ended:
        found = [one for one in found if one.has_ended(consent, datetime.now(UTC))]
    kept = [one for one in found if one.others and not arguments.shared]
    chosen = [one for one in found if one not in kept]
    for one in kept:
        print(f"kept        {one.path}: {', '.join(one.others)} perform in it too (--shared)")
    for one in chosen:
        print(f"{'erased' if arguments.yes else 'would erase':11} {one.path} ({one.kind})")
    if not arguments.yes:
        print("Nothing was erased yet: add --yes.")
        return 1 if kept else 0
    # A crew that cannot sign the proof erases nothing.
    certificate = load_certificate()
    # With --ended the key still opens what is kept.
    proof = erase(chosen, consent, certificate, with_key=not arguments.ended)
    replace_file(arguments.proof, proof, f"proof {arguments.proof}")
    print(f"proof       {arguments.proof}: encore verify shows it")
    return 1 if kept else 0


COMMAND = Command(
    "erase",
    "erase takes and calibrations of a performer, with a signed proof",
    prepare,
    run,
    add_options,
    (
        "encore consent erase mai.consent takes/ --proof mai.erasure.json --yes",
        "encore consent erase mai.consent takes/ --proof november.json --ended --yes",
    ),
    "The key of the performer's encrypted takes goes, too, so that copies and backups of them are "
    "unreadable; copies of plain ones are not reached. The proof lists each file by its hash.",
)
