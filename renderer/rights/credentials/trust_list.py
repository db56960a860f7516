"""Keep the list of issuers whose licences a crew accepts.

The list is a JSON file in the user's settings. An issuer is a did:key, which is its own key, or a
did:web, whose keys are read from its document once, when it is added: a show needs no network to
know them. The issuer of the house's own idols comes with the program.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import msgspec

from renderer.errors import RightsError
from renderer.paths import config_folder
from renderer.rights.credentials.decoding import decode_json, json_name
from renderer.rights.credentials.did import KEY_METHOD, decode_did_key, did_of, encode_did_key
from renderer.rights.files import read_file, replace_file

FILE_NAME: Final = "trusted-issuers.json"
MAX_BYTES: Final = 1 << 20
"""Largest trust list, and largest document of a did:web issuer, that is read."""


class Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A trusted issuer.

    Attributes:
        did: its identifier.
        name: its name for people.
        keys: its public keys as did:key identifiers by address; empty for a did:key.
        avatars: SHA-256 of the avatar files that it may license, in hexadecimal; empty for any.
    """

    did: str
    name: str
    keys: dict[str, str] = {}
    avatars: tuple[str, ...] = ()


class TrustList:
    """Issuers by identifier."""

    def __init__(self, issuers: Iterable[Issuer] = ()) -> None:
        self._issuers = {issuer.did: issuer for issuer in issuers}

    @property
    def issuers(self) -> tuple[Issuer, ...]:
        """Return the issuers in the order in which they were added."""
        return tuple(self._issuers.values())

    def find(self, did: str) -> Issuer | None:
        """Return a trusted issuer; None if the identifier is not on the list."""
        return self._issuers.get(did)

    def add(self, issuer: Issuer) -> None:
        """Add an issuer, or replace the one of the same identifier."""
        self._issuers[issuer.did] = issuer

    def remove(self, did: str) -> bool:
        """Remove an issuer; return whether it was on the list."""
        return self._issuers.pop(did, None) is not None

    def find_key(self, key_id: str) -> bytes:
        """Return a trusted issuer's public key.

        Raises:
            RightsError: the issuer is not on the list, or has no such key.
        """
        did = did_of(key_id)
        issuer = self._issuers.get(did)
        if issuer is None:
            raise RightsError(
                f"issuer {did[:120]}",
                "is not on the trust list",
                "add it with `encore licence trust`, if you have its identifier from itself",
            )
        if did.startswith(KEY_METHOD):
            if key_id != f"{did}#{did.removeprefix(KEY_METHOD)}":
                raise RightsError(f"key {key_id[:120]}", "does not exist", "ask the issuer")
            return decode_did_key(did)
        if key_id not in issuer.keys:
            raise RightsError(
                f"key {key_id[:120]}",
                f"is not among the keys of {issuer.name}",
                "add the issuer again with `encore licence trust`, which reads its keys",
            )
        return decode_did_key(issuer.keys[key_id])


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: Literal[1]
    issuers: list[Issuer]


def trust_list_path() -> Path:
    """Return the path of the user's trust list."""
    return config_folder() / FILE_NAME


def load_trust_list(*paths: Path) -> TrustList:
    """Load trust lists, the later ones overriding the earlier; a missing file is empty.

    Raises:
        RightsError: a file cannot be read or is no trust list.
    """
    trust = TrustList()
    for path in paths:
        what = f"trust list {path}"
        try:
            data = read_file(path, what, MAX_BYTES)
        except FileNotFoundError:
            continue
        remedy = "restore it from a copy, or remove it"
        content = decode_json(data, _File, what, "trust list", remedy)
        for issuer in content.issuers:
            trust.add(issuer)
    return trust


def keep_trust_list(trust: TrustList, path: Path) -> None:
    """Write a trust list.

    Raises:
        RightsError: it cannot be written.
    """
    data = msgspec.json.format(msgspec.json.encode(_File(1, list(trust.issuers))), indent=2)
    replace_file(path, data + b"\n", f"trust list {path}")


class _Jwk(msgspec.Struct):
    kty: str = ""
    crv: str = ""
    x: str = ""


class _Method(msgspec.Struct, rename={"multibase": "publicKeyMultibase", "jwk": "publicKeyJwk"}):
    id: str
    controller: str = ""
    multibase: str = ""
    jwk: _Jwk = msgspec.field(default_factory=_Jwk)


class _DidDocument(msgspec.Struct, rename=json_name):
    id: str
    verification_method: list[_Method] = []
    assertion_method: list[str | _Method] = []


def read_did_document(data: bytes, did: str, name: str) -> Issuer:
    """Return the issuer that a did:web document describes.

    Only Ed25519 keys that the document lists as assertion methods are taken.

    Raises:
        RightsError: it is no such document, is of another identifier, or has no such key.
    """
    what, remedy = f"document of {did}", "ask the issuer to publish its key as an assertion method"
    document = decode_json(data, _DidDocument, what, "DID document", remedy)
    if document.id != did:
        raise RightsError(what, f"is that of {document.id[:120]}", remedy)
    named = {method for method in document.assertion_method if isinstance(method, str)}
    methods = [method for method in document.verification_method if method.id in named]
    methods += [method for method in document.assertion_method if isinstance(method, _Method)]
    keys = {_absolute(method.id, did): key for method in methods if (key := _key_of(method))}
    keys = {key_id: key for key_id, key in keys.items() if did_of(key_id) == did}
    if not keys:
        raise RightsError(what, "lists no Ed25519 key that signs credentials", remedy)
    return Issuer(did, name, keys)


def _absolute(key_id: str, did: str) -> str:
    return f"{did}{key_id}" if key_id.startswith("#") else key_id


def _key_of(method: _Method) -> str:
    """Return a method's Ed25519 key as did:key; empty if it has none."""
    try:
        if method.multibase:
            did = f"{KEY_METHOD}{method.multibase}"
            decode_did_key(did)
            return did
        if method.jwk.kty == "OKP" and method.jwk.crv == "Ed25519":
            text = method.jwk.x
            public = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            return encode_did_key(public) if len(public) == 32 else ""
    except (RightsError, binascii.Error, ValueError):
        return ""
    return ""
