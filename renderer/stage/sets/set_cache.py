"""Keep the sets of shows as they were read, so that an engine that restarts loads no trimesh.

Reading the hall takes trimesh and, through it, SciPy and networkx, half a second of imports; what
was read of it is one file in the user's cache. Only GLB files that refer to no other file and have
no maps are kept: another file could change unnoticed, and maps, which meshes share, are most of the
time of reading anyway.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from renderer.paths import cache_folder
from renderer.stage.lights.gobos import GoboLibrary
from renderer.stage.sets.checks import check_set
from renderer.stage.sets.stage_set import StageSet, load_set

FOLDER: Final = "sets"
"""Folder in the user's cache."""
SUFFIX: Final = ".set"
_MOST_FILES: Final = 8
"""Sets that are kept, those used last; the hall has 2.5 MB."""
_MOST_BYTES: Final = 128 << 20
"""Size of a file above which a set is read each time."""

_log = logging.getLogger(__name__)


def load_cached_set(path: Path) -> StageSet:
    """Load a set, from the cache if the same file was loaded before.

    Raises:
        StageError: see `load_set`.
    """
    key = _find_key(path)
    if key is None:
        return load_set(path)
    file = cache_folder() / FOLDER / f"{key}{SUFFIX}"
    stored = _read(file)
    if stored is not None:
        return stored
    stage_set = load_set(path)
    if _is_self_contained(path, stage_set) and _find_key(path) == key:
        _store(file, stage_set)
    return stage_set


def _find_key(path: Path) -> str | None:
    """Return what identifies a set as it would be read; None if it cannot be read.

    It covers the file's content and name, which is in the warnings, and the code that reads it.
    """
    digest = hashlib.sha256(f"{path.name} {version('trimesh')} {version('numpy')}".encode())
    try:
        for source in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(source.read_bytes())
        with path.open("rb") as file:
            return hashlib.sha256(
                digest.digest() + hashlib.file_digest(file, "sha256").digest()
            ).hexdigest()
    except OSError:
        return None


def _is_self_contained(path: Path, stage_set: StageSet) -> bool:
    """Return whether a set is in one file, without maps."""
    if path.suffix.lower() != ".glb" or any(_find_uris(check_set(path))):
        return False
    return all(
        mesh.material is None
        or not any((mesh.material.base, mesh.material.emissive, mesh.material.normal,
                    mesh.material.roughness, mesh.material.occlusion))
        for mesh in stage_set.meshes
    )  # fmt: skip


def _find_uris(header: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a glTF file's buffers and images refer to."""
    for part in ("buffers", "images"):
        for one in header.get(part, ()):
            if "uri" in one:
                yield str(one["uri"])


def _read(file: Path) -> StageSet | None:
    """Return a stored set; None if there is none, or it is damaged."""
    try:
        found = msgspec.msgpack.decode(file.read_bytes(), type=StageSet, dec_hook=_decode)
        os.utime(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, msgspec.MsgspecError) as fault:
        _log.warning("%s is not used: %s", file, fault)
        return None
    return found


def _store(file: Path, stage_set: StageSet) -> None:
    """Store a set, and remove those that were not used for longest; a fault is only logged."""
    content = msgspec.msgpack.encode(stage_set, enc_hook=_encode)
    if len(content) > _MOST_BYTES:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Another engine may read it at any time.
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.stem)
        try:
            with os.fdopen(handle, "wb") as written:
                written.write(content)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        by_use = sorted(file.parent.glob(f"*{SUFFIX}"), key=lambda one: one.stat().st_mtime)
        for old in by_use[:-_MOST_FILES]:
            with suppress(OSError):
                old.unlink()
    except OSError as fault:
        _log.info("the set %s was not kept in the cache: %s", stage_set.name, fault)


def _encode(value: Any) -> Any:
    """Return what an array is stored as; a set's gobos are the generated ones."""
    if isinstance(value, GoboLibrary):
        return None
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    raise TypeError(f"a set has no {type(value)}")


def _decode(kind: Any, stored: Any) -> Any:
    """Return a stored array, read-only, or the generated gobos."""
    if kind is GoboLibrary:
        return GoboLibrary()
    dtype, shape, content = stored
    return np.frombuffer(content, dtype).reshape(shape)
