"""Locate the program's assets and the user's folders for cache, settings, data and logs.

The user's folders are the platform's standard ones, as given by `platformdirs`. These environment
variables override them: ENCORE_CACHE, ENCORE_CONFIG, ENCORE_DATA, ENCORE_LOGS, ENCORE_RUNTIME.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs, RuntimeDirWarning

from renderer.errors import DeskError
from renderer.platform import PLATFORM

_ROOT: Final = Path(__file__).resolve().parents[1]

CLIP: Final = _ROOT / "assets" / "demo" / "performance.mp4"
TRUTH: Final = _ROOT / "assets" / "demo" / "performance.npz"
SONG: Final = _ROOT / "assets" / "demo" / "song.ogg"
LYRICS: Final = tuple(_ROOT / "assets" / "demo" / f"song.{code}.lrc" for code in ("ko", "en"))
"""The demo song's lyrics, in Korean and English."""
FIRST_LIGHT: Final = _ROOT / "assets" / "shows" / "first_light" / "show.toml"
"""The show to learn from, and the demo's document."""
STAGE: Final = _ROOT / "assets" / "stage" / "small_stage.glb"
HALL: Final = _ROOT / "assets" / "stage" / "concert_hall.glb"
IDOL: Final = _ROOT / "avatars" / "library" / "idol.vrm"
IDOL_2: Final = _ROOT / "avatars" / "library" / "idol_2.vrm"
HOUSE_ISSUERS: Final = _ROOT / "avatars" / "library" / "issuers.json"
"""Trust list with the issuer of the default idols' licences."""


def cache_folder() -> Path:
    """Return the folder for files that can be downloaded or made again, such as tracking models."""
    return _user_folder("ENCORE_CACHE", lambda: _standard().user_cache_path)


def config_folder() -> Path:
    """Return the folder for the user's settings."""
    return _user_folder("ENCORE_CONFIG", lambda: _standard().user_config_path)


def data_folder() -> Path:
    """Return the folder for files that cannot be downloaded again, such as calibrated faces."""
    return _user_folder("ENCORE_DATA", lambda: _standard().user_data_path)


def logs_folder() -> Path:
    """Return the folder for log files."""
    return _user_folder("ENCORE_LOGS", lambda: _standard().user_log_path)


def runtime_folder() -> Path:
    """Return the folder in which this user's shows register; create it if missing.

    Raises:
        DeskError: it cannot be created, or other users can read or replace its content.
    """
    try:
        folder = _user_folder("ENCORE_RUNTIME", _standard_runtime_folder)
    except OSError as fault:
        raise _build_folder_error("the runtime folder", "cannot be made", fault) from fault
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_private = PLATFORM.make_private(folder)
    except OSError as fault:
        raise _build_folder_error(
            f"the runtime folder {folder}", "cannot be made", fault
        ) from fault
    if not is_private:
        raise _build_folder_error(f"the runtime folder {folder}", "belongs to somebody else")
    return folder


def _build_folder_error(thing: str, fault: str, cause: OSError | None = None) -> DeskError:
    reason = f" ({cause.strerror or cause})" if cause is not None else ""
    return DeskError(thing, f"{fault}{reason}", "set ENCORE_RUNTIME to a folder of your own")


def _standard_runtime_folder() -> Path:
    with warnings.catch_warnings():
        # Without a session manager platformdirs returns a temporary folder instead, which will do.
        warnings.simplefilter("ignore", RuntimeDirWarning)
        return _standard().user_runtime_path


def _standard() -> PlatformDirs:
    """Return the platform's standard folders under the current environment."""
    return PlatformDirs("encore", appauthor=False, roaming=True)


def _user_folder(variable: str, standard: Callable[[], Path]) -> Path:
    return Path(chosen) if (chosen := os.environ.get(variable)) else standard()
