"""`encore verify`: tell what a video, picture or evidence pack says about where it comes from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore verify`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a video, picture or evidence pack")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file exists."""
    require = partial(require_file, what="file", remedy="name a video or a picture")
    check_all(faults, require, [arguments.file])
    return arguments


def run(arguments: Namespace) -> int:
    """Print what was found; exit with 1 if neither an intact signature nor a mark was."""
    if arguments.file.suffix.lower() == ".json":
        print("\n".join(_describe_document(arguments.file)))
        return 0
    from renderer.rights.provenance.credentials import Signature
    from renderer.rights.verify import (
        describe,
        describe_credentials,
        read_own_credentials,
        verify_file,
    )

    credentials = read_own_credentials(arguments.file)
    print("\n".join(describe_credentials(credentials)))
    findings = verify_file(arguments.file)
    print("\n".join(describe(findings)))
    is_signed = credentials.signature in (Signature.TRUSTED, Signature.INTACT)
    is_marked = any(finding.detection.is_found for finding in findings)
    return 0 if credentials.signature is not Signature.CHANGED and (is_signed or is_marked) else 1


def _describe_document(path: Path) -> list[str]:
    """Return what a signed evidence pack or proof of erasure says.

    Raises:
        RightsError: it is neither, or was changed.
    """
    from renderer.rights.audit.evidence import MAX_BYTES, read_evidence
    from renderer.rights.erasure import FORMAT, describe_proof, read_proof
    from renderer.rights.files import require_file

    data = require_file(path, f"file {path}", MAX_BYTES)
    if FORMAT.encode() in data[:100]:
        return describe_proof(read_proof(data, f"proof {path}"))
    return read_evidence(data, f"evidence {path}").describe()


COMMAND = Command(
    "verify",
    "what a video, picture or evidence pack says about where it comes from",
    prepare,
    run,
    add_options,
    ("encore verify clip.mp4", "encore verify screenshot.png", "encore verify show.evidence.json"),
    "It survives encoding, scaling, cropping by a tenth and filming a whole screen. Without a mark "
    "the answer is that nothing is known.",
)
