"""`encore avatar key`: make the key that opens sealed avatars."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore avatar key`."""
    parser.add_argument(
        "key",
        nargs="?",
        metavar="FILE.key|keyring:NAME",
        help="where the key is kept; by default where shows look for it",
    )


def run(arguments: Namespace) -> int:
    """Make and keep a key, and print its identifier."""
    from pathlib import Path

    from renderer.rights.sealed.key import keep_receiving_key, make_receiving_key
    from renderer.rights.sealed.opener import default_key_place

    usual = default_key_place()
    place = arguments.key or usual
    if not place.startswith("keyring:"):
        Path(place).parent.mkdir(parents=True, exist_ok=True)
    key = make_receiving_key()
    keep_receiving_key(key, place)
    print(f"key         {place}")
    print(f"identifier  {key.did}")
    print("Rights holders seal avatars for it: encore avatar seal idol.vrm --for IDENTIFIER")
    if place != usual:
        print(f'Shows use it with this line in rights.toml: avatar_key = "{place}"')
    return 0


COMMAND = Command(
    "key",
    "make the key with which this studio opens sealed avatars",
    as_parsed,
    run,
    add_options,
    ("encore avatar key", "encore avatar key keyring:studio"),
    "A file is sealed with a passphrase, from the terminal or ENCORE_KEY_PASSPHRASE.",
)
