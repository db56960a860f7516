"""Split addresses of RTMP streams into server, application and stream key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from renderer.errors import OutputError
from renderer.logs.redact import hide
from renderer.output.stream_key import fill_in_keys, find_reference, has_blank, remove_references

RTMP_PORTS: Final = {"rtmp": 1935, "rtmps": 443}

_THING: Final = "the stream's address"
_REMEDY: Final = "write it as rtmp://host/app/key"
_REFERENCE_REMEDY: Final = (
    "name the key's place as {env:NAME}, {file:PATH} or {keyring:SERVICE}, in quotes"
)


@dataclass(frozen=True, slots=True, repr=False)
class StreamAddress:
    """An RTMP address; its key may still be a reference to where it is stored.

    Attributes:
        scheme: "rtmp" or "rtmps".
        authority: host, port and user as written.
        host: name or IP address, without an IPv6 address's brackets.
        port: as written, or the scheme's default.
        app: the server's application, including its query if it has one.
        key: everything after it, including slashes and query: FFmpeg calls it the play path, most
            services the stream key.
    """

    scheme: str
    authority: str
    host: str
    port: int
    app: str
    key: str

    @property
    def server(self) -> str:
        """Return the address up to the host and port, without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port != RTMP_PORTS[self.scheme] else ""
        return f"{self.scheme}://{host}{port}"

    @property
    def shown(self) -> str:
        """Return the address for display and logs: without key, user, password and query."""
        return f"{self.server}/{self.app.partition('?')[0]}/…"

    @property
    def has_literal_secret(self) -> bool:
        """Return whether a key or password is written out in the address."""
        return find_reference(self.key) < 0 or "@" in self.authority

    @property
    def safer_form(self) -> str:
        """Return how the address is written with a reference to its key, for a warning."""
        return f"'{self.shown.removesuffix('…')}{{env:NAME}}'"

    def fill_in(self) -> StreamAddress:
        """Return the address with the reference replaced by its key.

        Raises:
            OutputError: the key is not where the reference says, or is invalid.
        """
        key = fill_in_keys(self.key)
        hide([key])
        return StreamAddress(self.scheme, self.authority, self.host, self.port, self.app, key)

    def __repr__(self) -> str:
        return f"StreamAddress({self.shown!r})"


def is_stream(word: str) -> bool:
    """Return whether a word looks like the address of an RTMP stream."""
    return word.lower().startswith(tuple(f"{scheme}://" for scheme in RTMP_PORTS))


def parse_stream(word: str) -> StreamAddress:
    """Parse an RTMP address.

    The application ends at the first slash after it, and the key is everything after that,
    verbatim; without that slash the key is the query. Where the key is a reference, the
    application ends at the last slash before it, so that it can contain slashes itself.

    Raises:
        OutputError: a part is missing, or contains what no server accepts.
    """
    scheme, _, rest = word.partition("://")
    scheme = scheme.lower()
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    authority, path = rest[:end], rest[end:].lstrip("/")
    host, port = _parse_authority(scheme, authority)
    literal = remove_references(path)
    if "{" in literal or "}" in literal:
        raise OutputError(_THING, "has a brace that belongs to no key", _REFERENCE_REMEDY)
    app, key = _split_path(path)
    if not host or not app or not key.strip("?"):
        raise OutputError(_THING, "lacks its host, app or key", _REMEDY)
    if has_blank(authority) or has_blank(app):
        raise OutputError(_THING, "has a blank in its host or app", _REMEDY)
    if has_blank(remove_references(key)):
        raise OutputError(_THING, "has a blank in its key", "copy the key again, without blanks")
    return StreamAddress(scheme, authority, host, port, app, key)


def remove_secrets(word: str) -> str:
    """Return a word meant as an address, with everything removed that may be a key."""
    scheme, separator, rest = word.partition("://")
    if not separator:
        return word
    host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
    return f"{scheme}://{host}/…"


def _parse_authority(scheme: str, authority: str) -> tuple[str, int]:
    """Return host and port; the host may be empty."""
    bare = authority.rpartition("@")[2]
    if bare.count(":") > 1 and not bare.startswith("["):
        raise OutputError(
            _THING, "has an IPv6 host without brackets", "write it as rtmp://[::1]/app/key"
        )
    try:
        parts = urlsplit(f"//{bare}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise OutputError(_THING, "has a host or port that is none", _REMEDY) from None
    if port == 0:
        raise OutputError(_THING, "has a host or port that is none", _REMEDY)
    return host, port or RTMP_PORTS[scheme]


def _split_path(path: str) -> tuple[str, str]:
    """Return the application and the key in the part after the host."""
    reference = find_reference(path)
    slash = path.find("/") if reference < 0 else path.rfind("/", 0, reference)
    question = path.find("?")
    if slash >= 0:
        return path[:slash].rstrip("/"), path[slash:].lstrip("/")
    if question >= 0:
        return path[:question], path[question:]
    return path, ""
