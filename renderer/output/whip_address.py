"""Parse addresses of WHIP streams: `whip+https://host/path?bearer={env:NAME}`.

WHIP is WebRTC's ingestion protocol (RFC 9725): one HTTP request to the address sets up the stream,
with a bearer token by which the server knows the sender.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote_plus, urlsplit

from renderer.errors import OutputError
from renderer.logs.redact import hide
from renderer.output.stream_key import fill_in_keys, find_reference, has_blank

_SCHEMES: Final = ("whip+https", "whip+http")
_TOKEN: Final = "bearer"
_THING: Final = "the WHIP address"
_REMEDY: Final = "write it as 'whip+https://host/path?bearer={env:NAME}'"


@dataclass(frozen=True, slots=True, repr=False)
class WhipAddress:
    """A WHIP address; the token may still be a reference to where it is stored.

    Attributes:
        url: that is requested, with its own query if it has one.
        token: empty for none.
    """

    url: str
    token: str = ""

    @property
    def shown(self) -> str:
        """Return the address for display and logs: without token, query and the path's end."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        host = f"[{host}]" if ":" in host else host
        port = f":{parts.port}" if parts.port else ""
        # Some services put the key into the path.
        first = parts.path.strip("/").partition("/")[0]
        return f"whip+{parts.scheme}://{host}{port}/{first}/…"

    @property
    def has_literal_secret(self) -> bool:
        """Return whether a token is written out in the address."""
        return bool(self.token) and find_reference(self.token) < 0

    @property
    def safer_form(self) -> str:
        """Return how the token is referred to, for a warning."""
        return "bearer={env:NAME}"

    def fill_in(self) -> WhipAddress:
        """Return the address with references replaced by what they refer to.

        Raises:
            OutputError: that is not where the reference says, or is invalid.
        """
        token = fill_in_keys(self.token)
        hide([token] if token else [])
        if has_blank(token):
            raise OutputError("the WHIP token", "has a blank", "copy it again, without blanks")
        return replace(self, token=token)

    def __repr__(self) -> str:
        return f"WhipAddress({self.shown!r})"


def is_whip(word: str) -> bool:
    """Return whether a word looks like a WHIP address."""
    return word.lower().startswith(tuple(f"{scheme}://" for scheme in _SCHEMES))


def parse_whip(word: str) -> WhipAddress:
    """Parse a WHIP address.

    Raises:
        OutputError: it has no host, or is no address.
    """
    scheme, _, rest = word.partition("://")
    address, _, query = rest.partition("?")
    kept, token = [], ""
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        if name != _TOKEN:
            kept.append(part)
        elif token or not value:
            raise OutputError(_THING, "has an empty token, or two", _REMEDY)
        else:
            # A reference's braces hold a path or a name as it is.
            token = value if find_reference(value) >= 0 else unquote_plus(value)
    url = f"{scheme.lower().removeprefix('whip+')}://{address}"
    try:
        parts = urlsplit(url)
        is_complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_complete = False
    if not is_complete or has_blank(url) or has_blank("".join(kept)):
        raise OutputError(_THING, "has a host or port that is none", _REMEDY)
    if parts.username is not None or parts.fragment:
        raise OutputError(_THING, "has a user or a fragment, which WHIP does not know", _REMEDY)
    return WhipAddress(f"{url}?{'&'.join(kept)}" if kept else url, token)
