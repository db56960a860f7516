"""Define camera rigs: how they move a camera during a shot, and how steady it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
Range = tuple[float, float]
"""Values at the start and at the end of a shot."""

SHAKE_HZ: Final = (0.17, 7.0)
"""Frequency range of hand-held shake, from breathing and shifts of weight to the limit above which
muscles and the camera's mass damp movement."""
SHAKE_SLOPE: Final = 1.25
"""Exponent of the decay of amplitude with frequency, chosen by eye: slow drift is visible, fast
tremor is not."""
_SHAKE_TERMS: Final = 14
_SHAKE_AXES: Final = 5


@dataclass(frozen=True, slots=True)
class Placement:
    """A rig's displacement of its camera from the shot's own position.

    Attributes:
        side: rotation around the subjects, radians towards their left.
        rise: metres upwards.
        aside: metres to the camera's right.
        nearer: decrease of the distance to the subjects, as a fraction.
    """

    side: float = 0.0
    rise: float = 0.0
    aside: float = 0.0
    nearer: float = 0.0


@dataclass(frozen=True, slots=True)
class Shake:
    """The shake of an unsteady camera.

    Attributes:
        pan, tilt: to its left and upwards, as fractions of the picture's height.
        offset: of its position, metres in stage space.
    """

    pan: float = 0.0
    tilt: float = 0.0
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)


STEADY: Final = Shake()
STILL: Final = Placement()


class Rig(Protocol):
    """A rig that moves a camera.

    Attributes:
        follows: whether its position moves with the subjects; otherwise it stays where it was at
            the cut, and the camera pans and tilts.
    """

    @property
    def follows(self) -> bool: ...  # noqa: D102

    def placement(self, share: float, /) -> Placement:
        """Return the rig's displacement; `share` is the fraction of the shot that has passed."""

    def shake(self, seconds: float, /) -> Shake:
        """Return the shake at a show time."""


@dataclass(frozen=True, slots=True)
class _SteadyRig:
    """Base of the rigs that do not shake."""

    @property
    def follows(self) -> bool:
        """Return whether the position moves with the subjects."""
        return False

    def placement(self, _share: float) -> Placement:
        """Return the rig's displacement."""
        return STILL

    def shake(self, _seconds: float) -> Shake:
        """Return no shake."""
        return STEADY


@dataclass(frozen=True, slots=True)
class Tripod(_SteadyRig):
    """A fixed position, from which the camera pans and tilts."""


@dataclass(frozen=True, slots=True)
class Dolly(_SteadyRig):
    """A cart on rails.

    Attributes:
        aside: metres to the camera's right.
        nearer: fraction of the distance.
    """

    aside: Range = (0.0, 0.0)
    nearer: Range = (0.0, 0.0)

    def placement(self, share: float) -> Placement:
        """Return the displacement along the rails."""
        return Placement(
            aside=interpolate(self.aside, share), nearer=interpolate(self.nearer, share)
        )


@dataclass(frozen=True, slots=True)
class Crane(_SteadyRig):
    """An arm that lifts and swings the camera.

    Attributes:
        rise: metres upwards.
        side: radians round the subjects.
        nearer: share of the distance.
    """

    rise: Range = (0.0, 1.5)
    side: Range = (0.0, 0.0)
    nearer: Range = (0.0, 0.0)

    def placement(self, share: float) -> Placement:
        """Return the arm's displacement, eased at both ends as by its inertia."""
        eased = share * share * (3.0 - 2.0 * share)
        return Placement(
            side=interpolate(self.side, eased),
            rise=interpolate(self.rise, eased),
            nearer=interpolate(self.nearer, eased),
        )


@dataclass(frozen=True, slots=True)
class Orbit(_SteadyRig):
    """A circular track around the subjects, which it follows.

    Attributes:
        side: radians.
        rise: metres upwards.
    """

    side: Range = (-0.3, 0.3)
    rise: Range = (0.0, 0.0)

    @property
    def follows(self) -> bool:
        """Return True."""
        return True

    def placement(self, share: float) -> Placement:
        """Return the displacement along the track."""
        return Placement(side=interpolate(self.side, share), rise=interpolate(self.rise, share))


@dataclass(frozen=True, slots=True)
class Follow(_SteadyRig):
    """A stabilised camera that moves along with the subjects.

    Attributes:
        side: radians round them.
        nearer: share of the distance.
    """

    side: Range = (0.0, 0.0)
    nearer: Range = (0.0, 0.0)

    @property
    def follows(self) -> bool:
        """Return True."""
        return True

    def placement(self, share: float) -> Placement:
        """Return the operator's place."""
        return Placement(side=interpolate(self.side, share), nearer=interpolate(self.nearer, share))


@dataclass(frozen=True, slots=True)
class Handheld:
    """A camera on an operator's shoulder, who walks with the subjects.

    Attributes:
        seed: of the shake, so that cameras differ and a show is reproducible.
        amount: RMS of pan and tilt, as a fraction of the picture's height; the same for all
            lenses, as an operator holds a long one more steadily.
        side: radians round the subjects.
        nearer: share of the distance.
    """

    seed: int = 0
    amount: float = 0.007
    side: Range = (0.0, 0.0)
    nearer: Range = (0.0, 0.0)

    @property
    def follows(self) -> bool:
        """Return True."""
        return True

    def placement(self, share: float) -> Placement:
        """Return the operator's place."""
        return Placement(side=interpolate(self.side, share), nearer=interpolate(self.nearer, share))

    def shake(self, seconds: float) -> Shake:
        """Return the shake: noise whose power falls with frequency."""
        frequencies, amplitudes, phases = _make_noise(self.seed)
        waves = amplitudes * np.sin(math.tau * frequencies * seconds + phases)
        pan, tilt, x, y, z = waves.sum(axis=1).tolist()
        # The shoulder moves by some millimetres while the picture shifts by a hundredth.
        metres = 1.5
        return Shake(
            self.amount * pan,
            self.amount * tilt,
            (self.amount * metres * x, self.amount * metres * y, self.amount * metres * z),
        )


@lru_cache(32)
def _make_noise(seed: int) -> tuple[F64, F64, F64]:
    """Return frequencies, amplitudes and phases (axes, terms) of noise with a mean square of 1."""
    rng = np.random.default_rng(seed)
    low, high = np.log(SHAKE_HZ)
    # Evenly distributed over octaves, and no multiples of each other, so that nothing repeats.
    grid = (np.arange(_SHAKE_TERMS) + rng.uniform(0.1, 0.9, (_SHAKE_AXES, _SHAKE_TERMS))) / (
        _SHAKE_TERMS
    )
    frequencies = np.exp(low + (high - low) * grid)
    amplitudes = frequencies**-SHAKE_SLOPE
    amplitudes *= math.sqrt(2.0) / np.linalg.norm(amplitudes, axis=1, keepdims=True)
    phases = rng.uniform(0.0, math.tau, (_SHAKE_AXES, _SHAKE_TERMS))
    for part in (frequencies, amplitudes, phases):
        part.setflags(write=False)
    return frequencies, amplitudes, phases


def interpolate(ends: Range, share: float) -> float:
    """Return a range's value, interpolated linearly at a share in [0, 1]."""
    return ends[0] + (ends[1] - ends[0]) * share
