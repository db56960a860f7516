"""Where the motion prior of a performer lies that was trained on their own takes."""

from __future__ import annotations

from pathlib import Path

from renderer.motion.face.calibration_store import performers_folder, profile_path
from renderer.motion.priors.weights import card_path


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


def forget_prior(performer: str, folder: Path | None = None) -> bool:
    """Delete a performer's own motion prior, when they revoke consent; whether there was one.

    Raises:
        MotionError: the name is empty, or too long for a file name.
    """
    path = prior_path(performer, folder)
    found = path.exists() or card_path(path).exists()
    path.unlink(missing_ok=True)
    card_path(path).unlink(missing_ok=True)
    return found
