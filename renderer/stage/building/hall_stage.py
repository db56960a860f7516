"""Build the concert hall's stage: deck, thrust, risers, trusses, loudspeakers and LED walls."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import trimesh
from trimesh.transformations import rotation_matrix

from renderer.stage.building.shapes import (
    make_arc_strip,
    make_bar,
    make_box,
    make_disc,
    make_flat_arc,
    make_strip,
    make_truss,
)

Part = tuple[str, Any]
Point = tuple[float, float, float]

PIT: Final = -1.85
"""Height of the hall's floor below the deck, metres."""
DECK_FRONT: Final = 2.4
DECK_HALF: Final = 7.5
THRUST_END: Final = 6.9
"""z of the centre of the thrust's round end, metres."""
THRUST_RADIUS: Final = 2.1
TRUSS_HEIGHT: Final = 6.7
BACK_Z: Final = -2.2
FRONT_Z: Final = 1.6
"""z of the trusses above the back and the front of the deck, metres."""
HEAD_DROP: Final = 0.46
"""Distance from a truss's centre line down to the pivot of a head, metres."""

SCREEN_TURN: Final = 0.42
"""Rotation of the side screens towards the hall's centre, radians."""
WALL_ANGLE: Final = 0.62
"""Half the angle of the LED wall's arc, radians."""
WALL_RADIUS: Final = 11.0
PANEL_HALF: Final = 1.05
PANEL_Z: Final = (1.7, 7.9)
"""Half the width, and the ends in z, of the LED panel in deck and thrust, metres: it begins in
front of the performers' marks and ends on the round end."""
_PANEL_RISE: Final = 0.002
"""Height of the panel above the deck, metres: enough for the depth test from any seat."""
_FLATTENED: Final = 0.55
"""Depth of the wall's arc, as a fraction of a circle's."""


def build_stage_parts() -> Iterator[Part]:
    """Yield the stage's solids, each with the name of its material."""
    yield from _build_deck()
    yield from _build_risers()
    yield from _build_arch()
    yield from _build_rigging()
    yield from _build_loudspeakers()
    for side in (-1, 1):
        turn = rotation_matrix(-side * SCREEN_TURN, (0, 1, 0))
        yield "black", make_box((2.85, 4.2, 0.12), (side * 8.75, 2.75, -1.6), turn)
        # Masking flats between LED wall and side screens.
        yield "black", make_box((1.5, 7.4, 0.1), (side * 7.7, 1.85, -4.7), turn)


def _build_deck() -> Iterator[Part]:
    """Yield deck, thrust and its round end, what is below them, and the rail before the crowd."""
    yield "deck", make_box((2 * DECK_HALF, 0.14, 7.4), (0, -0.07, -1.3))
    yield "deck", make_box((2.6, 0.14, 4.6), (0, -0.0705, 4.4))
    yield "deck", make_disc(THRUST_RADIUS, -0.14, -0.002, (0, THRUST_END), 64)
    yield "black", make_box((2 * DECK_HALF, 1.7, 7.36), (0, -0.98, -1.3))
    yield "black", make_box((2.5, 1.7, 4.6), (0, -0.98, 4.4))
    yield "black", make_disc(THRUST_RADIUS - 0.05, -1.8, -0.14, (0, THRUST_END), 64)
    edge = DECK_FRONT + 0.015
    for side in (-1, 1):
        yield "strip.edge", make_box((6.2, 0.035, 0.03), (side * 4.4, -0.05, edge))
        yield "strip.edge", make_box((0.03, 0.035, 2.9), (side * 1.315, -0.05, 3.85))
        yield "strip.edge", make_box((0.03, 0.035, 7.4), (side * (DECK_HALF + 0.015), -0.05, -1.3))
    front = (-0.29 * math.pi, 1.29 * math.pi)
    yield (
        "strip.edge",
        make_flat_arc(
            THRUST_RADIUS + 0.02, 0.016, span=front, height=-0.05, center=(0, THRUST_END)
        ),
    )
    for x in np.arange(-7.2, 7.3, 0.6):
        if abs(x) > 1.4:
            yield "strip.rib", make_box((0.025, 1.0, 0.02), (x, -0.75, edge))
    # Footlights: low wedges along the front edge.
    for x in (-5.4, -3.6, 3.6, 5.4):
        wedge = np.array(
            [(w, y, z) for w in (-0.28, 0.28) for y, z in ((0, -0.2), (0.26, 0.12), (0, 0.2))]
        )
        hull = trimesh.convex.convex_hull(wedge + np.array((x, 0.0, 2.05)))
        yield "black", hull
    # Crowd barrier.
    for side in (-1, 1):
        yield (
            "steel",
            make_bar((side * 2.4, PIT + 1.1, 4.0), (side * 12.0, PIT + 1.1, 4.0), 0.025, 6),
        )
        for x in np.arange(2.4, 12.1, 1.2):
            yield "steel", make_bar((side * x, PIT, 4.0), (side * x, PIT + 1.1, 4.0), 0.02, 5)


def _build_risers() -> Iterator[Part]:
    for height, z, width in ((0.38, -2.9, 9.0), (0.76, -4.0, 8.0)):
        front = z - 0.1 + 0.6
        yield "riser", make_box((width, height, 1.2), (0, height / 2, z - 0.1))
        yield "strip.trim", make_box((width, 0.03, 0.02), (0, height - 0.03, front + 0.01))
        # Fascia of battens.
        for x in np.arange(-width / 2 + 0.25, width / 2, 0.5):
            yield "black", make_box((0.44, 0.24, 0.02), (x, height - 0.2, front + 0.008))
    # Steps up the middle.
    for number in range(3):
        height = 0.095 * (number + 1)
        yield "riser", make_box((1.8, height, 0.26), (0, height / 2, -2.12 - 0.09 * number))


def _build_arch() -> Iterator[Part]:
    """Yield the slim arch of light in front of the LED wall."""
    half_ring = (0.0, math.pi)
    yield "strip.trim", make_arc_strip(3.75, 0.03, span=half_ring, depth=-4.55, height=0.55)
    yield "black", make_arc_strip(3.75, 0.11, span=half_ring, depth=-4.70, height=0.55)


def _build_rigging() -> Iterator[Part]:
    light = {"bay": 0.6, "chord": (0.024, 5), "lacing": (0.011, 3), "capped": False}
    high, back = TRUSS_HEIGHT, TRUSS_HEIGHT - 0.1
    girders: list[tuple[Point, Point, float]] = [
        ((-8, high, FRONT_Z), (8, high, FRONT_Z), 0.16),
        ((-8, back, BACK_Z), (8, back, BACK_Z), 0.16),
        ((-6.9, 5.6, -3.6), (6.9, 5.6, -3.6), 0.12),
    ]
    for side in (-1, 1):
        girders += [
            ((side * 8, PIT, FRONT_Z), (side * 8, high, FRONT_Z), 0.16),
            ((side * 8, high, FRONT_Z), (side * 8, high, BACK_Z), 0.16),
            ((side * 6.9, 0, -3.6), (side * 6.9, 5.6, -3.6), 0.12),
        ]
    for start, end, half in girders:
        for bar in make_truss(start, end, half=half, **light):  # type: ignore[arg-type]
            yield "steel", bar
    for side in (-1, 1):
        # Chain hoists up to the roof.
        for z in (FRONT_Z, BACK_Z):
            for x in (2.6, 7.4):
                yield "steel", make_bar((side * x, high, z), (side * x, 13.0, z), 0.012, 4)
    for places in place_heads().values():
        for x, y, z in places:
            yield "black", make_box((0.28, 0.12, 0.22), (x, y + 0.32, z))
    # Blinders between the heads of the front truss: four cells each.
    for x in (-4.3, -2.15, 0.0, 2.15, 4.3):
        yield "black", make_box((0.5, 0.5, 0.14), (x, high - 0.42, FRONT_Z + 0.1))


def _build_loudspeakers() -> Iterator[Part]:
    """Yield a line array on each side, its boxes tilted increasingly down, and subwoofers."""
    for side in (-1, 1):
        for number in range(9):
            turn = rotation_matrix(0.05 * number, (1, 0, 0))
            place = (side * 10.9, 6.6 - number * 0.32, 2.0 - 0.012 * number**2)
            yield "black", make_box((1.0, 0.30, 0.55), place, turn)
        for x in (5.0, 6.2, 7.4):
            yield "black", make_box((1.1, 0.75, 0.7), (side * x, PIT + 0.38, 3.2))


def place_heads() -> dict[str, list[Point]]:
    """Return the pivots of the moving heads above and beside the stage, by role."""
    back, front = TRUSS_HEIGHT - 0.1 - HEAD_DROP, TRUSS_HEIGHT - HEAD_DROP
    return {
        "back": [(float(x), back, BACK_Z) for x in np.linspace(-6.6, 6.6, 8)],
        "front": [(float(x), front, FRONT_Z) for x in np.linspace(-5.4, 5.4, 6)],
        "ladder": [(side * 6.9, y - 0.32, -3.4) for side in (-1, 1) for y in (1.4, 3.0, 4.6)],
    }


def screens() -> dict[str, Any]:
    """Return the LED wall, both side screens and the panel in the floor, by node name.

    Texture coordinates run from 0 to 1, v up: on the floor away from the audience.
    """
    angles = np.linspace(-WALL_ANGLE, WALL_ANGLE, 25)
    x = np.sin(angles) * WALL_RADIUS
    z = -5.9 + WALL_RADIUS * (1.0 - np.cos(angles)) * _FLATTENED
    made = {"screen.wall": _build_screen(np.column_stack((x, z)), 0.35, 5.9)}
    for side, name in ((-1, "screen.left"), (1, "screen.right")):
        turn = -side * SCREEN_TURN
        along = np.array((math.cos(turn), -math.sin(turn)))
        middle = np.array((side * 8.75, -1.6)) + 0.07 * np.array((math.sin(turn), math.cos(turn)))
        made[name] = _build_screen(
            np.stack((middle - 1.3 * along, middle + 1.3 * along)), 0.80, 4.70
        )
    x = np.array((-PANEL_HALF, PANEL_HALF))
    rows = [np.column_stack((x, (_PANEL_RISE,) * 2, (z,) * 2)) for z in reversed(PANEL_Z)]
    made["screen.floor"] = _show_on(make_strip(*rows), x / (2.0 * PANEL_HALF) + 0.5)
    return made


def _build_screen(line: Any, low: float, high: float) -> Any:
    lower = np.insert(line, 1, low, axis=1)
    upper = np.insert(line, 1, high, axis=1)
    return _show_on(make_strip(lower, upper), np.linspace(0.0, 1.0, len(line)))


def _show_on(mesh: Any, u: Any) -> Any:
    """Return a strip with a screen's material; u: texture coordinates along each of its sides."""
    uv = np.concatenate((np.column_stack((u, 0 * u)), np.column_stack((u, 0 * u + 1.0))))
    material = trimesh.visual.material.PBRMaterial(
        name="screen", baseColorFactor=[0.005, 0.005, 0.005, 1.0]
    )
    mesh.visual = trimesh.visual.TextureVisuals(uv=uv, material=material)
    return mesh
