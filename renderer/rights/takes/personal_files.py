"""Keep calibrations and own priors encrypted for their performer's consent, as takes are."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from renderer.errors import RightsError
from renderer.motion.takes.encryption import MAGIC, decrypt
from renderer.paths import config_folder
from renderer.rights.policy import FILE_NAME, load_policy
from renderer.rights.takes.consents import load_consents
from renderer.rights.takes.encryption import choose_encryption, unlock_take
from renderer.rights.takes.keys import load_keyed_consents


def is_encrypted(data: bytes) -> bool:
    """Return whether a performer's file is encrypted."""
    return data.startswith(MAGIC)


def seal_personal(data: bytes, performer: str, named: Sequence[Path] = ()) -> bytes:
    """Return a performer's file as it is kept: encrypted if a consent of theirs has a key.

    The consent's retention counts from now. No passphrase is needed.

    Args:
        data: content of the file.
        performer: name.
        named: consents that the crew named, besides those of the user's data.

    Raises:
        RightsError: the studio keeps nothing of performers without encryption, and there is no key.
    """
    consents = [*load_consents(named)[0], *load_keyed_consents()]
    encryption, _ = choose_encryption(consents, [performer], datetime.now(UTC))
    if encryption is None:
        if load_policy(config_folder() / FILE_NAME).encrypt_takes:
            raise RightsError(
                f"The file of {performer}",
                "cannot be encrypted, for there is no key of their consent (encrypt_takes)",
                "make one: encore consent key FILE.consent",
            )
        return data
    file = io.BytesIO()
    sink = encryption(file)
    sink.write(data)
    sink.flush()
    return file.getvalue()


def open_personal(data: bytes) -> bytes:
    """Return the content of a performer's file, decrypted in memory if it is encrypted.

    Raises:
        RightsError: the key is not at hand, or the consent lets it be read no longer.
        ValueError: it was changed.
    """
    return decrypt(data, partial(unlock_take, what="the performer's file"))
