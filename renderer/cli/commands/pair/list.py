"""`encore pair list`: the pairings of this machine."""

from __future__ import annotations

from argparse import Namespace

from renderer.cli.command import Command, as_parsed


def run(_arguments: Namespace) -> int:
    """Print who may join here, and where this machine may join."""
    from renderer.protocol.machines import MachinePart
    from renderer.transport.machines.store import PairingStore

    store = PairingStore()
    machines, shows = store.machines().values(), store.shows().values()
    for machine in machines:
        role = f" ({machine.role.value})" if machine.part is MachinePart.DESK else ""
        print(f"{machine.name:20} may join here as a {machine.part.value}{role}")
    for show in shows:
        print(f"{show.name:20} at {show.host}:{show.port}: this machine is its {show.part.value}")
    if not (machines or shows):
        print("No machine is paired: encore pair new NAME")
    return 0


COMMAND = Command(
    "list", "list the paired machines", as_parsed, run, examples=("encore pair list",)
)
