"""`encore pair join`: pair this machine with one that gives shows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore pair join`."""
    parser.add_argument(
        "place", metavar="ADDRESS|FILE", help="what encore pair new shows, or the file it wrote"
    )
    parser.add_argument("code", nargs="?", metavar="CODE", help="that encore pair new shows")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the address and the code."""
    from renderer.transport.machines.address import PAIRING_PORT, parse_host_port
    from renderer.transport.machines.pairing import parse_code

    if arguments.code is not None:
        arguments.code = faults.attempt(parse_code, arguments.code)
        arguments.place = faults.attempt(
            partial(parse_host_port, usual_port=PAIRING_PORT), arguments.place
        )
    return arguments


def run(arguments: Namespace) -> int:
    """Pair this machine, and say what it may do now."""
    from renderer.protocol.machines import MachinePart
    from renderer.transport.machines.pairing import join_by_code
    from renderer.transport.machines.pairing_file import join_by_file
    from renderer.transport.machines.store import PairingStore

    store = PairingStore()
    if arguments.code is None:
        show = join_by_file(store, Path(arguments.place))
        print(f"The file {arguments.place} was used and is deleted.")
    else:
        show = join_by_code(store, arguments.place, arguments.code)
    print(f"This machine is {show.machine} for the shows of {show.name}.")
    if show.part is MachinePart.CAPTURE:
        print(f"Join one:  encore capture --join {show.name} --input camera:0")
    elif show.part is MachinePart.STANDBY:
        print(f"Join one:  encore standby SHOW.toml --join {show.name}")
    else:
        print(f"Join one:  encore desk --join {show.name}")
    return 0


COMMAND = Command(
    "join",
    "pair this machine with one that gives shows",
    prepare,
    run,
    add_options,
    ("encore pair join 192.168.1.20:7712 K7QM-3XPT", "encore pair join studio-b.pairing"),
)
