"""Fixture: a performer who walks and waves, filmed by cameras whose places are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from avatars.maths.vectors import Array, normalise
from renderer.capture.records import Observation
from renderer.motion.cameras.model import Camera, CameraSet
from renderer.motion.core.forward import forward_kinematics

SIZE = (1280, 720)
DEPTH_NOISE = 0.06


def look_at(place: Array, target: Array) -> Array:
    """Return the rotation (3, 3) of a camera at a place that looks at a target, upright."""
    ahead = normalise(target - place)
    right = normalise(np.cross(ahead, np.array([0.0, 1.0, 0.0])))
    return np.array([right, np.cross(ahead, right), ahead])


class Studio:
    """Cameras in a ring around a performer whose every joint is known."""

    def __init__(self, performer: Any) -> None:
        self.performer = performer

    def camera(self, degrees: float, name: str = "", focal: float = 1.0) -> Camera:
        """Return a camera 3.5 m from the middle; 0° is where the performer faces."""
        angle = np.radians(degrees)
        place = np.array(
            [3.5 * np.sin(angle), 1.5 + 0.2 * np.sin(3.0 * angle), 3.5 * np.cos(angle)]
        )
        one = Camera.unplaced(name or f"camera at {degrees:.0f}", SIZE, focal)
        return one.placed(look_at(place, np.array([0.0, 0.9, 0.0])), place)

    def cameras(self, *degrees: float) -> CameraSet:
        return CameraSet(tuple(self.camera(one) for one in degrees))

    def pose(self, t: float) -> tuple[Array, Array]:
        """Return the local rotations and the root at a time."""
        swing = np.sin(2.0 * np.pi * 0.7 * t)
        other = np.sin(2.0 * np.pi * 0.45 * t + 1.0)
        rotations = self.performer.standing(
            leftUpperArm=(2, -1.0 + 0.9 * swing),
            rightUpperArm=(2, 1.0 + 0.8 * other),
            leftLowerArm=(1, -0.8 - 0.6 * other),
            rightLowerArm=(1, 0.9 + 0.6 * swing),
            leftUpperLeg=(0, -0.35 * max(swing, 0.0)),
            leftLowerLeg=(0, 0.6 * max(swing, 0.0)),
            rightUpperLeg=(0, -0.35 * max(-swing, 0.0)),
            rightLowerLeg=(0, 0.6 * max(-swing, 0.0)),
        )
        rotations = self.performer.turned(rotations, 0.4 * np.sin(2.0 * np.pi * 0.15 * t))
        root = np.array([0.6 * np.sin(0.9 * t), 0.0, 0.5 * np.sin(0.6 * t + 0.5)])
        return rotations, root

    def points(self, t: float) -> Array:
        """Return the performer's landmarks (33, 3) on the stage at a time; feet on the floor."""
        rotations, root = self.pose(t)
        points: Array = self.performer.points(*forward_kinematics(rotations, root))
        points[:, 1] += 0.02 - points[29:, 1].min()
        return points

    def observe(
        self,
        camera: Camera,
        t: float,
        index: int = 0,
        *,
        number: int = 0,
        noise_px: float = 0.0,
        rng: np.random.Generator | None = None,
        clock_s: float = 0.0,
        points: Array | None = None,
    ) -> Observation:
        """Return what a camera sees at a true time, stamped by its own clock."""
        points = self.points(t) if points is None else points
        pixels = camera.project(points)
        hips = 0.5 * (points[23] + points[24])
        world = (points - hips) @ camera.rotation.T
        if rng is not None:
            pixels = pixels + rng.normal(0.0, noise_px, pixels.shape)
            world = world + rng.normal(0.0, DEPTH_NOISE, (33, 1)) * (0.0, 0.0, 1.0)
        image = np.concatenate((pixels / SIZE, np.zeros((33, 1))), axis=1)
        return Observation(
            round((t + clock_s) * 1e9),
            index,
            SIZE,
            pose=image.astype(np.float32),
            pose_world=world.astype(np.float32),
            visibility=np.ones(33, np.float32),
            camera=number,
        )

    def film(
        self,
        cameras: CameraSet,
        seconds: float,
        *,
        rates: tuple[float, ...] = (30.0,),
        clocks_s: tuple[float, ...] = (0.0,),
        noise_px: float = 3.0,
        seed: int = 0,
        start: float = 0.0,
    ) -> list[list[Observation]]:
        """Return what every camera sees, at its own rate and by its own clock."""
        rng = np.random.default_rng(seed)
        out = []
        for number, camera in enumerate(cameras.cameras):
            rate, clock_s = rates[number % len(rates)], clocks_s[number % len(clocks_s)]
            out.append(
                [
                    self.observe(
                        camera, start + k / rate, k, number=number, noise_px=noise_px, rng=rng,
                        clock_s=clock_s,
                    )
                    for k in range(round(seconds * rate))
                ]
            )  # fmt: skip
        return out


def rotation_between(one: Camera, other: Camera) -> float:
    """Return the degrees between two cameras' rotations."""
    return float(np.degrees(Rotation.from_matrix(one.rotation @ other.rotation.T).magnitude()))


def lose_body(seen: Observation) -> Observation:
    """Return the observation without the body."""
    return replace(seen, pose=None, pose_world=None, visibility=None)


@pytest.fixture
def studio(performer: Any) -> Studio:
    return Studio(performer)
