"""`encore devices`: list the devices that a show can use on this machine, with their options."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore devices`."""
    parser.add_argument("--json", action="store_true", help="print the devices as JSON")


def run(arguments: Namespace) -> int:
    """List the devices."""
    import json

    from renderer.tools.devices import list_devices
    from renderer.tools.devices.records import as_dict, as_text

    sections = list_devices()
    print(json.dumps(as_dict(sections), indent=2) if arguments.json else as_text(sections))
    return 0


COMMAND = Command(
    "devices",
    "list cameras, microphones, ports and encoders, and what to type for each",
    as_parsed,
    run,
    add_options,
    ("encore devices", "encore devices --json | jq .cameras"),
)
