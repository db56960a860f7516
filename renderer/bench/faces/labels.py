"""Labels of real frames: what a person sees in a face, one row of a CSV file per frame."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.errors import MotionError

_EYES: Final = frozenset(("open", "half", "closed"))
_BROWS: Final = frozenset(("raised", "neutral", "lowered", "worried"))
_YES: Final = frozenset(("yes", "no", ""))
_SHAPES: Final = frozenset((
    "neutral", "smile", "grin", "frown", "pucker", "pressed", "stretched", "left", "right",
))  # fmt: skip

WORDS: Final[dict[str, frozenset[str]]] = {
    "eye_left": _EYES,
    "eye_right": _EYES,
    "gaze_yaw": frozenset(("-2", "-1", "0", "1", "2", "")),
    "gaze_pitch": frozenset(("-1", "0", "1", "")),
    "brow_left": _BROWS,
    "brow_right": _BROWS,
    "mouth_open": frozenset(("0", "1", "2", "3")),
    "mouth_shape": _SHAPES,
    "tongue_out": _YES,
    "cheeks_puffed": _YES,
}
"""Allowed words by column. `left` and `right` are the picture's, not the person's; several shapes
of a mouth are joined by `+`."""

_COLUMNS: Final = ("clip", "frame", *WORDS, "unsure")
_MAX_FRAME: Final = 10_000_000
"""Largest frame number: 46 hours at 60 frames per second."""

_SUFFIXES: Final = (".mp4", ".mov", ".mkv", ".avi", ".webm")


@dataclass(frozen=True, slots=True)
class Label:
    """What a person sees in one frame.

    Attributes:
        clip: name of the clip without its suffix.
        frame: number of the frame, from 0.
        words: by column of WORDS.
        unsure: columns that the person would not swear to.
    """

    clip: str
    frame: int
    words: dict[str, str]
    unsure: frozenset[str]


def read_labels(path: Path) -> list[Label]:
    """Read a file of labels.

    Raises:
        MotionError: it cannot be read, has no rows, lacks a column or contains an unknown word.
    """
    thing = f"Labels {path}"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as fault:
        raise MotionError(thing, f"cannot be read ({fault})", "name a CSV file") from fault
    if not rows:
        raise MotionError(thing, "has no rows", "write one row per frame")
    if missing := [name for name in _COLUMNS if name not in rows[0]]:
        raise MotionError(
            thing, f"lacks the columns {', '.join(missing)}", "name them in the first line"
        )
    # The first line holds the columns' names.
    return [_parse_row(row, f"{thing}, row {k}") for k, row in enumerate(rows, 2)]


def _parse_row(row: dict[str, str | None], thing: str) -> Label:
    """Convert a row of the file to a label.

    Raises:
        MotionError: a word is missing or unknown.
    """
    given = {name: (row[name] or "").strip() for name in _COLUMNS}
    clip, frame = given["clip"], given["frame"]
    if not clip:
        raise MotionError(thing, "names no clip", "write the clip's name without its suffix")
    if not (frame.isascii() and frame.isdecimal() and int(frame[:9]) <= _MAX_FRAME):
        raise MotionError(thing, f"frame {frame[:20]!r} is no number", "count frames from 0")
    for name, known in WORDS.items():
        words = given[name].split("+") if name == "mouth_shape" else [given[name]]
        if unknown := [word for word in words if word not in known]:
            raise MotionError(
                thing, f"{name} {unknown[0][:20]!r} is unknown", f"write {_join_words(known)}"
            )
    unsure = frozenset(given["unsure"].split())
    if odd := unsure - set(WORDS):
        raise MotionError(
            thing, f"unsure names {min(odd)[:20]!r}, which is no column", "name the columns"
        )
    return Label(clip, int(frame), {name: given[name] for name in WORDS}, unsure)


def _join_words(known: frozenset[str]) -> str:
    return ", ".join(sorted(word or "nothing" for word in known))


def find_clips(labels: Sequence[Label], folder: Path) -> dict[str, Path]:
    """Return the videos of the labelled clips, by name, from a folder and its subfolders.

    Raises:
        MotionError: the folder lacks a clip.
    """
    found = {
        path.stem: path
        for path in sorted(folder.rglob("*"), reverse=True)
        if path.suffix.lower() in _SUFFIXES
    }
    names = list(dict.fromkeys(label.clip for label in labels))
    if missing := [name for name in names if name not in found]:
        raise MotionError(
            f"Folder {folder}", f"has no video of {', '.join(missing)}", "name the clips' folder"
        )
    return {name: found[name] for name in names}
