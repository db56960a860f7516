"""`encore pair revoke`: end a pairing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore pair revoke`."""
    parser.add_argument("name", metavar="NAME", help="of the other machine")


def run(arguments: Namespace) -> int:
    """End the pairing; a running show refuses the machine within a second.

    Raises:
        DeskError: there is none.
    """
    from renderer.errors import DeskError
    from renderer.spelling import nearest
    from renderer.transport.machines.store import PairingStore

    store = PairingStore()
    known = [*store.machines(), *store.shows()]
    was_machine, was_show = store.remove_machine(arguments.name), store.remove_show(arguments.name)
    if not (was_machine or was_show):
        meant = nearest(arguments.name, known)
        raise DeskError(
            f"the machine {arguments.name[:40]}",
            "is not paired with this one",
            f"did you mean {meant}?" if meant else "encore pair list shows who is",
        )
    if was_machine:
        print(f"{arguments.name} may join this machine's shows no more.")
    if was_show:
        print(f"This machine has forgotten {arguments.name}; revoke it there, too.")
    return 0


COMMAND = Command(
    "revoke", "end a pairing", as_parsed, run, add_options, ("encore pair revoke studio-b",)
)
