"""Invite a performer elsewhere: terms, and a secret that only the studio's key can make from them.

The secret is the HMAC-SHA256 of the terms under the studio's key, as in a macaroon. It never
crosses the network: the guest signs the connection's offer with it, and the show signs the answer,
so that each knows the other and nobody between them can take the guest's place. The key and the
list of revoked invitations are files of the studio.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from renderer.errors import RightsError
from renderer.paths import data_folder

SUFFIX: Final = ".invitation"
LONGEST_S: Final = 30 * 24 * 3600
"""Longest validity of an invitation, seconds: thirty days of rehearsals."""
MAX_BYTES: Final = 16_384
_KEY_BYTES: Final = 32
_REMEDY: Final = "ask the studio for another invitation: encore guest invite"

Name = Annotated[str, Meta(pattern=r"^[\w .\-]{1,64}\Z")]


class InvitationTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an invitation permits.

    Attributes:
        id: of the invitation, by which it is revoked.
        guest: the guest's name in the show's document: `guest:NAME`.
        show: title of the only show that it is for; empty for every show of the studio.
        from_s, until_s: Unix times between which the guest may join.
        address: where the show listens, http(s)://HOST:PORT.
        ice: the crew's STUN and TURN servers, as stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT.
    """

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]
    guest: Name
    show: Annotated[str, Meta(max_length=200)]
    from_s: int
    until_s: int
    address: Annotated[str, Meta(max_length=200)]
    ice: tuple[Annotated[str, Meta(max_length=300, pattern=r"^(stun|turn)s?:\S+\Z")], ...] = ()


class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that the guest is sent: terms and secret. Who has it can join as the guest."""

    terms: InvitationTerms
    secret: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class GuestKey:
    """The studio's key, from which the secrets of its invitations are made.

    Args:
        folder: of the key and the list of revoked invitations; None for the user's data folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or data_folder() / "guests"
        self._key = self._load()

    def invite(self, terms: InvitationTerms) -> Invitation:
        """Return an invitation with these terms.

        Raises:
            RightsError: it would be valid for too long, or end before it begins.
        """
        length_s = terms.until_s - terms.from_s
        if not 0 < length_s <= LONGEST_S:
            raise RightsError(
                f"The invitation of {terms.guest}",
                f"would be valid for {length_s / 3600.0:.0f} hours",
                f"let it be valid for up to {LONGEST_S // 3600} hours",
            )
        if urlsplit(terms.address).scheme not in ("http", "https"):
            raise RightsError(
                f"The invitation's address {terms.address}",
                "is no address that a guest can reach",
                "write it as http://HOST:PORT",
            )
        return Invitation(terms, self.secret(terms).hex())

    def secret(self, terms: InvitationTerms) -> bytes:
        """Return the secret of an invitation with these terms."""
        return hmac.digest(self._key, msgspec.json.encode(terms), hashlib.sha256)

    def refuse(self, terms: InvitationTerms, show: str, now_s: float) -> str:
        """Return why terms do not permit to join this show now; empty if they do."""
        if terms.id in self.revoked:
            return f"the invitation of {terms.guest} was revoked"
        if terms.show and terms.show != show:
            this = f"this one is {show}" if show else "this one has no title in [rights] show"
            return f"the invitation of {terms.guest} is for the show {terms.show}, and {this}"
        if now_s < terms.from_s:
            return f"the invitation of {terms.guest} is not valid yet"
        if now_s >= terms.until_s:
            return f"the invitation of {terms.guest} has ended"
        return ""

    @property
    def revoked(self) -> frozenset[str]:
        """Return the identifiers of the revoked invitations."""
        try:
            return frozenset((self._folder / "revoked").read_text(encoding="utf-8").split())
        except FileNotFoundError:
            return frozenset()

    def revoke(self, id: str) -> None:
        """Revoke an invitation; guests who joined by it are disconnected within seconds."""
        with (self._folder / "revoked").open("a", encoding="utf-8") as file:
            file.write(f"{id}\n")

    def _load(self) -> bytes:
        path = self._folder / "key"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
        key = path.read_bytes()
        if len(key) != _KEY_BYTES:
            raise RightsError(
                f"The guests' key {path}",
                "is damaged",
                "delete it and send every guest a new invitation",
            )
        return key


def make_terms(
    guest: str, show: str, hours: float, address: str, ice: tuple[str, ...] = ()
) -> InvitationTerms:
    """Return the terms of a new invitation that is valid from now on.

    Raises:
        RightsError: the name is none that a show's document can contain, or a server is none.
    """
    now_s = int(time.time())
    until_s = now_s + round(hours * 3600.0)
    terms = InvitationTerms(secrets.token_hex(8), guest, show, now_s, until_s, address, ice)
    try:
        return msgspec.json.decode(msgspec.json.encode(terms), type=InvitationTerms)
    except msgspec.ValidationError as fault:
        raise RightsError(
            f"The invitation of {guest!r}",
            f"cannot be written ({fault})",
            "name the guest by up to 64 letters, digits, blanks, dots and hyphens, and servers as "
            "stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT",
        ) from fault


def read_invitation(path: Path) -> Invitation:
    """Read an invitation's file.

    Raises:
        RightsError: it cannot be read, or is no invitation.
    """
    thing = f"The invitation {path}"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise RightsError(thing, f"cannot be read ({fault.strerror})", _REMEDY) from fault
    if len(data) > MAX_BYTES:
        raise RightsError(thing, "is too large for an invitation", _REMEDY)
    try:
        return msgspec.json.decode(data, type=Invitation)
    except msgspec.MsgspecError as fault:
        raise RightsError(thing, f"is damaged ({fault})", _REMEDY) from fault


def authenticate(secret: bytes, purpose: str, text: str) -> str:
    """Return the HMAC-SHA256 of a text for one purpose, so that no offer passes as an answer."""
    return hmac.new(secret, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()


def is_authentic(secret: bytes, purpose: str, text: str, code: str) -> bool:
    """Return whether a code is that of a text."""
    return hmac.compare_digest(authenticate(secret, purpose, text).encode(), code.encode())
