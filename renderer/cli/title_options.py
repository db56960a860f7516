"""Define the options for titles: lyrics, lower thirds, logo, disclosure label."""

from __future__ import annotations

from argparse import _ArgumentGroup
from pathlib import Path


def add_title_options(group: _ArgumentGroup) -> None:
    """Add the options to a command."""
    group.add_argument(
        "--lyrics",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="lyrics in time with the song: LRC, enhanced LRC, TTML or ASS; may be given twice, "
        "the second time for a smaller line below in another language",
    )
    group.add_argument(
        "--lower-third",
        action="append",
        default=[],
        metavar="FROM-TO=NAME[/ROLE]",
        help="name title from one second of the song to another, such as '4-9=Hana/Lead vocal'; "
        "may be repeated",
    )
    group.add_argument("--logo", type=Path, metavar="FILE.png", help="logo at the upper right")
    group.add_argument(
        "--disclosure",
        default="",
        metavar="TEXT",
        help="label above everything else, besides the one that the territories require",
    )
