"""Face accuracy clip by clip: `python -m renderer.bench.motion.faces [CLIP.mp4 …]`.

For the ground-truth set's close-ups, filmed on first use, and for clips with a truth file beside
them: the correlation of each shape with the truth, and the share of frames with false detections.
For clips without a truth: the share of frames in which the shapes that the regression predicts are
detected.
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
from renderer.bench.motion.performance import load_clip
from renderer.bench.motion.truthset import film_clip
from renderer.capture.records import Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks
from renderer.motion.face.gaze import LOOKS, look_shapes
from renderer.motion.face.landmarks import measure_observation
from renderer.motion.face.regression import REGRESSED_SHAPES

CLOSE_UPS: Final = ("singing", "wink-and-gaze", "look-down", "every-shape")
"""Clips of the ground-truth set that show a face close up."""

_DETECTED, _ABSENT = 0.3, 0.05
"""A shape is falsely detected above the first value while its true value is below the second."""
_MIN_SHARE: Final = 0.005
"""Smaller shares of frames are not reported."""


def describe_clip(clip: Path) -> str:
    """Return the report of a clip as lines of text.

    Raises:
        CaptureError: the clip cannot be read.
        MotionError: its truth cannot be read.
    """
    with Landmarks() as eyes, closing(open_source(str(clip))) as source:
        seen = [eyes.observe(frame) for frame in source.frames()]
    shown = np.array([each.face is not None for each in seen], np.bool_)
    lines = [f"{clip.stem}: a face in {shown.sum()} of {len(seen)} frames{_describe_size(seen)}"]
    if not shown.any():
        return lines[0]
    solved = track.solve(seen)[0]
    assert solved.expressions is not None
    beside = clip.with_suffix(".npz")
    if beside.is_file():
        truth = load_clip(clip.stem, seen, beside).truth
        assert truth is not None and truth.expressions is not None
        truth.expressions[:, LOOKS] = _true_looks(beside)[[each.index for each in seen]]
        found = measures.correlations(solved, truth, shown)
        lines.append("  correlation  " + _format_values(found))
        idle = truth.expressions[shown] < _ABSENT
        for word, hits in (
            ("closures", measures.closures(solved, truth, shown)),
            ("winks", measures.winks(solved, truth, shown)),
        ):
            if hits.size:
                lines.append(f"  {word} found  {hits.sum()} of {hits.size}")
        rows = list(range(len(ARKIT)))
    else:
        idle = np.ones((int(shown.sum()), len(ARKIT)), np.bool_)
        rows = [k for k, name in enumerate(ARKIT) if name.startswith(REGRESSED_SHAPES)]
    false = ((solved.expressions[shown] > _DETECTED) & idle).mean(axis=0)
    often = {ARKIT[k]: 100.0 * false[k] for k in rows if false[k] > _MIN_SHARE}
    lines.append("  falsely seen, % of frames  " + (_format_values(often) or "none"))
    return "\n".join(lines)


def _true_looks(truth: Path) -> Array:
    """Return the eyeLook shapes (n, 8) of a truth's eyes, whether or not its lids follow them."""
    with np.load(truth) as kept:
        eyes = kept["rotations"][:, BONE_INDEX["leftEye"]].astype(np.float64)
    x, y, z = rotate(eyes, np.array([0.0, 0.0, 1.0])).T
    return look_shapes(np.stack((np.arctan2(x, z), np.arcsin(np.clip(y, -1.0, 1.0))), axis=-1))


def _describe_size(seen: list[Observation]) -> str:
    """Return the median distance between the eyes as text; empty without a face."""
    points = [measure_observation(each) for each in seen]
    apart = [each[-1] for each in points if each is not None]
    return f", {np.median(apart):.0f} pixels between the eyes" if apart else ""


def _format_values(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())


def main() -> int:
    """Print the report of the close-ups, or of the clips given."""
    parser = argparse.ArgumentParser(description="Face accuracy clip by clip.")
    parser.add_argument("clips", nargs="*", type=Path, metavar="CLIP", help="instead of the set's")
    clips: list[Path] = parser.parse_args().clips
    for clip in clips or [film_clip(name) for name in CLOSE_UPS]:
        sys.stdout.write(f"{describe_clip(clip)}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
