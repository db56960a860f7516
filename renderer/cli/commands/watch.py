"""`encore watch`: serve an HLS folder and its watch page on this machine."""

from __future__ import annotations

import secrets
import threading
from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore watch`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of an hls: output")
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
        help="address of this machine to serve on, so that others can watch; 0.0.0.0 for all",
    )
    parser.add_argument(
        "--token",
        metavar="TOKEN",
        default="",
        help="part of the page's address, without which nobody can watch; `new` makes one",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the folder exists."""
    folder: Path | None = arguments.folder
    if folder is not None and not folder.is_dir():
        faults.add(
            UsageError(f"folder {folder}", "does not exist", "name the folder of an hls: output")
        )
    return arguments


def run(arguments: Namespace) -> int:
    """Serve the folder until interrupted."""
    from renderer.output.web.watch import serve_folder

    token = secrets.token_urlsafe(16) if arguments.token == "new" else arguments.token
    with closing(serve_folder(arguments.folder, arguments.port, arguments.bind, token)) as server:
        print(server.url, flush=True)
        threading.Event().wait()  # Until Ctrl-C, or until the show that started it stops it.
    return 0


COMMAND = Command(
    "watch",
    "serve an HLS folder and its watch page on this machine",
    prepare,
    run,
    add_options,
    (
        "encore watch out/demo/hls",
        "encore watch out/demo/hls --port 8080 --bind 0.0.0.0 --token new",
    ),
)
