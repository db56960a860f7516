"""Draw a sheet of a clip's frames, each beside the close-up of the avatar that it drives.

The clip is tracked and solved as in a show, from its first frame on, and the avatar shows the
response that is stored for it. A sheet is for eyes: each expression should be recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from avatars import load_avatar
from avatars.names import ARKIT
from renderer.capture.records import CameraFrame, Observation
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.landmarks import Landmarks
from renderer.errors import CaptureError, ShowError
from renderer.motion.core.records import F32, Motion
from renderer.motion.face.response import FaceResponse, ResponseCurves
from renderer.motion.face.response_store import load_response
from renderer.motion.solver import MotionSolver
from renderer.tools.portrait_sheet import Portraits, portraits

Pixels = npt.NDArray[np.uint8]

CELL: Final = 240
"""Pixels of each side of a picture on the sheet."""

_PAIRS_ACROSS: Final = 3
_LABEL: Final = 34
"""Pixels of height below each pair for its two lines of text."""

_CROP_FACES: Final = 1.45
"""Side of a performer's crop, in heights of their face."""

_GROUND: Final = (28, 27, 34)
_INK: Final = (232, 230, 240)

_GAZE_WEIGHT: Final = 1.5
"""Weight of a radian of gaze beside a whole face shape in the difference of two expressions."""

_NAMED: Final = 3
"""Number of shapes that a label names."""

_MIN_NAMED: Final = 0.15
"""Smallest value of a shape that a label names."""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What is drawn.

    Attributes:
        video: the clip.
        avatar: file of the avatar.
        out: PNG to write.
        frames: how many frames.
        strongest: choose the strongest expressions that differ, instead of evenly spaced frames.
        expressiveness: 0 to 1; None for the avatar's own.
    """

    video: Path
    avatar: Path
    out: Path
    frames: int = 12
    strongest: bool = False
    expressiveness: float | None = None


@dataclass(frozen=True, slots=True)
class _Solved:
    """A frame with a face.

    Attributes:
        index: number of the frame.
        t_ns: time since the clip's start.
        box: left, top, right, bottom in pixels of the square around the face.
        motion: of the performer.
    """

    index: int
    t_ns: int
    box: tuple[int, int, int, int]
    motion: Motion


def draw_sheet(plan: SheetPlan, notify: Callable[[str], None]) -> Path:
    """Draw a sheet and return its path.

    Args:
        plan: what is drawn.
        notify: called with progress messages.

    Raises:
        RendererError: the clip or the avatar cannot be used, no face is in the clip, or the sheet
            cannot be written.
    """
    avatar = load_avatar(plan.avatar)
    response = load_response(plan.avatar, avatar.meta.name)
    if plan.expressiveness is not None:
        response = msgspec.structs.replace(response, expressiveness=plan.expressiveness)
    notify(f"watching {plan.video.name}")
    solved = _solve_clip(plan.video)
    if not solved:
        raise CaptureError(
            f"Video {plan.video}", "shows no face", "name a clip in which a face is seen"
        )
    chosen = (choose_strongest if plan.strongest else choose_evenly)(
        [one.motion for one in solved], plan.frames
    )
    if not chosen:
        raise CaptureError(
            f"Video {plan.video}", "shows no expression", "leave out --strongest, or name another"
        )
    rows = [solved[k] for k in chosen]
    crops = _read_crops(plan.video, rows)
    notify(f"drawing {len(rows)} of {len(solved)} frames with a face")
    with portraits(avatar, CELL, CELL) as close:
        cells = [_draw_cell(one, crops[one.index], close, response) for one in rows]
    try:
        _arrange(cells).save(plan.out, "PNG", optimize=True)
    except OSError as fault:
        raise ShowError(
            str(plan.out), f"cannot be written ({fault.strerror or fault})", "choose another file"
        ) from fault
    return plan.out


def choose_evenly(motions: Sequence[Motion], count: int) -> list[int]:
    """Return the indices of up to `count` evenly spaced motions."""
    steps = np.linspace(0, len(motions) - 1, min(count, len(motions)))
    return sorted({round(step) for step in steps.tolist()})


def choose_strongest(motions: Sequence[Motion], count: int) -> list[int]:
    """Return the indices of up to `count` strong expressions that differ, by rising time.

    One after the other, the motion is chosen whose expression is farthest from neutral and from
    those chosen before.
    """
    looks = [name.startswith("eyeLook") for name in ARKIT]
    faces = np.array([_describe_face(one, looks) for one in motions])
    far = np.linalg.norm(faces, axis=1)
    strength = far.copy()
    chosen: list[int] = []
    while len(chosen) < min(count, len(motions)):
        best = int(np.argmax(far))
        if far[best] <= 0.0:
            break
        chosen.append(best)
        apart = np.linalg.norm(faces - faces[best], axis=1)
        far = np.minimum(far, apart * np.minimum(strength, 1.0))
    return sorted(chosen)


def _describe_face(motion: Motion, looks: Sequence[bool]) -> F32:
    """Return an expression as a vector: face shapes without looks, and the gaze."""
    shapes = np.where(looks, 0.0, motion.expressions)
    out: F32 = np.concatenate((shapes, _GAZE_WEIGHT * motion.gaze)).astype(np.float32)
    return out


def _solve_clip(video: Path) -> list[_Solved]:
    """Return the frames of a clip in which its performer's face is seen.

    Raises:
        CaptureError: the clip cannot be read.
    """
    out, solver = [], MotionSolver()
    with Landmarks() as eyes, closing(open_source(str(video))) as source:
        for frame in source.frames():
            seen = eyes.observe(frame)
            motion = solver.solve(seen)
            if seen.face is not None:
                out.append(_Solved(frame.index, frame.t_seen_ns, _find_box(seen), motion))
    return out


def _find_box(seen: Observation) -> tuple[int, int, int, int]:
    """Return the square around the face of an observation, in pixels."""
    assert seen.face is not None
    points = seen.face[:, :2] * np.array(seen.size, np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    half = 0.5 * _CROP_FACES * float(high[1] - low[1])
    x, y = (0.5 * (low + high)).tolist()
    return round(x - half), round(y - half), round(x + half), round(y + half)


def _read_crops(video: Path, rows: Sequence[_Solved]) -> dict[int, Image.Image]:
    """Return the performer's crops by the number of the frame."""
    boxes = {one.index: one.box for one in rows}
    crops = {}
    with closing(open_source(str(video))) as source:
        for frame in source.frames():
            if frame.index in boxes:
                crops[frame.index] = _crop(frame, boxes[frame.index])
            if len(crops) == len(boxes):
                break
    return crops


def _crop(frame: CameraFrame, box: tuple[int, int, int, int]) -> Image.Image:
    """Return a square of a frame, black beyond its border."""
    return Image.fromarray(frame.pixels).crop(box).resize((CELL, CELL), Image.Resampling.LANCZOS)


def _draw_cell(
    one: _Solved, crop: Image.Image, close: Portraits, response: FaceResponse
) -> Image.Image:
    """Return a frame beside the avatar's close-up, with the time and the strongest shapes below."""
    shapes, gaze = ResponseCurves(response).apply(one.motion.expressions, one.motion.gaze)
    drawn = Image.fromarray(
        close.take_face(one.motion.rotations, shapes, gaze, one.motion.contacts)
    )
    cell = Image.new("RGB", (2 * CELL, CELL + _LABEL), _GROUND)
    cell.paste(crop, (0, 0))
    cell.paste(drawn, (CELL, 0))
    pen, font = ImageDraw.Draw(cell), ImageFont.load_default(12)
    yaw, pitch = np.degrees(one.motion.gaze).round().astype(int).tolist()
    pen.text(
        (6, CELL + 2),
        f"{one.t_ns * 1e-9:.2f} s   frame {one.index}   gaze {yaw}° {pitch}°",
        fill=_INK,
        font=font,
    )
    pen.text((6, CELL + 17), _name_shapes(one.motion), fill=_INK, font=font)
    return cell


def _name_shapes(motion: Motion) -> str:
    """Return the strongest shapes of a motion with their values, as text."""
    values = {
        name: float(value)
        for name, value in zip(ARKIT, motion.expressions, strict=True)
        if value >= _MIN_NAMED and not name.startswith("eyeLook")
    }
    names = sorted(values, key=values.__getitem__, reverse=True)[:_NAMED]
    return "  ".join(f"{name} {values[name]:.1f}" for name in names)


def _arrange(cells: Sequence[Image.Image]) -> Image.Image:
    """Return the cells in rows."""
    width, height = cells[0].size
    across = min(_PAIRS_ACROSS, len(cells))
    down = -(-len(cells) // across)
    sheet = Image.new("RGB", (across * width, down * height), _GROUND)
    for k, cell in enumerate(cells):
        sheet.paste(cell, (k % across * width, k // across * height))
    return sheet
