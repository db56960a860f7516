"""`encore screens`: take pictures of every perspective of the desk at several sizes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from renderer.cli.command import Command
from renderer.errors import UsageError
from renderer.faults import FaultCollector


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore screens`."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="for the pictures")
    parser.add_argument(
        "--size",
        action="append",
        default=[],
        metavar="WxH",
        help="size of the window; may be repeated; four sizes by default",
    )
    parser.add_argument(
        "--language",
        choices=("en", "ko", "ja"),
        default="en",
        help="of the desk; English by default",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Read the sizes."""
    sizes = []
    for text in arguments.size:
        width, _, height = text.partition("x")
        if width.isdecimal() and height.isdecimal() and int(width) >= 640 and int(height) >= 360:
            sizes.append((int(width), int(height)))
        else:
            faults.add(UsageError(f"Size {text[:20]}", "is none", "write one such as 1920x1080"))
    arguments.sizes = sizes
    return arguments


def run(arguments: Namespace) -> int:
    """Take the pictures; return 1 if text is cut or widgets overlap."""
    from renderer.tools.desk_screens import SIZES, take_screens

    faults = take_screens(arguments.folder, arguments.sizes or SIZES, print, arguments.language)
    print("\n".join(faults) if faults else "No text is cut, and nothing overlaps.")
    return 1 if faults else 0


COMMAND = Command(
    "screens",
    "take pictures of every perspective of the desk, and find cut or overlapping text",
    prepare,
    run,
    add_options,
    ("encore screens pictures", "encore screens pictures --size 1366x768 --language ko"),
    details="A stand-in show with four performers, eight outputs and long names is on the desk.",
)
