"""The tracking models: which files they are, where they lie, and whether they are whole.

The files are no part of this package. `python -m renderer.capture.trackers.models` fetches them
once into the user's cache. Every byte is checked against the manifest whenever a model is used,
so it does not matter which source a file came from. Nothing here needs more than the standard
library.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from renderer.errors import CaptureError, RendererError, SetupError
from renderer.paths import cache_folder

_MANIFEST_PATH = Path(__file__).resolve().parents[3] / "assets" / "models.json"
FETCH_REMEDY = "run `python -m renderer.capture.trackers.models` to fetch it"


@dataclass(frozen=True, slots=True)
class Model:
    """One line of the manifest.

    Attributes:
        name: what the program calls it.
        file: its file name in the models folder.
        size: in bytes.
        sha256: of the whole file, in hexadecimal.
        url: where its maker offers it.
        wheel_member: its path inside the manifest's wheel.
    """

    name: str
    file: str
    size: int
    sha256: str
    url: str
    wheel_member: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All models, and the wheel that carries them where only a package index can be reached."""

    wheel: str
    models: tuple[Model, ...]

    def find(self, name: str) -> Model:
        """The model of that name.

        Raises:
            CaptureError: no model is called so.
        """
        for model in self.models:
            if model.name == name:
                return model
        known = ", ".join(model.name for model in self.models)
        raise CaptureError(f"model {name!r}", "is not in the manifest", f"use one of: {known}")


def read_manifest(path: Path = _MANIFEST_PATH) -> Manifest:
    """Read the manifest.

    Raises:
        SetupError: it is missing or is not a manifest.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        models = tuple(
            Model(
                name=str(entry["name"]),
                file=str(entry["file"]),
                size=int(entry["bytes"]),
                sha256=str(entry["sha256"]),
                url=str(entry["url"]),
                wheel_member=str(entry["wheel_member"]),
            )
            for entry in data["models"]
        )
        return Manifest(wheel=str(data["wheel"]), models=models)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            path.name,
            f"the list of tracking models cannot be read ({error!r})",
            "install the program again",
        ) from error


def models_folder() -> Path:
    """Where the models lie."""
    return cache_folder() / "models"


def check(model: Model, content: bytes, origin: str) -> None:
    """Check that these bytes are that model.

    Raises:
        CaptureError: they are not; `origin` says where they came from.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != model.sha256:
        raise CaptureError(
            origin,
            f"is not the model it should be: its SHA-256 is {found}, expected {model.sha256}",
            f"delete it, then {FETCH_REMEDY}",
        )


def load_model(name: str, folder: Path | None = None) -> bytes:
    """Read and check one model.

    Args:
        name: as in the manifest.
        folder: where to look instead of the user's cache.

    Raises:
        CaptureError: the file is missing, or its bytes are not the manifest's.
    """
    model = read_manifest().find(name)
    path = (folder or models_folder()) / model.file
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (
            "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        )
        raise CaptureError(
            str(path), f"the {name} tracking model {reason}", FETCH_REMEDY
        ) from error
    check(model, content, str(path))
    return content


def model_path(name: str, folder: Path | None = None) -> Path:
    """Where a model lies, once its bytes have been checked.

    Raises:
        CaptureError: the file is missing, or its bytes are not the manifest's.
    """
    load_model(name, folder)
    return (folder or models_folder()) / read_manifest().find(name).file


def fetch_models(folder: Path, progress: Callable[[str], None]) -> None:
    """Fetch whatever model is missing from a folder or damaged in it.

    Args:
        folder: made if need be.
        progress: is told, in one line each, what happens.

    Raises:
        SetupError: a model cannot be had from any source.
    """
    # Only here, so that a show that has its models never loads the downloading code.
    from renderer.capture.trackers.fetch import fetch

    fetch(read_manifest(), folder, progress)


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Fetch the models into the user's cache; the exit status is 0 when all are there."""
    try:
        fetch_models(models_folder(), _print_line)
    except RendererError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
