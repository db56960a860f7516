"""`encore verify`: tell what a video, picture or evidence pack says about where it comes from."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final

from renderer.cli.command import Command
from renderer.cli.values import check_all, whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file

_ADDRESSES: Final = ("http://", "https://")


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore verify`."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE|URL",
        help="a video, picture, playlist or evidence pack",
    )
    parser.add_argument(
        "--page",
        action="store_true",
        help="serve a page on this machine on which files are dropped to be checked",
    )
    parser.add_argument(
        "--port",
        type=whole_number("Port", 0, 65535),
        default=0,
        metavar="PORT",
        help="of the page; any free one by default",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the file exists, or that a page is meant."""
    if arguments.page == (arguments.file is not None):
        faults.add(
            UsageError("encore verify", "needs a file or --page", "name one file, or add --page")
        )
    if arguments.file is not None and not arguments.file.lower().startswith(_ADDRESSES):
        arguments.file = Path(arguments.file)
        require = partial(require_file, what="file", remedy="name a video or a picture")
        check_all(faults, require, [arguments.file])
    return arguments


def run(arguments: Namespace) -> int:
    """Print what was found; exit with 1 if neither an intact signature nor a mark was."""
    if arguments.page:
        from renderer.rights.public.page import run_page

        run_page(arguments.port, lambda text: print(text, flush=True))
        return 0
    from renderer.rights.public.answer import answer_file
    from renderer.rights.public.download import download

    if isinstance(arguments.file, Path):
        found = answer_file(arguments.file)
    else:
        with tempfile.TemporaryDirectory(prefix="encore-verify-") as folder:
            found = answer_file(download(arguments.file, Path(folder)))
    print("\n".join(found.lines))
    return 0 if found.is_ours else 1


COMMAND = Command(
    "verify",
    "what a video, picture or evidence pack says about where it comes from",
    prepare,
    run,
    add_options,
    (
        "encore verify clip.mp4",
        "encore verify https://label.example/clip.mp4",
        "encore verify screenshot.png",
        "encore verify show.evidence.json",
        "encore verify --page",
    ),
    "It survives encoding, scaling, cropping by a tenth and filming a whole screen. Without a mark "
    "the answer is that nothing is known.",
)
