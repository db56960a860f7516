"""`encore remote`: serve the running show to the crew's phones and tablets."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from renderer.cli.command import Command, as_parsed
from renderer.cli.running_show import add_session_option
from renderer.cli.values import whole_number


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore remote`."""
    parser.add_argument(
        "--port",
        type=whole_number("Port", 0, 65535),
        default=0,
        metavar="PORT",
        help="TCP port to serve on; any free one by default",
    )
    parser.add_argument(
        "--bind",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address of this machine to serve on; 0.0.0.0 for all, on a network of the crew's own",
    )
    parser.add_argument(
        "--operator",
        default="remote",
        metavar="NAME",
        help="in whose name controller pages call, for the show's log and roles",
    )
    add_session_option(parser)


def run(arguments: Namespace) -> int:
    """Serve the pages until interrupted."""
    from renderer.desk.remote.run import run_remote

    run_remote(
        arguments.session,
        arguments.bind,
        arguments.port,
        arguments.operator,
        lambda line: print(line, flush=True),
    )
    return 0


COMMAND = Command(
    "remote",
    "serve the running show to the crew's phones and tablets",
    as_parsed,
    run,
    add_options,
    ("encore remote", "encore remote --bind 0.0.0.0 --port 8070 --operator Mina"),
    details="Prints two addresses: one to look, one to call cues and cameras. Each has a token of "
    "128 bits; the pages end with the command.",
)
