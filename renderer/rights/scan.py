"""Look through files for what belongs to somebody: marked pictures, copies of protected idols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from avatars import load_avatar
from avatars.errors import RendererError
from renderer.rights.licence import Licence
from renderer.rights.protected import find_copied
from renderer.rights.shape.fingerprint import describe_shape
from renderer.rights.verify import describe, verify_file

MODELS: Final = frozenset({".vrm", ".glb", ".gltf"})
"""Endings of files that may contain an avatar."""
PICTURES: Final = frozenset(
    {
        *(".mp4", ".mov", ".mkv", ".webm", ".m4v", ".ts", ".m2ts", ".avi", ".flv", ".wmv", ".mpg"),
        *(".mpeg", ".3gp", ".ogv", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif"),
        *(".tiff", ".avif"),
    }
)
"""Endings of files that may contain our mark."""

_BINARY_MODEL: Final = b"glTF"
"""First bytes of a binary glTF file, whatever its name."""


class Sort(Enum):
    """What a scan says about a file."""

    LICENSED = "licensed file"
    COPY = "copy"
    MARKED = "marked"
    CLEAN = "nothing found"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Scanned:
    """One file and what was found in it.

    Attributes:
        detail: lines for people.
    """

    path: Path
    sort: Sort
    detail: tuple[str, ...]


def scan(places: Sequence[Path], licences: Sequence[Licence]) -> Iterator[Scanned]:
    """Yield what is found in files, and in all models and videos below folders.

    Args:
        places: files and folders; links out of a folder are not followed.
        licences: those of protected idols, and others for exactly one file.
    """
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            ending = path.suffix.lower()
            if path.is_symlink() or not path.is_file():
                continue
            if ending in MODELS or _is_binary_model(path):
                yield _scan_model(path, licences)
            elif ending in PICTURES or path == place:
                yield _scan_picture(path)


def _is_binary_model(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_BINARY_MODEL)) == _BINARY_MODEL
    except OSError:
        return False


def _scan_model(path: Path, licences: Sequence[Licence]) -> Scanned:
    try:
        avatar = load_avatar(path)
    except RendererError as fault:
        return Scanned(path, Sort.UNREADABLE, (str(fault),))
    for licence in licences:
        if licence.terms.sha256 == avatar.sha256:
            text = f"{licence.terms.avatar}, as {licence.issuer_name} licensed it"
            return Scanned(path, Sort.LICENSED, (text,))
    copied = find_copied(describe_shape(avatar), avatar.sha256, licences)
    lines = tuple(f"{one.terms.avatar}, which {one.issuer_name} protects" for one in copied)
    if lines:
        return Scanned(path, Sort.COPY, lines)
    return Scanned(path, Sort.CLEAN, ())


def _scan_picture(path: Path) -> Scanned:
    try:
        findings = verify_file(path)
    except RendererError as fault:
        return Scanned(path, Sort.UNREADABLE, (str(fault),))
    if not any(finding.detection.is_found for finding in findings):
        return Scanned(path, Sort.CLEAN, ())
    return Scanned(path, Sort.MARKED, tuple(line.strip() for line in describe(findings)))
