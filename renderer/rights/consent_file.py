"""Load a consent together with its withdrawal, if there is one beside it."""

from __future__ import annotations

from pathlib import Path

from renderer.rights.consent import WITHDRAWAL_SUFFIX, Consent, read_consent
from renderer.rights.licence import load_text


def load_consent(path: Path) -> Consent:
    """Load and verify a consent; a withdrawal of the same name ends it.

    Raises:
        RightsError: a file cannot be read, or was changed.
    """
    withdrawal = path.with_suffix(WITHDRAWAL_SUFFIX)
    texts = (load_text(withdrawal, "withdrawal"),) if withdrawal.exists() else ()
    return read_consent(load_text(path, "consent"), str(path), texts)
