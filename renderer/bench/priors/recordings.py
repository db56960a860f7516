"""Reads the recorded motion that models are trained and measured on."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from avatars.authoring.clips import motions
from avatars.authoring.dance.dance import perform
from avatars.maths.quaternions import IDENTITY
from avatars.maths.vectors import Array
from avatars.names import HUMAN_BONES
from avatars.vrma import Animation
from renderer.errors import MotionError, RendererError
from renderer.motion.core.forward import HIPS_HEIGHT, forward_kinematics
from renderer.motion.exchange.animations import read_animation
from renderer.motion.exchange.sequence import animation_from_motions
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import solve_performance
from renderer.rights.takes.encryption import unlock_take

Warn = Callable[[str], None]

RATE: Final = 30.0
"""Frames a second to which recordings are resampled."""

SUFFIXES: Final = (".bvh", ".bvh.xz", ".vrma", ".mcap")
"""Kinds of files that are read."""

_MIN_FRAMES: Final = 75
"""A shorter recording has no room for a gap with movement before and after."""
_MAX_FILES: Final = 1000
"""Files of a folder that are read."""
_MAX_PACKED_BYTES: Final = 256 << 20
"""Bytes that a compressed recording may unpack to."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A person's recorded motion at 30 frames a second.

    Attributes:
        name: of the file without its suffix.
        person: who moves, as far as the file's name tells: takes of one person are never split
            between training and test.
        rotations: (n, 55, 4) xyzw, local.
        root: (n, 3) metres, the hips' displacement of the reference skeleton.
        sha256: of the file.
    """

    name: str
    person: str
    rotations: Array
    root: Array
    sha256: str

    @property
    def seconds(self) -> float:
        """The recording's length."""
        return len(self.rotations) / RATE


def own_recordings() -> list[Recording]:
    """Return the project's own choreography, performed by the reference skeleton."""
    still = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
    _, heads = forward_kinematics(still, np.zeros(3))
    dance = perform(heads)
    found = [_own("choreography", dance.rotations, dance.root)]
    t = np.arange(8 * round(RATE)) / RATE
    for move in (motions.crouching, motions.jumping, motions.walking_in, motions.turning):
        moved = move(heads, t)
        found.append(_own(move.__name__, moved.rotations, moved.root))
    return found


def _own(name: str, rotations: Array, root: Array) -> Recording:
    digest = hashlib.sha256(np.ascontiguousarray(rotations, np.float32).tobytes()).hexdigest()
    return Recording(f"own_{name}", "own", rotations, root, digest)


def find_recordings(path: Path) -> list[Path]:
    """Return the recordings in a folder, not in those below; or the file itself.

    Raises:
        MotionError: there is none, or the file is of another kind.
    """
    if not path.is_dir():
        if not path.name.lower().endswith(SUFFIXES):
            raise MotionError(
                f"Recording {path}", "is of no kind that can be read", f"name {', '.join(SUFFIXES)}"
            )
        return [path]
    found = sorted(p for p in path.iterdir() if p.name.lower().endswith(SUFFIXES))
    if not found:
        raise MotionError(
            f"Folder {path}", "contains no recording", f"put {', '.join(SUFFIXES)} files into it"
        )
    return found[:_MAX_FILES]


def read_recordings(paths: Sequence[Path], notify: Warn | None = None) -> Iterator[Recording]:
    """Yield the recordings that are long enough and readable; others are reported and left out.

    Args:
        paths: files.
        notify: called with a sentence for each recording that is left out.
    """
    for path in paths:
        try:
            recording = read_recording(path)
        except RendererError as fault:
            if notify is not None:
                notify(f"left out: {fault}")
            continue
        if len(recording.rotations) >= _MIN_FRAMES:
            yield recording
        elif notify is not None:
            notify(f"left out: {path.name} is shorter than {_MIN_FRAMES / RATE:g} s")


def read_recording(path: Path) -> Recording:
    """Read a recording.

    Raises:
        RendererError: the file cannot be read, or holds no usable motion.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as fault:
        raise MotionError(
            f"Recording {path}", f"cannot be read ({fault.strerror})", "check the path"
        ) from fault
    animation = _read(path)
    times = np.arange(0.0, float(animation.times[-1]) + 1e-6, 1.0 / RATE)
    rows = np.minimum(np.searchsorted(animation.times, times), len(animation.times) - 1)
    rotations = animation.rotations[rows].astype(np.float64)
    root = animation.hips[rows].astype(np.float64) * (HIPS_HEIGHT / animation.hips_height)
    if not (np.isfinite(rotations).all() and np.isfinite(root).all()):
        raise MotionError(f"Recording {path}", "has values that are not finite", "export it again")
    name = path.name.split(".")[0]
    return Recording(name, name.split("_")[0].split("-")[0], rotations, root, digest)


def _read(path: Path) -> Animation:
    """Return the animation of a file of any of the kinds."""
    kind = path.name.lower()
    if kind.endswith(".mcap"):
        return animation_from_motions(
            solve_performance(open_take(path, unlock_take), RATE), path.stem
        )
    if not kind.endswith(".xz"):
        return read_animation(path)
    with TemporaryDirectory() as scratch:
        plain = Path(scratch) / path.stem
        try:
            with lzma.open(path) as packed:
                data = packed.read(_MAX_PACKED_BYTES + 1)
        except (OSError, EOFError, lzma.LZMAError) as fault:
            raise MotionError(
                f"Recording {path}", f"cannot be unpacked ({fault})", "use a whole .bvh.xz file"
            ) from fault
        if len(data) > _MAX_PACKED_BYTES:
            raise MotionError(f"Recording {path}", "is too long", "split it")
        plain.write_bytes(data)
        return read_animation(plain)
