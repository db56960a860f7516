"""Parse addresses of SRT streams: `srt://host:port?mode=caller&latency=120&passphrase={env:NAME}`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote_plus, urlsplit

from renderer.errors import OutputError
from renderer.logs.redact import hide
from renderer.output.stream_key import fill_in_keys, find_reference

LATENCY_MS: Final = 120
"""Default of libsrt: the receiver plays this long after the picture was sent, at least."""
_LONGEST_LATENCY_MS: Final = 8000
_PASSPHRASE_LENGTHS: Final = range(10, 80)
"""Lengths that SRT accepts (SRTO_PASSPHRASE)."""
_LONGEST_STREAM_ID: Final = 512
_MODES: Final = ("caller", "listener")
_KEY_LENGTHS: Final = (16, 24, 32)
_PREFIX: Final = "srt://"

_THING: Final = "the SRT address"
_REMEDY: Final = (
    "write it as srt://host:port or srt://:port?mode=listener, with ?latency=120 in milliseconds, "
    "passphrase={env:NAME} and streamid=NAME as needed"
)


@dataclass(frozen=True, slots=True, repr=False)
class SrtAddress:
    """An SRT address; passphrase and stream ID may still be references to where they are stored.

    Attributes:
        host: name or IP address; for a listener the address to bind, empty for all.
        port: UDP port.
        is_listener: whether it waits for callers instead of calling.
        latency_ms: that both sides agree on, at least.
        passphrase: empty for an unencrypted stream.
        key_bytes: length of the AES key: 16, 24 or 32.
        stream_id: that the listener uses to tell streams apart; may be empty.
    """

    host: str
    port: int
    is_listener: bool = False
    latency_ms: int = LATENCY_MS
    passphrase: str = ""
    key_bytes: int = 16
    stream_id: str = ""

    @property
    def shown(self) -> str:
        """Return the address for display and logs: without passphrase and stream ID."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{_PREFIX}{host}:{self.port}{'?mode=listener' if self.is_listener else ''}"

    @property
    def has_literal_secret(self) -> bool:
        """Return whether a passphrase is written out in the address."""
        return bool(self.passphrase) and find_reference(self.passphrase) < 0

    @property
    def safer_form(self) -> str:
        """Return how the passphrase is referred to, for a warning."""
        return "passphrase={env:NAME}"

    def fill_in(self) -> SrtAddress:
        """Return the address with references replaced by what they refer to.

        Raises:
            OutputError: that is not where the reference says, or is invalid.
        """
        passphrase = fill_in_keys(self.passphrase)
        stream_id = fill_in_keys(self.stream_id)
        hide(one for one in (passphrase, stream_id) if one)
        _check_secrets(passphrase, stream_id)
        return replace(self, passphrase=passphrase, stream_id=stream_id)

    def __repr__(self) -> str:
        return f"SrtAddress({self.shown!r})"


def is_srt(word: str) -> bool:
    """Return whether a word looks like an SRT address."""
    return word.lower().startswith(_PREFIX)


def parse_srt(word: str) -> SrtAddress:
    """Parse an SRT address.

    Raises:
        OutputError: a part is missing or unknown.
    """
    location, _, query = word[len(_PREFIX) :].partition("?")
    try:
        parts = urlsplit(f"//{location}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise OutputError(_THING, "has a host or port that is none", _REMEDY) from None
    if not port or parts.username is not None or parts.path.strip("/") or parts.fragment:
        raise OutputError(_THING, "is not a host and a port", _REMEDY)
    options = _parse_options(query)
    mode = options.pop("mode", "caller" if host else "")
    if mode not in _MODES:
        raise OutputError(_THING, "has no host, or a mode that is neither of the two", _REMEDY)
    if mode == "caller" and not host:
        raise OutputError(_THING, "lacks the host to call", _REMEDY)
    latency = _parse_number(options.pop("latency", str(LATENCY_MS)), "latency")
    key_bytes = _parse_number(options.pop("pbkeylen", "16"), "pbkeylen")
    if latency > _LONGEST_LATENCY_MS:
        raise OutputError(
            _THING, f"has a latency over {_LONGEST_LATENCY_MS} ms", "give milliseconds, say 120"
        )
    if key_bytes not in _KEY_LENGTHS:
        raise OutputError(_THING, "has a pbkeylen that is none of 16, 24 and 32", _REMEDY)
    passphrase, stream_id = options.pop("passphrase", ""), options.pop("streamid", "")
    if options:
        raise OutputError(_THING, f"has the unknown option {min(options)!r}", _REMEDY)
    _check_secrets(passphrase, stream_id)
    return SrtAddress(host, port, mode == "listener", latency, passphrase, key_bytes, stream_id)


def _parse_options(query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, separator, value = part.partition("=")
        if not separator or not value or name in options:
            raise OutputError(_THING, "has an option without a value, or twice", _REMEDY)
        # A reference's braces hold a path or a name as it is.
        options[name] = value if find_reference(value) >= 0 else unquote_plus(value)
    return options


def _parse_number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise OutputError(_THING, f"has a {name} that is no number", _REMEDY)
    return int(text)


def _check_secrets(passphrase: str, stream_id: str) -> None:
    """Raise an OutputError if SRT refuses them; references are checked once filled in."""
    is_reference = find_reference(passphrase) >= 0
    length = len(passphrase.encode())
    if passphrase and not is_reference and length not in _PASSPHRASE_LENGTHS:
        raise OutputError(
            "the SRT passphrase", f"has {length} bytes", "use one of 10 to 79, as SRT requires"
        )
    if len(stream_id.encode()) > _LONGEST_STREAM_ID:
        raise OutputError("the SRT stream ID", "is too long", "use at most 512 bytes")
