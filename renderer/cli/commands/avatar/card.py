"""`encore avatar card`: say what an avatar is, what it may, and whether it may be in a show."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.cli.command import Command
from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_file

if TYPE_CHECKING:  # Importing it loads numpy.
    from renderer.tools.avatar_cards import AvatarCard


def add_options(parser: ArgumentParser) -> None:
    """Add the options of `encore avatar card`."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.vrm")
    parser.add_argument(
        "--show", type=Path, metavar="SHOW.toml", help="for which the verdict is given"
    )
    parser.add_argument(
        "--language", choices=("en", "ko", "ja"), default="en", help="of terms and verdicts"
    )
    parser.add_argument("--no-picture", action="store_true", help="draw no picture of the face")
    parser.add_argument("--json", action="store_true", help="print a line of JSON for each avatar")


def prepare(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the show's document exists; faults of avatars are on their cards."""
    require = partial(require_file, what="show", remedy="name a show's document")
    check_all(faults, require, [arguments.show] if arguments.show is not None else [])
    return arguments


def run(arguments: Namespace) -> int:
    """Print the cards; return 1 if an avatar cannot be loaded or may not be shown."""
    import msgspec

    from renderer.tools.avatar_cards import make_card, no_show, read_context

    context = no_show() if arguments.show is None else read_context(arguments.show)
    is_bad = False
    for file in arguments.files:
        card = make_card(file, context, arguments.language, draws=not arguments.no_picture)
        is_bad |= bool(card.fault) or any(one.outcome != "allow" for one in card.verdicts)
        if arguments.json:
            print(msgspec.json.encode(card).decode(), flush=True)
        else:
            print("\n".join(_lines(card)), flush=True)
    return int(is_bad)


def _lines(card: AvatarCard) -> list[str]:
    """Return a card as lines of text."""
    if card.fault:
        return [f"{card.file}: {card.fault}"]
    lines = [f"{card.name}, by {card.author or 'nobody named'} ({card.file})"]
    if card.picture:
        lines.append(f"  picture  {card.picture}")
    lines += [f"  {one}" for one in card.terms]
    lines += [
        f"  {one.severity:7}  {one.place or 'the file'}: {one.text}; {one.remedy}"
        for one in card.findings
    ]
    for verdict in card.verdicts:
        who = f" with {verdict.performer}" if verdict.performer else ""
        until = f", until {verdict.until}" if verdict.until else ""
        lines.append(f"  {verdict.outcome}{who}{until}")
        lines += [f"    {line}" for line in verdict.lines]
    return lines


COMMAND = Command(
    "card",
    "what an avatar is, what it may, and whether it may be in a show",
    prepare,
    run,
    add_options,
    ("encore avatar card idol.vrm", "encore avatar card avatars/*.vrm --show show.toml"),
)
