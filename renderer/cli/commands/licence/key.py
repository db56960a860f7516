"""`encore licence key`: make a signing key."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore licence key`."""
    parser.add_argument("key", metavar="FILE.key|keyring:NAME", help="where the key is kept")
    parser.add_argument(
        "--did",
        default="",
        metavar="did:web:DOMAIN",
        help="an identifier that you publish; by default the key is its own identifier",
    )


def run(arguments: Namespace) -> int:
    """Make and keep a key, and print its identifier."""
    from renderer.rights.credentials.fetch import web_address
    from renderer.rights.credentials.keys import keep_key, make_key

    address = web_address(arguments.did) if arguments.did else ""
    key = make_key(arguments.did)
    keep_key(key, arguments.key)
    print(f"key         {arguments.key}")
    print(f"identifier  {key.did}")
    if address:
        print(f"publish     at {address} with this assertion method:")
        print(f'            {{"id": "{key.key_id}", "type": "Multikey", "controller": "{key.did}",')
        print(f'             "publicKeyMultibase": "{key.did_key.rpartition(":")[2]}"}}')
    else:
        print("Crews accept what it signs after `encore licence trust` with this identifier.")
    return 0


COMMAND = Command(
    "key",
    "make a key that signs licences or consents",
    as_parsed,
    run,
    add_options,
    (
        "encore licence key label.key",
        "encore licence key keyring:label --did did:web:label.example",
    ),
    "A file is sealed with a passphrase, from the terminal or ENCORE_KEY_PASSPHRASE.",
)
