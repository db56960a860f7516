"""Problems of the body fit: guesses, measurements and proportions, stacked for a batch.

A Problem is one performer's; Problems stacks several, so that all are prepared at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, cross, dot, normalise
from renderer.motion.core.lengths import BoneLengths
from renderer.motion.core.skeleton import (
    ANKLES,
    ELBOWS,
    HIPS,
    KNEES,
    LIMB_AXIS,
    LIMB_HINGE,
    SHOULDERS,
    TOES,
    WRISTS,
)  # fmt: skip
from renderer.motion.core.view import ViewRay
from renderer.motion.fit.chain import (
    BONES,
    CHEST,
    FREE,
    PELVIS,
    POINTS,
    UPPER,
    Pose,
    Proportions,
    pose_skeleton,
)
from renderer.motion.fit.residuals import (
    BONE_ENDS,
    BONE_STARTS,
    DEPTHS,
    DIFFERENCES,
    MASSES,
    SIGHTS,
)  # fmt: skip

_LANDMARKS: Final = np.array([*SHOULDERS, *ELBOWS, *WRISTS, *HIPS, *KNEES, *ANKLES, *TOES], np.intp)
_JOINT_ROWS, _SHOULDER_ROWS, _ANKLE_ROWS, _TOE_ROWS = (
    slice(0, POINTS),
    slice(0, 2),
    slice(10, 12),
    slice(12, 14),
)
"""Slices of _LANDMARKS: the skeleton's points, the shoulders, the ankles, and last the toes."""

_LIMB_ROWS: Final = np.array([0, 1, 4, 5, 2, 3, 6, 7])
"""Rows of BoneLengths.limb: upper arms and thighs, forearms and shins."""

_ARM_ROWS: Final = np.array([0, 1, 4, 5])
_ARM_FRAMES: Final = 2 + _ARM_ROWS
"""The arms' rows among these, and among the frames."""

_PARENTS: Final = np.array([PELVIS, CHEST, CHEST, PELVIS, PELVIS])
"""Frames that chest, upper arms and thighs hang on."""

_AXES: Final[Array] = np.concatenate((LIMB_AXIS, LIMB_AXIS))[..., None]
_HINGES: Final[Array] = LIMB_HINGE[..., None]
"""(8, 3, 1) rest directions of the limbs in their frames, and (4, 3, 1) their flexion axes."""

# σ in metres, of bone components in the image and of depth. Shoulders lift with their arms and
# landmarks slide along the limbs, by 5 % to 10 % of a length: if lengths were trusted much more
# than depth, inaccurate ones would bend straight limbs.
_PICTURE: Final = 1.0 / 0.04
_DEPTH: Final = 1.0 / 0.05

_BALANCE: Final = 1.0 / 0.08
"""1 / σ in 1/m: a dancer's centre of mass deviates by this σ from the middle of the supporting
foot; for a person who stands, σ is a third of that."""

_LOAD_HEIGHT: Final = 0.05
"""Metres above the lower foot at which a foot bears about a third of its load."""

_BONE_VARIANCE: Final = 0.02**2
"""m²; added to a bone's covariance in space: landmarks slide along the body."""

_FROM_HIPS: Final = np.array([4, 5, 6, 7, 9, 10])
"""Rows of the measured bones that hang on the hips: thighs, shins, the hips, and the spine."""


@dataclass(frozen=True, slots=True)
class Problem:
    """The fit's input for one performer.

    Attributes:
        guess: (10, 3, 3) world rotations of pelvis, chest, upper arms, thighs, forearms and shins
            from the closed-form solution.
        points: (33, 3) stage axes, about the hips, metres; depth as far as it is known.
        visibility: (33,) 0 to 1.
        sight: view ray to the performer.
        lengths: the performer's bone lengths.
        hips_seen: visibility of the hips, 0 to 1; of hips outside the picture the detector has only
            a guess, and spine, hips and legs are not measured.
        covariance: (33, 3, 3) m² of the points, if several cameras measured them in space; None of
            one camera's points.
    """

    guess: Array
    points: Array
    visibility: npt.NDArray[np.floating]
    sight: ViewRay
    lengths: BoneLengths
    hips_seen: float = 1.0
    covariance: Array | None = None


@dataclass(frozen=True, slots=True)
class Problems:
    """The fit's input for b performers.

    Attributes:
        guess: (b, 10, 3, 3) world rotations.
        points: (b, 14, 3) metres, the landmarks used; `shown` (b, 14) their visibility.
        sight: (b, 3) view rays: across, up and distance, metres; `lines` (b, 3, 3) rotates points
            (row vectors) into the view rays' frames.
        widths: (b, 3) metres: shoulder width, hip width, and the distance between their midpoints;
            `limbs` (b, 8) lengths of the limbs.
        covariance: (b, 14, 3, 3) m² of the points measured in space; (b, 0) of one camera's.
    """

    guess: Array
    points: Array
    shown: Array
    sight: Array
    lines: Array
    widths: Array
    limbs: Array
    hips: Array
    covariance: Array

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Problems:
        """Stack the problems of several performers."""
        return cls(
            guess=np.array([p.guess for p in problems]),
            points=np.array([p.points[_LANDMARKS] for p in problems]),
            shown=np.array([p.visibility[_LANDMARKS] for p in problems], np.float64),
            sight=np.array([(p.sight.across, p.sight.up, p.sight.distance) for p in problems]),
            lines=np.array([p.sight.turn.T for p in problems]),
            widths=np.array([p.lengths.trunk for p in problems]),
            limbs=np.array([p.lengths.limb[_LIMB_ROWS] for p in problems]),
            hips=np.array([[p.hips_seen] for p in problems]),
            covariance=np.array(
                [() if p.covariance is None else p.covariance[_LANDMARKS] for p in problems]
            ),
        )

    def offsets(self) -> Array:
        """Return (b, 13, 3) bone offsets in metres, see Proportions."""
        # A raised arm lifts its shoulder: the shoulders' direction in the chest is taken from the
        # guess.
        sides = self.points[:, _SHOULDER_ROWS]
        apart = normalise((sides - 0.5 * (sides[:, :1] + sides[:, 1:])) @ self.guess[:, CHEST])
        half = 0.5 * self.widths
        out = np.zeros((len(half), BONES, 3))
        out[:, 0, 0] = half[:, 1]
        out[:, 1:3, 1] = half[:, 2:]
        out[:, 3:5] = half[:, :1, None] * apart
        out[:, 5:] = self.limbs[..., None] * _AXES[..., 0]
        return out

    def place(self) -> Array:
        """Return (b, 3) positions of the hips, see Pose."""
        return self.sight * (1.0, 1.0, -1.0)

    def turns(self) -> Array:
        """Return (b, 6, 3, 3) local rotations, see Pose."""
        into = self.guess[:, _PARENTS].swapaxes(2, 3)
        out = np.empty((len(into), FREE, 3, 3))
        out[:, PELVIS] = self.guess[:, PELVIS]
        np.matmul(into, self.guess[:, CHEST:FREE], out=out[:, CHEST:])
        return out

    def bends(self) -> Array:
        """Return (b, 4) radians by which elbows and knees are bent."""
        along = (self.guess[:, 2:] @ _AXES)[..., 0]
        first, second = along[:, :4], along[:, 4:]
        hinge = (self.guess[:, UPPER] @ _HINGES)[..., 0]
        bends: Array = np.arctan2(dot(second, cross(hinge, first)), dot(second, first))[..., 0]
        return bends

    def measure(self) -> tuple[Array, Array, Array]:
        """Return distance, sums and asked, see Measurements."""
        shape = (len(self.points), 3, POINTS)
        sums, asked = np.empty((*shape, POINTS)), np.empty(shape)
        joints = self.points[:, _JOINT_ROWS]
        # The image shows the body as seen along the view ray.
        picture = (SIGHTS @ (joints @ self.lines)[..., :2]).swapaxes(1, 2)
        picture[..., -1] = self.sight[:, :2]
        sure = np.empty((len(self.points), 1, POINTS))
        sure[:] = _PICTURE
        sure[:, 0, :-2] *= np.minimum(self.shown[:, BONE_STARTS], self.shown[:, BONE_ENDS])
        sure[:, 0, -2:] *= self.hips
        asked[:, :2] = sure * picture
        sums[:, :2] = sure[..., None] * SIGHTS

        depths = (DIFFERENCES @ joints[..., 2:])[..., 0]
        # The guess has the better depth of an arm than the detector: it accounts for the arm's
        # length.
        arms = (self.guess[:, _ARM_FRAMES] @ _AXES[_ARM_ROWS])[..., 2, 0]
        depths[:, :4] = arms * self.limbs[:, _ARM_ROWS]
        deep = np.full((len(depths), DEPTHS), _DEPTH)
        deep[:, _FROM_HIPS] *= self.hips
        asked[:, 2, :DEPTHS] = deep * depths
        sums[:, 2, :DEPTHS] = deep[..., None] * DIFFERENCES
        self._balance(sums[:, 2, DEPTHS], asked[:, 2, DEPTHS])
        return self.sight[:, 2:, None], sums, asked[..., None]

    def measure_space(self) -> tuple[Array, Array]:
        """Return whitening and asked, see SpatialMeasurements."""
        joints = self.points[:, _JOINT_ROWS]
        spread = self.covariance[:, _JOINT_ROWS]
        # The covariance of a difference of weighted points is the sum of theirs, weights squared.
        bones = np.einsum("kn,bnij->bkij", DIFFERENCES**2, spread) + _BONE_VARIANCE * np.eye(3)
        # L·Lᵀ = C⁻¹: the rows Lᵀ·v have variance 1.
        whitening = np.linalg.cholesky(np.linalg.inv(bones)).swapaxes(-1, -2)
        sure = np.ones((len(joints), DEPTHS))
        sure[:, :-1] = np.minimum(self.shown[:, BONE_STARTS], self.shown[:, BONE_ENDS])
        sure[:, _FROM_HIPS] *= self.hips
        return whitening * sure[..., None, None], DIFFERENCES @ joints

    def _balance(self, sums: Array, asked: Array) -> None:
        """Write the balance rows: weighted sums (b, 12) of the points' depths, and targets (b,)."""
        ankles = self.points[:, _ANKLE_ROWS]
        middles = 0.5 * (ankles + self.points[:, _TOE_ROWS])
        height = middles[..., 1]
        above = height - np.minimum(height[:, :1], height[:, 1:])
        bearing = np.exp(-((above / _LOAD_HEIGHT) ** 2))
        bearing /= bearing[:, :1] + bearing[:, 1:]
        sure = _BALANCE * np.minimum.reduce(self.shown[:, POINTS - 2 :], axis=1)
        sums[:] = MASSES
        sums[:, _ANKLE_ROWS] -= bearing
        sums *= sure[:, None]
        asked[:] = sure * dot(bearing, (middles - ankles)[..., 2])[..., 0]


def place_joints(rotations: Array, points: Array, lengths: BoneLengths) -> Array:
    """Compute the joints (12, 3) of a body, metres from the hips' midpoint.

    Args:
        rotations: (10, 3, 3) world, ordered as Problem.guess.
        points: (33, 3) stage axes, metres; they give the direction of the shoulders.
        lengths: the performer's bone lengths.
    """
    sight = ViewRay(0.0, 0.0, 1.0)
    body = Problems.of([Problem(rotations, points, np.ones(len(points)), sight, lengths)])
    pose = Pose(np.zeros((1, 3)), body.turns(), body.bends())
    joints: Array = pose_skeleton(Proportions(body.offsets()), pose).points[0]
    return joints
