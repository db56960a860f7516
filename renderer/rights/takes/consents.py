"""Load the consents of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from renderer.errors import RightsError
from renderer.paths import data_folder
from renderer.rights.consent import SUFFIX, Consent
from renderer.rights.consent_file import load_consent

FOLDER: Final = "consents"
"""In the user's data: consents that apply to every show."""


def load_consents(named: Sequence[Path] = ()) -> tuple[list[Consent], list[RightsError]]:
    """Return the usable consents, named and of the user's data, and the others' faults."""
    folder = data_folder() / FOLDER
    kept = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    consents, faults = [], []
    for path in (*named, *kept):
        try:
            consents.append(load_consent(path))
        except RightsError as fault:
            faults.append(fault)
    return consents, faults
