"""Where the models of a performer are kept that were trained on their own takes."""

from __future__ import annotations

from pathlib import Path

from renderer.motion.face.calibration_store import performers_folder, profile_path


def prior_path(performer: str, folder: Path | None = None) -> Path:
    """Return the path of a performer's own motion prior.

    Args:
        performer: their name.
        folder: of the performers' priors; the user's data folder if None.

    Raises:
        MotionError: the name is empty, or too long for a file name.
    """
    folder = folder or performers_folder() / "priors"
    return profile_path(performer, folder).with_suffix(".npz")


def face_path(performer: str, folder: Path | None = None) -> Path:
    """Return the path of a performer's own model of the face; arguments as of `prior_path`."""
    folder = folder or performers_folder() / "faces"
    return profile_path(performer, folder).with_suffix(".npz")


def find_own_models(performer: str) -> tuple[Path, ...]:
    """Return the performer's own models in the user's data folder.

    Raises:
        MotionError: the name is empty, or too long for a file name.
    """
    paths = (prior_path(performer), face_path(performer))
    return tuple(path for path in paths if path.is_file())
