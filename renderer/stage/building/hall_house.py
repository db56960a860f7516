"""Build the concert hall's house: pit, two banks of tiers, boxes, walls, roof, and its seats."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from trimesh.transformations import rotation_matrix

from renderer.stage.building.hall_stage import PIT, THRUST_END, THRUST_RADIUS, Part
from renderer.stage.building.shapes import (
    make_box,
    make_disc,
    make_flat_arc,
    make_strip,
    make_truss,
)

F64 = npt.NDArray[np.float64]

CENTER: Final = (0.0, 4.0)
"""(x, z) of the tiers' centre, metres."""
STRETCH: Final = 0.86
"""Scale of the tiers' circles along x."""
ARC: Final = (math.radians(5.0), math.radians(175.0))

LOWER: Final = (22.5, PIT + 2.2, 0.80, 0.46, 17)
UPPER: Final = (33.0, PIT + 12.2, 0.80, 0.55, 20)
"""First radius, first height, tread, rise and number of a bank's tiers, metres."""
WALL: Final = 51.0
"""Radius of the hall's outer wall, metres."""
ROOF: Final = 26.0
AISLES: Final = 9
"""Aisles between the seat blocks of each bank are at the zeros of sin(AISLES x angle)."""
AISLE_HALF: Final = 0.55
"""Half the width of an aisle, metres."""
FLOOR_AISLES: Final = (0.0, 7.0, 14.0)
"""|x| of the aisles through the standing crowd."""
SEATS: Final = 10_000
"""Number of people in the hall; there are more seats, of which random ones stay free."""
SEAT_PITCH: Final = 0.42
"""Distance between neighbours on a tier, metres."""
STANDING: Final = 1.66
SITTING: Final = 1.15
"""Height of the top of the head above the ground, metres."""


def build_house_parts() -> Iterator[Part]:
    """Yield the house's solids, each with the name of its material."""
    yield "ground", make_box((92, 0.1, 74), (0, PIT - 0.05, 22))
    yield "roof", make_box((92, 0.2, 74), (0, ROOF, 22))
    yield "shell", make_box((92, 30, 0.2), (0, 11.5, -7.3))
    yield "shell", _build_band(WALL, PIT, ROOF)
    for side in (-1, 1):
        yield "shell", make_box((0.2, 30, 14), (side * STRETCH * WALL, 11.5, 0.5))
    for bank in (LOWER, UPPER):
        yield from _build_bank(*bank)
    yield from _build_fins()
    yield from _build_boxes()
    yield from _build_roof()
    yield from _build_control_desk()


def _build_bank(
    radius: float, height: float, tread: float, rise: float, count: int
) -> Iterator[Part]:
    """Yield treads and risers, a parapet with a strip of light, and the portals behind it."""
    yield "tier", _build_band(radius, PIT if height < 2.0 else height - 1.4, height + 0.75)
    yield (
        "strip.ribbon",
        make_flat_arc(
            radius - 0.03, 0.05, span=ARC, height=height + 0.55, center=CENTER, stretch=STRETCH
        ),
    )
    for number in range(count):
        inner, y = radius + number * tread, height + number * rise
        yield "tier", _build_flat(inner, inner + tread, y)
        yield "tier", _build_band(inner + tread, y, y + rise)
    top = height + count * rise
    outer = radius + count * tread
    for angle in np.linspace(ARC[0], ARC[1], 2 * AISLES + 1)[1::2]:
        place = on_tier(outer - 0.1, float(angle), top + 1.1)
        turn = rotation_matrix(math.pi / 2 - float(angle), (0, 1, 0))
        yield "exit", make_box((0.5, 0.16, 0.05), place, turn)
        yield "portal", make_box((1.6, 2.2, 0.3), (place[0], top - 0.1, place[2]), turn)


def _build_fins() -> Iterator[Part]:
    """Yield the vertical fins of the outer wall, above the upper bank."""
    for angle in np.linspace(ARC[0], ARC[1], 69):
        turn = rotation_matrix(math.pi / 2 - float(angle), (0, 1, 0))
        yield "fin", make_box((0.22, 4.6, 0.5), on_tier(WALL - 0.4, float(angle), 23.4), turn)


def _build_boxes() -> Iterator[Part]:
    """Yield the boxes along the side walls: two storeys with lit sills."""
    for side in (-1, 1):
        for storey in range(2):
            for number in range(5):
                y, z = 3.4 + 3.1 * storey, -3.2 + 2.6 * number
                x = side * (19.6 + 0.2 * number)
                yield "tier", make_box((2.2, 1.0, 2.3), (x, y, z))
                yield "strip.ribbon", make_box((0.04, 0.05, 2.1), (x - side * 1.12, y + 0.42, z))
        yield "shell", make_box((0.4, 18, 13.5), (side * 21.6, 6.6, 2.0))


def _build_roof() -> Iterator[Part]:
    for z in (9.0, 17.0, 26.0):
        for bar in make_truss(
            (-20, 12.2, z),
            (20, 12.2, z),
            half=0.25,
            bay=1.0,
            chord=(0.04, 4),
            lacing=(0.02, 3),
            capped=False,
        ):
            yield "steel", bar
        for x in np.linspace(-15, 15, 9):
            yield "lamp", make_disc(0.14, 11.82, 11.86, (float(x), z), 10)
            yield "black", make_disc(0.2, 11.86, 12.2, (float(x), z), 8)
    for x in (-12.0, 12.0):
        for bar in make_truss(
            (x, 12.7, 5.0),
            (x, 12.7, 30.0),
            half=0.25,
            bay=1.25,
            chord=(0.04, 4),
            lacing=(0.02, 3),
            capped=False,
        ):
            yield "steel", bar
    # Catwalks, and acoustic panels that structure the ceiling.
    for z in (13.0, 21.5, 30.0):
        yield "black", make_box((46, 0.12, 1.1), (0, 15.5, z))
        for x in np.linspace(-18, 18, 7):
            turn = rotation_matrix(0.22, (1, 0, 0))
            yield "panel", make_box((4.6, 0.08, 3.2), (float(x), 18.4, z + 2.6), turn)


def place_heads() -> dict[str, list[tuple[float, float, float]]]:
    """Return the pivots of the moving heads over the audience, and of the follow spots, by role."""
    over = [(float(x), 11.5, z) for z in (9.0, 17.0) for x in np.linspace(-11.25, 11.25, 7)]
    return {"house": over, "follow": [(-9.0, 12.0, 27.0), (9.0, 12.0, 27.0)]}


def _build_control_desk() -> Iterator[Part]:
    yield "black", make_box((4.4, 1.0, 1.8), (0, PIT + 0.5, 19.0))
    for x in (-1.2, 0.0, 1.2):
        # Its monitors face away from the stage.
        yield "black", make_box((0.94, 0.54, 0.06), (x, PIT + 1.3, 18.6))
        yield "glow", make_box((0.9, 0.5, 0.02), (x, PIT + 1.3, 18.645))


def place_seats() -> npt.NDArray[np.float32]:
    """Return the positions of the audience, (n, 3): the top of each head at rest, metres."""
    rng = np.random.default_rng(7)
    blocks = [_place_standing(rng), _place_on_bank(rng, LOWER), _place_on_bank(rng, UPPER)]
    seats = np.concatenate(blocks).astype(np.float32)
    kept = np.sort(rng.permutation(len(seats))[:SEATS])
    return seats[kept]


def _place_standing(rng: np.random.Generator) -> F64:
    """Return the standing crowd around the thrust."""
    rows = []
    for row, z in enumerate(np.arange(4.7, 25.8, 0.47)):
        x = np.arange(-18.5, 18.6, 0.44) + (0.23 if row % 2 else 0.0)
        x = x + rng.uniform(-0.11, 0.11, len(x))
        rows.append(np.column_stack((x, np.full(len(x), PIT + STANDING), np.full(len(x), z))))
    people = np.concatenate(rows)
    people[:, 1] += rng.uniform(-0.14, 0.12, len(people))
    people[:, 2] += rng.uniform(-0.14, 0.14, len(people))
    x, z = np.abs(people[:, 0]), people[:, 2]
    free = (x < 1.75) & (z < THRUST_END + 0.3)
    free |= np.hypot(x, z - THRUST_END) < THRUST_RADIUS + 0.65
    for aisle in FLOOR_AISLES[1:]:
        free |= np.abs(x - aisle) < AISLE_HALF
    # The front of the tiers.
    free |= np.hypot(x / STRETCH, z - CENTER[1]) > LOWER[0] - 0.7
    free |= (x < AISLE_HALF) & (z > 10.0)
    free |= (x < 2.8) & (np.abs(z - 19.0) < 1.6)
    free |= np.abs(z - 13.4) < 0.5
    # Density decreases with distance from the stage.
    free |= rng.random(len(people)) < np.clip((z - 14.0) * 0.02, 0.0, 0.12)
    return np.asarray(people[~free])


def _place_on_bank(rng: np.random.Generator, bank: tuple[float, float, float, float, int]) -> F64:
    """Return the people on a bank of tiers, in blocks between its aisles."""
    radius, height, tread, rise, count = bank
    rows = []
    for number in range(count):
        at = radius + number * tread + 0.5
        angles = np.arange(ARC[0] + 0.03, ARC[1] - 0.03, SEAT_PITCH / at)
        near_aisle = np.abs(np.sin(AISLES * angles)) < AISLES * AISLE_HALF / at
        angles = angles[~near_aisle & (rng.random(len(angles)) > 0.06)]
        away = at + rng.uniform(-0.12, 0.12, len(angles))
        x = CENTER[0] + STRETCH * np.cos(angles) * away
        z = CENTER[1] + np.sin(angles) * away
        y = height + number * rise + SITTING + rng.uniform(-0.1, 0.1, len(angles))
        rows.append(np.column_stack((x, y, z))[np.abs(x) > 0.0])
    return np.concatenate(rows)


def on_tier(radius: float, angle: float, height: float) -> tuple[float, float, float]:
    """Return the point on a tier's circle at an angle."""
    x = CENTER[0] + STRETCH * math.cos(angle) * radius
    return x, height, CENTER[1] + math.sin(angle) * radius


def _make_line(radius: float, height: float, sections: int = 48) -> F64:
    angles = np.linspace(*ARC, sections + 1)
    return np.array([on_tier(radius, float(angle), height) for angle in angles])


def _build_band(radius: float, low: float, high: float) -> Any:
    return make_strip(_make_line(radius, low), _make_line(radius, high))


def _build_flat(inner: float, outer: float, height: float) -> Any:
    return make_strip(_make_line(inner, height), _make_line(outer, height))
