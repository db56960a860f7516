"""`encore avatar info`: describe a VRM file and its licence."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable


@dataclass(frozen=True, slots=True)
class InfoRequest:
    """An avatar to describe, and the path of its picture if one is requested."""

    file: Path
    picture: Path | None


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore avatar info`."""
    parser.add_argument("file", type=Path, metavar="FILE.vrm")
    parser.add_argument(
        "--picture", type=Path, metavar="OUT.png", help="draw the avatar from all sides"
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> InfoRequest:
    """Check that the file exists and the picture can be written."""
    require = partial(require_file, what="avatar", remedy="name a VRM file")
    check_all(faults, require, [arguments.file])
    check_all(faults, partial(require_writable, what="picture"), [arguments.picture])
    return InfoRequest(arguments.file, arguments.picture)


def run(request: InfoRequest) -> int:
    """Print the avatar's summary and its licence in plain words; draw it if requested."""
    from avatars import load_avatar
    from avatars.info import summarise
    from renderer.rights.vrm_terms import in_plain_words

    avatar = load_avatar(request.file)
    print(summarise(avatar))
    print("\n".join(in_plain_words(avatar.meta)))
    if request.picture is not None:
        from renderer.tools.portrait_sheet import portray

        portray(avatar, request.picture)
        print(f"seen from all sides: {request.picture}")
    return 0


COMMAND = Command(
    "info",
    "what a VRM file is and what its licence says",
    prepare,
    run,
    add_options,
    ("encore avatar info idol.vrm", "encore avatar info idol.vrm --picture idol.png"),
)
