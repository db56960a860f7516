"""Landmarks of somebody who stands still stay where they are, however badly they are seen.

How badly is measured, of each landmark along each axis: what of its way is neither place nor steady
movement is noise. A landmark that rests in the picture has play of some of its own noise about
where it is held (Prandtl's play operator), and settles slowly to the middle of what is seen. One
that is seen well has hardly any play; the depth of a wrist that a detector throws to and fro has
centimetres of it, until the picture shows that the wrist moves.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, length, rotation_about_vertical, smoothstep

_PLAY: Final = 4.0
"""Standard deviations of its noise that a landmark may stray."""

_STEADY_S: Final = 0.6
"""Time over which place and movement are told from noise."""

_LEARN_S: Final = 2.0
"""Time over which the noise is measured, while the landmark rests."""

_OUTLIER: Final = 4.0
"""Times the noise's square that an error counts at most: a movement that begins is none."""

_QUICK_S: Final = 0.1
_SETTLES: Final = 0.25
_LONGEST_S: Final = 20.0
"""Time in which a landmark settles to the middle of what is seen: as it comes to rest; as a share
of the time for which it has rested; and the most of that time that counts."""

_RATE_S: Final = 0.35
"""Time over which a landmark's speed in the picture is taken."""

_MOVES: Final = (0.03, 0.12)
"""Metres a second in the picture, beyond what noise makes of it, up to which a landmark may rest,
and from which it moves for sure."""

_STOPS_S: Final = (0.2, 1.0)
"""Seconds of rest from which on a landmark has play, and has all of it: who dances hardly rests."""

_TURNS: Final = (0.3, 1.0)
"""Radians a second of a body's turn from which on its landmarks rest no more, and not at all."""

_NOISE: Final = 2.5
"""Standard deviations of a speed that noise may make."""

_FIRST: Final[Array] = np.array([0.001, 0.001, 0.006]) ** 2
_MOST: Final[Array] = np.array([0.01, 0.01, 0.03]) ** 2
"""Square metres, along each axis: the noise that is taken for granted first, and what counts at
most. The landmarks are smooth already."""


class Rest:
    """Holds n landmarks that rest in the picture."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget where the landmarks are; how badly they are seen is forgotten too."""
        self._held: Array = np.zeros((0, 3))

    def __call__(self, seen: Array, dt: float, turned: float) -> Array:
        """The landmarks (n, 3) to go by, metres, x and y in the picture, of those that are seen.

        Args:
            dt: seconds since the last ones.
            turned: radians about +Y by which the body as a whole has turned in that time.
        """
        if not len(self._held) or dt <= 0.0:
            self._held = self._seen = self._place = seen
            self._way, self._speed = np.zeros_like(seen), np.zeros_like(seen)
            self._age, self._still_s = np.zeros_like(seen), np.zeros((len(seen), 1))
            self._noise: Array = np.broadcast_to(_FIRST, seen.shape)
            return seen
        if turned:
            self._carry(rotation_about_vertical(turned))
        self._speed = self._speed + dt / (dt + _RATE_S) * ((seen - self._seen) / dt - self._speed)
        self._seen = seen
        rest = self._rest() * (1.0 - smoothstep(abs(turned) / dt, *_TURNS))

        share = dt / (dt + _STEADY_S)
        away = seen - self._place
        self._place = self._place + share * away
        self._way = self._way + share * (away - self._way)
        error = away - self._way
        self._noise = self._noise + dt / (dt + _LEARN_S) * rest * (
            np.minimum(error * error, np.minimum(_OUTLIER * self._noise, _MOST)) - self._noise
        )

        self._still_s = (self._still_s + dt) * rest
        play = _PLAY * smoothstep(self._still_s, *_STOPS_S) * np.sqrt(self._noise)
        self._age = np.minimum(self._age + dt, _LONGEST_S) * rest
        away = seen - self._held
        away = away - dt / (dt + _SETTLES * self._age + _QUICK_S) * away
        drawn = np.abs(away) > play
        # What moves across may move in depth as well; what strays in depth alone strays alone.
        drawn |= drawn[:, :1] | drawn[:, 1:2]
        self._age = np.where(drawn, 0.5 * self._age, self._age)
        self._held = seen - clamp(away, -play, play)
        return self._held

    def _rest(self) -> Array:
        """(n, 1) how surely each landmark rests in the picture, 0 to 1."""
        flat = length(self._speed[:, :2]) ** 2
        noise = (_NOISE / _RATE_S) ** 2 * (self._noise[:, :1] + self._noise[:, 1:2])
        return 1.0 - smoothstep(np.sqrt(np.maximum(flat - noise, 0.0)), *_MOVES)

    def _carry(self, turn: Array) -> None:
        """Turn all that is remembered with the body: row vectors by a matrix (3, 3)."""
        self._held, self._seen = self._held @ turn, self._seen @ turn
        self._place, self._way = self._place @ turn, self._way @ turn
        self._speed = self._speed @ turn
