"""Redact secrets in log files: performers' names, stream keys, passwords in addresses."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit

MASK: Final = "…"
_SHORTEST: Final = 2
"""Minimum length of a secret, characters; a single letter would match everywhere."""
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>\\]+")
_KEYED_SCHEMES: Final = (
    "rtmp", "rtmps", "rtmpt", "srt", "rist", "whip", "whip+http", "whip+https",
)  # fmt: skip
"""Schemes whose path ends in the stream key."""
_ASSIGNED: Final = re.compile(
    r"(?i)(?<![a-z0-9])(bearer(?=\s)|authorization|passphrase|password|passwd|secret|streamid"
    r"|stream[ _-]?key|token|playpath)((?:\"?\s*[=:]\s*\"?)|(?<=bearer)\s+)(?:bearer\s+)?"
    r"[^\s\",;&]+"
)

_hidden: set[str] = set()
_pattern: re.Pattern[str] | None = None


def hide(secrets: Iterable[str]) -> None:
    """Mask these words in later log records of this process and of children that it starts.

    Args:
        secrets: names, keys, passwords; those of a single character are ignored.
    """
    global _pattern
    for secret in secrets:
        if len(secret := secret.strip()) >= _SHORTEST:
            _hidden.update({secret, quote(secret), quote(secret, safe="")})
    # Longest first, so that a key which begins with another one is masked completely.
    words = "|".join(re.escape(word) for word in sorted(_hidden, key=len, reverse=True))
    _pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) if words else None


def list_hidden_words() -> frozenset[str]:
    """Return all words passed to `hide`, for a child process."""
    return frozenset(_hidden)


def redact(text: str) -> str:
    """Return a text with secrets, known ones and likely ones, replaced by an ellipsis."""
    if _pattern is not None:
        text = _pattern.sub(MASK, text)
    text = _ADDRESS.sub(lambda match: _mask_address(match[0]), text)
    return _ASSIGNED.sub(rf"\1\2{MASK}", text)


class RedactingFilter(logging.Filter):
    """Formats a record's message and traceback, and masks the secrets in both."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record in place; return True, so that it is always logged."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError) as fault:
            message = f"{record.msg} (its arguments do not fit: {fault})"
        record.msg, record.args = redact(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        return True


def _mask_address(address: str) -> str:
    """Return an address without its user, password, query and stream key."""
    scheme = address.partition("://")[0]
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return f"{scheme}://{MASK}"
    host = parts.hostname or MASK
    host = f"[{host}]" if ":" in host else host
    path = parts.path
    if scheme.lower() in _KEYED_SCHEMES and path.strip("/"):
        # An application's name may contain a slash, and so may a key: keep only the first part.
        path = f"/{path.strip('/').partition('/')[0]}/{MASK}"
    query = f"?{MASK}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{path}{query}"
