"""Hold requests of a low-latency player until what they ask for exists.

HLS, second edition, sections 6.2.5.2 and 6.2.6: a player asks for a playlist that contains a
segment or a part of it (`_HLS_msn`, `_HLS_part`), or for the part that the playlist announces, and
the server answers once it is there.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qs

from renderer.output.spec import LIVE_PLAYLIST

LONGEST_S: Final = 6.0
"""Seconds for which a request is held: three target durations, after which the show has stalled."""
_LOOK_S: Final = 0.01
"""Interval in seconds between looks at the folder: another process writes it."""
_MOST_AHEAD: Final = 2
"""Segments ahead of the newest that may be asked for; more is an error (6.2.5.2)."""
_NUMBER: Final = re.compile(r"\d{1,9}")
_SEQUENCE: Final = re.compile(r"#EXT-X-MEDIA-SEQUENCE:(\d+)")
_HINT: Final = re.compile(r'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"')


class Edge(NamedTuple):
    """The live edge: the number of the segment being written, its parts, and the next part."""

    segment: int
    parts: int
    hint: str
    has_ended: bool


def read_edge(folder: Path) -> Edge | None:
    """Return the live edge of a folder; None while it has no playlist."""
    try:
        text = (folder / LIVE_PLAYLIST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    sequence, hint = _SEQUENCE.search(text), _HINT.search(text)
    if sequence is None:
        return None
    complete = text.count("#EXTINF")
    parts = text[text.rfind("#EXTINF") :].count("#EXT-X-PART:")
    has_ended = "#EXT-X-ENDLIST" in text
    return Edge(int(sequence[1]) + complete, parts, hint[1] if hint else "", has_ended)


def hold_playlist(folder: Path, query: str) -> HTTPStatus:
    """Wait until the live playlist contains what a query asks for.

    Returns:
        OK; BAD_REQUEST for a query that is none, or asks too far ahead; SERVICE_UNAVAILABLE if it
        does not come in time.
    """
    asked = parse_qs(query)
    words = [asked.get(name, [""])[0] for name in ("_HLS_msn", "_HLS_part")]
    if not any(words):
        return HTTPStatus.OK
    if not _NUMBER.fullmatch(words[0]) or (words[1] and not _NUMBER.fullmatch(words[1])):
        return HTTPStatus.BAD_REQUEST
    segment, part = int(words[0]), int(words[1]) if words[1] else None
    edge = read_edge(folder)
    if edge is not None and not edge.has_ended and segment > edge.segment + _MOST_AHEAD:
        return HTTPStatus.BAD_REQUEST

    def contains() -> bool:
        edge = read_edge(folder)
        if edge is None:
            return False
        is_there = edge.segment == segment and part is not None and edge.parts > part
        return edge.has_ended or edge.segment > segment or is_there

    return HTTPStatus.OK if _wait(contains) else HTTPStatus.SERVICE_UNAVAILABLE


def hold_part(folder: Path, name: str) -> None:
    """Wait for a part that the playlist announces; return at once for any other file."""

    def has_come() -> bool:
        if (folder / name).exists():
            return True
        edge = read_edge(folder)
        return edge is None or edge.hint != name

    _wait(has_come)


def _wait(is_true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LONGEST_S
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_S)
    return True
