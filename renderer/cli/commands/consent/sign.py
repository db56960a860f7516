"""`encore consent sign`: sign a consent as the performer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore consent sign`."""
    parser.add_argument("terms", type=Path, metavar="TERMS.toml", help="from encore consent new")
    parser.add_argument(
        "--key", required=True, metavar="FILE.key|keyring:NAME", help="the performer's own key"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.consent")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the terms exist."""
    require = partial(require_file, what="terms", remedy="write them with `encore consent new`")
    check_all(faults, require, [arguments.terms])
    return arguments


def run(arguments: Namespace) -> int:
    """Sign the consent, and print where it is."""
    from renderer.rights.consent import SUFFIX, issue_consent
    from renderer.rights.consent_terms import read_consent_terms
    from renderer.rights.credentials.keys import load_key
    from renderer.rights.template_file import write_template

    terms = read_consent_terms(arguments.terms)
    output: Path = arguments.output or arguments.terms.with_suffix(SUFFIX)
    write_template(output, issue_consent(terms, load_key(arguments.key)))
    print(f"consent  {output}")
    print("Only the performer's key can withdraw it: keep the key.")
    print(f"Takes stay readable until there is a key for them: encore consent key {output}")
    return 0


COMMAND = Command(
    "sign",
    "sign a consent as the performer",
    prepare,
    run,
    add_options,
    ("encore consent sign mai.toml --key mai.key",),
)
