"""`encore pair new`: pair another machine, on the machine that gives the shows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable

_CAPTURE, _STANDBY = "capture", "standby"
_ROLES = ("view", "control", "edit", "rights")


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore pair new`."""
    parser.add_argument("name", metavar="NAME", help="of the other machine, as the show names it")
    parser.add_argument(
        "--as",
        dest="part",
        choices=(_CAPTURE, _STANDBY, *_ROLES),
        default=_CAPTURE,
        help="a capture, which sends landmarks and commands nothing; a standby, whose engine draws "
        "the show if this machine's is lost; or a desk that may view, control, edit or decide "
        "rights",
    )
    parser.add_argument(
        "--address",
        metavar="ADDRESS",
        help="of this machine, as the other reaches it; the first of its own by default",
    )
    parser.add_argument(
        "--listen",
        metavar="ADDRESS[:PORT]",
        default="0.0.0.0",
        help="of this machine to wait on for the other; all by default",
    )
    parser.add_argument(
        "--port", metavar="PORT", help="at which machines join the shows; 7711 by default"
    )
    parser.add_argument(
        "--file",
        type=Path,
        metavar="FILE.pairing",
        help="write a file to carry over, instead of waiting for the other machine",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the name, the addresses and the file."""
    from renderer.transport.machines.address import PAIRING_PORT, USUAL_PORT, parse_host_port
    from renderer.transport.machines.store import check_name

    faults.attempt(check_name, arguments.name)
    arguments.listen = faults.attempt(
        partial(parse_host_port, usual_port=PAIRING_PORT, numeric=True), arguments.listen
    )
    if arguments.address is not None:
        faults.attempt(parse_host_port, arguments.address)
    shows_at = f"0.0.0.0:{arguments.port or USUAL_PORT}"
    arguments.shows_at = faults.attempt(partial(parse_host_port, numeric=True), shows_at)
    check_all(faults, partial(require_writable, what="pairing"), [arguments.file])
    return arguments


def run(arguments: Namespace) -> int:
    """Pair the machine, and say what to type there; 1 if it does not come."""
    from renderer.protocol.machines import MachinePart
    from renderer.protocol.roles import Role
    from renderer.transport.machines.address import HostPort, find_own_address
    from renderer.transport.machines.pairing import VALID_S, PairingOffer, show_code
    from renderer.transport.machines.pairing_file import write_pairing
    from renderer.transport.machines.store import PairedMachine, PairingStore

    is_desk = arguments.part in _ROLES
    part = MachinePart.DESK if is_desk else MachinePart(arguments.part)
    role = Role(arguments.part) if is_desk else Role.VIEW
    store = PairingStore()
    wanted = PairedMachine(arguments.name, part, role, "", 0.0)
    host = arguments.address or find_own_address()
    port = arguments.shows_at.port
    if arguments.file is not None:
        write_pairing(store, wanted, HostPort(host, port), arguments.file)
        print(f"Written    {arguments.file}: a secret; carry it to {arguments.name}, and there")
        print(f"           encore pair join {arguments.file.name}")
    else:
        with PairingOffer(store, wanted, arguments.listen, port) as offer:
            print(f"On {arguments.name}, within {VALID_S / 60:.0f} minutes:")
            print(f"    encore pair join {HostPort(host, offer.port)} {show_code(offer.code)}")
            print(flush=True)
            if offer.wait(VALID_S, lambda text: print(text, flush=True)) is None:
                print("The code is no longer valid: nobody used it.")
                return 1
    print(f"{arguments.name} is paired, as a {part.value}.")
    if part is MachinePart.CAPTURE:
        print(f"In the show: --input machine:{arguments.name}")
    elif part is MachinePart.STANDBY:
        print(f"In the show: --standby-machine {arguments.name}")
    else:
        print("Its desk may join shows that are started with --machines.")
    return 0


COMMAND = Command(
    "new",
    "pair another machine, on the machine that gives the shows",
    prepare,
    run,
    add_options,
    (
        "encore pair new studio-b                       a capture",
        "encore pair new foh --as control               a desk",
        "encore pair new spare --as standby             an engine",
        "encore pair new studio-b --file studio-b.pairing",
    ),
    details="The code can be used once. Keys stay on their machines; a file contains the other "
    "machine's.",
)
