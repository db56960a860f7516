"""Read lyrics from LRC files, plain (one time per line) or enhanced (one per word or syllable).

The format has no standard; this reads what players agree on: `[mm:ss.xx]` before a line, once for
each repetition, `<mm:ss.xx>` before words, `[offset:±ms]`, where a positive offset shows the lyrics
earlier, and other tags, which are ignored. A line without text ends the previous line. `v1:` and
`v2:` before a text name its voice. Of lines with the same time, the second one is a translation and
the third one the pronunciation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from renderer.errors import StageError
from renderer.stage.text.lyric_sheet import (
    LONGEST,
    MOST_LINES,
    LyricPart,
    LyricSheet,
    TimedText,
    make_sheet,
)
from renderer.stage.text.lyrics import Lyrics

_TIME: Final = r"(\d{1,4}):(\d{1,2}(?:[.:]\d{1,3})?)"
_LINE_TIME: Final = re.compile(rf"\s*\[{_TIME}\]")
_WORD_TIME: Final = re.compile(rf"<{_TIME}>")
_OFFSET: Final = re.compile(r"^\s*\[offset:\s*([+-]?\d{1,7})\s*\]", re.IGNORECASE | re.MULTILINE)
_VOICE: Final = re.compile(r"\s*v([12]):\s*", re.IGNORECASE)
_SIDE_LINES: Final = (LyricPart.TRANSLATION, LyricPart.PRONUNCIATION)


def parse_lrc(text: str, thing: str = "the lyrics") -> Lyrics:
    """Return the first voice of an LRC text, sorted by time.

    Args:
        text: of the file.
        thing: its name, for the message.

    Raises:
        StageError: no line has a time, or more than MOST_LINES do.
    """
    sheet = parse_lrc_sheet(text, thing)
    return sheet.get(LyricPart.VOICE_1) or next(iter(sheet.values()))


def parse_lrc_sheet(text: str, thing: str = "the lyrics") -> LyricSheet:
    """Return all parts of an LRC text.

    Raises:
        StageError: no line has a time, or more than MOST_LINES do.
    """
    found = _OFFSET.search(text)
    offset_s = int(found.group(1)) / 1000.0 if found else 0.0
    parts: dict[LyricPart, list[TimedText]] = {part: [] for part in LyricPart}
    seen: dict[tuple[LyricPart, float], int] = {}
    count = 0
    for row in text.splitlines():
        for one in _parse_row(row, offset_s):
            voice, one = _take_voice(one)
            count += 1
            if count > MOST_LINES:
                raise StageError(thing, f"they have more than {MOST_LINES} lines", "split the song")
            repeated = seen.get((voice, one.begin_s), 0)
            if not one.text:
                for part in parts.values():
                    part.append(one)
            elif repeated <= len(_SIDE_LINES):
                seen[voice, one.begin_s] = repeated + 1
                parts[(voice, *_SIDE_LINES)[repeated]].append(one)
    return make_sheet(parts, thing, "begin each line with one like [01:23.45]")


def _take_voice(one: TimedText) -> tuple[LyricPart, TimedText]:
    """Return the voice that a line names, the first by default, and the line without it."""
    found = _VOICE.match(one.text)
    if found is None:
        return LyricPart.VOICE_1, one
    part = LyricPart.VOICE_2 if found[1] == "2" else LyricPart.VOICE_1
    cut = found.end()
    marks = tuple((at, max(count - cut, 0)) for at, count in one.marks)
    return part, replace(one, text=one.text[cut:], marks=marks)


def _parse_row(row: str, offset_s: float) -> list[TimedText]:
    begins = []
    while found := _LINE_TIME.match(row):
        begins.append(_parse_seconds(found) - offset_s)
        row = row[found.end() :]
    if not begins:
        return []
    marks: list[tuple[float, int]] = []
    text = ""
    end = 0
    for found in _WORD_TIME.finditer(row):
        text += row[end : found.start()]
        marks.append((_parse_seconds(found) - offset_s, len(clean(text))))
        end = found.end()
    text = clean(text + row[end:]).rstrip()[:LONGEST]
    # Word times are written for the first repetition.
    return [
        TimedText(begin, text, tuple((t - begins[0] + begin, min(n, len(text))) for t, n in marks))
        for begin in begins
    ]


def clean(text: str) -> str:
    """Return a text in NFC, without control characters and leading spaces."""
    shown = "".join(one for one in text if unicodedata.category(one) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", shown).lstrip()


def _parse_seconds(found: re.Match[str]) -> float:
    minutes, seconds = found.groups()
    return 60.0 * int(minutes) + float(seconds.replace(":", "."))
