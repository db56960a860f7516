"""Motion solver: observations to Motion, frame by frame, for one or several performers."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final

import numpy as np

from avatars.contact.records import HandContacts
from avatars.maths.quaternions import IDENTITY, to_matrix
from avatars.maths.vectors import Array
from avatars.names import HUMAN_BONES
from renderer.capture.records import Hand, Observation
from renderer.motion.body.arm_leaps import ArmLeaps
from renderer.motion.body.arm_speed import ArmSpeed
from renderer.motion.body.blend_idle import blend_idle
from renderer.motion.body.head import HeadSolver
from renderer.motion.body.leg_speed import LegSpeed
from renderer.motion.body.legs import pose_legs, standing_height, swing_legs
from renderer.motion.body.limb_return import LimbReturn
from renderer.motion.body.root import BodyLeap, RootEstimator, RootSpeed
from renderer.motion.body.seated import HipsHeight, SeatedLegs
from renderer.motion.body.side_swap import SideSwapGuard
from renderer.motion.body.solver import BodySolver
from renderer.motion.body.yaw_rate import YawRateEstimator
from renderer.motion.contact.detector import ContactDetector
from renderer.motion.core.forward import HIPS_HEIGHT
from renderer.motion.core.frames import body_points
from renderer.motion.core.mirror import mirror
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB, HIPS, bone_rows
from renderer.motion.core.spatial import SpatialBody
from renderer.motion.core.view import ViewRay
from renderer.motion.face.landmarks import measure_observation
from renderer.motion.face.profile import FaceProfile
from renderer.motion.face.solver import FaceSolver
from renderer.motion.fit.problems import Problem, place_joints
from renderer.motion.fit.refine import refine_bodies
from renderer.motion.hands.solver import HandSolver
from renderer.motion.priors.live import Priors, camera_points, default_priors
from renderer.motion.priors.own import OwnModels
from renderer.motion.trust.gates import Gates
from renderer.motion.trust.ownership import ArmOwnership, reject_foreign_face, reject_foreign_hands
from renderer.motion.trust.visibility import HIPS_PART, PARTS, part_visibility, point_visibility

_NECK_AND_HEAD: Final = bone_rows("neck", "head")
_TORSO: Final = LIMBS.index("torso")
_HANDS: Final = slice(LIMBS.index("leftHand"), LIMBS.index("rightHand") + 1)
_ARMS: Final = slice(LIMBS.index("leftArm"), LIMBS.index("rightArm") + 1)
_LEGS: Final = slice(LIMBS.index("leftLeg"), LIMBS.index("rightLeg") + 1)
_FACE: Final = LIMBS.index("face")
_ARM: Final = [0, 2]
"""Rows of BoneLengths.limb: upper arm and forearm."""

_FAR_AHEAD: Final = ViewRay(0.0, 0.0, 3.0)
"""View ray for bodies measured in space, which need none."""

_LONGEST_STEP_S: Final = 0.1
"""Longest step in seconds that filters see; a longer gap counts as this."""

_WALKING: Final = 0.02
"""Metres by which the root must be behind the performer's for the feet to walk."""

_REWIND_S: Final = 0.5
"""A step back in time by more than this many seconds resets the solver's motion state."""


class MotionSolver:
    """Solves one performer's observations into motion; deterministic, with all state in the object.

    Observations come by rising time. One that is not newer than the last returns the last motion;
    one older by more than half a second (a replay) resets the motion state and keeps the bone
    lengths and the face calibration.

    Args:
        mirror: whether the avatar moves as a mirror image, as dancers see themselves.
        in_space: bodies are measured by several calibrated cameras.
        priors: the learned models; the shipped ones, unless turned off, if None.
    """

    def __init__(
        self, mirror: bool = False, *, in_space: bool = False, priors: Priors | None = None
    ) -> None:
        self._mirror = mirror
        self._in_space = in_space
        self._priors = default_priors() if priors is None else priors
        self._body = BodySolver(in_space=in_space)
        self._face = FaceSolver()
        self.reset()

    def reset(self) -> None:
        """Forget the performer's movement; keep their bone lengths and their neutral face."""
        self._body.reset()
        self._face.reset()
        self._priors.reset()
        self._arms = ArmOwnership()
        self._guard = SideSwapGuard()
        self._leaps = ArmLeaps()
        self._return = LimbReturn()
        self._arm_speed = ArmSpeed()
        self._leg_speed = LegSpeed()
        self._shown: Array = np.zeros(len(LIMBS))
        self._yaw_rate = YawRateEstimator()
        self._gates = Gates(PARTS)
        self._root = RootEstimator(in_space=self._in_space)
        self._root_speed = RootSpeed()
        self._leap = BodyLeap()
        self._seated = SeatedLegs()
        self._height = HipsHeight()
        self._head = HeadSolver()
        self._hands = HandSolver()
        self._contacts = ContactDetector()
        self._scale = 0.0
        self._rotations: Array = np.tile(IDENTITY, (len(HUMAN_BONES), 1))
        self._filled: Array = self._rotations
        self._chest: Array = IDENTITY
        self._forearms: Array = np.tile(IDENTITY, (2, 1))
        self._settled_root = np.zeros(3)
        self._last: Motion | None = None

    def solve(self, observation: Observation, body: SpatialBody | None = None) -> Motion:
        """Solve one observation.

        Limbs that it does not show are held, then eased into the idle pose.

        Args:
            observation: of one camera; face and hands alone, if several cameras measured the body.
            body: as several cameras measured it.
        """
        return solve_together([self], [observation], [body])[0]

    def solve_steps(
        self, observation: Observation, spatial: SpatialBody | None = None
    ) -> Generator[Problem, Array, Motion]:
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

        detected = camera_points(observation.pose_world)
        if not self._in_space:
            observation = reject_foreign_hands(reject_foreign_face(observation))
            observation = self._arms.reject_foreign_arms(observation, self._body.lengths.limb[_ARM])
        visibility = (
            point_visibility(observation) if spatial is None else _spatial_visibility(spatial)
        )
        parts = self._priors.weigh(part_visibility(observation, visibility))
        weights = self._gates.update(parts, t_ns)
        solved: Array = self._rotations.copy()
        if spatial is None:
            points = yield from self._solve_body(
                observation, visibility, weights[HIPS_PART], dt, solved
            )
        else:
            points = yield from self._solve_spatial_body(
                spatial, visibility, weights[HIPS_PART], t_ns, dt, solved
            )
        head = observation.head if spatial is None else spatial.head
        self._solve_head_and_hands(observation, head, points, parts, weights, solved)
        seen = self._gates.seen[: len(LIMBS)]
        lengths = self._body.lengths.limb
        self._priors.observe(solved, seen, detected, lengths, t_ns, dt)
        # A limb returns from where it was shown, which is where the prior had taken it.
        eased = self._return.ease(self._filled, solved, seen, self._shown, dt)
        self._rotations = np.where(seen[BONE_LIMB][:, None], eased, self._rotations)
        self._shown = weights[: len(LIMBS)]
        shapes, gaze = self._solve_face(observation, bool(parts[_FACE]), dt)
        contacts = self._contacts.detect(observation, points, self._scale, visibility, dt)
        motion = self._motion(weights, shapes, gaze, contacts, t_ns, dt)
        self._last = mirror(motion) if self._mirror else motion
        return self._last

    def restart_in_space(self) -> MotionSolver:
        """Return a new solver for bodies measured by several cameras, with this one's face."""
        other = MotionSolver(self._mirror, in_space=True, priors=self._priors)
        other._face = self._face
        return other

    def joints(self) -> Array | None:
        """Return the joints of the body as solved last, on a skeleton of the performer's lengths.

        Returns:
            (12, 3) metres from the hips' midpoint, ordered as fit.chain.POINTS; None before any
            body was solved.
        """
        shown = self._body.shown
        if shown is None:
            return None
        rotations, points = shown
        return place_joints(to_matrix(rotations), points, self._body.lengths)

    def idle(self, t_ns: int) -> Motion:
        """Return the motion when nothing was seen up to the time t_ns."""
        return self.solve(Observation(t_ns, 0, (1, 1)))

    def set_face_profile(self, profile: FaceProfile) -> None:
        """Apply a face calibration: the performer's neutral face and its range."""
        self._face.set_profile(profile)

    def set_models(self, models: OwnModels) -> None:
        """Use learned models of the performer in place of the shipped ones."""
        self._priors = default_priors(models)
        self._priors.reset()
        self._face.set_completion(models.face)

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
            self._guard.miss(dt)
            return None
        points, scale = body_points(seen.pose, seen.pose_world, seen.size)
        self._scale = scale
        sight = ViewRay.of(seen, seen.pose, scale) if scale else None
        if sight is not None:
            points = points @ sight.turn
        turned = self._yaw_rate.predict_turn(dt)
        face = seen.face is not None
        points, visibility = self._guard.check(points, visibility, turned, face, dt)
        points = self._contacts.place_hands(self._leaps.hold(points, dt))
        self._yaw_rate.update(points, dt)
        turned = self._yaw_rate.predict_turn(dt)
        body = yield from self._body.solve(
            points,
            visibility,
            bool(self._gates.seen[_TORSO]),
            hips_seen,
            seen.t_seen_ns,
            dt,
            turned,
            sight,
            self._leap.check(seen.pose, seen.size, scale, dt),
            self._leaps.found,
            rotations,
        )
        self._chest, self._forearms = body.chest, body.forearms
        if scale and self._gates.seen[_TORSO]:
            feet = bool(self._gates.seen[_LEGS].all())
            self._root.update(seen, seen.pose, scale, feet, dt)
        return body.points

    def _solve_spatial_body(
        self,
        spatial: SpatialBody,
        visibility: Array,
        hips_seen: float,
        t_ns: int,
        dt: float,
        rotations: Array,
    ) -> Generator[Problem, Array, Array | None]:
        """Solve trunk, limbs and root of a body in space; returns as `_solve_body`."""
        if not visibility.any():
            self._guard.miss(dt)
            return None
        hips = 0.5 * (spatial.points[HIPS[0]] + spatial.points[HIPS[1]])
        points = spatial.points - hips
        turned = self._yaw_rate.predict_turn(dt)
        points, visibility = self._guard.check(
            points, visibility, turned, spatial.head is not None, dt
        )
        self._yaw_rate.update(points, dt)
        body = yield from self._body.solve(
            points,
            visibility,
            bool(self._gates.seen[_TORSO]),
            hips_seen,
            t_ns,
            dt,
            self._yaw_rate.predict_turn(dt),
            _FAR_AHEAD,
            False,
            self._leaps.found,
            rotations,
            spatial,
        )
        self._chest, self._forearms = body.chest, body.forearms
        if self._gates.seen[_TORSO]:
            feet = bool(self._gates.seen[_LEGS].all())
            self._root.update_in_space(spatial.points, t_ns, feet, dt)
        return body.points

    def _solve_head_and_hands(
        self,
        seen: Observation,
        head: Array | F32 | None,
        points: Array | None,
        parts: Array,
        weights: Array,
        rotations: Array,
    ) -> None:
        """Solve head, hands and fingers into `rotations`; `head` is the face's transform."""
        rotations[_NECK_AND_HEAD] = self._head.solve(
            head if parts[_FACE] else None,
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

    def _motion(
        self,
        weights: Array,
        shapes: Array,
        gaze: Array,
        contacts: HandContacts,
        t_ns: int,
        dt: float,
    ) -> Motion:
        """Assemble the motion: idle blend, root, foot lock, face."""
        rise = self._root.take_rise(dt) * float(weights[HIPS_PART])
        weights = weights[: len(LIMBS)]
        self._seated.update(self._rotations, bool(self._gates.seen[_LEGS].all()), rise, dt)
        self._filled = self._priors.fill(self._rotations)
        rotations = blend_idle(self._filled, weights, t_ns, self._seated.held)
        leg = self._body.lengths.leg
        standing = standing_height(leg)
        place = self._place_root(float(weights[_TORSO]))
        across, jump, nearer = shown = self._root_speed.follow(place, dt)
        if float(np.abs(shown - place).max()) > _WALKING:
            self._root.feet.release()
        legs = pose_legs(rotations, leg)
        lift = -float(legs.soles[..., 1].min()) - standing + jump * float(weights[_LEGS].min())
        lift = self._height.follow(lift, rise, dt)
        place = np.array([across, nearer])
        shift, swing = self._root.feet.hold(legs.soles[0][:, ::2] + place, dt)
        if swing.any():
            rotations = rotations.copy()
            swing_legs(rotations, legs, swing)
        across, nearer = place + shift
        root = np.array([across, lift, nearer])
        place = root * (HIPS_HEIGHT / standing)
        arms = bool(weights[_ARMS].min() >= 1.0)
        rotations = self._leg_speed(self._arm_speed(rotations, place, dt, arms), place, dt)
        return Motion(
            t_seen_ns=t_ns,
            root=_freeze(root),
            hips_height=standing,
            rotations=_freeze(rotations),
            expressions=_freeze(shapes * weights[_FACE]),
            gaze=_freeze(gaze * weights[_FACE]),
            confidence=_freeze(weights),
            contacts=contacts,
        )

    def _place_root(self, torso: float) -> Array:
        """Return the root (3,); a performer who returns elsewhere is approached smoothly."""
        place = self._settled_root + torso * (self._root.value - self._settled_root)
        if torso >= 1.0:
            self._settled_root = place
        return place


def solve_together(
    solvers: Sequence[MotionSolver],
    observations: Sequence[Observation],
    bodies: Sequence[SpatialBody | None] | None = None,
) -> list[Motion]:
    """Solve one observation of each of several performers, bit-identical to solving each alone.

    The body's fit runs as one batch, which costs little more for several performers than for one.

    Args:
        solvers: distinct solvers, one per performer.
        observations: one per solver.
        bodies: one per solver: as several cameras measured it, None for one camera's; None if no
            performer has several cameras.

    Returns:
        One motion per solver.
    """
    motions: dict[int, Motion] = {}
    paused: dict[int, Generator[Problem, Array, Motion]] = {}
    problems: list[Problem] = []
    bodies = [None] * len(solvers) if bodies is None else bodies
    for number, (solver, seen, spatial) in enumerate(
        zip(solvers, observations, bodies, strict=True)
    ):
        steps = solver.solve_steps(seen, spatial)
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


def _spatial_visibility(spatial: SpatialBody) -> Array:
    """Return the visibility (33,) of a body in space; without its hips nothing has a place."""
    known = np.isfinite(np.add.reduce(spatial.points, axis=1))
    if not known[HIPS[0]] or not known[HIPS[1]]:
        return np.zeros(len(known))
    return np.where(known, spatial.visibility, 0.0)


def _freeze(values: Array) -> F32:
    out = values.astype(np.float32)
    out.flags.writeable = False
    return out
