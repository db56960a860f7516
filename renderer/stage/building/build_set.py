"""Generate the default stage set's file: `python -m renderer.stage.building.build_set`.

A round stage with two steps stands in front of a curved wall of light panels, under two lit arches
and a truss, between columns. It consists of trimesh primitives, so the file is reproducible byte by
byte.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import trimesh
from trimesh.transformations import rotation_matrix, translation_matrix

from renderer.stage.building.shapes import (
    make_arc_strip,
    make_bar,
    make_box,
    make_disc,
    make_ring,
    make_truss,
)
from renderer.stage.sets.stage_set import EMISSIVE_STRENGTH

SET_PATH: Final = Path(__file__).parents[3] / "assets" / "stage" / "small_stage.glb"
"""The generated file."""

STRENGTH: Final = 2.5
"""Factor on the file's emissive colours, which glTF limits to 1."""

STAGE_RADIUS: Final = 3.6
WALL_RADIUS: Final = 6.2
TRUSS_HEIGHT: Final = 5.4
"""Radii and height in metres."""

# name: (reflectance, emission before STRENGTH, roughness, metallic); colours linear RGB
_MATERIALS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...], float, float]]] = {
    "floor": ((0.075, 0.06, 0.12), (0, 0, 0), 0.26, 0.0),
    "step": ((0.07, 0.06, 0.12), (0, 0, 0), 0.45, 0.0),
    "ground": ((0.03, 0.028, 0.05), (0, 0, 0), 0.6, 0.0),
    "frame": ((0.05, 0.05, 0.07), (0, 0, 0), 0.5, 0.0),
    "steel": ((0.42, 0.42, 0.48), (0, 0, 0), 0.35, 0.6),
    "panel": ((0.11, 0.08, 0.18), (0.010, 0.006, 0.024), 0.5, 0.0),
    "violet": ((0.05, 0.02, 0.08), (0.19, 0.05, 0.42), 0.6, 0.0),
    "magenta": ((0.08, 0.02, 0.05), (0.62, 0.07, 0.32), 0.6, 0.0),
    "cyan": ((0.02, 0.06, 0.08), (0.06, 0.45, 0.60), 0.6, 0.0),
    "warm": ((0.08, 0.06, 0.03), (0.80, 0.50, 0.22), 0.6, 0.0),
}


def _build_platform() -> Iterator[tuple[str, Any]]:
    yield "floor", make_disc(STAGE_RADIUS, -0.12, 0.0)
    yield "step", make_disc(STAGE_RADIUS + 0.45, -0.45, -0.12)
    yield "step", make_disc(STAGE_RADIUS + 0.9, -0.75, -0.45)
    yield "ground", make_disc(16.0, -0.80, -0.75)
    yield "cyan", make_ring(STAGE_RADIUS, STAGE_RADIUS + 0.03, -0.09, -0.05)
    yield "magenta", make_ring(STAGE_RADIUS + 0.45, STAGE_RADIUS + 0.48, -0.40, -0.36)
    yield "violet", make_ring(STAGE_RADIUS + 0.9, STAGE_RADIUS + 0.93, -0.70, -0.66)
    yield "cyan", make_ring(2.62, 2.66, -0.002, 0.004)
    yield "violet", make_ring(2.74, 2.755, -0.002, 0.004)


def _build_wall() -> Iterator[tuple[str, Any]]:
    """Yield upright panels along an arc behind the stage, with light bars like a level meter's."""
    columns, rows, height = 15, 6, 0.62
    for column in range(columns):
        angle = math.radians(-66 + 132 * column / (columns - 1))
        place = rotation_matrix(-angle, (0, 1, 0)) @ translation_matrix((0, 0, -WALL_RADIUS))
        lit = 2 + round(2.2 * (0.5 + 0.5 * math.cos(2.6 * angle)) + (column * 7 % 3) * 0.5)
        back = make_box((0.98, rows * height + 0.2, 0.06), (0, rows * height / 2 - 0.5, -0.08))
        back.apply_transform(place)
        yield "frame", back
        for row in range(rows):
            middle = -0.5 + (row + 0.5) * height
            panel = make_box((0.88, height - 0.06, 0.06), (0, middle, 0))
            panel.apply_transform(place)
            yield "panel", panel
            if row < lit:
                bar = make_box((0.62, 0.05, 0.04), (0, middle, 0.04))
                bar.apply_transform(place)
                yield ("violet", "violet", "magenta", "magenta", "cyan")[row], bar


def _build_arch(radius: float, depth: float, tube: float) -> Any:
    """Return an arch of square section, slightly over half a ring, its feet inside the steps."""
    return make_arc_strip(radius, tube, span=(-0.28, math.pi + 0.28), depth=depth, sections=48)


def _build_arches() -> Iterator[tuple[str, Any]]:
    for radius, depth, color in ((2.75, -3.0, "magenta"), (3.35, -3.6, "cyan")):
        yield "frame", _build_arch(radius, depth, 0.11)
        yield color, _build_arch(radius, depth + 0.11, 0.025)


def _build_columns() -> Iterator[tuple[str, Any]]:
    for side in (-1, 1):
        for distance, depth, height in ((4.3, -2.2, 3.6), (4.9, -0.9, 3.0), (5.3, 0.5, 2.4)):
            x = side * distance
            yield "frame", make_box((0.34, height + 0.75, 0.34), (x, (height - 0.75) / 2, depth))
            yield (
                "violet",
                make_box((0.06, height - 0.1, 0.02), (x, height / 2 - 0.3, depth + 0.175)),
            )
            yield "warm", make_box((0.36, 0.04, 0.36), (x, height + 0.02, depth))


def _build_rigging() -> Iterator[tuple[str, Any]]:
    for girder in (
        ((-4.6, TRUSS_HEIGHT, -1.4), (4.6, TRUSS_HEIGHT, -1.4)),
        ((-4.6, -0.75, -1.4), (-4.6, TRUSS_HEIGHT, -1.4)),
        ((4.6, -0.75, -1.4), (4.6, TRUSS_HEIGHT, -1.4)),
    ):
        for bar in make_truss(*girder):
            yield "steel", bar
    for index, x in enumerate(np.linspace(-3.6, 3.6, 7)):
        foot, top = (x, TRUSS_HEIGHT - 0.52, -1.3), (x, TRUSS_HEIGHT - 0.2, -1.4)
        yield "frame", make_bar(foot, top, 0.12, 12)
        lens = make_bar((x, TRUSS_HEIGHT - 0.54, -1.295), foot, 0.10, 12)
        yield ("magenta", "warm", "cyan", "warm")[index % 4], lens
    for side in (-1, 1):
        wedge = trimesh.convex.convex_hull(
            np.array(
                [(x, y, z) for x in (-0.3, 0.3) for y, z in ((0, -0.2), (0.32, 0.1), (0, 0.2))]
            )
        )
        turn = rotation_matrix(-side * 0.5, (0, 1, 0))
        wedge.apply_transform(translation_matrix((side * 1.9, 0.0, 2.6)) @ turn)
        yield "frame", wedge


def build() -> Any:
    """Build the set as a trimesh scene: one mesh per material, with creases above 35°."""
    parts: dict[str, list[Any]] = {name: [] for name in _MATERIALS}
    for group in (
        _build_platform(),
        _build_wall(),
        _build_arches(),
        _build_columns(),
        _build_rigging(),
    ):
        for material, mesh in group:
            parts[material].append(mesh)
    scene = trimesh.Scene()
    for name, (reflectance, emission, roughness, metallic) in _MATERIALS.items():
        merged = trimesh.util.concatenate(parts[name])
        mesh = trimesh.graph.smooth_shade(merged, angle=math.radians(35))
        mesh.visual = trimesh.visual.TextureVisuals(
            material=trimesh.visual.material.PBRMaterial(
                name=name,
                baseColorFactor=[*reflectance, 1.0],
                emissiveFactor=emission,
                roughnessFactor=roughness,
                metallicFactor=metallic,
            )
        )
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    for index, x in enumerate((0.0, -1.3, 1.3, -0.7, 0.7)):
        place = translation_matrix((x, 0.0, 0.0 if index < 3 else -1.2))
        scene.graph.update(f"spawn.{index}", matrix=place)
    scene.metadata.update(
        {
            "backdrop_top": [0.003, 0.003, 0.014],
            "backdrop_horizon": [0.05, 0.018, 0.10],
            "backdrop_bottom": [0.004, 0.003, 0.010],
            EMISSIVE_STRENGTH: STRENGTH,
        }
    )
    return scene


def main() -> None:
    """Write the set's file."""
    SET_PATH.parent.mkdir(parents=True, exist_ok=True)
    SET_PATH.write_bytes(build().export(file_type="glb", include_normals=True))


if __name__ == "__main__":
    main()
