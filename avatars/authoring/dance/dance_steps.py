"""Define the demo dance's steps. Left is the dancer's left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SPIN = 360.0
"""Heading after the full turn, degrees to the left."""


@dataclass(frozen=True, slots=True)
class Step:
    """A keyframe of a foot: a step, or a swivel or heel raise of a foot that stays in place.

    Attributes:
        beat: when the foot has arrived.
        foot: "left" or "right".
        x, z: position of the ball of the foot, metres; x to the dancer's left, z towards the
            camera from its place in the T-pose.
        turn: heading of the toes, degrees to the dancer's left of the camera.
        lift: peak height of the foot during the step, metres; 0 keeps the ball on the ground.
        heel: pitch of the foot with its heel raised afterwards, degrees.
    """

    beat: float
    foot: str
    x: float
    z: float
    turn: float
    lift: float
    heel: float


def _steps(text: str, turned: float = 0.0) -> list[Step]:
    """Parse steps, one line each: beat, foot (L or R), x and z in cm, turn in degrees.

    Optional words: "h30" leaves the heel raised by 30 degrees (default 0), "l8" lifts the foot by
    8 cm (default 5).

    Args:
        turned: degrees added to every turn.
    """
    steps = []
    for line in text.strip().splitlines():
        beat, foot, x, z, turn, *more = line.split()
        said = {word[0]: float(word[1:]) for word in more}
        steps.append(
            Step(
                float(beat),
                {"L": "left", "R": "right"}[foot],
                float(x) / 100.0,
                float(z) / 100.0,
                float(turn) + turned,
                said.get("l", 5.0) / 100.0,
                said.get("h", 0.0),
            )
        )
    return steps


def _spin(first: float, last: float, steps: int) -> list[Step]:
    """Return the steps of a full turn to the left on the balls of alternating feet.

    Args:
        first, last: beats of the first and the last step.
        steps: their number.
    """
    out = []
    for k, beat in enumerate(np.linspace(first, last, steps)):
        foot, aside = ("left", 0.11) if k % 2 == 0 else ("right", -0.11)
        degrees = SPIN * (k + 1) / steps
        way = np.radians(degrees)
        x, z = aside * np.cos(way), -aside * np.sin(way)
        out.append(Step(float(beat), foot, float(x), float(z), degrees, 0.03, 30.0))
    return out


STEPS: list[Step] = [
    *_steps("""
        0    R -10  0 -10
        0    L  11  4  20 h34
        1    L  11  4  20 l0
        1.5  L  11  4  20 l0 h34
        2    L  11  4  20 l0
        2.5  L  11  4  20 l0 h34
        3    L  11  4  20 l0
        4    R -36  0 -16
        5    L -12  3   8 h32
        6    L  34  0  16
        7    R  10  3  -8 h32
        8    R -30  0 -14
        9    L -12  2   8
        10   R -40  0 -16
        11   L -18  3  10 h34
        12   L   4  0  12
        13   R -14  3 -10 h34
        14   L  38  2  24
        15   R  14  3  -6 h30
        16   R  -9  6 -10 l13
        17   L  13 10  10 l13
        18   R -24 10 -18 l8
        19   L  24 10  18 l8
        20   R -13 10  -8
        20.5 L  13 10  24 h26
        21   R -13 10 -26 l0 h26
        21   L  13 10   8 l0
        22   R -13 10  -8 l0
        22.5 L  13 10   8 l0 h28
        23   L  13 10   8 l0
        23   R -13 10  -8 l0 h28
        23.5 R -13 10  -8 l0
        24   L  20  0  12
        25   R -20  0 -12
        30   L  28  0  18
        31   L  12  0   8
        31   R -12  0  -8
        32   R -34  0 -20
        33   L  10  0   6 h30
        34   L  10  0 -14 l0 h12
        34   R -34  0 -34 l0
        34.5 L  10  0  24 l0 h26
        34.5 R -34  0  -4 l0
        35   L  10  0 -14 l0 h12
        35   R -34  0 -34 l0
        36   L  34  0  20
        37   R -10  0  -6 h30
        38   L  32  0  18 l9
        38   R -32  0 -18 l9
        39   L  11  0   8 l9
        39   R -11  0  -8 l9
        40   R -36  0 -20
        41   L -10  2   6
        42   R -24  8 -12
        43   L  -2  3   8 h32
        44   L  36  0  20
        45   R  11  2  -6
        46   L  26  0  12
        46.5 R   3  2  -6 h28
        47   R  -8 12  -8
        48   L  18  4  14
    """),
    *_spin(48.8, 51.2, 8),
    *_steps("""
        51.6 R -36  2 -22
        51.6 L  12  0   8
        52.5 R -13  0  -8
        53   R -30  0 -14
        54   L  -8  2   8 h32
        55   L  24  0  12
        56   R   0  6  -6 h30
        57   R -10  0 -12
        57   L  13  8  26 h36
        58   L  13  8  26 l0 h22
        59   L  13  8  26 l0 h36
    """, SPIN),
]  # fmt: skip
