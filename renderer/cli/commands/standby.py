"""`encore standby`: keep an engine on this machine ready for a show on another one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.cli.command import Command
from renderer.cli.commands import show
from renderer.faults import FaultCollector
from renderer.interrupts import stop_on_signals
from renderer.rights.declaration import Declaration

if TYPE_CHECKING:
    from renderer.show.plan import ShowPlan
    from renderer.transport.machines.address import HostPort


@dataclass(frozen=True, slots=True)
class StandbyRequest:
    """The request to keep an engine ready.

    Attributes:
        plan: of the show.
        join: machine that gives it; None for the only paired one.
        address: where that machine is; None for where it was paired.
    """

    plan: ShowPlan
    join: str | None
    address: HostPort | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore standby`."""
    parser.add_argument("file", type=Path, metavar="SHOW.toml", help="document of the show")
    parser.add_argument(
        "--join",
        metavar="NAME",
        help="machine that gives the show, as encore pair list names it; the only one by default",
    )
    parser.add_argument(
        "--address",
        metavar="ADDRESS[:PORT]",
        help="where that machine is now, if not where it was paired",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> StandbyRequest:
    """Check the address and the document; its inputs and outputs are not of this machine."""
    from renderer.cli.document_options import apply_options
    from renderer.show.document.plan import build_plan, find_document_faults
    from renderer.show.document.read import find_place
    from renderer.show.plan import ShowPlan
    from renderer.transport.machines.address import parse_host_port

    address = None
    if arguments.address is not None:
        address = faults.attempt(parse_host_port, arguments.address)
    read = show.read_file(arguments.file, faults)
    if read is None:
        return StandbyRequest(ShowPlan((), (), None, Declaration("")), None, None)
    # As encore show does with a document and no options.
    without = ArgumentParser(add_help=False)
    show.add_options(without)
    read, own = apply_options(read, without.parse_args([]), faults), FaultCollector()
    plan = build_plan(read, own)
    find_document_faults(read, own)
    faults.add(*(find_place(read, fault) for fault in own.faults))
    return StandbyRequest(plan, arguments.join, address)


def run(request: StandbyRequest) -> int:
    """Serve the show until interrupted."""
    from renderer.cli.parser import version
    from renderer.protocol.machines import MachinePart
    from renderer.show.remote_engine.host import StandbyHost
    from renderer.transport.machines.choice import choose_show
    from renderer.transport.machines.store import PairingStore

    joined = choose_show(PairingStore(), request.join, MachinePart.STANDBY, request.address)
    with (
        stop_on_signals() as stop,
        StandbyHost(
            joined,
            request.plan,
            version(),
            lambda line: print(f"standby: {line}", flush=True),
        ) as host,
    ):
        host.run(stop)
    return 0


COMMAND = Command(
    "standby",
    "keep an engine on this machine ready for a show on another one",
    prepare,
    run,
    add_options,
    (
        "encore standby show.toml",
        "encore standby show.toml --join stage-pc --address 192.168.1.20",
    ),
    details="Pair the machines first: encore pair new NAME --as standby. The document is the "
    "show's, and so are the avatars and the set; what differs is refused by name. If the show's "
    "engine is lost, this machine draws; sound, watermark and outputs stay on the show's.",
)
