"""`encore kit make`: make a kit from which fans render clips."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import Final, get_args

from renderer.cli.command import Command
from renderer.cli.values import check_all, number, whole_number
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable
from renderer.paths import HALL
from renderer.rights.kit.limits import FRAMINGS, MOST_HEIGHT, MOST_SECONDS, MOST_SHOTS

MOST_DAYS: Final = 3650
MOST_PERFORMERS: Final = 4
"""Maximum number of performers in a take."""


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore kit make`."""
    parser.add_argument("avatar", type=Path, metavar="IDOL.vrm", help="its licence is beside it")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.kit")
    parser.add_argument("--name", required=True, help="the kit's name, shown in the clips")
    parser.add_argument("--key", required=True, metavar="FILE.key|keyring:NAME", help="your key")
    parser.add_argument("--issuer", required=True, metavar="NAME", help="your name, for people")
    parser.add_argument(
        "--registry",
        type=Path,
        required=True,
        metavar="FILE.registry",
        help="your record of licences, with which the kit can be revoked; made if missing",
    )
    parser.add_argument(
        "--address", default="", metavar="https://…/", help="where you publish its lists"
    )
    parser.add_argument("--licence", type=Path, metavar="FILE.licence", help="of the idol")
    parser.add_argument(
        "--for",
        dest="fan",
        default="",
        metavar="did:key:…",
        help="the fan, by what `encore avatar key` printed there; the kit is encrypted for that "
        "key. Without it the kit is for everybody, if the idol's file may be passed on",
    )
    _add_content_options(parser)
    _add_limit_options(parser)


def _add_content_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--motion",
        type=Path,
        metavar="TAKE.mcap|FILE.vrma|.bvh",
        help="what the idol does; a rehearsal of the demo's dance if left out",
    )
    parser.add_argument(
        "--number",
        type=whole_number("Performer number", 1, MOST_PERFORMERS),
        default=1,
        metavar="N",
        help="whose motion, where the take holds several performers; 1 by default",
    )
    parser.add_argument(
        "--consent",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.consent",
        help="of the take's performer, who must allow its reuse",
    )
    parser.add_argument("--set", type=Path, default=HALL, metavar="FILE.glb", help="stage set")
    parser.add_argument("--song", type=Path, metavar="FILE", help="whose excerpt goes with it")
    parser.add_argument(
        "--start",
        type=number("Start", 0.0, 86_400.0, 20.0),
        default=0.0,
        metavar="S",
        help="beginning of the excerpt of motion and song, seconds",
    )
    parser.add_argument("--bpm", type=number("BPM", 20.0, 400.0, 120.0), default=120.0)
    parser.add_argument("--credit", default="", help="shown at the beginning of every clip")
    parser.add_argument("--label", default="", help="shown in every clip, besides the usual ones")


def _add_limit_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--days",
        type=whole_number("Days", 1, MOST_DAYS),
        default=90,
        metavar="N",
        help="for which clips can be rendered, 90 by default",
    )
    parser.add_argument(
        "--seconds",
        type=number("Seconds", 0.1, MOST_SECONDS, 20.0),
        default=20.0,
        metavar="S",
        help="greatest length of a clip, and length of the excerpt; 20 by default",
    )
    parser.add_argument(
        "--shots",
        type=whole_number("Shots", 1, MOST_SHOTS),
        default=8,
        metavar="N",
        help="most shots of a clip, 8 by default",
    )
    parser.add_argument(
        "--height",
        type=whole_number("Height", 16, MOST_HEIGHT, "lines"),
        default=1080,
        metavar="N",
        help="greatest shorter side of the picture, 1080 by default",
    )
    parser.add_argument(
        "--framing",
        choices=FRAMINGS,
        action="append",
        default=[],
        help="an allowed shot; may be given again; all if left out",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check the files."""
    require = partial(require_file, what="file", remedy="name an existing file")
    given = [arguments.avatar, arguments.licence, arguments.motion, arguments.set, arguments.song]
    check_all(faults, require, [*given, *arguments.consent])
    check_all(faults, partial(require_writable, what="kit"), [arguments.output])
    if arguments.set is not None and arguments.set.suffix.lower() != ".glb":
        faults.add(UsageError(f"set {arguments.set}", "is not one file", "export the set as .glb"))
    return arguments


def run(arguments: Namespace) -> int:
    """Make the kit, and say what it allows."""
    from renderer.rights.kit.fan_licence import describe_terms
    from renderer.rights.kit.limits import FramingWord, Limits
    from renderer.tools.kit_make import KitPlan, make_kit

    framings: tuple[FramingWord, ...] = tuple(dict.fromkeys(arguments.framing)) or get_args(
        FramingWord
    )
    plan = KitPlan(
        arguments.avatar,
        arguments.name,
        Limits(framings, arguments.shots, arguments.seconds, arguments.height),
        arguments.days,
        arguments.key,
        arguments.issuer,
        arguments.registry,
        arguments.output,
        arguments.fan,
        arguments.licence,
        arguments.motion,
        arguments.number - 1,
        tuple(arguments.consent),
        arguments.set,
        arguments.song,
        arguments.start,
        arguments.seconds,
        arguments.bpm,
        arguments.credit,
        arguments.label,
        arguments.address,
    )
    licence = make_kit(plan, lambda text: print(text, flush=True))
    print(f"file       {arguments.output}")
    print("\n".join(describe_terms(licence)))
    print(f"revoke it  encore licence revoke {licence.id} --registry {arguments.registry} --key …")
    return 0


COMMAND = Command(
    "make",
    "make a kit from which fans render clips of an idol",
    prepare,
    run,
    add_options,
    (
        "encore kit make idol.vrm -o fans.kit --name 'Summer' --key label.key --issuer 'Label Ltd' "
        "--registry label.registry --song song.ogg --start 20",
    ),
    "The idol's licence must allow clips by fans, and a take its performer's consent to reuse.",
)
