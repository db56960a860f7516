"""Know the protected idols, and recognise their shape in any file.

A licence that says `protected` is kept in the user's data when a rights holder hands it over
(`encore rights protect`). It protects whether or not it still stands: an idol whose licences ended
is nobody's to use.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from renderer.errors import RightsError
from renderer.paths import data_folder
from renderer.rights.credentials.trust_list import TrustList
from renderer.rights.files import replace_file
from renderer.rights.licence import SUFFIX, Licence, load_text, read_licence

if TYPE_CHECKING:  # Importing it loads numpy.
    from renderer.rights.shape.fingerprint import Shape

FOLDER: Final = "protected"
"""In the user's data: licences of the protected idols that this machine knows."""
THRESHOLD: Final = 1.25
"""Difference of two shapes up to which they are one idol's. `encore bench rights` measures it."""


def protect(path: Path, trust: TrustList) -> Licence:
    """Keep a protected idol's licence, so that every show refuses copies of the idol.

    Raises:
        RightsError: the licence is unusable, not trusted, or protects nothing.
    """
    text = load_text(path, "licence")
    licence = read_licence(text, str(path), trust)
    if not licence.terms.protected:
        raise RightsError(
            f"licence {path}",
            "does not protect the avatar's shape",
            "ask its issuer for one with protected = true",
        )
    kept = data_folder() / FOLDER / f"{licence.sha256[:32]}{SUFFIX}"
    replace_file(kept, text.encode("ascii"), f"licence {kept}")
    return licence


def load_protected(trust: TrustList) -> tuple[tuple[Licence, ...], tuple[RightsError, ...]]:
    """Return the licences of the protected idols, and why some cannot be used.

    An issuer that is no longer trusted protects nothing.
    """
    found, faults = [], []
    folder = data_folder() / FOLDER
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            found.append(read_licence(load_text(path, "licence"), str(path), trust))
        except RightsError as fault:
            faults.append(fault)
    return tuple(found), tuple(faults)


def find_copied(shape: Shape, sha256: str, licences: Iterable[Licence]) -> tuple[Licence, ...]:
    """Return the licences of the protected idols that a model is a copy of, the nearest first.

    Args:
        shape: of the model.
        sha256: of its file; it is no copy of an idol whose rights holder licensed this file.
        licences: that may protect an idol.
    """
    from renderer.rights.shape.fingerprint import compare_shapes, read_shape

    found = []
    protecting = [one for one in licences if one.terms.protected]
    # Of this issuer's idol the file is the original; another's licence for it excuses nothing.
    own = {one.issuer for one in protecting if one.terms.sha256 == sha256}
    protecting = [one for one in protecting if one.issuer not in own]
    for licence in {one.terms.fingerprint: one for one in protecting}.values():
        known = read_shape(licence.terms.fingerprint, f"licence {licence.place}")
        gap = compare_shapes(shape, known)
        if gap <= THRESHOLD:
            found.append((gap, licence))
    return tuple(licence for _, licence in sorted(found, key=lambda pair: pair[0]))
