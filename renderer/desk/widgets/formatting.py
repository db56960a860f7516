"""Format numbers and names for the desk: plain functions, no Qt, no state."""

from __future__ import annotations

import math
import re
from datetime import datetime
from enum import Enum
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from renderer.desk.words import tr
from renderer.protocol.alarms import Severity
from renderer.protocol.outputs import OutputState

NOTHING: Final = "–"
"""Placeholder for missing values."""

_MASK: Final = "••••"
_STREAM_SCHEMES: Final = frozenset(
    {"rtmp", "rtmps", "srt", "rtsp", "rtsps", "rist", "whip", "whip+http", "whip+https"}
)
USAGE_WORDS: Final = {
    "personalNonProfit": "personal, not for profit",
    "personalProfit": "personal, for profit",
    "corporation": "by a company",
}
_STREAM_ADDRESS: Final = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, _STREAM_SCHEMES))})://\S+", re.IGNORECASE
)


class Level(Enum):
    """How urgent something is; the style sheet gives each level a colour."""

    IDLE = "idle"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    LIVE = "live"


_OUTPUT_LEVELS: Final = {
    OutputState.WAITING: Level.IDLE,
    OutputState.RUNNING: Level.GOOD,
    OutputState.STALLED: Level.BAD,
    OutputState.RETRYING: Level.WARN,
    OutputState.ENDED: Level.IDLE,
    OutputState.FAILED: Level.BAD,
    OutputState.INTERRUPTED: Level.BAD,
}

_ALARM_LEVELS: Final = {
    Severity.NOTICE: Level.IDLE,
    Severity.WARNING: Level.WARN,
    Severity.CRITICAL: Level.BAD,
}


def time_code(seconds: float) -> str:
    """Return hours, minutes and seconds: 3725.9 → 01:02:05."""
    if not math.isfinite(seconds) or seconds < 0:
        return "--:--:--"
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


def span(seconds: float) -> str:
    """Return a time in its two largest units: 4 h 10, 12 min, 40 s."""
    if not math.isfinite(seconds) or seconds < 0:
        return NOTHING
    minutes = int(seconds // 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes} min" if minutes else f"{int(seconds)} s"


def length(seconds: float) -> str:
    """Return a show's length, to follow its time code; empty if it is open-ended."""
    if not math.isfinite(seconds) or seconds <= 0:
        return ""
    return f"of {time_code(seconds)}"


def frame_rate(rate: float, target: float) -> str:
    """Return 29.97 and 30 as 30.0 / 30 fps; the rate alone while the target is not known."""
    if not math.isfinite(rate) or rate <= 0:
        return NOTHING
    is_known = math.isfinite(target) and target > 0
    return f"{rate:.1f} / {target:.0f} fps" if is_known else f"{rate:.1f} fps"


def frame_rate_level(rate: float, target: float) -> Level:
    """Return a frame rate's level: viewers notice 10 % missing frames, and clearly see 25 %."""
    if not rate > 0 or not target > 0:
        return Level.IDLE
    share = rate / target
    return Level.GOOD if share >= 0.9 else Level.WARN if share >= 0.75 else Level.BAD


def classify_dropped(dropped: int, frames: int) -> Level:
    """Return the level of dropped frames: 1 % deserves attention, 5 % is clearly visible."""
    if dropped <= 0:
        return Level.IDLE
    share = dropped / max(frames + dropped, 1)
    return Level.IDLE if share < 0.01 else Level.WARN if share < 0.05 else Level.BAD


def milliseconds(value: float) -> str:
    """Return 48.2 as 48 ms; below ten with one decimal; the placeholder if it was not measured."""
    if not math.isfinite(value) or value <= 0:
        return NOTHING
    return f"{value:.1f} ms" if value < 9.95 else f"{value:.0f} ms"


def count(number: int) -> str:
    """Return 12345 as 12 345, with a non-breaking space."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def data_size(size: int) -> str:
    """Return 3456789 bytes as 3.5 MB."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if unit in ("B", "kB") else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def performance(performer: str, avatar: str) -> str:
    """Return a performer with their avatar."""
    return f"{performer or 'An unnamed performer'} performs as {avatar or 'nobody yet'}"


def source(text: str) -> str:
    """Return an input's name: a file's last part, a camera unchanged, a stream without secrets."""
    if "://" in text:
        return address(text)
    return text.replace("\\", "/").rstrip("/").rpartition("/")[2] or NOTHING


def usage(text: str) -> str:
    """Return the usage of a show, in plain words if it is one of VRM's."""
    return tr(USAGE_WORDS.get(text, text)) or NOTHING


def address(text: str) -> str:
    """Return an output's address without secrets: a stream key is a password, and desks are filmed.

    The last part of a stream's path, its query and its password are hidden; other addresses, such
    as files, are unchanged.
    """
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in _STREAM_SCHEMES:
            return text
    except ValueError:  # Raised by urlsplit for an invalid IPv6 address.
        return _MASK
    place = parts.netloc.rpartition("@")[2]
    if "@" in parts.netloc:
        place = f"{_MASK}@{place}"
    path = parts.path
    folder, _, key = path.rstrip("/").rpartition("/")
    if folder and key:
        path = f"{folder}/{_MASK}"
    return urlunsplit((parts.scheme, place, path, _MASK if parts.query else "", ""))


def remove_secrets(text: str) -> str:
    """Return a sentence with the stream addresses in it masked."""
    return _STREAM_ADDRESS.sub(lambda found: address(found[0]), text)


def output_level(state: OutputState) -> Level:
    """Return the level of an output's state."""
    return _OUTPUT_LEVELS[state]


def alarm_level(severity: Severity) -> Level:
    """Return the level of an alarm."""
    return _ALARM_LEVELS[severity]


def alarm(text: str, raised_at: float) -> str:
    """Return an alarm with the time of day at which it was raised."""
    return f"{text} (since {datetime.fromtimestamp(raised_at):%H:%M:%S})"
