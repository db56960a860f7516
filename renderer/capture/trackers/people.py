"""Find all people in single images, without their identities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.capture.records import F32
from renderer.capture.trackers.crops import (
    LEFT_HIP,
    LEFT_SHOULDER,
    NOSE,
    RIGHT_HIP,
    RIGHT_SHOULDER,
    body_scale,
)
from renderer.capture.trackers.mediapipe import PoseSeen, Scout
from renderer.capture.trackers.models import load_model
from renderer.capture.trackers.silhouette import remove_silhouette

_LOOKS: Final = 2
"""Maximum number of passes over an image in which nobody is known yet."""
_SEEN: Final = 0.5
"""Lowest mean visibility of the shoulders of a person."""
_ROUND_A_TRUNK: Final = 0.25
"""Margin covered beside a trunk to hide a person, body scales."""
_ABOVE_A_NOSE: Final = 0.5
"""Height covered above the nose to hide a person, body scales."""
_SAME_PLACE: Final = 0.6
"""Distance of two trunks below which they are one person's, in scales of the larger body."""
_SHOULDERS: Final = [LEFT_SHOULDER, RIGHT_SHOULDER]
_TRUNK: Final = [LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP]

U8 = npt.NDArray[np.uint8]


class PeopleFinder:
    """Finds people by the body detector; has no memory."""

    def __init__(self, models: Path | None, most: int, body_model: bytes | None = None) -> None:
        """Load the model.

        Args:
            models: the model folder to use instead of the user's cache.
            most: largest number of people that a pass can find.
            body_model: the body's model where it is loaded already.

        Raises:
            CaptureError: the model is missing or damaged.
        """
        model = body_model or remove_silhouette(load_model("pose", models))
        self._scout = Scout(model, most)

    def find(self, small: U8, known: Sequence[PoseSeen]) -> list[PoseSeen]:
        """Return the people in an image other than those already known.

        The detector is designed for one person and often misses a second one, but finds them once
        the first is covered.

        Args:
            small: (h, w, 3) RGB.
            known: people whom to cover first.
        """
        people: list[PoseSeen] = []
        for _ in range(1 if known else _LOOKS):
            covered = [*known, *people]
            shown = mask_people(small, covered) if covered else small
            more = [body for body in self._scout.find(shown) if _is_person(body)]
            people += more
            if not more:
                break
        return people

    def close(self) -> None:
        """Free the model."""
        self._scout.close()


def people_scales(people: Sequence[PoseSeen], width: int, height: int) -> list[float]:
    """Return each person's body scale in an image of this size, pixels."""
    return [body_scale(_pixels(body, width, height)) for body in people]


def distinct_people(
    people: Sequence[PoseSeen], known: Sequence[PoseSeen], width: int, height: int
) -> list[PoseSeen]:
    """Return the people who are neither known nor each other.

    What is left of a covered body, arms and legs, is often found as a second body in its place.

    Args:
        people: as found.
        known: people who do not count.
        width, height: of the image, pixels.
    """
    out: list[PoseSeen] = []
    for body in people:
        if not any(_is_same(body, other, width, height) for other in (*known, *out)):
            out.append(body)
    return out


def mask_people(picture: U8, people: Sequence[PoseSeen]) -> U8:
    """Return a copy of an image with the heads and trunks of people blacked out.

    Legs stay visible, because they alone are not detected as a person.
    """
    height, width = picture.shape[:2]
    shown = picture.copy()
    for body in people:
        points = _pixels(body, width, height)
        scale = body_scale(points)
        trunk = points[_TRUNK]
        left, right = trunk[:, 0].min(), trunk[:, 0].max()
        top = min(float(points[NOSE, 1]) - _ABOVE_A_NOSE * scale, float(trunk[:, 1].min()))
        box = np.array(
            (left - _ROUND_A_TRUNK * scale, right + _ROUND_A_TRUNK * scale, top, trunk[:, 1].max())
        )
        x0, x1, y0, y1 = np.clip(box, 0, (width, width, height, height)).astype(int).tolist()
        shown[y0:y1, x0:x1] = 0
    return shown


def _pixels(body: PoseSeen, width: int, height: int) -> F32:
    return np.asarray(body.points[:, :2] * np.array((width, height), np.float32), np.float32)


def _is_same(one: PoseSeen, other: PoseSeen, width: int, height: int) -> bool:
    """Return whether two sightings are where only one person can be."""
    a, b = _pixels(one, width, height), _pixels(other, width, height)
    apart = float(np.linalg.norm(a[_TRUNK].mean(0) - b[_TRUNK].mean(0)))
    return apart < _SAME_PLACE * max(body_scale(a), body_scale(b))


def _is_person(body: PoseSeen) -> bool:
    return bool(body.visibility[_SHOULDERS].mean() >= _SEEN)
