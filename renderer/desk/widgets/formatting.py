"""How the desk writes numbers and names: plain functions, no Qt, no state."""

from __future__ import annotations

import math
import re
from datetime import datetime
from enum import Enum
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from renderer.protocol.alarms import Severity
from renderer.protocol.outputs import OutputState

NOTHING: Final = "–"
"""What stands where there is nothing to tell."""

_MASK: Final = "••••"
_STREAM_SCHEMES: Final = frozenset({"rtmp", "rtmps", "srt", "rtsp", "rtsps", "rist", "whip"})
_USAGES: Final = {
    "personalNonProfit": "personal, not for profit",
    "personalProfit": "personal, for profit",
    "corporation": "by a company",
}
_STREAM_ADDRESS: Final = re.compile(rf"\b(?:{'|'.join(_STREAM_SCHEMES)})://\S+", re.IGNORECASE)


class Level(Enum):
    """How urgently something is to be seen; the style sheet gives each its colour."""

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
    """Hours, minutes and seconds: 3725.9 → 01:02:05."""
    if not math.isfinite(seconds) or seconds < 0:
        return "--:--:--"
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


def length(seconds: float) -> str:
    """The length of a show after its time code; empty for one that is open-ended."""
    if not math.isfinite(seconds) or seconds <= 0:
        return ""
    return f"of {time_code(seconds)}"


def frame_rate(rate: float, target: float) -> str:
    """29.97 and 30 → 30.0 / 30 fps."""
    if not math.isfinite(rate) or rate <= 0:
        return NOTHING
    return f"{rate:.1f} / {target:.0f} fps" if math.isfinite(target) else f"{rate:.1f} fps"


def frame_rate_level(rate: float, target: float) -> Level:
    """Viewers begin to see a tenth of the frames missing, and certainly see a quarter."""
    if not rate > 0 or not target > 0:
        return Level.IDLE
    share = rate / target
    return Level.GOOD if share >= 0.9 else Level.WARN if share >= 0.75 else Level.BAD


def dropped_level(dropped: int, frames: int) -> Level:
    """One frame in a hundred is worth a look, one in twenty is seen by everybody."""
    if dropped <= 0:
        return Level.IDLE
    share = dropped / max(frames + dropped, 1)
    return Level.IDLE if share < 0.01 else Level.WARN if share < 0.05 else Level.BAD


def milliseconds(value: float) -> str:
    """48.2 → 48 ms; below ten with one decimal; nothing for what was not measured."""
    if not math.isfinite(value) or value <= 0:
        return NOTHING
    return f"{value:.1f} ms" if value < 9.95 else f"{value:.0f} ms"


def count(number: int) -> str:
    """12345 → 12 345, with a space that does not break."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def data_size(size: int) -> str:
    """3456789 bytes → 3.5 MB."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}" if unit in ("B", "kB") else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def performance(performer: str, avatar: str) -> str:
    """Who performs as whom."""
    return f"{performer or 'An unnamed performer'} performs as {avatar or 'nobody yet'}"


def source(text: str) -> str:
    """An input by its name: of a file the last part, of a camera all, of a stream no secrets."""
    if "://" in text:
        return address(text)
    return text.replace("\\", "/").rstrip("/").rpartition("/")[2] or NOTHING


def usage(text: str) -> str:
    """For whose profit a show is given, in plain words where it is one of VRM's."""
    return _USAGES.get(text, text) or NOTHING


def address(text: str) -> str:
    """An output's address without its secrets: a stream key is a password, and desks are filmed.

    Of a stream's address the last part of the path, the query and a password are hidden; other
    addresses, files for instance, are shown as they are.
    """
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in _STREAM_SCHEMES:
            return text
    except ValueError:  # urlsplit's word for a broken IPv6 address.
        return _MASK
    place = parts.netloc.rpartition("@")[2]
    if "@" in parts.netloc:
        place = f"{_MASK}@{place}"
    path = parts.path
    folder, _, key = path.rstrip("/").rpartition("/")
    if folder and key:
        path = f"{folder}/{_MASK}"
    return urlunsplit((parts.scheme, place, path, _MASK if parts.query else "", ""))


def without_secrets(text: str) -> str:
    """A sentence with the stream addresses in it masked."""
    return _STREAM_ADDRESS.sub(lambda found: address(found[0]), text)


def output_level(state: OutputState) -> Level:
    """Return how urgent an output's state is."""
    return _OUTPUT_LEVELS[state]


def alarm_level(severity: Severity) -> Level:
    """Return how urgent an alarm is."""
    return _ALARM_LEVELS[severity]


def alarm(text: str, raised_at: float) -> str:
    """Return an alarm with the time of day since when it has been active."""
    return f"{text} (since {datetime.fromtimestamp(raised_at):%H:%M:%S})"
