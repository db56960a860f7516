"""Define atmospheric effects of a stage: CO2 jets, sparks and light rain.

A particle's position is a function of its index and the time since firing, so frames are
reproducible.
"""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[float, float, float]
Point = tuple[float, float, float]

MOST_PLACES = 8
"""Maximum number of machines of one kind in a frame; the size of the shaders' arrays."""


@dataclass(frozen=True, slots=True)
class Jets:
    """Columns of cold fog from CO2 nozzles, lit by the stage lights.

    Attributes:
        places: positions of the nozzles, metres.
        age_s: time since they were opened.
        blow_s: duration of emission.
        height_m: height of the columns.
        level: factor on the light that they scatter.
    """

    places: tuple[Point, ...]
    age_s: float
    blow_s: float = 1.2
    height_m: float = 5.0
    level: float = 1.0


@dataclass(frozen=True, slots=True)
class Sparks:
    """Fountains of sparks from cold spark machines.

    Attributes:
        places: positions of the machines, metres.
        age_s: time since they were started.
        burn_s: duration of emission.
        height_m: height of the fountains.
        color: linear RGB of a new spark; it cools down to red.
    """

    places: tuple[Point, ...]
    age_s: float
    burn_s: float = 4.0
    height_m: float = 3.2
    color: Color = (6.0, 4.2, 2.0)


@dataclass(frozen=True, slots=True)
class LightRain:
    """A curtain of sparks that fall slowly behind the performers.

    Attributes:
        age_s: time since it started.
        amount: 0 to 1, fraction of the renderer's maximum number of sparks.
        left, right: ends of the pipe from which they fall, metres along x.
        z: position of the curtain, metres.
        top_m: height of the pipe.
        color: linear RGB of a spark.
    """

    age_s: float
    amount: float = 1.0
    left: float = -6.0
    right: float = 6.0
    z: float = -2.6
    top_m: float = 6.0
    color: Color = (2.2, 2.6, 3.4)
