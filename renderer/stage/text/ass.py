r"""Read lyrics from ASS and SSA files, with the syllable times of karaoke tags (`\k`, `\K`, `\kf`).

An event's actor, or its style where it has none, tells its voice: the first one in the file is
voice 1, all others are voice 2. Actors and styles whose names say so are side lines.
"""

from __future__ import annotations

import re
from typing import Final

from renderer.errors import StageError
from renderer.stage.text.lrc import clean
from renderer.stage.text.lyric_sheet import LONGEST, LyricPart, LyricSheet, TimedText, make_sheet

_BLOCK: Final = re.compile(r"\{([^}]*)\}")
_SYLLABLE: Final = re.compile(r"\\(?:k|K|kf|ko)(\d{1,6})")
_DRAWING: Final = re.compile(r"\\p[1-9]")
_TIME: Final = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2}(?:\.\d{1,3})?)")
_FIELDS: Final = (
    "layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text",
)  # fmt: skip
"""Fields of an event where the file has no `Format:` line."""
_SIDE: Final = (
    (re.compile(r"transl|trans\b|subtitle", re.IGNORECASE), LyricPart.TRANSLATION),
    (re.compile(r"romaji|roman|pronun|phonetic", re.IGNORECASE), LyricPart.PRONUNCIATION),
)


def parse_ass(text: str, thing: str = "the lyrics") -> LyricSheet:
    """Return the parts of an ASS text.

    Raises:
        StageError: no event has a time and a text.
    """
    parts: dict[LyricPart, list[TimedText]] = {part: [] for part in LyricPart}
    fields: tuple[str, ...] = _FIELDS
    voices: list[str] = []
    section = ""
    for number, row in enumerate(text.splitlines(), 1):
        row = row.strip()
        if row.startswith("["):
            section = row.lower()
        kind, colon, content = row.partition(":")
        if section != "[events]" or not colon:
            continue
        if kind.lower() == "format":
            fields = tuple(name.strip().lower() for name in content.split(","))
            if not {"start", "end", "text"} <= {*fields} or fields[-1] != "text":
                raise StageError(
                    f"{thing}:{number}", "the events have no start, end and text",
                    "save the file again with a subtitle editor",
                )  # fmt: skip
        elif kind.lower() == "dialogue":
            values = content.split(",", len(fields) - 1)
            if len(values) == len(fields):
                event = dict(zip(fields, (value.strip() for value in values), strict=True))
                line = _read_event(event)
                if line is not None:
                    parts[_choose_part(event, voices)].append(line)
    return make_sheet(parts, thing, "write the lyrics as Dialogue events")


def _choose_part(event: dict[str, str], voices: list[str]) -> LyricPart:
    name, style = event.get("name") or event.get("actor", ""), event.get("style", "")
    for pattern, part in _SIDE:
        if pattern.search(name) or pattern.search(style):
            return part
    key = name or style
    if key not in voices:
        voices.append(key)
    return LyricPart.VOICE_1 if voices[0] == key else LyricPart.VOICE_2


def _read_event(event: dict[str, str]) -> TimedText | None:
    begin, end = _parse_seconds(event["start"]), _parse_seconds(event["end"])
    if begin is None or end is None:
        return None
    marks: list[tuple[float, int]] = []
    text, at, after = "", begin, 0
    for block in _BLOCK.finditer(event["text"]):
        text += _plain(event["text"][after : block.start()])
        after = block.end()
        if _DRAWING.search(block[1]):
            return None
        for syllable in _SYLLABLE.finditer(block[1]):
            marks.append((at, len(clean(text))))
            at += int(syllable[1]) / 100.0
    text = clean(text + _plain(event["text"][after:])).rstrip()[:LONGEST]
    if marks:
        marks.append((at, len(text)))
    kept = tuple((when, min(count, len(text))) for when, count in marks)
    return TimedText(begin, text, kept, max(end, begin)) if text else None


def _plain(text: str) -> str:
    return text.replace("\\N", " ").replace("\\n", " ").replace("\\h", " ")


def _parse_seconds(word: str) -> float | None:
    found = _TIME.fullmatch(word)
    if found is None:
        return None
    return 3600.0 * int(found[1]) + 60.0 * int(found[2]) + float(found[3])
