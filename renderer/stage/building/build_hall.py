"""Build the concert hall that ships with Encore: `python -m renderer.stage.building.build_hall`.

The file contains solids with baked light, screens, and the positions of fixtures, audience and
performers. It is generated deterministically, so it is reproducible byte by byte.
"""

from __future__ import annotations

import math
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import trimesh
from trimesh.transformations import translation_matrix

from renderer.stage.building import hall_house, hall_stage
from renderer.stage.building.bake import bake_groups
from renderer.stage.building.hall_house import build_house_parts, place_seats
from renderer.stage.building.hall_lamps import node_matrix, place_lamps
from renderer.stage.building.hall_stage import build_stage_parts, screens
from renderer.stage.records import Light
from renderer.stage.sets.lamp_nodes import LAMP_PREFIX
from renderer.stage.sets.lights import DEFAULT_LIGHTS, describe_light
from renderer.stage.sets.stage_set import EMISSIVE_STRENGTH, FIXTURE_PREFIX, LIGHT_ATTRIBUTE, SEATS

HALL_PATH: Final = Path(__file__).parents[3] / "assets" / "stage" / "concert_hall.glb"
STRENGTH: Final = 2.5
"""Factor on the file's emissive colours, which glTF limits to 1."""

LIT: Final = frozenset({"deck"})
"""Materials without baked light, which the renderer lights per pixel."""

LONGEST_EDGE: Final = {"ground": 4.0, "shell": 4.0, "riser": 1.0, "fin": 4.0, "black": 4.0}
"""Maximum edge length by material, metres: surfaces are subdivided, so that their vertices sample
the baked light densely enough."""

# name: (reflectance, emission before STRENGTH, roughness).
_MATERIALS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...], float]]] = {
    "deck": ((0.026, 0.027, 0.034), (0, 0, 0), 0.30),
    "riser": ((0.030, 0.031, 0.038), (0, 0, 0), 0.5),
    "black": ((0.014, 0.015, 0.018), (0, 0, 0), 0.6),
    "steel": ((0.20, 0.21, 0.23), (0, 0, 0), 0.4),
    "ground": ((0.012, 0.012, 0.014), (0, 0, 0), 0.7),
    "shell": ((0.020, 0.021, 0.027), (0, 0, 0), 0.8),
    "fin": ((0.065, 0.062, 0.060), (0, 0, 0), 0.7),
    "panel": ((0.055, 0.050, 0.048), (0, 0, 0), 0.7),
    "roof": ((0.006, 0.006, 0.008), (0, 0, 0), 0.9),
    "tier": ((0.030, 0.028, 0.032), (0, 0, 0), 0.8),
    "portal": ((0.002, 0.002, 0.002), (0, 0, 0), 0.8),
    "strip.edge": ((0.01, 0.01, 0.015), (0.04, 0.30, 0.44), 0.6),
    "strip.rib": ((0.01, 0.01, 0.015), (0.012, 0.04, 0.064), 0.6),
    "strip.trim": ((0.01, 0.01, 0.015), (0.52, 0.25, 0.064), 0.6),
    "strip.ribbon": ((0.01, 0.01, 0.015), (0.016, 0.055, 0.09), 0.6),
    "lamp": ((0.01, 0.01, 0.01), (0.50, 0.42, 0.30), 0.6),
    "exit": ((0.01, 0.01, 0.01), (0.03, 0.10, 0.05), 0.6),
    "glow": ((0.01, 0.01, 0.01), (0.04, 0.088, 0.12), 0.6),
}


def _make_light_groups() -> list[list[Light]]:
    """Return the groups to bake: washes on the deck, back light, house light, LED wall spill."""
    white = (1.0, 1.0, 1.0)

    def spot(at: tuple[float, float, float], to: tuple[float, float, float], wide: float) -> Light:
        return Light(at, to, white, (math.radians(0.55 * wide), math.radians(wide)))

    deck = [
        light
        for side in (-1, 1)
        for light in (
            spot((side * 5.5, 6.3, 1.6), (side * 3.6, 0.0, -2.0), 32.0),
            spot((side * 2.2, 6.3, 1.6), (side * 1.5, 0.4, -4.6), 30.0),
            spot((side * 6.9, -0.2, -3.0), (side * 6.9, 5.6, -3.6), 40.0),
        )
    ]
    back = [
        light
        for side in (-1, 1)
        for light in (
            spot((side * 6.5, 6.2, -2.4), (side * 3.0, 0.0, 2.0), 40.0),
            spot((side * 3.0, 2.0, -5.0), (side * 5.0, 6.6, 1.6), 55.0),
        )
    ]
    house = [
        spot((x, 11.8, z), (x * 1.05, -1.0, z + 2.0), 52.0)
        for x in (-15.0, -5.0, 5.0, 15.0)
        for z in (9.0, 17.0, 26.0)
    ]
    # Up-lights at the fins' feet and the boxes.
    for angle in np.radians(np.linspace(12.0, 168.0, 14)):
        x, y, z = hall_house.on_tier(hall_house.WALL - 2.2, float(angle), 21.6)
        house.append(spot((x, y, z), (1.03 * x, 24.0, z + 0.9), 50.0))
    wall = [
        Light(
            (x, y, -5.2), (x, y, 0.8), (0.16, 0.16, 0.16), (math.radians(20.0), math.radians(85.0))
        )
        for x in np.linspace(-6.0, 6.0, 7)
        for y in (1.6, 4.2)
    ]
    return [deck, back, house, wall]


def build() -> Any:
    """Return the hall as a trimesh scene: a mesh for each material, flat edges at sharp bends."""
    parts: dict[str, list[Any]] = {name: [] for name in _MATERIALS}
    for material, mesh in chain(build_stage_parts(), build_house_parts()):
        parts[material].append(mesh)
    groups = _make_light_groups()
    scene = trimesh.Scene()
    for name, (reflectance, emission, roughness) in _MATERIALS.items():
        merged: Any = trimesh.util.concatenate(parts[name])
        if name in LONGEST_EDGE:
            merged = merged.subdivide_to_size(LONGEST_EDGE[name])
        # Five-sided bars look round with smooth normals.
        bend = math.radians(80.0 if name == "steel" else 35.0)
        mesh = trimesh.graph.smooth_shade(merged, angle=bend)
        mesh.visual = trimesh.visual.TextureVisuals(
            material=trimesh.visual.material.PBRMaterial(
                name=name,
                baseColorFactor=[*reflectance, 1.0],
                emissiveFactor=emission,
                roughnessFactor=roughness,
                metallicFactor=0.0,
            )
        )
        if name not in LIT:
            mesh.vertex_attributes[LIGHT_ATTRIBUTE] = bake_groups(
                mesh.vertices, mesh.vertex_normals, groups
            )
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    for name, screen in screens().items():
        scene.add_geometry(screen, node_name=name, geom_name=name)
    scene.add_geometry(trimesh.PointCloud(place_seats()), node_name=SEATS, geom_name=SEATS)
    for role, places in (hall_stage.place_heads() | hall_house.place_heads()).items():
        for number, place in enumerate(places):
            name = f"{FIXTURE_PREFIX}{role}.{number:02d}"
            scene.graph.update(name, matrix=translation_matrix(place))
    for number, lamp in enumerate(place_lamps()):
        name = f"{LAMP_PREFIX}{lamp.kind.value}.{lamp.role}.{number:02d}"
        scene.graph.update(name, matrix=node_matrix(lamp.position, lamp.direction))
    for number, light in enumerate(DEFAULT_LIGHTS):
        name = f"{LAMP_PREFIX}{light.kind.value}.{light.role}.{number:02d}"
        aim = np.subtract(light.target, light.position)
        matrix = node_matrix(light.position, aim / np.linalg.norm(aim))
        scene.graph.update(name, matrix=matrix, metadata=describe_light(light))
    for number, (x, z) in enumerate(
        ((0.0, 0.0), (-1.3, 0.0), (1.3, 0.0), (-0.7, -1.2), (0.7, -1.2))
    ):
        scene.graph.update(f"spawn.{number}", matrix=translation_matrix((x, 0.0, z)))
    scene.metadata.update(
        {
            "backdrop_top": [0.001, 0.001, 0.002],
            "backdrop_horizon": [0.002, 0.002, 0.004],
            "backdrop_bottom": [0.0005, 0.0005, 0.001],
            EMISSIVE_STRENGTH: STRENGTH,
        }
    )
    return scene


def main() -> None:
    """Write the hall's file."""
    HALL_PATH.parent.mkdir(parents=True, exist_ok=True)
    HALL_PATH.write_bytes(build().export(file_type="glb", include_normals=True))


if __name__ == "__main__":
    main()
