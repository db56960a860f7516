"""`encore consent withdraw`: withdraw a consent as the performer."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore consent withdraw`."""
    parser.add_argument("consent", type=Path, metavar="FILE.consent")
    parser.add_argument(
        "--key", required=True, metavar="FILE.key|keyring:NAME", help="the key that signed it"
    )
    parser.add_argument(
        "--erase", action="store_true", help="ask for takes and calibrations to be erased as well"
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file exists."""
    require = partial(require_file, what="consent", remedy="name an existing file")
    check_all(faults, require, [arguments.consent])
    return arguments


def run(arguments: Namespace) -> int:
    """Write the withdrawal beside the consent."""
    from datetime import UTC, datetime

    from renderer.rights.consent import WITHDRAWAL_SUFFIX, withdraw_consent
    from renderer.rights.consent_file import load_consent
    from renderer.rights.credentials.keys import load_key
    from renderer.rights.template_file import write_template

    consent = load_consent(arguments.consent)
    key = load_key(arguments.key)
    output = arguments.consent.with_suffix(WITHDRAWAL_SUFFIX)
    text = withdraw_consent(consent, key, datetime.now(UTC), erase=arguments.erase)
    write_template(output, text)
    print(f"withdrawal  {output}")
    print(f"Give it to {consent.terms.controller}; shows that find it beside the consent end it.")
    return 0


COMMAND = Command(
    "withdraw",
    "withdraw a consent as the performer",
    prepare,
    run,
    add_options,
    ("encore consent withdraw mai.consent --key mai.key --erase",),
)
