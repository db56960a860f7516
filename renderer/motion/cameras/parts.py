"""Face and hands of a performer from the camera that shows each best, in stage axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from avatars.maths.quaternions import to_matrix
from avatars.maths.vectors import Array
from renderer.capture.records import F32, Hand, Observation
from renderer.motion.body.head import view_ray_rotation
from renderer.motion.cameras.model import GL_AXES, Camera

_FACE_GAIN: Final = 1.5
"""Factor by which another camera's face must be better before it is taken."""

_HAND_GAIN: Final = 1.2
"""The same of a hand."""

_PATIENCE_S: Final = 0.25
"""Seconds for which a part that its camera has lost is waited for, so that the source does not
change with every missed frame."""

_FRESH_S: Final = 0.12
"""Age in seconds up to which an observation shows a part."""


class BestParts:
    """Chooses the cameras for face and hands; remembers the choice."""

    def __init__(self) -> None:
        self._chosen: dict[str, tuple[int, float]] = {}

    def choose(
        self,
        cameras: Sequence[Camera],
        newest: Sequence[Observation | None],
        ages_s: Sequence[float],
        weights: Sequence[float],
        t_s: float,
    ) -> tuple[int | None, Observation | None, Array | None, list[Hand | None]]:
        """Return the camera and observation of the face, its transform, and the hands.

        Args:
            cameras: in order.
            newest: each camera's newest observation; None before any.
            ages_s: their ages in seconds.
            weights: (v,) of the cameras, 0 to 1.
            t_s: now, seconds.

        Returns:
            The camera's number, its observation and the face's transform (4, 4) in stage axes, all
            None without a face; and the left and the right hand in stage axes.
        """
        there = [
            one if one is not None and age < _FRESH_S and weight > 0.0 else None
            for one, age, weight in zip(newest, ages_s, weights, strict=True)
        ]
        faces = [_face_quality(one) for one in there]
        number = self._pick("face", faces, _FACE_GAIN, t_s)
        seen = None if number is None else there[number]
        head = None
        if number is not None and seen is not None and seen.head is not None:
            head = head_on_stage(seen.head, cameras[number], seen)
        hands: list[Hand | None] = []
        for side in ("left_hand", "right_hand"):
            found = [None if one is None else getattr(one, side) for one in there]
            scores = [0.0 if hand is None else hand.score * _hand_size(hand) for hand in found]
            which = self._pick(side, scores, _HAND_GAIN, t_s)
            hand = None if which is None else found[which]
            hands.append(
                None if hand is None or which is None else hand_on_stage(hand, cameras[which])
            )
        return number, seen, head, hands

    def _pick(self, part: str, qualities: list[float], gain: float, t_s: float) -> int | None:
        """Return the number of the camera for a part; None where none shows it."""
        best = int(np.argmax(qualities))
        chosen = self._chosen.get(part)
        if chosen is not None:
            number, last_s = chosen
            if qualities[number] > 0.0:
                if qualities[best] <= gain * qualities[number]:
                    best = number
            elif t_s - last_s < _PATIENCE_S:
                return None
        if qualities[best] <= 0.0:
            return None
        self._chosen[part] = best, t_s
        return best


def head_on_stage(matrix: F32, camera: Camera, seen: Observation) -> Array:
    """Return a face's transform (4, 4) in stage axes, as if the face were straight ahead.

    Args:
        matrix: (4, 4) MediaPipe's face transform.
        camera: that saw it.
        seen: the observation; gives the picture's shape.
    """
    focal = float(camera.focal.mean()) * max(seen.size) / max(camera.size)
    ray = to_matrix(view_ray_rotation(matrix[:3, 3], seen.size[1] / focal))
    out = np.eye(4)
    out[:3, :3] = (camera.rotation.T * GL_AXES) @ ray @ np.asarray(matrix[:3, :3], np.float64)
    out[2, 3] = -50.0
    return out


def hand_on_stage(hand: Hand, camera: Camera) -> Hand:
    """Return a hand with its world points turned from the camera's axes to the stage's.

    Both in MediaPipe's order of axes: x right, y down, z away.
    """
    world = (hand.world @ camera.rotation) * GL_AXES
    return replace(hand, world=np.asarray(world, np.float32))


def _face_quality(seen: Observation | None) -> float:
    """Return how well an observation shows the face: its height in pixels by how far in front."""
    if seen is None or seen.face is None or seen.scores is None or seen.head is None:
        return 0.0
    height = float(np.ptp(seen.face[:, 1])) * seen.size[1]
    ahead = float(seen.head[2, 2]) / max(float(np.linalg.norm(seen.head[:3, 2])), 1e-6)
    quality = height * max(ahead, 0.05)
    return quality if np.isfinite(quality) else 0.0


def _hand_size(hand: Hand) -> float:
    """Return the extent of a hand in its picture; a larger one is seen better."""
    size = float(np.hypot(np.ptp(hand.image[:, 0]), np.ptp(hand.image[:, 1])))
    return size if np.isfinite(size) and np.isfinite(hand.world).all() else 0.0
