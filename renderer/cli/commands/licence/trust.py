"""`encore licence trust`: list, add and remove issuers whose licences are accepted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence trust`."""
    parser.add_argument("did", nargs="?", default="", metavar="did:…", help="the issuer")
    parser.add_argument("--name", default="", help="the issuer's name, for people")
    parser.add_argument(
        "--avatar",
        action="append",
        default=[],
        type=Path,
        metavar="FILE.vrm",
        help="an avatar that the issuer may license; any without this option",
    )
    parser.add_argument("--remove", action="store_true", help="do not accept it any more")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that a new issuer has a name, and that the avatars exist."""
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, arguments.avatar)
    if arguments.did and not arguments.remove and not arguments.name:
        faults.add(UsageError("--name", "is missing", "add --name 'Name of the rights holder'"))
    return arguments


def run(arguments: Namespace) -> int:
    """Change the trust list as requested, and print it."""
    from renderer.errors import RightsError
    from renderer.rights.credentials.did import WEB_METHOD, decode_did_key
    from renderer.rights.credentials.fetch import fetch, web_address
    from renderer.rights.credentials.trust_list import (
        Issuer,
        keep_trust_list,
        load_trust_list,
        read_did_document,
        trust_list_path,
    )
    from renderer.rights.folders import load_trust
    from renderer.rights.licence import hash_file

    did, path = arguments.did, trust_list_path()
    own = load_trust_list(path)
    if did and arguments.remove:
        if not own.remove(did):
            raise RightsError(
                f"issuer {did}", f"is not in {path}", "list them: encore licence trust"
            )
        keep_trust_list(own, path)
    elif did:
        if did.startswith(WEB_METHOD):
            data = fetch(web_address(did), Path())
            issuer = read_did_document(data, did, arguments.name)
        else:
            decode_did_key(did)
            issuer = Issuer(did, arguments.name)
        avatars = tuple(hash_file(avatar) for avatar in arguments.avatar)
        own.add(Issuer(issuer.did, issuer.name, issuer.keys, avatars))
        keep_trust_list(own, path)
    for issuer in load_trust().issuers:
        scope = f", for {len(issuer.avatars)} avatars" if issuer.avatars else ""
        print(f"{issuer.name}{scope}\n  {issuer.did}")
    return 0


COMMAND = Command(
    "trust",
    "issuers whose licences are accepted",
    prepare,
    run,
    add_options,
    (
        "encore licence trust",
        "encore licence trust did:web:label.example --name 'Label Ltd'",
        "encore licence trust did:key:z6Mk… --name 'Label Ltd' --avatar idol.vrm",
    ),
)
