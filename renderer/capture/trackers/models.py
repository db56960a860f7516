"""Locate, verify and load the tracking models.

The model files are not part of this package. `python -m renderer.capture.trackers.models` downloads
them once into the user's cache. A file's SHA-256 is checked against the manifest every time it is
loaded, so the source of a download does not matter. This module needs only the standard library.
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
    """One entry of the manifest.

    Attributes:
        name: name used in the program.
        file: file name in the models folder.
        size: bytes.
        sha256: hash of the whole file, hexadecimal.
        url: the vendor's download address.
        wheel_member: path inside the manifest's wheel; empty if it is not in it.
        npm: package of the npm registry that contains the file; empty if none does.
        npm_member: path inside that package.
        optional: the program works without it.
    """

    name: str
    file: str
    size: int
    sha256: str
    url: str
    wheel_member: str
    npm: str = ""
    npm_member: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """All models, and the wheel that contains them as an alternative source.

    Attributes:
        wheel: requirement of the wheel, for machines that reach only a package index.
        models: the entries.
    """

    wheel: str
    models: tuple[Model, ...]

    def find(self, name: str) -> Model:
        """Return the model of that name.

        Raises:
            CaptureError: there is no model of that name.
        """
        for model in self.models:
            if model.name == name:
                return model
        known = ", ".join(model.name for model in self.models)
        raise CaptureError(f"model {name!r}", "is not in the manifest", f"use one of: {known}")


def read_manifest(path: Path = _MANIFEST_PATH) -> Manifest:
    """Read the manifest.

    Raises:
        SetupError: the file is missing or not a valid manifest.
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
                wheel_member=str(entry.get("wheel_member", "")),
                npm=str(entry.get("npm", "")),
                npm_member=str(entry.get("npm_member", "")),
                optional=bool(entry.get("optional", False)),
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
    """Return the folder of the models in the user's cache."""
    return cache_folder() / "models"


def check(model: Model, content: bytes, origin: str) -> None:
    """Check the hash of a model's content.

    Args:
        model: the manifest entry.
        content: the bytes to check.
        origin: the source of the bytes, for the message.

    Raises:
        CaptureError: the hash differs.
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
        name: name in the manifest.
        folder: the model folder to use instead of the user's cache.

    Raises:
        CaptureError: the file is missing or unreadable, or its hash differs from the manifest.
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


def has_model(name: str, folder: Path | None = None) -> bool:
    """Return whether a model's file is in the folder; its content is checked when it is loaded."""
    return ((folder or models_folder()) / read_manifest().find(name).file).is_file()


def model_path(name: str, folder: Path | None = None) -> Path:
    """Check a model and return its path.

    Raises:
        CaptureError: the file is missing or unreadable, or its hash differs from the manifest.
    """
    load_model(name, folder)
    return (folder or models_folder()) / read_manifest().find(name).file


def fetch_models(folder: Path, progress: Callable[[str], None]) -> None:
    """Download the models that are missing from a folder or damaged in it.

    Args:
        folder: created if it does not exist.
        progress: called with a one-line message for each step.

    Raises:
        SetupError: a model is not available from any source.
    """
    # Imported here, so that a show that has its models never loads the downloading code.
    from renderer.capture.trackers.fetch import fetch

    fetch(read_manifest(), folder, progress)


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Download the models into the user's cache; return exit status 0 if all are present."""
    try:
        fetch_models(models_folder(), _print_line)
    except RendererError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
