"""Make, keep and load signing keys: in a sealed file, or in the system's keyring."""

from __future__ import annotations

import base64
import binascii
import getpass
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from renderer.errors import RightsError
from renderer.rights.credentials.did import encode_did_key
from renderer.rights.credentials.sealing import MAX_BYTES, seal, unseal
from renderer.rights.credentials.signing import sign
from renderer.rights.files import require_file

KEYRING_PREFIX: Final = "keyring:"
"""Before the name of a key in the system's keyring; any other word is a file."""
PASSPHRASE_VARIABLE: Final = "ENCORE_KEY_PASSPHRASE"
"""Environment variable with the passphrase of sealed files, for programs without a terminal."""

_KEYRING_SERVICE: Final = "encore-signing-key"
_LABEL: Final = "Ed25519 signing key"
_LEAST_PASSPHRASE: Final = 8
"""Shortest passphrase of a new key, characters: NIST SP 800-63B's minimum."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key pair.

    Attributes:
        did: identifier under which the key signs; the did:key of its public half unless another
            was given.
    """

    private: bytes = field(repr=False)
    did: str

    @property
    def key_id(self) -> str:
        """Return the address of the key within its identifier's document."""
        method_key = self.did_key.rpartition(":")[2]
        return f"{self.did}#{method_key}"

    @property
    def did_key(self) -> str:
        """Return the did:key identifier of the public half."""
        return encode_did_key(self.public)

    @property
    def public(self) -> bytes:
        """Return the public half, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()

    def sign(self, payload: bytes) -> str:
        """Return a JSON payload signed as a compact vc+jwt."""
        return sign(payload, self.private, self.key_id)


def make_key(did: str = "") -> SigningKey:
    """Return a new key.

    Args:
        did: identifier that its owner publishes (did:web); empty for the key's own did:key.
    """
    private = Ed25519PrivateKey.generate().private_bytes_raw()
    key = SigningKey(private, did)
    return key if did else SigningKey(private, key.did_key)


def keep_key(key: SigningKey, place: str) -> None:
    """Keep a key under a new name.

    Args:
        key: to keep.
        place: `keyring:NAME`, or the path of a file, which is sealed with a passphrase.

    Raises:
        RightsError: it cannot be kept there, or something of that name exists.
    """
    content = base64.b64encode(key.private) + b" " + key.did.encode()
    keep_secret(content, place, f"{_LABEL} {key.did}")


def keep_secret(content: bytes, place: str, label: str) -> None:
    """Keep a secret under a new name.

    Args:
        content: text in ASCII.
        place: as for `keep_key`.
        label: what it is; readable without the passphrase.

    Raises:
        RightsError: it cannot be kept there, or something of that name exists.
    """
    if place.startswith(KEYRING_PREFIX):
        _keep_in_keyring(place.removeprefix(KEYRING_PREFIX), content)
        return
    data = seal(content, _ask_passphrase(place, is_new=True), label)
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except FileExistsError as fault:
        raise RightsError(
            f"key {place}", "exists already", "choose another name; a key is never replaced"
        ) from fault
    except OSError as fault:
        raise RightsError(
            f"key {place}", f"cannot be written ({fault.strerror})", "choose a folder of your own"
        ) from fault


def load_key(place: str) -> SigningKey:
    """Load a key.

    Args:
        place: as for `keep_key`.

    Raises:
        RightsError: it is not there, is sealed with another passphrase, or is no key.
    """
    content = load_secret(place)
    encoded, _, did = content.partition(b" ")
    try:
        key = SigningKey(base64.b64decode(encoded, validate=True), did.decode())
        if not key.did.startswith("did:"):
            raise ValueError
        key.public  # noqa: B018 - raises ValueError if the private half has another length
    except (binascii.Error, ValueError) as fault:
        raise RightsError(
            f"key {place}", "contains no signing key", "name a key that `encore licence key` made"
        ) from fault
    return key


def load_secret(place: str) -> bytes:
    """Load a secret that `keep_secret` kept.

    Args:
        place: as for `keep_key`.

    Raises:
        RightsError: it is not there, or is sealed with another passphrase.
    """
    if place.startswith(KEYRING_PREFIX):
        return _load_from_keyring(place.removeprefix(KEYRING_PREFIX))
    data = require_file(Path(place), f"key {place}", MAX_BYTES)
    return unseal(data, _ask_passphrase(place), f"key {place}")


def forget_secret(place: str) -> None:
    """Delete a secret; one that is not there counts as deleted.

    Args:
        place: as for `keep_key`.

    Raises:
        RightsError: it cannot be deleted.
    """
    if place.startswith(KEYRING_PREFIX):
        _forget_in_keyring(place.removeprefix(KEYRING_PREFIX))
        return
    try:
        Path(place).unlink(missing_ok=True)
    except OSError as fault:
        raise RightsError(
            f"key {place}", f"cannot be deleted ({fault.strerror})", "make its folder writable"
        ) from fault


def _ask_passphrase(place: str, *, is_new: bool = False) -> str:
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "")
    if not passphrase and sys.stdin is not None and sys.stdin.isatty():
        passphrase = getpass.getpass(f"Passphrase of {place}: ")
        if is_new and passphrase != getpass.getpass("Again: "):
            raise RightsError(f"key {place}", "got two different passphrases", "type one twice")
    if not passphrase:
        raise RightsError(
            f"key {place}", "has no passphrase", f"set {PASSPHRASE_VARIABLE}, or use a terminal"
        )
    if is_new and len(passphrase) < _LEAST_PASSPHRASE:
        raise RightsError(
            f"key {place}",
            "got a passphrase that is too short",
            f"use {_LEAST_PASSPHRASE} characters or more",
        )
    return passphrase


def _keep_in_keyring(name: str, content: bytes) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        if keyring.get_password(_KEYRING_SERVICE, name) is not None:
            raise RightsError(
                f"key {KEYRING_PREFIX}{name}",
                "exists already",
                "choose another name; a key is never replaced",
            )
        keyring.set_password(_KEYRING_SERVICE, name, content.decode("ascii"))
    except KeyringError as fault:
        raise _build_keyring_error(name) from fault


def _load_from_keyring(name: str) -> bytes:
    import keyring
    from keyring.errors import KeyringError

    try:
        content = keyring.get_password(_KEYRING_SERVICE, name)
    except KeyringError as fault:
        raise _build_keyring_error(name) from fault
    if content is None:
        raise RightsError(
            f"key {KEYRING_PREFIX}{name}",
            "is not in the keyring",
            f"make it with `encore licence key {KEYRING_PREFIX}{name}`",
        )
    return content.encode()


def _forget_in_keyring(name: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        if keyring.get_password(_KEYRING_SERVICE, name) is not None:
            keyring.delete_password(_KEYRING_SERVICE, name)
    except KeyringError as fault:
        raise _build_keyring_error(name) from fault


def _build_keyring_error(name: str) -> RightsError:
    return RightsError(
        f"key {KEYRING_PREFIX}{name}",
        "cannot be reached, for the keyring is locked or absent",
        "unlock the keyring, or keep the key in a file",
    )
