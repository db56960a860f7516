"""The demo dance as written down: a point dance on the song's beats.

Every entry arrives on its beat. What moves it there is in dance.py.
"""

from __future__ import annotations

from dataclasses import dataclass

FEET_APART = 0.11
"""Metres from the body's middle to each ankle when standing."""


@dataclass(frozen=True, slots=True)
class Step:
    """A foot set down.

    Attributes:
        beat: when it stands.
        foot: "left" or "right".
        x, z: where, metres, from the stage's mark; x to the dancer's left.
        turn: where the toes point, degrees from the camera, to the dancer's left.
    """

    beat: float
    foot: str
    x: float
    z: float = 0.0
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class Key:
    """A value reached on a beat after moving for `travel` beats."""

    beat: float
    value: float
    travel: float = 0.8


def _arms(text: str) -> dict[str, list[tuple[float, str]]]:
    """ "beat left right" a line; "=" keeps an arm where it is, one name serves both."""
    out: dict[str, list[tuple[float, str]]] = {"left": [(0.0, "rest")], "right": [(0.0, "rest")]}
    for line in text.strip().splitlines():
        beat, left, *more = line.split()
        for side, pose in (("left", left), ("right", more[0] if more else left)):
            if pose != "=":
                out[side].append((float(beat), pose))
    return out


ARMS = _arms("""
    4    wave_out  hip
    5    wave_in   =
    6    wave_out  =
    7    wave_in   =
    8    swing_in  swing_out
    9    swing_out swing_in
    10   swing_in  swing_out
    11   swing_out swing_in
    12   swing_in  swing_out
    13   swing_out swing_in
    14   swing_in  swing_out
    15   hip       swing_in
    16   hip       low_point
    17   =         diagonal
    18   =         low_point
    19   =         diagonal
    20   low_point hip
    21   diagonal  =
    22   low_point =
    23   diagonal  =
    24   heart
    26   front
    27   wide
    28   heart
    30   front
    31   overhead
    32   hip       up
    33   =         low_point
    34   =         up
    35   swing_in  swing_in
    36   up        hip
    37   low_point =
    38   up        =
    39   wide
    40   circle_in
    41   overhead
    42   wide
    43   low_point
    44   circle_in
    45   overhead
    46   wide
    47   heart
    48   wide
    50   low_point
    52   overhead
    53   wide
    54   front
    55   heart
    57   hip       up
""")
"""Poses by side: (beat, name in poses.ARMS)."""


def _step_touch(start: int, bars: int, reach: float = 0.20) -> list[Step]:
    """To the dancer's right, together, to the left, together; a step a beat."""
    steps = []
    for bar in range(bars):
        for half, side in ((0, -1.0), (2, 1.0)):
            lead, follow = ("right", "left") if side < 0 else ("left", "right")
            beat = start + 4 * bar + half
            steps.append(Step(beat, lead, side * (reach + FEET_APART), 0.03, 14.0 * side))
            steps.append(Step(beat + 1, follow, side * (reach - 0.6 * FEET_APART), 0.06))
    return steps


def _home(beat: float) -> list[Step]:
    return [
        Step(beat, "left", FEET_APART, 0.0, 6.0),
        Step(beat + 1, "right", -FEET_APART, 0.0, -6.0),
    ]


STEPS: list[Step] = [
    Step(0, "left", FEET_APART, 0.0, 6.0),
    Step(0, "right", -FEET_APART, 0.0, -6.0),
    *_step_touch(8, 4),
    *_home(24),
    Step(26.5, "right", -0.19, 0.05, -14.0),
    Step(28, "right", -FEET_APART, 0.0, -6.0),
    Step(31.5, "left", 0.20, 0.04, 12.0),
    Step(32, "right", -0.20, 0.0, -12.0),
    Step(40, "left", FEET_APART, 0.0, 8.0),
    *_step_touch(41, 1, 0.14),
    *_home(45),
    # Half a turn to the left and back, stepping round on the mark.
    Step(48.75, "left", 0.03, -0.08, 95.0),
    Step(49.5, "right", 0.10, -0.02, 170.0),
    Step(50, "left", -0.11, 0.0, 184.0),
    Step(51, "right", -0.03, 0.09, 85.0),
    Step(51.5, "left", 0.11, 0.02, 8.0),
    Step(52, "right", -FEET_APART, 0.0, -6.0),
    Step(56.5, "left", 0.19, 0.03, 16.0),
]

TURN: list[Key] = [
    Key(0, 0.0), Key(8, -8.0), Key(10, 8.0), Key(12, -8.0), Key(14, 8.0), Key(16, -10.0),
    Key(18, 8.0), Key(20, -8.0), Key(22, 10.0), Key(24, 0.0), Key(32, 10.0), Key(36, -10.0),
    Key(40, 0.0), Key(48, -8.0), Key(50, 180.0, 1.8), Key(52, 0.0, 1.8), Key(57, -14.0, 1.0),
]  # fmt: skip
"""Where the hips face, degrees to the dancer's left."""

SWAY: list[Key] = [
    Key(0, 0.0),
    *(Key(beat, 4.0 if beat % 4 < 2 else -4.0) for beat in range(2, 24, 2)),
    *(Key(beat, 0.0) for beat in (24,)),
    *(Key(beat, 9.0 if beat % 2 else -9.0) for beat in range(25, 31)),
    *(Key(beat, 10.0 if beat % 2 else -10.0) for beat in range(32, 40)),
    *(Key(beat, 7.0 if beat % 2 else -7.0) for beat in range(40, 48)),
    Key(48, 0.0), Key(54, 6.0), Key(55, -6.0), Key(57, 7.0),
]  # fmt: skip
"""The hips' tilt and shift to the side, degrees; positive to the dancer's left."""

LEAN: list[Key] = [
    Key(0, 2.0), Key(16, 5.0), Key(24, 2.0), Key(31, -6.0), Key(32, 3.0), Key(35, 9.0),
    Key(36, 2.0), Key(39, -3.0), Key(43, 10.0), Key(45, -6.0), Key(47, 4.0), Key(50, 8.0),
    Key(52, -8.0), Key(54, 4.0), Key(57, -5.0),
]  # fmt: skip
"""The trunk's lean forwards, degrees."""

HEAD_TURN: list[Key] = [
    Key(0, 0.0), Key(8, -6.0), Key(10, 6.0), Key(12, -6.0), Key(14, 6.0), Key(16, -14.0),
    Key(20, 14.0), Key(24, 0.0), Key(26, 8.0), Key(28, -4.0), Key(32, -16.0), Key(36, 16.0),
    Key(40, 0.0), Key(48.5, 25.0), Key(50, 10.0), Key(50.5, -35.0), Key(52, 0.0), Key(57, 8.0),
]  # fmt: skip
"""Where the face turns beside the trunk, degrees to the dancer's left."""

HEAD_TILT: list[Key] = [
    Key(0, 0.0), Key(4, -7.0), Key(8, 4.0), Key(12, -4.0), Key(16, 5.0), Key(20, -5.0),
    Key(24, 8.0), Key(28, -8.0), Key(32, 4.0), Key(36, -4.0), Key(40, 0.0), Key(47, 8.0),
    Key(49, 0.0), Key(55, -8.0), Key(57, 8.0),
]  # fmt: skip
"""The head's tilt towards the dancer's right shoulder, degrees."""

HEAD_LIFT: list[Key] = [
    Key(0, 0.0), Key(16, 4.0), Key(17, -3.0), Key(24, 5.0), Key(31, -10.0), Key(32, -8.0),
    Key(33, 4.0), Key(34, -8.0), Key(36, -8.0), Key(37, 4.0), Key(38, -8.0), Key(40, 0.0),
    Key(41, -8.0), Key(43, 6.0), Key(45, -8.0), Key(47, 5.0), Key(52, -8.0), Key(55, 5.0),
    Key(57, -7.0),
]  # fmt: skip
"""The head's bow, degrees; negative looks up."""

BLINKS: tuple[float, ...] = (
    2.3, 7.6, 12.4, 15.7, 20.5, 25.6, 30.6, 35.4, 39.5, 46.4, 48.3, 52.4, 58.2,
)  # fmt: skip
"""When the eyes are shut, in beats."""

WINK = 55.6
"""The left eye's, in beats."""

SMILE: list[Key] = [
    Key(0, 0.30), Key(4, 0.55), Key(8, 0.35), Key(24, 0.20), Key(31, 0.5), Key(32, 0.40),
    Key(48, 0.6), Key(53, 0.45), Key(56.5, 0.9),
]  # fmt: skip

BROWS: list[Key] = [
    Key(0, 0.0), Key(4, 0.3), Key(8, 0.1), Key(16, 0.35), Key(17, 0.1), Key(24, 0.5),
    Key(26, 0.2), Key(28, 0.6), Key(32, 0.45), Key(34, 0.2), Key(36, 0.45), Key(40, 0.5),
    Key(44, 0.2), Key(53, 0.3), Key(55, 0.7), Key(58, 0.3),
]  # fmt: skip
"""How far the brows are raised, 0 to 1."""
