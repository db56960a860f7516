"""Convert the performers' landmarks to lines, dots and names to draw over a camera's picture.

Landmark numbers are MediaPipe's: 33 of a body, 21 of a hand, 478 of a face. Points are fractions
of the picture, x right and y down. "Left" is the performer's own left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from renderer.protocol.inputs import PerformerPoints

Point = tuple[float, float]
Line = tuple[Point, Point]

_POSE, _HAND, _FACE = 33, 21, 478
_SLACK: Final = 0.1
"""How far outside the picture a point may be to be drawn, as a fraction of the picture."""

_CROWN: Final = 0.1
"""Height of the crown above the body's highest point, as a fraction of the body's height."""

_LEFT_ARM_AND_LEG: Final = (
    (11, 13), (13, 15), (23, 25), (25, 27), (27, 29), (29, 31), (27, 31),
)  # fmt: skip
_HEAD: Final = ((7, 3), (3, 2), (2, 1), (1, 0), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10))
_TORSO: Final = ((11, 12), (11, 23), (12, 24), (23, 24))
_FINGERS: Final = (
    (0, 1), (1, 2), (2, 3), (3, 4),
    (0, 5), (5, 6), (6, 7), (7, 8),
    (5, 9), (9, 10), (10, 11), (11, 12),
    (9, 13), (13, 14), (14, 15), (15, 16),
    (13, 17), (17, 18), (18, 19), (19, 20), (0, 17),
)  # fmt: skip
# In MediaPipe's body, every right landmark follows its left counterpart.
_RIGHT_ARM_AND_LEG: Final = tuple((a + 1, b + 1) for a, b in _LEFT_ARM_AND_LEG)


@dataclass(frozen=True, slots=True)
class Tag:
    """A performer's name over their head, positioned by the middle of its lower edge."""

    text: str
    at: Point


@dataclass(frozen=True, slots=True)
class Landmarks:
    """The shapes to draw; all empty if no performer is visible."""

    left: tuple[Line, ...] = ()
    right: tuple[Line, ...] = ()
    torso: tuple[Line, ...] = ()
    face: tuple[Point, ...] = ()
    tags: tuple[Tag, ...] = ()

    @classmethod
    def of(cls, performers: Sequence[tuple[str, PerformerPoints]]) -> Landmarks:
        """Return the shapes of all performers in one camera, with their names unless empty.

        A landmark list of the wrong length is not drawn.
        """
        everybody = [_of_one(name, seen) for name, seen in performers]
        return cls(
            left=tuple(line for one in everybody for line in one.left),
            right=tuple(line for one in everybody for line in one.right),
            torso=tuple(line for one in everybody for line in one.torso),
            face=tuple(point for one in everybody for point in one.face),
            tags=tuple(tag for one in everybody for tag in one.tags),
        )


def _of_one(name: str, seen: PerformerPoints) -> Landmarks:
    pose = _points(seen.pose_points, _POSE)
    face = _points(seen.face_points, _FACE)
    return Landmarks(
        left=(
            *_lines(pose, _LEFT_ARM_AND_LEG),
            *_lines(_points(seen.left_hand_points, _HAND), _FINGERS),
        ),
        right=(
            *_lines(pose, _RIGHT_ARM_AND_LEG),
            *_lines(_points(seen.right_hand_points, _HAND), _FINGERS),
        ),
        torso=_lines(pose, _TORSO if face else (*_TORSO, *_HEAD)),
        face=tuple(filter(_is_seen, face)),
        tags=_tags(name, pose or face),
    )


def _tags(name: str, points: Sequence[Point]) -> tuple[Tag, ...]:
    """Return the name tag, horizontally centred above the highest point."""
    seen = list(filter(_is_seen, points))
    if not name or not seen:
        return ()
    across, down = [x for x, _ in seen], [y for _, y in seen]
    top = min(down) - _CROWN * (max(down) - min(down))
    return (Tag(name, ((min(across) + max(across)) / 2, top)),)


def _points(flat: Sequence[float], number: int) -> tuple[Point, ...]:
    if len(flat) != 2 * number:
        return ()
    return tuple(zip(flat[::2], flat[1::2], strict=True))


def _lines(points: Sequence[Point], bones: Iterable[tuple[int, int]]) -> tuple[Line, ...]:
    if not points:
        return ()
    return tuple(
        (points[a], points[b]) for a, b in bones if _is_seen(points[a]) and _is_seen(points[b])
    )


def _is_seen(point: Point) -> bool:
    # Also False for NaN.
    return all(-_SLACK <= value <= 1 + _SLACK for value in point)
