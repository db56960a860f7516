"""Fetch status lists and identifier documents, which are small public files."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from renderer.errors import RightsError
from renderer.rights.credentials.did import WEB_METHOD
from renderer.rights.credentials.signing import MAX_BYTES

TIMEOUT_S: Final = 5.0
"""Longest wait for a connection and for each part of an answer, seconds."""

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def fetch(address: str, folder: Path) -> bytes:
    """Return the content of an address.

    Args:
        address: https://…, http://… of this machine, or the name of a file.
        folder: in which a file name is looked up.

    Raises:
        RightsError: it cannot be had, is too large, or would be fetched without encryption.
    """
    what = f"address {address[:200]}"
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return _download(address, what)
    if parts.scheme:
        raise RightsError(what, "is not encrypted", "use an https:// address")
    # The name of a file beside the licence; a signed path must not lead elsewhere.
    path = folder / address
    if not address or path.parent.resolve() != folder.resolve():
        raise RightsError(what, "is no file beside the licence", "ask the licence's issuer")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise RightsError(
            f"file {path}", f"cannot be read ({fault.strerror})", "put it there"
        ) from fault
    return _limit(data, what)


def web_address(did: str) -> str:
    """Return the address of a did:web identifier's document, by the did:web method.

    Raises:
        RightsError: it is no did:web identifier.
    """
    text = did.removeprefix(WEB_METHOD)
    host, *path = (unquote(part) for part in text.split(":"))
    parts = urlsplit(f"//{host}")
    try:
        is_host = bool(parts.hostname) and parts.netloc == host and parts.port != 0
    except ValueError:
        is_host = False
    if text == did or not is_host or "@" in host or not all(path):
        raise RightsError(
            f"identifier {did[:120]}", "is no did:web identifier", "write did:web:DOMAIN"
        )
    scheme = "http" if parts.hostname in _LOOPBACK else "https"
    return f"{scheme}://{host}/" + (
        "/".join(quote(part, safe="") for part in path) + "/did.json"
        if path
        else ".well-known/did.json"
    )


def _download(address: str, what: str) -> bytes:
    import requests

    try:
        # Without redirects: a signed address is the whole address.
        with requests.get(address, timeout=TIMEOUT_S, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise RightsError(
                    what, f"answers {answer.status_code}", "ask the issuer for the address"
                )
            data = b""
            for part in answer.iter_content(1 << 16):
                data += part
                if len(data) > MAX_BYTES:
                    break
            return _limit(data, what)
    except requests.RequestException as fault:
        reason = type(fault).__name__
        raise RightsError(what, f"cannot be reached ({reason})", "check the network") from fault


def _limit(data: bytes, what: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise RightsError(what, f"has more than {MAX_BYTES} bytes", "ask the licence's issuer")
    return data
