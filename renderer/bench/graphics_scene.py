"""Build the frame of the drawing benchmark: idols on the default stage, with every effect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from avatars.instance import AvatarInstance
from avatars.model import Avatar
from renderer.paths import HALL
from renderer.stage.lights.rig import AMBIENT, default_lights
from renderer.stage.records import (
    Air,
    Beam,
    Camera,
    Crowd,
    Floor,
    Focus,
    Grade,
    Point,
    PosedAvatar,
    Screens,
    StageState,
)
from renderer.stage.sets.stage_set import SetMesh, StageSet, load_set

_SPACING_M: Final = 1.3
_COOL: Final = (0.14, 0.47, 0.81)
_WARM: Final = (0.85, 0.53, 0.22)
_LENS_HEIGHT_M: Final = 5.9
_BACK_M: Final = -3.2


def concert_frame(avatars: Sequence[Avatar]) -> StageState:
    """Return a state with every effect: avatars at rest in a row, twenty beams, two colours."""
    first = -0.5 * _SPACING_M * (len(avatars) - 1)
    posed = []
    for number, avatar in enumerate(avatars):
        world = AvatarInstance(avatar).world.copy()
        world[:, 0, 3] += first + _SPACING_M * number
        posed.append(PosedAvatar(number, world, np.zeros(avatar.channel_count, np.float32)))
    return StageState(
        number=0,
        t_show_ns=0,
        t_seen_ns=0,
        avatars=tuple(posed),
        lights=default_lights(0.0),
        ambient=AMBIENT,
        camera=Camera(
            (-0.5, 0.7, 4.6), (0.0, 1.1, 0.0), math.radians(36.0), focus=Focus(5.2, 3.0, 0.012)
        ),
        beams=tuple(_beam(number) for number in range(20)),
        air=Air(haze=0.04, fog=(0.0035, 0.0085, 0.014)),
        floor=Floor(mirror=0.9, contact=0.55),
        grade=Grade(
            black_point=0.018, contrast=0.22, saturation=1.04, shadow_tint=(0.93, 0.98, 1.06),
            light_tint=(1.02, 1.0, 0.97), vignette=0.42, bloom=0.16,
        ),
    )  # fmt: skip


def hall_frame(avatars: Sequence[Avatar], fixtures: int) -> StageState:
    """Return the frame in the concert hall: with its audience, and as many beams as fixtures."""
    frame = concert_frame(avatars)
    return replace(
        frame,
        camera=Camera((-0.9, 1.2, 12.0), (0.0, 1.6, 0.0), math.radians(38.0)),
        beams=tuple(_beam(number % 20) for number in range(fixtures)),
        crowd=Crowd(0.6, stick_gain=1.0),
        screens=Screens(level=1.0, floor_level=1.0, text="Encore"),
    )


def full_hall(props: int) -> StageSet:
    """Return the concert hall with props on its stage: lit boxes in rows."""
    hall = load_set(HALL)
    corners = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float32)
    sides = (0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)
    faces = np.array([(a, b, c) for a, b, c, _ in sides] + [(a, c, d) for a, _, c, d in sides])
    boxes = []
    for number in range(props):
        place = np.array((0.5 * (number % 12) - 3.0, 0.0, -0.6 * (number // 12) - 1.0))
        position = (0.3 * (corners - (0.5, 0.0, 0.5)) + place).astype(np.float32)
        normal = corners - 0.5
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        boxes.append(
            SetMesh(
                f"prop {number}", position, normal.astype(np.float32),
                np.full((8, 3), 0.4, np.float32), faces.astype(np.uint32),
            )
        )  # fmt: skip
    return replace(hall, meshes=(*hall.meshes, *boxes))


def _beam(number: int) -> Beam:
    x = -5.2 + 10.4 * number / 19.0
    apex = (x, _LENS_HEIGHT_M, _BACK_M)
    aim: Point = (0.8 * x, 0.0, -1.8) if number % 2 else (1.8 * x, 11.0, 6.5)
    direction = aim[0] - apex[0], aim[1] - apex[1], aim[2] - apex[2]
    return Beam(apex, direction, 0.05 if number % 2 else 0.032, _WARM if number % 3 else _COOL)


def variants(frame: StageState) -> Mapping[str, StageState]:
    """Return the frame without any effect, with each alone, without each, and with all."""
    plain = replace(
        frame,
        beams=(),
        air=Air(),
        floor=Floor(),
        grade=Grade(),
        camera=replace(frame.camera, focus=None),
    )
    unglowing = replace(frame.grade, bloom=0.0)
    return {
        "plain": plain,
        "bloom alone": replace(plain, grade=Grade(bloom=frame.grade.bloom)),
        "beams alone": replace(plain, beams=frame.beams, air=frame.air),
        "floor alone": replace(plain, floor=frame.floor),
        "defocus alone": replace(plain, camera=frame.camera),
        "grade alone": replace(plain, grade=unglowing),
        "without bloom": replace(frame, grade=unglowing),
        "without beams": replace(frame, beams=(), air=Air()),
        "without floor": replace(frame, floor=Floor()),
        "without defocus": replace(frame, camera=plain.camera),
        "without grade": replace(frame, grade=Grade(bloom=frame.grade.bloom)),
        "all": frame,
    }
