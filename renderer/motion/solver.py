"""Motion solver: observations to Motion, frame by frame, for one or several performers."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

import numpy as np

from avatars.maths.quaternions import IDENTITY
from avatars.maths.vectors import Array
from avatars.names import HUMAN_BONES
from renderer.capture.records import Hand, Observation
from renderer.motion.body.blend_idle import blend_idle
from renderer.motion.body.head import HeadSolver
from renderer.motion.body.legs import pose_legs, standing_height, swing_legs
from renderer.motion.body.root import RootEstimator
from renderer.motion.body.side_swap import SideSwapGuard
from renderer.motion.body.solver import BodySolver
from renderer.motion.body.yaw_rate import YawRateEstimator
from renderer.motion.core.frames import body_points
from renderer.motion.core.mirror import mirror
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB, bone_rows
from renderer.motion.core.view import ViewRay
from renderer.motion.face.landmarks import measure_observation
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.solver import FaceSolver
from renderer.motion.fit.problems import Problem
from renderer.motion.fit.refine import refine_bodies
from renderer.motion.hands.solver import HandSolver
from renderer.motion.trust.gates import Gates
from renderer.motion.trust.ownership import ArmOwnership, reject_foreign_face, reject_foreign_hands
from renderer.motion.trust.visibility import HIPS_PART, PARTS, part_visibility, point_visibility

_NECK_AND_HEAD: Final = bone_rows("neck", "head")
_TORSO: Final = LIMBS.index("torso")
_HANDS: Final = slice(LIMBS.index("leftHand"), LIMBS.index("rightHand") + 1)
_LEGS: Final = slice(LIMBS.index("leftLeg"), LIMBS.index("rightLeg") + 1)
_FACE: Final = LIMBS.index("face")
_ARM: Final = [0, 2]
"""Rows of BoneLengths.limb: upper arm and forearm."""

_LONGEST_STEP_S: Final = 0.1
"""Longest step in seconds that filters see; a longer gap counts as this."""

_REWIND_S: Final = 0.5
"""A step back in time by more than this many seconds resets the solver's motion state."""


class MotionSolver:
    """Solves one performer's observations into motion; deterministic, with all state in the object.

    Observations come by rising time. One that is not newer than the last returns the last motion;
    one older by more than half a second (a replay) resets the motion state and keeps the bone
    lengths and the face calibration.

    Args:
        mirror: whether the avatar moves as a mirror image, as dancers see themselves.
    """

    def __init__(self, mirror: bool = False) -> None:
        self._mirror = mirror
        self._body = BodySolver()
        self._face = FaceSolver()
        self.reset()

    def reset(self) -> None:
        """Forget the performer's movement; keep their bone lengths and their neutral face."""
        self._body.reset()
        self._face.reset()
        self._arms = ArmOwnership()
        self._guard = SideSwapGuard()
        self._yaw_rate = YawRateEstimator()
        self._gates = Gates(PARTS)
        self._root = RootEstimator()
        self._head = HeadSolver()
        self._hands = HandSolver()
        self._rotations = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
        self._chest: Array = IDENTITY
        self._forearms: Array = np.tile(IDENTITY, (2, 1))
        self._settled_root = np.zeros(3)
        self._last: Motion | None = None

    def solve(self, observation: Observation) -> Motion:
        """Solve one observation.

        Limbs that it does not show are held, then eased into the idle pose.
        """
        return solve_together([self], [observation])[0]

    def solve_steps(self, observation: Observation) -> Generator[Problem, Array, Motion]:
        """Solve one observation as a generator; yields the fit's problem, is sent its solution.

        `solve_together` drives it, so that the fits of several performers run as one batch.
        """
        t_ns = observation.t_seen_ns
        if self._last is not None:
            step_ns = t_ns - self._last.t_seen_ns
            if step_ns < -_REWIND_S * 1e9:
                self.reset()
            elif step_ns <= 0:
                return self._last
        dt = 0.0 if self._last is None else (t_ns - self._last.t_seen_ns) * 1e-9
        dt = min(dt, _LONGEST_STEP_S)

        observation = reject_foreign_hands(reject_foreign_face(observation))
        observation = self._arms.reject_foreign_arms(observation, self._body.lengths.limb[_ARM])
        visibility = point_visibility(observation)
        parts = part_visibility(observation, visibility)
        weights = self._gates.update(parts, t_ns)
        solved = self._rotations.copy()
        points = yield from self._solve_body(
            observation, visibility, weights[HIPS_PART], dt, solved
        )
        self._solve_head_and_hands(observation, points, parts, weights, solved)
        fresh = self._gates.seen[BONE_LIMB]
        self._rotations = np.where(fresh[:, None], solved, self._rotations)
        shapes, gaze = self._solve_face(observation, bool(parts[_FACE]), dt)
        motion = self._motion(weights[: len(LIMBS)], shapes, gaze, t_ns, dt)
        self._last = mirror(motion) if self._mirror else motion
        return self._last

    def idle(self, t_ns: int) -> Motion:
        """Return the motion when nothing was seen up to the time t_ns."""
        return self.solve(Observation(t_ns, 0, (1, 1)))

    def set_face_profile(self, profile: FaceProfile) -> None:
        """Apply a face calibration: the performer's neutral face and its range."""
        self._face.set_profile(profile)

    def learn_rest(self) -> None:
        """Learn the neutral face from the performer's face during the next second."""
        self._face.learn_rest()

    def _solve_face(self, seen: Observation, trusted: bool, dt: float) -> tuple[Array, Array]:
        """Return face shapes (52,), 0 to 1, and gaze (2,), radians."""
        if not trusted:
            return self._face.solve(None, None, seen.t_seen_ns, dt)
        return self._face.solve(seen.scores, measure_observation(seen), seen.t_seen_ns, dt)

    def _solve_body(
        self, seen: Observation, visibility: Array, hips_seen: float, dt: float, rotations: Array
    ) -> Generator[Problem, Array, Array | None]:
        """Solve trunk, limbs and root; returns the filtered points (33, 3), None without a body."""
        if seen.pose is None or seen.pose_world is None or not visibility.any():
            return None
        points, scale = body_points(seen.pose, seen.pose_world, seen.size)
        sight = ViewRay.of(seen, seen.pose, scale) if scale else None
        if sight is not None:
            points = points @ sight.turn
        turned = self._yaw_rate.predict_turn(dt)
        face = seen.face is not None
        points, visibility = self._guard.check(points, visibility, turned, face, dt)
        self._yaw_rate.update(points, dt)
        turned = self._yaw_rate.predict_turn(dt)
        body = yield from self._body.solve(
            points, visibility, hips_seen, seen.t_seen_ns, dt, turned, sight, rotations
        )
        self._chest, self._forearms = body.chest, body.forearms
        if scale and self._gates.seen[_TORSO]:
            feet = bool(self._gates.seen[_LEGS].all())
            self._root.update(seen, seen.pose, scale, feet, dt)
        return body.points

    def _solve_head_and_hands(
        self,
        seen: Observation,
        points: Array | None,
        parts: Array,
        weights: Array,
        rotations: Array,
    ) -> None:
        """Solve head, hands and fingers into `rotations`."""
        rotations[_NECK_AND_HEAD] = self._head.solve(
            seen.head if parts[_FACE] else None,
            seen.size[1] / seen.focal_pixels,
            points,
            self._chest,
            float(weights[_FACE]),
            seen.t_seen_ns,
        )
        hands: tuple[Hand | None, Hand | None] = (
            seen.left_hand if parts[_HANDS][0] else None,
            seen.right_hand if parts[_HANDS][1] else None,
        )
        self._hands.solve(hands, points, self._forearms, weights[_HANDS], seen.t_seen_ns, rotations)

    def _motion(self, weights: Array, shapes: Array, gaze: Array, t_ns: int, dt: float) -> Motion:
        """Assemble the motion: idle blend, root, foot lock, face."""
        rotations = blend_idle(self._rotations, weights, t_ns)
        leg = self._body.lengths.leg
        standing = standing_height(leg)
        across, jump, nearer = self._place_root(float(weights[_TORSO]))
        legs = pose_legs(rotations, leg)
        lift = -float(legs.soles[..., 1].min()) - standing + jump * weights[_LEGS].min()
        place = np.array([across, nearer])
        shift, swing = self._root.feet.hold(legs.soles[0][:, ::2] + place, dt)
        if swing.any():
            rotations = rotations.copy()
            swing_legs(rotations, legs, swing)
        across, nearer = place + shift
        return Motion(
            t_seen_ns=t_ns,
            root=_freeze(np.array([across, lift, nearer])),
            hips_height=standing,
            rotations=_freeze(rotations),
            expressions=_freeze(shapes * weights[_FACE]),
            gaze=_freeze(gaze * weights[_FACE]),
            confidence=_freeze(weights),
        )

    def _place_root(self, torso: float) -> Array:
        """Return the root (3,); a performer who returns elsewhere is approached smoothly."""
        place = self._settled_root + torso * (self._root.value - self._settled_root)
        if torso >= 1.0:
            self._settled_root = place
        return place


def solve_together(
    solvers: Sequence[MotionSolver], observations: Sequence[Observation]
) -> list[Motion]:
    """Solve one observation of each of several performers, bit-identical to solving each alone.

    The body's fit runs as one batch, which costs little more for several performers than for one.

    Args:
        solvers: distinct solvers, one per performer.
        observations: one per solver.

    Returns:
        One motion per solver.
    """
    motions: dict[int, Motion] = {}
    paused: dict[int, Generator[Problem, Array, Motion]] = {}
    problems: list[Problem] = []
    for number, (solver, seen) in enumerate(zip(solvers, observations, strict=True)):
        steps = solver.solve_steps(seen)
        try:
            problems.append(next(steps))
            paused[number] = steps
        except StopIteration as done:
            motions[number] = done.value
    for (number, steps), body in zip(paused.items(), refine_bodies(problems), strict=True):
        try:
            steps.send(body)
        except StopIteration as done:
            motions[number] = done.value
    return [motions[number] for number in range(len(motions))]


def _freeze(values: Array) -> F32:
    out = values.astype(np.float32)
    out.flags.writeable = False
    return out
