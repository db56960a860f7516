"""`encore capture`: track on this machine for a show on another one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command
from renderer.faults import FaultCollector
from renderer.interrupts import stop_on_signals


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore capture`."""
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
    parser.add_argument(
        "--input",
        default="camera:0",
        metavar="INPUT",
        help="camera:0 (default), /dev/video0, rtsp://…, a video or images",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the address and the input."""
    from renderer.show.plan_checks import require_input
    from renderer.transport.machines.address import parse_host_port

    faults.attempt(require_input, arguments.input)
    if arguments.address is not None:
        arguments.address = faults.attempt(parse_host_port, arguments.address)
    return arguments


def run(arguments: Namespace) -> int:
    """Track for the show until interrupted, or until a file has been played."""
    from renderer.capture.process.host import CaptureHost
    from renderer.cli.parser import version
    from renderer.protocol.machines import MachinePart
    from renderer.transport.machines.choice import choose_show
    from renderer.transport.machines.store import PairingStore

    show = choose_show(PairingStore(), arguments.join, MachinePart.CAPTURE, arguments.address)
    with (
        stop_on_signals() as stop,
        CaptureHost(
            show, arguments.input, version(), lambda line: print(f"capture: {line}", flush=True)
        ) as host,
    ):
        host.run(stop)
    return 0


COMMAND = Command(
    "capture",
    "track on this machine for a show on another one",
    prepare,
    run,
    add_options,
    (
        "encore capture --input camera:0",
        "encore capture --join stage-pc --address 192.168.1.20 --input camera:0",
    ),
    details="Pair the machines first, by encore pair. The camera is opened when the show asks for "
    "it, and joins again by itself after a cut of the network.",
)
