"""How true the face is, clip by clip: `python -m renderer.bench.motion.faces [CLIP.mp4 …]`.

Of the ground-truth set's close-ups, filmed the first time, and of clips whose truth lies beside
them: how each shape follows the truth, and in how many frames one is seen that is not done. Of
clips without a truth, nobody knows what is done: in how many frames the shapes that are read from
the face's surface are seen.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

from avatars.maths.quaternions import rotate
from avatars.maths.vectors import Array
from avatars.names import ARKIT, BONE_INDEX
from renderer.bench.motion import measures, track
from renderer.bench.motion.performance import of_clip
from renderer.bench.motion.truthset import film_clip
from renderer.capture.records import Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks
from renderer.motion.face.gaze import LOOKS, look_shapes
from renderer.motion.face.landmarks import measure_observation
from renderer.motion.face.regression import READ

CLOSE_UPS: Final = ("singing", "wink-and-gaze", "look-down", "every-shape")
_FALSE, _UNDONE = 0.3, 0.05
"""What is seen, and what is not done, of a shape that is seen falsely."""
_OFTEN: Final = 0.005
"""Shares of frames below this are not worth a line."""


def describe_clip(clip: Path) -> str:
    """What there is to say of a clip, in lines.

    Raises:
        CaptureError: it cannot be read.
        MotionError: its truth cannot be read.
    """
    with Landmarks() as eyes, closing(open_source(str(clip))) as source:
        seen = [eyes.observe(frame) for frame in source.frames()]
    shown = np.array([each.face is not None for each in seen], np.bool_)
    lines = [f"{clip.stem}: a face in {shown.sum()} of {len(seen)} frames{_size(seen)}"]
    if not shown.any():
        return lines[0]
    solved = track.solve(seen)[0]
    assert solved.expressions is not None
    beside = clip.with_suffix(".npz")
    if beside.is_file():
        truth = of_clip(clip.stem, seen, beside).truth
        assert truth is not None and truth.expressions is not None
        truth.expressions[:, LOOKS] = _looks_in(beside)[[each.index for each in seen]]
        found = measures.correlations(solved, truth, shown)
        lines.append("  correlation  " + _format_values(found))
        idle = truth.expressions[shown] < _UNDONE
        for word, hits in (
            ("closures", measures.closures(solved, truth, shown)),
            ("winks", measures.winks(solved, truth, shown)),
        ):
            if hits.size:
                lines.append(f"  {word} found  {hits.sum()} of {hits.size}")
        rows = list(range(len(ARKIT)))
    else:
        idle = np.ones((int(shown.sum()), len(ARKIT)), np.bool_)
        rows = [k for k, name in enumerate(ARKIT) if name.startswith(READ)]
    false = ((solved.expressions[shown] > _FALSE) & idle).mean(axis=0)
    often = {ARKIT[k]: 100.0 * false[k] for k in rows if false[k] > _OFTEN}
    lines.append("  falsely seen, % of frames  " + (_format_values(often) or "none"))
    return "\n".join(lines)


def _looks_in(truth: Path) -> Array:
    """The eyeLook shapes (n, 8) of a truth's eyes, whether or not its lids follow them."""
    with np.load(truth) as kept:
        eyes = kept["rotations"][:, BONE_INDEX["leftEye"]].astype(np.float64)
    x, y, z = rotate(eyes, np.array([0.0, 0.0, 1.0])).T
    return look_shapes(np.stack((np.arctan2(x, z), np.arcsin(np.clip(y, -1.0, 1.0))), axis=-1))


def _size(seen: list[Observation]) -> str:
    points = [measure_observation(each) for each in seen]
    apart = [each[-1] for each in points if each is not None]
    return f", {np.median(apart):.0f} pixels between the eyes" if apart else ""


def _format_values(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())


def main() -> int:
    """Print what there is to say of the close-ups, or of clips that are given."""
    parser = argparse.ArgumentParser(description="How true the face is, clip by clip.")
    parser.add_argument("clips", nargs="*", type=Path, metavar="CLIP", help="instead of the set's")
    clips: list[Path] = parser.parse_args().clips
    for clip in clips or [film_clip(name) for name in CLOSE_UPS]:
        sys.stdout.write(f"{describe_clip(clip)}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
