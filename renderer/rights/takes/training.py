"""Let models be trained on takes alone whose performers agreed to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from renderer.errors import MotionError
from renderer.motion.takes.read import open_take
from renderer.rights.consent import SUFFIX
from renderer.rights.erasure import TAKE_SUFFIX, started_at
from renderer.rights.takes.consents import load_consents
from renderer.rights.takes.encryption import unlock_take
from renderer.rights.takes.use import TakeUse, find_consent, require_use


@dataclass(frozen=True, slots=True)
class TrainingTakes:
    """Takes that may be trained on.

    Attributes:
        sha256: of each file, hexadecimal.
        performers: the names of those in them, each once.
    """

    sha256: tuple[str, ...]
    performers: tuple[str, ...]


def require_training(paths: Iterable[Path], words: Sequence[str], now: datetime) -> TrainingTakes:
    """Return the takes among recordings, if all their performers agreed to training.

    Args:
        paths: recordings; other kinds than takes are passed over, for nobody here recorded them.
        words: what the crew said of the consent; names of consent files among them are read,
            besides the consents of the user's data.
        now: UTC.

    Raises:
        RightsError: a performer did not agree, or the consent does not hold.
        MotionError: a take cannot be read.
    """
    named = [Path(word) for word in words if word.lower().endswith(SUFFIX)]
    consents, faults = load_consents(named)
    hashes: list[str] = []
    performers: dict[str, None] = {}
    for path in paths:
        if path.suffix.lower() != TAKE_SUFFIX:
            continue
        if faults:
            raise faults[0]
        about, what = open_take(path, unlock_take).about, f"take {path}"
        for name in about.get("performer", "").split(","):
            consent = find_consent(consents, name, what)
            require_use(consent, TakeUse.TRAINING, started_at(path, about), now, what)
            performers[consent.terms.performer.strip()] = None
        try:
            hashes.append(hashlib.sha256(path.read_bytes()).hexdigest())
        except OSError as fault:
            raise MotionError(
                what, f"cannot be read ({fault.strerror})", "check the path"
            ) from fault
    return TrainingTakes(tuple(hashes), tuple(performers))
