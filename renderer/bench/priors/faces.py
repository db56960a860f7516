"""Recorded and composed face shapes, and how well models give them back."""

from __future__ import annotations

import csv
import hashlib
import io
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.authoring.clips import grimaces
from avatars.authoring.dance import score
from avatars.authoring.dance.singing import face_weights
from avatars.maths.quaternions import IDENTITY
from avatars.maths.vectors import Array
from avatars.names import ARKIT, HUMAN_BONES
from renderer.bench.priors.recordings import RATE
from renderer.errors import MotionError
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.priors.expressions import FACE, UNSEEN, completion_features

_MAX_BYTES: Final = 256 << 20
_BLOCK_S: Final = 10.0
"""Seconds of the blocks that are left out in turn."""
_PARTS: Final = 5
_MOVES: Final = 0.01
"""Deviation below which a shape does not move and has no correlation."""
COMPLETION_PENALTY: Final = 0.003
"""Ridge penalty, as a share of the mean variance and the number of frames."""


@dataclass(frozen=True, slots=True)
class FaceRecording:
    """A person's face shapes (n, 52), 0 to 1, and their file."""

    name: str
    shapes: Array
    sha256: str

    @property
    def seconds(self) -> float:
        """The recording's length."""
        return len(self.shapes) / RATE


def own_faces() -> FaceRecording:
    """Return the project's own singing and single shapes."""
    still = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
    _, heads = forward_kinematics(still, np.zeros(3))
    single = grimaces.grimacing(heads, np.arange(0.0, grimaces.GRIMACES_S, 1.0 / RATE)).weights
    beats = np.arange(0.0, score.SECONDS, 1.0 / RATE) * score.BPM / 60.0
    shapes = np.concatenate((single, face_weights(beats)))
    digest = hashlib.sha256(shapes.astype(np.float32).tobytes()).hexdigest()
    return FaceRecording("own", np.clip(shapes, 0.0, 1.0), digest)


def read_faces(path: Path) -> FaceRecording:
    """Read a recording of Live Link Face (.csv or .csv.xz).

    Raises:
        MotionError: it cannot be read, or lacks shapes.
    """
    try:
        data = path.read_bytes()
        with lzma.open(io.BytesIO(data)) if path.suffix == ".xz" else io.BytesIO(data) as file:
            text = file.read(_MAX_BYTES).decode()
        rows = list(csv.reader(io.StringIO(text)))
        names = {name.strip().lower(): k for k, name in enumerate(rows[0])}
        columns = [names[name.lower()] for name in ARKIT]
        shapes = np.array([[float(row[k]) for k in columns] for row in rows[1:]])
        if len(shapes) < RATE or not np.isfinite(shapes).all():
            raise ValueError("it is shorter than a second, or not finite")
    except (OSError, EOFError, lzma.LZMAError, ValueError, KeyError, IndexError, csv.Error) as why:
        raise MotionError(
            f"Recording {path}", f"is no face recording ({why})", "export it from Live Link Face"
        ) from why
    digest = hashlib.sha256(data).hexdigest()
    return FaceRecording(path.name.split(".")[0], np.clip(shapes, 0.0, 1.0), digest)


def fit_components(shapes: Array, count: int) -> tuple[Array, Array]:
    """Return the mean (38,) and the first principal components (count, 38) of shapes (n, 52)."""
    face = shapes[:, FACE]
    mean = face.mean(axis=0)
    _, _, rows = np.linalg.svd(face - mean, full_matrices=False)
    # A component's sign is arbitrary: its largest number is made positive.
    rows = rows[:count]
    return mean, rows * np.sign(rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)])[:, None]


def fit_completion(seen: Array, true: Array) -> Array:
    """Return the weights (57, 10) that give UNSEEN shapes (n, 52) from the seen ones (n, 52)."""
    x, y = completion_features(seen), true[:, UNSEEN]
    gram = x.T @ x
    penalty = COMPLETION_PENALTY * len(x) * x[:, :-1].var(axis=0).mean()
    gram[np.diag_indices_from(gram)] += np.r_[np.full(len(gram) - 1, penalty), 1e-9]
    out: Array = np.linalg.solve(gram, x.T @ y)
    return out


def blocks(frames: int) -> npt.NDArray[np.intp]:
    """Return (n,) which of five parts each frame belongs to, in blocks of ten seconds."""
    return (np.arange(frames) // round(_BLOCK_S * RATE)) % _PARTS


def correlations(found: Array, true: Array) -> dict[str, float]:
    """Return the correlation of UNSEEN shapes (n, 10) that move, by name."""
    out = {}
    for k, row in enumerate(UNSEEN):
        if true[:, k].std() > _MOVES:
            dead = found[:, k].std() < 1e-6
            out[ARKIT[row]] = 0.0 if dead else float(np.corrcoef(found[:, k], true[:, k])[0, 1])
    return out


def complete_left_out(shapes: Array) -> dict[str, float]:
    """Return the correlations of UNSEEN shapes of one person, blocks of time left out in turn."""
    part = blocks(len(shapes))
    found = np.zeros((len(shapes), len(UNSEEN)))
    for out in range(_PARTS):
        weights = fit_completion(shapes[part != out], shapes[part != out])
        found[part == out] = completion_features(shapes[part == out]) @ weights
    return correlations(np.clip(found, 0.0, 1.0), shapes[:, UNSEEN])
