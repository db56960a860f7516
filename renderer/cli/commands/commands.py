"""`encore commands`: list every command that a running show takes, with its address."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore commands`."""
    parser.add_argument("--json", action="store_true", help="print the list as JSON")


def run(arguments: Namespace) -> int:
    """Print every command's address, arguments and summary."""
    import json

    from renderer.show.control.addresses import REQUIRED, all_addresses

    rows = all_addresses()
    if arguments.json:
        plain = [
            {
                "address": one.address,
                "arguments": {
                    name: None if value is REQUIRED else value
                    for name, value in one.arguments.items()
                },
                "summary": one.summary,
            }
            for one in rows
        ]
        print(json.dumps(plain, indent=2))
        return 0
    for one in rows:
        words = [
            f"{name}=…" if value is REQUIRED else f"[{name}={json.dumps(value)}]"
            for name, value in one.arguments.items()
        ]
        print(f"{' '.join((one.address, *words))}\n    {one.summary}.")
    return 0


COMMAND = Command(
    "commands",
    "list every command that a running show takes, with its address",
    as_parsed,
    run,
    add_options,
    ("encore commands", "encore commands --json"),
    details="`encore send` sends any of them; cues do, too, by the action command.",
)
