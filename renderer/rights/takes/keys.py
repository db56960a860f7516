"""Keep a key for each consent, with which the performer's takes are encrypted.

The public half encrypts, so that a show needs no passphrase; the private half, in a sealed file or
the system's keyring, decrypts. Without it the takes are unreadable, wherever copies of them are.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from renderer.errors import RightsError
from renderer.paths import data_folder
from renderer.rights.consent import Consent, read_consent
from renderer.rights.consent_file import load_consent
from renderer.rights.credentials.decoding import decode_json
from renderer.rights.credentials.keys import KEYRING_PREFIX, forget_secret
from renderer.rights.files import read_file, replace_file
from renderer.rights.licence import load_text
from renderer.rights.sealed.key import (
    ReceivingKey,
    keep_receiving_key,
    load_receiving_key,
    make_receiving_key,
)
from renderer.rights.takes.consents import load_consents

FOLDER: Final = "take-keys"
"""In the user's data: a record for each consent, and the sealed keys."""
MAX_BYTES: Final = 1 << 20
"""Largest record that is read."""


class TakeKeyRecord(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The key of a consent's takes.

    Attributes:
        did: did:key of the public half.
        key: place of the private half, a file or `keyring:NAME`.
        consent: the signed consent.
        place: its file, beside which a withdrawal is.
        made: UTC.
    """

    version: Literal[1]
    did: str
    key: str
    consent: str
    place: str
    made: datetime


def make_take_key(consent: Path, key: str, now: datetime) -> TakeKeyRecord:
    """Make and keep the key of a consent's takes.

    Args:
        consent: the signed consent.
        key: where the private half is kept; in the user's data if empty.
        now: UTC.

    Raises:
        RightsError: the consent is unusable, has a key already, or the key cannot be kept.
    """
    given = load_consent(consent)
    path = _record_path(given.sha256)
    if path.exists():
        raise RightsError(
            f"consent {consent}", "has a key already", "erase it first: encore consent erase"
        )
    place = key or str(path.with_suffix(".key"))
    path.parent.mkdir(parents=True, exist_ok=True)
    made = make_receiving_key()
    keep_receiving_key(made, place)
    where = place if place.startswith(KEYRING_PREFIX) else str(Path(place).absolute())
    record = TakeKeyRecord(
        1, made.did, where, load_text(consent, "consent"), str(consent.absolute()), now
    )
    replace_file(path, msgspec.json.encode(record), f"take key {path}")
    return record


def find_take_key(consent: str) -> TakeKeyRecord | None:
    """Return the record of a consent's key; None if it has none, or it was erased.

    Args:
        consent: SHA-256 of the consent.

    Raises:
        RightsError: the record is damaged.
    """
    path = _record_path(consent)
    what = f"take key {path}"
    try:
        data = read_file(path, what, MAX_BYTES)
    except FileNotFoundError:
        return None
    return decode_json(data, TakeKeyRecord, what, "record of a key", "restore it from a copy")


def load_keyed_consents() -> list[Consent]:
    """Return the consents that have a key on this machine, wherever their files are.

    Raises:
        RightsError: a record is damaged.
    """
    folder = data_folder() / FOLDER
    found = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        record = find_take_key(path.stem)
        if record is not None:
            found.append(read_consent(record.consent, record.place))
    return found


def load_take_key(record: TakeKeyRecord) -> ReceivingKey:
    """Load the private half.

    Raises:
        RightsError: it is not there, or is locked.
    """
    key = load_receiving_key(record.key)
    if key.did != record.did:
        raise RightsError(f"key {record.key}", "is another one", "restore the take's own key")
    return key


def erase_take_key(consent: str) -> TakeKeyRecord | None:
    """Delete a consent's key, so that its takes can never be read again; return what was deleted.

    Raises:
        RightsError: it cannot be deleted.
    """
    record = find_take_key(consent)
    if record is not None:
        # The key first: a record without a key opens nothing.
        forget_secret(record.key)
        _record_path(consent).unlink(missing_ok=True)
    return record


def current_consent(record: TakeKeyRecord, sha256: str) -> Consent:
    """Return a consent with its withdrawal, if one is beside it or in the user's data.

    Raises:
        RightsError: its file, or the withdrawal beside it, was changed.
    """
    place = Path(record.place)
    found, _ = load_consents()
    if place.exists():
        found.append(load_consent(place))
    own = [one for one in found if one.sha256 == sha256]
    withdrawn = [one for one in own if one.withdrawn is not None]
    return (*withdrawn, *own, read_consent(record.consent, record.place))[0]


def _record_path(consent: str) -> Path:
    return data_folder() / FOLDER / f"{consent[:32]}.json"
