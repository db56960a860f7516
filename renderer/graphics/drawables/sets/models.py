"""Create the drawables of a stage set: plain, baked, with maps, and transparent."""

from __future__ import annotations

from collections.abc import Sequence

import moderngl

from avatars.model import AlphaMode
from renderer.graphics.drawables.base import Drawable
from renderer.graphics.drawables.sets.baked import BakedSetModel
from renderer.graphics.drawables.sets.blended import BlendedSetModel
from renderer.graphics.drawables.sets.flat_floor import split_floor
from renderer.graphics.drawables.sets.floor import FloorModel
from renderer.graphics.drawables.sets.material import MaterialMaps, SetTextures
from renderer.graphics.drawables.sets.model import SetModel
from renderer.graphics.gpu.light_lists import LightVariant
from renderer.graphics.gpu.shaders import Programs
from renderer.stage.sets.stage_set import SetMesh, StageSet
from renderer.stage.sets.surfaces import SurfaceMaterial


def set_models(
    context: moderngl.Context,
    programs: Programs,
    stage: StageSet,
    *,
    surface_defines: tuple[str, ...],
    variants: Sequence[LightVariant],
    anisotropy: float,
    lights_floor_apart: bool = False,
) -> list[Drawable]:
    """Return the drawables of a set's surfaces; opaque ones with the same maps share one.

    Args:
        surface_defines: shader defines of every lit surface.
        variants: light-list variants to compile at once.
        anisotropy: of its textures.
        lights_floor_apart: whether the flat floor of a set with baked light is lit at a reduced
            size. In other sets, the order of drawing decides between coplanar surfaces.
    """
    models: list[Drawable] = []
    name = f"the set {stage.name!r}"
    plain: Sequence[SetMesh] = [
        mesh for mesh in stage.meshes if mesh.material is None and mesh.light is None
    ]
    baked = [mesh for mesh in stage.meshes if mesh.material is None and mesh.light is not None]
    if lights_floor_apart and baked:
        floor, plain = split_floor(plain, stage.spawns[0][1])
        if floor is not None:
            models.append(
                FloorModel(
                    context,
                    programs,
                    f"the floor of {name}",
                    floor,
                    surface_defines=surface_defines,
                    variants=variants,
                )
            )
    if plain:
        models.append(
            SetModel(
                context, programs, name, plain, surface_defines=surface_defines, variants=variants
            )
        )
    if baked:
        models.append(BakedSetModel(context, programs, stage.name, baked, stage.spawns[0]))
    textures = SetTextures(context, stage.meshes, anisotropy)
    groups: dict[SurfaceMaterial, list[SetMesh]] = {}
    for mesh in stage.meshes:
        if mesh.material is not None:
            groups.setdefault(mesh.material, []).append(mesh)
    for material, meshes in groups.items():
        maps = MaterialMaps(material, textures)
        part = f"material {material.name!r} of {name}"
        if material.alpha_mode is AlphaMode.BLEND:
            models += [
                BlendedSetModel(
                    context,
                    programs,
                    f"mesh {mesh.name!r} of {name}",
                    mesh,
                    maps,
                    surface_defines=surface_defines,
                    variants=variants,
                )
                for mesh in meshes
            ]
        else:
            models.append(
                SetModel(
                    context,
                    programs,
                    part,
                    meshes,
                    maps,
                    surface_defines=surface_defines,
                    variants=variants,
                )
            )
    return models
