"""Read lyrics from TTML files, with a time for each line or, as Apple writes them, for each word.

The first `ttm:agent` is voice 1, all others are voice 2. Spans with the roles `x-translation` and
`x-roman` are side lines of their paragraph; background vocals (`x-bg`) are left out.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from renderer.errors import StageError
from renderer.stage.text.lrc import clean
from renderer.stage.text.lyric_sheet import LONGEST, LyricPart, LyricSheet, TimedText, make_sheet

_CLOCK: Final = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,5}(?:\.\d{1,9})?)s?")
_OFFSET: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(h|m|ms)")
_UNITS: Final = {"h": 3600.0, "m": 60.0, "ms": 0.001}
_ROLES: Final = {
    "x-translation": LyricPart.TRANSLATION,
    "x-roman": LyricPart.PRONUNCIATION,
}


def parse_ttml(text: str, thing: str = "the lyrics") -> LyricSheet:
    """Return the parts of a TTML text.

    Raises:
        StageError: it is no XML, or no paragraph has a time and a text.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as fault:
        line, column = fault.position
        raise StageError(
            f"{thing}:{line}:{column}", "is no XML", "save the file as TTML again"
        ) from fault
    parts: dict[LyricPart, list[TimedText]] = {part: [] for part in LyricPart}
    voices: list[str] = []
    for paragraph in root.iter("{*}p"):
        begin, end = _times_of(paragraph)
        if begin is None:
            continue
        agent = _inherit(paragraph, "agent")
        if agent not in voices:
            voices.append(agent)
        voice = LyricPart.VOICE_1 if voices[0] == agent else LyricPart.VOICE_2
        lines: dict[LyricPart, tuple[str, list[tuple[float, int]]]] = {voice: ("", [])}
        _read_words(paragraph, voice, lines)
        for part, (said, marks) in lines.items():
            shown = clean(said).rstrip()[:LONGEST]
            kept = tuple((at, min(count, len(shown))) for at, count in marks)
            if shown:
                parts[part].append(TimedText(begin, shown, kept, end))
    return make_sheet(parts, thing, 'give every <p> a begin="00:12.500"')


def _read_words(
    element: Any, part: LyricPart, lines: dict[LyricPart, tuple[str, list[tuple[float, int]]]]
) -> None:
    """Append an element's words and their times to the lines."""
    _append(element.text, part, lines)
    for child in element:
        if not isinstance(child.tag, str):
            _append(child.tail, part, lines)
            continue
        role = _attribute(child, "role")
        if role != "x-bg":
            own = _ROLES.get(role, part)
            lines.setdefault(own, ("", []))
            begin, end = _times_of(child)
            if begin is not None:
                lines[own][1].append((begin, len(clean(lines[own][0]))))
            _read_words(child, own, lines)
            if end is not None:
                lines[own][1].append((end, len(clean(lines[own][0]))))
        _append(child.tail, part, lines)


def _append(
    text: str | None,
    part: LyricPart,
    lines: dict[LyricPart, tuple[str, list[tuple[float, int]]]],
) -> None:
    if text:
        said, marks = lines[part]
        lines[part] = said + re.sub(r"\s+", " ", text), marks


def _times_of(element: Any) -> tuple[float | None, float | None]:
    """Return an element's begin and end, seconds."""
    begin = _parse_seconds(element.get("begin", ""))
    end = _parse_seconds(element.get("end", ""))
    lasts = _parse_seconds(element.get("dur", ""))
    if end is None and begin is not None and lasts is not None:
        end = begin + lasts
    return begin, end


def _parse_seconds(word: str) -> float | None:
    """Return the seconds of a clock time or an offset, such as 1:02.5, 62.5s or 500ms."""
    found = _CLOCK.fullmatch(word.strip())
    if found is not None:
        hours, minutes, seconds = found.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes or 0) + float(seconds)
    found = _OFFSET.fullmatch(word.strip())
    return float(found[1]) * _UNITS[found[2]] if found is not None else None


def _inherit(element: Any, name: str) -> str:
    """Return an attribute of an element, or of the nearest parent that has it."""
    while element is not None:
        if value := _attribute(element, name):
            return value
        element = element.getparent()
    return ""


def _attribute(element: Any, name: str) -> str:
    """Return an attribute by its local name, in any namespace; empty if there is none."""
    for key, value in element.attrib.items():
        if etree.QName(key).localname == name:
            return str(value)
    return ""
