"""Fixture: a synthetic performer whose known rotations are turned into observations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from avatars.maths.quaternions import from_axis_angle, multiply, rotate, to_matrix
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.capture.records import Hand, Observation
from renderer.motion.body.head import FACE_PITCH_BIAS, NOSE_PITCH
from renderer.motion.body.yaw_rate import heading
from renderer.motion.core.forward import forward_kinematics
from renderer.motion.core.lengths import leg_biases
from renderer.motion.core.records import Motion
from renderer.motion.solver import MotionSolver

SIZE = (1280, 720)
PIXELS_A_METRE = 300.0
FRAME_NS = 33_333_333
AXES = np.eye(3)
THIGH, SHIN = 0.39, 0.38


class Performer:
    """Poses a plain skeleton and observes it as a detector without error would."""

    def pose(self, **turns: tuple[int, float]) -> np.ndarray:
        """Return local rotations (55, 4): bone=(axis 0 to 2, angle in radians), others in the
        T-pose."""
        rotations = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))
        for bone, (axis, angle) in turns.items():
            rotations[BONE_INDEX[bone]] = from_axis_angle(AXES[axis], angle)
        return rotations

    def standing(self, **turns: tuple[int, float]) -> np.ndarray:
        """Return `pose` with the arms hanging."""
        ease = {"leftUpperArm": (2, -1.3), "rightUpperArm": (2, 1.3)}
        return self.pose(**{**ease, **turns})

    def turned(self, rotations: np.ndarray, yaw: float) -> np.ndarray:
        out = rotations.copy()
        out[0] = multiply(from_axis_angle(AXES[1], yaw), rotations[0])
        return out

    def observe(
        self,
        rotations: np.ndarray,
        frame: int = 0,
        root: tuple[float, float, float] = (0.0, 0.0, 0.0),
        hands: bool = True,
        face: bool = True,
        noise: tuple[float, float, float] = (0.0, 0.0, 0.0),
        rng: np.random.Generator | None = None,
    ) -> Observation:
        """Return the observation of rotations (55, 4); `noise` is the standard deviation per axis,
        metres."""
        world, positions = forward_kinematics(rotations, np.array(root))
        points = self.points(world, positions)
        if rng is not None:
            points = points + rng.normal(size=points.shape) * noise
        # The real detector places knees and feet too far away; the solver corrects that.
        knees, feet = leg_biases(heading(points) or 0.0, (THIGH, SHIN))
        points[[25, 26], 2] -= knees
        points[27:, 2] -= feet
        hips = 0.5 * (points[23] + points[24])
        image = np.empty((33, 3))
        image[:, 0] = 0.5 + points[:, 0] * PIXELS_A_METRE / SIZE[0]
        image[:, 1] = 0.95 - points[:, 1] * PIXELS_A_METRE / SIZE[1]
        image[:, 2] = 0.0
        matrix = np.eye(4)
        # The face matrix of a level head is pitched slightly down.
        level = multiply(world[BONE_INDEX["head"]], from_axis_angle(AXES[0], FACE_PITCH_BIAS))
        matrix[:3, :3] = to_matrix(level)
        seen = Observation(
            t_seen_ns=frame * FRAME_NS,
            index=frame,
            size=SIZE,
            pose=image.astype(np.float32),
            pose_world=((points - hips) * (1, -1, -1)).astype(np.float32),
            visibility=np.ones(33, np.float32),
        )
        if face:
            seen = replace(seen, head=matrix.astype(np.float32), scores=np.zeros(52, np.float32))
        if hands:
            left, right = (
                self.hand(world, positions, side, image[wrist])
                for side, wrist in (("left", 15), ("right", 16))
            )
            seen = replace(seen, left_hand=left, right_hand=right)
        return seen

    def points(self, world: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """Return the pose's 33 points in stage space."""

        def at(bone: str, *offset: float) -> np.ndarray:
            i = BONE_INDEX[bone]
            return positions[i] + (rotate(world[i], np.array(offset)) if offset else 0.0)

        points = np.tile(at("head", 0.0, 0.0605 - 0.1 * np.tan(NOSE_PITCH), 0.1), (33, 1))
        for k, (side, sign) in enumerate((("left", 1.0), ("right", -1.0))):
            points[7 + k] = at("head", 0.07 * sign, 0.0605, 0.0)
            points[11 + k] = at(f"{side}UpperArm")
            points[13 + k] = at(f"{side}LowerArm")
            points[15 + k] = at(f"{side}Hand")
            points[17 + k] = at(f"{side}LittleProximal")
            points[19 + k] = at(f"{side}IndexProximal")
            points[21 + k] = at(f"{side}ThumbProximal")
            points[23 + k] = at(f"{side}UpperLeg")
            points[25 + k] = at(f"{side}LowerLeg")
            points[27 + k] = at(f"{side}Foot")
            points[29 + k] = at(f"{side}Foot", 0.0, -0.07, -0.05)
            points[31 + k] = at(f"{side}Foot", 0.0, -0.07, 0.13)
        return points

    def hand(self, world: np.ndarray, positions: np.ndarray, side: str, wrist: np.ndarray) -> Hand:
        sign = 1.0 if side == "left" else -1.0
        bones = [f"{side}Hand"]
        points = []
        for finger in ("Thumb", "Index", "Middle", "Ring", "Little"):
            first = "Metacarpal" if finger == "Thumb" else "Proximal"
            second = "Proximal" if finger == "Thumb" else "Intermediate"
            bones += [f"{side}{finger}{joint}" for joint in (first, second, "Distal")]
            tip = BONE_INDEX[bones[-1]]
            along = (0.02 * sign, 0.0, 0.02 if finger == "Thumb" else 0.0)
            points.append(positions[tip] + rotate(world[tip], np.array(along)))
            bones.append("tip")
        tips = iter(points)
        found = np.array([next(tips) if b == "tip" else positions[BONE_INDEX[b]] for b in bones])
        image = np.zeros((21, 3))
        image[:, :2] = wrist[:2] + (found - found[0])[:, :2] * (1, -1) * PIXELS_A_METRE / SIZE
        found -= found.mean(axis=0)
        return Hand(
            image=image.astype(np.float32),
            world=(found * (1, -1, -1)).astype(np.float32),
            score=0.95,
        )

    def settle(self, rotations: np.ndarray, frames: int = 25, **options: Any) -> Motion:
        """Return the motion after the performer has held a pose for some frames."""
        solver = MotionSolver()
        for frame in range(frames):
            motion = solver.solve(self.observe(rotations, frame, **options))
        return motion

    def directions(self, rotations: np.ndarray) -> dict[str, np.ndarray]:
        """Return the directions of arms, legs and feet, by bone."""
        world, _ = forward_kinematics(rotations, np.zeros(3))
        rest = {"Arm": (1.0, 0.0, 0.0), "Leg": (0.0, -1.0, 0.0), "Foot": (0.0, 0.0, 1.0)}
        out = {}
        for side, sign in (("left", 1.0), ("right", -1.0)):
            for bone in ("UpperArm", "LowerArm", "UpperLeg", "LowerLeg", "Foot"):
                axis = next(np.array(v) for k, v in rest.items() if bone.endswith(k))
                mirrored = axis * (sign, 1.0, 1.0)
                out[side + bone] = rotate(world[BONE_INDEX[side + bone]], mirrored)
        return out


@pytest.fixture
def performer() -> Performer:
    return Performer()
