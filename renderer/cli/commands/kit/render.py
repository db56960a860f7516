"""`encore kit render`: render a clip from a fan kit."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from renderer.cli.command import Command
from renderer.cli.values import check_all, number, picture_size
from renderer.errors import UsageError
from renderer.faults import FaultCollector
from renderer.path_checks import require_file, require_writable
from renderer.rights.kit.limits import FRAMINGS, MOST_SECONDS, FramingWord
from renderer.spelling import nearest


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """The checked arguments of `encore kit render`."""

    kit: Path
    clip: Path
    shots: tuple[tuple[float, FramingWord], ...]
    seconds: float | None
    size: tuple[int, int] | None
    key: str


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore kit render`."""
    parser.add_argument("kit", type=Path, metavar="FILE.kit")
    parser.add_argument("clip", type=Path, metavar="CLIP.mp4")
    parser.add_argument(
        "--shot",
        action="append",
        default=[],
        metavar="SHOT[@SECOND]",
        help=f"{', '.join(FRAMINGS)}, and when it begins; may be given again; full if left out",
    )
    parser.add_argument(
        "--seconds",
        type=number("Seconds", 0.1, MOST_SECONDS, 10.0),
        metavar="S",
        help="length of the clip; what the kit allows if left out",
    )
    parser.add_argument("--size", metavar="WxH", help="picture size, such as 1280x720")
    parser.add_argument(
        "--key",
        default="",
        metavar="FILE.key|keyring:NAME",
        help="your key, if the kit is for you alone; the one of `encore avatar key` by default",
    )


def prepare(arguments: Namespace, faults: FaultCollector) -> RenderRequest:
    """Check the files and the shots."""
    require = partial(require_file, what="kit", remedy="name a kit that you were given")
    check_all(faults, require, [arguments.kit])
    clip: Path | None = arguments.clip
    check_all(faults, partial(require_writable, what="clip"), [clip])
    if clip is not None and clip.suffix.lower() != ".mp4":
        faults.add(UsageError(f"clip {clip}", "is no .mp4", "end its name with .mp4"))
    shots = tuple(faults.collect(parse_shot, arguments.shot or ["full"]))
    if shots and min(at for at, _ in shots) > 0.0:
        faults.add(UsageError("--shot", "leaves the beginning without a shot", "begin one at @0"))
    return RenderRequest(
        arguments.kit or Path(),
        clip or Path(),
        shots,
        arguments.seconds,
        faults.attempt(picture_size, arguments.size),
        arguments.key,
    )


def parse_shot(word: str) -> tuple[float, FramingWord]:
    """Return `bust@4` as (4.0, "bust"); without a time it begins at 0.

    Raises:
        UsageError: it is no shot.
    """
    name, _, at = word.partition("@")
    try:
        seconds = float(at or "0")
    except ValueError:
        seconds = math.nan
    framing = next((one for one in FRAMINGS if one == name), None)
    if framing is None or not 0.0 <= seconds <= MOST_SECONDS:
        meant = nearest(name, FRAMINGS)
        raise UsageError(
            f"shot {word[:40]}",
            "is no shot with its second",
            f"did you mean {meant}?" if meant and framing is None else "write one such as bust@4",
        )
    return seconds, framing


def run(request: RenderRequest) -> int:
    """Render the clip."""
    from renderer.tools.kit_render import ClipPlan, render_kit

    plan = ClipPlan(
        request.kit, request.clip, request.shots, request.seconds, request.size, request.key
    )
    licence = render_kit(plan, lambda text: print(text, flush=True))
    print(f"clip       {request.clip}: {licence.terms.kit}, marked and signed")
    print("It may be shown as long as nobody earns money with it.")
    return 0


COMMAND = Command(
    "render",
    "render a marked, limited clip from a kit",
    prepare,
    run,
    add_options,
    (
        "encore kit render fans.kit clip.mp4",
        "encore kit render fans.kit clip.mp4 --shot full --shot bust@4 --seconds 8",
    ),
)
