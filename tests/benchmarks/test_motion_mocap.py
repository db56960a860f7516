"""Real dance as truth: how far solved limbs point from captured ones, seen as a detector sees.

`pytest tests/benchmarks/test_motion_mocap.py -s` prints the figures. The noise is the detector's as
measured against four cameras: millimetres across, several times as much in depth, slowly varying.
"""

from __future__ import annotations

import lzma
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from avatars.names import BONE_INDEX
from renderer.capture.records import Observation
from renderer.motion.forward import forward
from renderer.motion.lengths import FEET_DEPTH_BIAS
from renderer.motion.skeleton import SEGMENTS
from renderer.motion.solver import MotionSolver

FRAMES, EVERY = 400, 4
FRAME_NS = 33_333_333
SIZE, PIXELS_A_METRE = (1280, 720), 250.0
ACROSS, DEPTH, CORRELATION = 0.012, 0.075, 0.9
"""Metres of standard deviation, and what noise keeps from frame to frame."""

JOINTS = {"Shldr": 11, "ForeArm": 13, "Hand": 15, "Pinky1": 17, "Index1": 19, "Thumb1": 21,
          "Thigh": 23, "Shin": 25, "Foot": 27}  # fmt: skip
COMPARED = {
    "leftUpperArm": "leftLowerArm", "rightUpperArm": "rightLowerArm",
    "leftLowerArm": "leftHand", "rightLowerArm": "rightHand",
    "leftUpperLeg": "leftLowerLeg", "rightUpperLeg": "rightLowerLeg",
    "leftLowerLeg": "leftFoot", "rightLowerLeg": "rightFoot",
}  # fmt: skip


def read_bvh(path: Path) -> dict[str, tuple[np.ndarray, Rotation]]:
    """World positions (n, 3) and rotations of every joint of a BVH file."""
    with lzma.open(path, "rt") as file:
        lines = [line.split() for line in file if line.strip()]
    start = next(i for i, words in enumerate(lines) if words[0] == "Frames:")
    values = np.array([list(map(float, row)) for row in lines[start + 2 :]])
    values = values[::EVERY][:FRAMES]
    found: dict[str, tuple[np.ndarray, Rotation]] = {}
    stack: list[str] = []
    column, offset = 0, np.zeros(3)
    for words in lines[:start]:
        match words:
            case ["ROOT" | "JOINT", name]:
                stack.append(name)
            case ["End", _]:
                stack.append("")
            case ["OFFSET", *numbers]:
                offset = np.array(numbers, float)
            case ["CHANNELS", _, *channels]:
                here = values[:, column : column + len(channels)]
                column += len(channels)
                parts = dict(zip(channels, here.T, strict=True))
                order = "".join(c[0] for c in channels if c.endswith("rotation"))
                angles = np.stack([parts[f"{axis}rotation"] for axis in order], 1)
                turn = Rotation.from_euler(order, angles, degrees=True)
                if len(stack) == 1:
                    place = np.stack([parts[f"{axis}position"] for axis in "XYZ"], 1)
                    found[stack[-1]] = place, turn
                else:
                    above, frame = found[stack[-2]]
                    found[stack[-1]] = above + frame.apply(offset), frame * turn
            case ["}"]:
                stack.pop()
    return found


def landmarks(take: dict[str, tuple[np.ndarray, Rotation]]) -> np.ndarray:
    """(n, 33, 3) the pose's points of a take, stage space."""
    head, turn = take["head"]
    points = np.repeat((head + turn.apply([0.0, 0.06, 0.1]))[:, None], 33, axis=1)
    for k, (side, sign) in enumerate((("l", 1.0), ("r", -1.0))):
        points[:, 7 + k] = head + turn.apply([0.07 * sign, 0.085, 0.0])
        for joint, row in JOINTS.items():
            points[:, row + k] = take[side + joint][0]
        ankle, foot = take[f"{side}Foot"]
        points[:, 29 + k] = ankle + foot.apply([0.0, -0.05, -0.05])
        points[:, 31 + k] = ankle + foot.apply([0.0, -0.05, 0.13])
    return points


def seen_by_detector(points: np.ndarray, rng: np.random.Generator) -> list[Observation]:
    noise = np.zeros_like(points)
    fresh = rng.normal(size=points.shape) * (ACROSS, ACROSS, DEPTH)
    for k in range(1, len(points)):
        noise[k] = CORRELATION * noise[k - 1] + np.sqrt(1 - CORRELATION**2) * fresh[k]
    noisy = points + noise
    shin = np.linalg.norm(points[0, 25] - points[0, 27])
    noisy[:, 27:, 2] -= FEET_DEPTH_BIAS * shin
    hips = noisy[:, 23:25].mean(axis=1, keepdims=True)
    image = (noisy - hips) * PIXELS_A_METRE / (SIZE[0], -SIZE[1], SIZE[0]) + 0.5
    world = (noisy - hips) * (1, -1, -1)
    return [
        Observation(
            t_seen_ns=k * FRAME_NS, index=k, size=SIZE,
            pose=image[k].astype(np.float32), pose_world=world[k].astype(np.float32),
            visibility=np.ones(33, np.float32),
        )
        for k in range(len(points))
    ]  # fmt: skip


def degrees(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    cosine = (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


@pytest.mark.parametrize("take", ["60_01_scaled", "61_05_scaled"])
def test_solved_limbs_are_truer_and_calmer_than_what_was_seen(shared_data: Path, take: str) -> None:
    truth = landmarks(read_bvh(shared_data / "mocap" / f"{take}.bvh.xz"))
    seen = seen_by_detector(truth, np.random.default_rng(0))
    solver, costs, raw, solved, wanted = MotionSolver(), [], [], [], []
    for k, observation in enumerate(seen):
        started = time.perf_counter()
        motion = solver.solve(observation)
        costs.append((time.perf_counter() - started) * 1e3)
        _, positions = forward(motion.rotations, motion.root)
        world = observation.pose_world * (1, -1, -1)
        ends = np.array([SEGMENTS[bone] for bone in COMPARED])
        raw.append(world[ends[:, 1]] - world[ends[:, 0]])
        wanted.append(truth[k, ends[:, 1]] - truth[k, ends[:, 0]])
        bones = [(BONE_INDEX[a], BONE_INDEX[b]) for a, b in COMPARED.items()]
        solved.append([positions[b] - positions[a] for a, b in bones])

    before, after = (
        degrees(np.array(raw), np.array(wanted)),
        degrees(np.array(solved), np.array(wanted)),
    )
    # Jitter: what a direction turns from frame to frame beyond what the dancer's does.
    moves = [np.median(degrees(np.array(d)[1:], np.array(d)[:-1])) for d in (raw, solved, wanted)]
    out = [f"\n{take}: solve {np.median(costs):.2f} ms; degrees from truth, seen → solved"]
    for k, bone in enumerate(COMPARED):
        out.append(f"  {bone:14}{np.median(before[:, k]):6.1f} → {np.median(after[:, k]):5.1f}")
    out.append("  a frame's turn, seen {:.1f}, solved {:.1f}, true {:.1f}".format(*moves))
    sys.stdout.write("\n".join(out) + "\n")
    assert np.median(after) < np.median(before)
    assert moves[1] < moves[0]
