"""Body solver: 33 pose points to local rotations of trunk, arms and legs."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import from_matrix, inverse, multiply, rotate
from avatars.maths.vectors import Array, rotation_about_vertical
from avatars.names import BONE_INDEX
from renderer.motion.body.dead_band import DeadBand
from renderer.motion.body.end_speed import EndSpeed
from renderer.motion.body.feet import foot_frames
from renderer.motion.body.landmark_stabiliser import LandmarkStabiliser
from renderer.motion.body.limb_rate import LimbRate
from renderer.motion.body.limbs import LimbSolver
from renderer.motion.body.torso import shoulder_rotations, spine_thirds, torso_frames
from renderer.motion.body.yaw_rate import heading
from renderer.motion.core.filters import OneEuro
from renderer.motion.core.lengths import (
    SEGMENT_ENDS,
    SEGMENT_STARTS,
    BoneLengths,
    leg_biases,
    resolve_depth,
)  # fmt: skip
from renderer.motion.core.skeleton import (
    ANKLES,
    HEELS,
    HIPS,
    KNEES,
    LIMB_AXIS,
    LOWER_BONES,
    SHOULDERS,
    TOES,
    UPPER_BONES,
    WRISTS,
    bone_rows,
)  # fmt: skip
from renderer.motion.core.spatial import SpatialBody
from renderer.motion.core.view import ViewRay
from renderer.motion.fit.chain import CHEST, LOWER, PELVIS, UPPER
from renderer.motion.fit.problems import Problem

Bools = npt.NDArray[np.bool_]

_SPINE_ROWS: Final = bone_rows("spine", "chest", "upperChest")
_SHOULDER_ROWS: Final = bone_rows("leftShoulder", "rightShoulder")
_UPPER_ROWS: Final = bone_rows(*UPPER_BONES)
_LOWER_ROWS: Final = bone_rows(*LOWER_BONES)
_FOOT_ROWS: Final = bone_rows("leftFoot", "rightFoot")

# SEGMENTS are ordered by bone: two upper arms, two forearms, two thighs, two shins, two feet.
_UPPER_SEGMENTS: Final = np.array([0, 1, 4, 5])
_LOWER_SEGMENTS: Final = np.array([2, 3, 6, 7])
_FOOT_SEGMENTS: Final = np.array([8, 9])
_LIMB_SEGMENTS: Final = 8
_BY_FRAME: Final = np.concatenate((_UPPER_SEGMENTS, _LOWER_SEGMENTS))
"""Segments in the order of the limbs' frames."""
_LIMB_FRAMES: Final = slice(2, 10)
"""Upper and lower bones among the body's frames."""
_TRUNK_FRAMES: Final = slice(0, 2)
_BODY_FRAMES: Final = slice(0, 10)
"""Pelvis and chest, and these with the limbs."""

_DIAGONAL_STARTS: Final = np.array([HIPS[1], HIPS[0]])
_DIAGONAL_ENDS: Final = np.array(SHOULDERS)
_DIAGONALS: Final = np.array([0.55, 0.55])
"""Landmarks and lengths, metres, of the trunk's diagonals: they move in the picture however the
trunk turns, except as its depth is estimated again."""

_TRUNK_RATE: Final = 3.0
"""Radians per second at which a trunk that rests in the picture turns: the shoulders move 5 cm a
frame at 30 frames per second."""

_PELVES: Final = np.array([PELVIS, PELVIS])
_PARENT_FRAMES: Final = np.array([CHEST, CHEST, PELVIS, PELVIS])
"""Frames that the upper bones hang on."""

_ENDS: Final = np.array([*WRISTS, *ANKLES])
_KNEES: Final = np.array(KNEES)
_FEET: Final = np.array([*ANKLES, *HEELS, *TOES])

# Hz, and Hz per metre per second. Depth is by far the noisiest and must not open its own filter.
_MIN_CUTOFF: Final = (0.8, 0.8, 0.6)
_BETA: Final = (14.0, 14.0, 5.0)
_SPEED_WEIGHT: Final = (1.0, 1.0, 0.15)
# The same where several cameras measure depth as well as the rest.
_SPATIAL_CUTOFF: Final = 0.8
_SPATIAL_BETA: Final = 14.0
_LEAD: Final = (0.03, 0.15)
"""Metres per second below which a movement may be noise, and above which it certainly is one."""


def standing_points() -> Array:
    """Return (33, 3) points of a standing performer with hanging arms, as initial filter output."""
    points = np.zeros((33, 3))
    points[:11] = (0.0, 0.62, 0.08)
    points[7], points[8] = (0.07, 0.63, 0.0), (-0.07, 0.63, 0.0)
    left = {
        11: (0.16, 0.47, 0.0),
        13: (0.24, 0.23, 0.0),
        15: (0.26, 0.0, 0.02),
        17: (0.26, -0.08, 0.0),
        19: (0.26, -0.08, 0.04),
        21: (0.25, -0.03, 0.05),
        23: (0.1, 0.0, 0.0),
        25: (0.1, -0.39, 0.01),
        27: (0.1, -0.77, -0.01),
        29: (0.1, -0.81, -0.05),
        31: (0.1, -0.83, 0.12),
    }
    for i, (x, y, z) in left.items():
        points[i], points[i + 1] = (x, y, z), (-x, y, z)
    return points


@dataclass(frozen=True, slots=True)
class SolvedBody:
    """World rotations that head and hands depend on, and the filtered points.

    Attributes:
        points: (33, 3) stage axes, about the hips, metres.
        chest: (4,) xyzw.
        forearms: (2, 4) xyzw, left and right, with the roll of the elbows' hinges.
    """

    points: Array
    chest: Array
    forearms: Array


class BodySolver:
    """Solves one performer's body; holds bone lengths, limb rolls and point filters.

    Args:
        in_space: the body is measured by several cameras, and its depth as well as the rest.

    Attributes:
        lengths: the performer's bone lengths.
        shown: (10, 4) xyzw, world rotations of pelvis, chest, upper arms, thighs, forearms and
            shins as solved last, and the filtered points (33, 3) with them; None before.
    """

    def __init__(self, *, in_space: bool = False) -> None:
        self.lengths = BoneLengths()
        self._limbs = LimbSolver()
        self._limb_rate = LimbRate()
        self._trunk_rate = LimbRate(_TRUNK_RATE)
        self._end_speed = EndSpeed()
        self._filter = (
            OneEuro(standing_points(), _SPATIAL_CUTOFF, _SPATIAL_BETA, lead=_LEAD)
            if in_space
            else OneEuro(standing_points(), _MIN_CUTOFF, _BETA, _SPEED_WEIGHT, lead=_LEAD)
        )
        self._stabiliser = LandmarkStabiliser()
        self._dead_band = DeadBand()
        self.shown: tuple[Array, Array] | None = None

    def reset(self) -> None:
        """Forget the performer's movement; keep their bone lengths."""
        self._limbs.reset()
        self._limb_rate.reset()
        self._trunk_rate.reset()
        self._end_speed.reset()
        self._filter.reset()
        self._stabiliser.reset()
        self._dead_band.reset()

    def solve(
        self,
        points: Array,
        visibility: Array,
        torso_seen: bool,
        hips_seen: float,
        t_ns: int,
        dt: float,
        turned: float,
        sight: ViewRay | None,
        elsewhere: bool,
        leapt: Bools,
        rotations: Array,
        spatial: SpatialBody | None = None,
    ) -> Generator[Problem, Array, SolvedBody]:
        """Solve one frame into `rotations`; yields the fit's problem, if there is one.

        The closed-form solution is refined by the fit where the view ray is known and the shoulders
        are trusted; the refined body is sent back into the generator. Of an upper body, whose hips
        are outside the picture, the fit measures only shoulders and arms.

        Args:
            points: (33, 3) stage axes, about the hips, metres; NaN where absent.
            visibility: (33,) 0 to 1.
            torso_seen: whether the shoulders are trusted.
            hips_seen: visibility of the hips, 0 to 1.
            t_ns: time of the observation.
            dt: seconds since the last solve.
            turned: radians about +Y by which the whole body has turned since then.
            sight: view ray to the performer; None where the image gives none, and the closed-form
                solution stands.
            elsewhere: whether the body was found elsewhere than in the last frame.
            leapt: (2,) whether each arm was.
            rotations: (55, 4) xyzw, local; the rows of trunk, arms and legs are written.
            spatial: what several cameras measured; None of one camera's body.
        """
        if turned:
            self._filter.rotate_state(rotation_about_vertical(turned))
        points = self._stabiliser(self._filter(points, t_ns), dt, turned)
        if spatial is None:
            points = self._remove_depth_bias(points)
        self.lengths.update(points, visibility)
        vectors = points[SEGMENT_ENDS] - points[SEGMENT_STARTS]
        body = self._solve_closed_form(points, vectors, hips_seen, dt, spatial)
        if sight is not None and torso_seen:
            body = yield Problem(
                body,
                points,
                visibility,
                sight,
                self.lengths,
                hips_seen,
                None if spatial is None else spatial.covariance,
            )

        shins = body[LOWER][2:]
        feet = foot_frames(vectors[_FOOT_SEGMENTS], shins[..., 0], -shins[..., 1])
        measured = from_matrix(np.concatenate((body, feet)))
        if spatial is None:
            measured[_TRUNK_FRAMES] = self._trunk_rate(
                measured[_TRUNK_FRAMES],
                (points[_DIAGONAL_ENDS] - points[_DIAGONAL_STARTS])[:, :2],
                _DIAGONALS,
                dt,
                turned,
                elsewhere,
            )
        measured[_LIMB_FRAMES] = self._limb_rate(
            measured[_LIMB_FRAMES],
            vectors[_BY_FRAME] if spatial is not None else vectors[_BY_FRAME, :2],
            self.lengths.limb[_BY_FRAME],
            dt,
            turned,
            elsewhere,
        )
        if spatial is None:
            # Several cameras measure depth too: what one picture does not show may move.
            measured[_BODY_FRAMES] = self._end_speed(
                measured[_BODY_FRAMES],
                points[_ENDS],
                self.lengths.limb[_BY_FRAME],
                dt,
                turned,
                elsewhere,
                leapt,
            )
        world = self._dead_band(measured, t_ns)
        self.shown = world[: len(body)], points
        pelvis, chest, limbs = world[PELVIS], world[CHEST], world[UPPER]

        # As shown: the shoulders of an arm that leaps do not leap before it.
        arms = rotate(limbs[:2], LIMB_AXIS[:2])
        girdle = shoulder_rotations(rotate(inverse(chest), arms))
        rotations[BONE_INDEX["hips"]] = pelvis
        rotations[_SPINE_ROWS] = spine_thirds(pelvis, chest)
        rotations[_SHOULDER_ROWS] = girdle
        parents = np.concatenate((multiply(chest, girdle), world[_PELVES], limbs, world[8:10]))
        local = multiply(inverse(parents), world[2:])
        rotations[_UPPER_ROWS] = local[:4]
        rotations[_LOWER_ROWS] = local[4:8]
        rotations[_FOOT_ROWS] = local[8:]
        return SolvedBody(points, chest, world[6:8])

    def _remove_depth_bias(self, points: Array) -> Array:
        """Return the points (33, 3) without the systematic depth errors of knees and feet."""
        points = points.copy()
        knees, feet = leg_biases(heading(points) or 0.0, self.lengths.leg)
        points[_KNEES, 2] += knees
        points[_FEET, 2] += feet
        return points

    def _solve_closed_form(
        self,
        points: Array,
        vectors: Array,
        hips_seen: float,
        dt: float,
        spatial: SpatialBody | None,
    ) -> Array:
        """Return the body's world rotations (10, 3, 3) in closed form.

        Args:
            points: (33, 3) metres, stage axes.
            vectors: (10, 3) metres, the segments.
            hips_seen: visibility of the hips, 0 to 1.
            dt: seconds since the last solve.
            spatial: what several cameras measured; None of one camera's body.
        """
        limbs = self._resolve_limbs(vectors[:_LIMB_SEGMENTS], spatial)
        trunk = torso_frames(points, hips_seen)
        bones = self._limbs.solve(
            trunk[_PARENT_FRAMES], limbs[_UPPER_SEGMENTS], limbs[_LOWER_SEGMENTS], dt
        )
        return np.concatenate((trunk, bones))

    def _resolve_limbs(self, vectors: Array, spatial: SpatialBody | None) -> Array:
        """Return the limbs' vectors (8, 3) with depth by their lengths, where it is a guess."""
        lengths = self.lengths.limb[:_LIMB_SEGMENTS]
        if spatial is None:
            return resolve_depth(vectors, lengths)
        if spatial.depth_guessed <= 0.0:
            return vectors
        to_camera = rotation_about_vertical(-spatial.toward)
        resolved = resolve_depth(vectors @ to_camera, lengths) @ to_camera.T
        return vectors + spatial.depth_guessed * (resolved - vectors)
