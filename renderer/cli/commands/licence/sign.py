"""`encore licence sign`: sign a licence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence sign`."""
    parser.add_argument("terms", type=Path, metavar="TERMS.toml", help="from encore licence new")
    parser.add_argument(
        "--key", required=True, metavar="FILE.key|keyring:NAME", help="the rights holder's key"
    )
    parser.add_argument("--name", required=True, help="the rights holder's name")
    parser.add_argument(
        "--registry",
        type=Path,
        metavar="FILE.registry",
        help="your record of licences, with which this one can be revoked; made if missing",
    )
    parser.add_argument(
        "--address",
        default="",
        metavar="https://…/",
        help="folder on the web in which you publish the registry's lists",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE.licence",
        help="by default beside the terms; a show finds idol.licence beside idol.vrm",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the terms exist."""
    require = partial(require_file, what="terms", remedy="write them with `encore licence new`")
    check_all(faults, require, [arguments.terms])
    return arguments


def run(arguments: Namespace) -> int:
    """Sign the licence and print where it is."""
    from datetime import UTC, datetime

    from renderer.rights.credentials.keys import load_key
    from renderer.rights.licence import SUFFIX, StatusEntry, issue_licence, new_urn
    from renderer.rights.status.registry import add_entries, keep_registry, load_registry
    from renderer.rights.template_file import write_template
    from renderer.rights.terms import read_terms

    now = datetime.now(UTC)
    terms = read_terms(arguments.terms, now)
    key = load_key(arguments.key)
    output: Path = arguments.output or arguments.terms.with_suffix(SUFFIX)
    urn = new_urn()
    entries: tuple[StatusEntry, ...] = ()
    published: list[Path] = []
    if arguments.registry is not None:
        registry = load_registry(arguments.registry, arguments.address)
        entries = add_entries(registry, arguments.registry, urn)
    write_template(output, issue_licence(terms, key, arguments.name, urn, entries))
    if arguments.registry is not None:
        published = keep_registry(registry, arguments.registry, key, now)
    print(f"licence     {output}")
    print(f"identifier  {urn}")
    print(f"issuer      {key.did}")
    for path in published:
        print(
            f"publish     {path}"
            + (f" at {registry.address}{path.name}" if registry.address else "")
        )
    if not published:
        print("It cannot be revoked: sign with --registry for that.")
    return 0


COMMAND = Command(
    "sign",
    "sign a licence for an avatar",
    prepare,
    run,
    add_options,
    ("encore licence sign idol.toml --key label.key --name 'Label Ltd' --registry label.registry",),
)
