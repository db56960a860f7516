"""Read files of lyrics: LRC, enhanced LRC, TTML and ASS, with two voices and their side lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from renderer.errors import StageError
from renderer.stage.text.lyrics import LyricLine, Lyrics

MOST_BYTES: Final = 1 << 20
"""Maximum size of a file; a song's lyrics take a few kilobytes."""
MOST_LINES: Final = 5_000
"""Maximum number of timed lines, including repetitions."""
LONGEST: Final = 200
"""Maximum length of a line, code points; the rest would not be legible and is cut off."""
LONGEST_LINE_S: Final = 8.0
"""Maximum duration of a line whose end is not given, seconds."""


class LyricPart(StrEnum):
    """A line of lyrics that can be shown by itself; the values are a show document's."""

    VOICE_1 = "voice 1"
    VOICE_2 = "voice 2"
    TRANSLATION = "translation"
    PRONUNCIATION = "pronunciation"


@dataclass(frozen=True, slots=True)
class TimedText:
    """A line as a file has it.

    Attributes:
        begin_s: song time, seconds.
        text: empty for a line that only ends the one before.
        marks: (song time, code points sung until then).
        end_s: None if the file gives none.
    """

    begin_s: float
    text: str
    marks: tuple[tuple[float, int], ...] = ()
    end_s: float | None = None


LyricSheet = Mapping[LyricPart, Lyrics]
"""The lyrics of a file by part."""


def load_lyrics(path: Path, part: LyricPart = LyricPart.VOICE_1) -> Lyrics:
    """Return one part of a file of lyrics.

    Raises:
        StageError: the file cannot be read, is no UTF-8 text, has no line with a time, or lacks the
            part.
    """
    sheet = load_lyric_sheet(path)
    if part not in sheet:
        raise StageError(
            f"lyrics {path}", f"they have no {part.value}", f"choose {', '.join(sheet)}"
        )
    return sheet[part]


def load_lyric_sheet(path: Path) -> LyricSheet:
    """Return the parts of a file of lyrics; the suffix selects the format, LRC by default.

    Raises:
        StageError: the file cannot be read, is no UTF-8 text, or has no line with a time.
    """
    # Imported here: each format needs the definitions above.
    from renderer.stage.text.ass import parse_ass
    from renderer.stage.text.lrc import parse_lrc_sheet
    from renderer.stage.text.ttml import parse_ttml

    thing = f"lyrics {path}"
    text = _read_text(path)
    match path.suffix.lower():
        case ".ttml" | ".xml":
            return parse_ttml(text, thing)
        case ".ass" | ".ssa":
            return parse_ass(text, thing)
        case _:
            return parse_lrc_sheet(text, thing)


def make_sheet(parts: Mapping[LyricPart, list[TimedText]], thing: str, remedy: str) -> LyricSheet:
    """Return the lyrics of timed lines; parts without a text are left out.

    Args:
        parts: in any order.
        thing: name of the file, for the message.
        remedy: how a line gets a time in this format.

    Raises:
        StageError: no line has a time, or more than MOST_LINES do.
    """
    if sum(map(len, parts.values())) > MOST_LINES:
        raise StageError(thing, f"they have more than {MOST_LINES} lines", "split the song")
    sheet = {}
    for part, found in parts.items():
        timed = sorted(found, key=lambda one: one.begin_s)
        lines = [
            _make_line(one, timed[number + 1].begin_s if number + 1 < len(timed) else None)
            for number, one in enumerate(timed)
            if one.text
        ]
        if lines:
            sheet[part] = Lyrics(lines)
    if not sheet:
        raise StageError(thing, "no line has a time", remedy)
    return sheet


def _make_line(one: TimedText, next_s: float | None) -> LyricLine:
    """Return a line with non-decreasing times, and with an end if the file gives none."""
    latest = min(one.begin_s + LONGEST_LINE_S, next_s if next_s is not None else float("inf"))
    if one.end_s is not None:
        latest = one.end_s
    times: list[tuple[float, int]] = []
    for seconds, count in ((one.begin_s, 0), *one.marks):
        earliest, fewest = times[-1] if times else (one.begin_s, 0)
        times.append((max(seconds, earliest), max(count, fewest)))
    last_s, last = times[-1]
    if last < len(one.text) or len(times) == 1:
        times.append((max(latest, last_s), len(one.text)))
    return LyricLine(one.text, tuple(times))


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise StageError(
            f"lyrics {path}", f"they cannot be read ({fault.strerror})", "name a file of lyrics"
        ) from fault
    if len(data) > MOST_BYTES:
        raise StageError(
            f"lyrics {path}", "the file is larger than 1 MB", "name a file of lyrics, which is text"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = fault.start - data.rfind(b"\n", 0, fault.start)
        raise StageError(
            f"lyrics {path}:{line}:{column}", "is no UTF-8", "save the file as UTF-8"
        ) from fault
