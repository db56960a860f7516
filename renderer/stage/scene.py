"""Convert a stage set to a pyrender scene, an independent renderer for reference images and stills.

pyrender has no skinning and is not used live. Its spots have an emitted intensity, ours the
intensity at the target, so intensities are scaled by the squared distance, and by pi, by which
pyrender's Lambert term divides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyrender
import trimesh

from avatars.model import Texture
from renderer.stage.records import Camera, Light
from renderer.stage.sets.stage_set import Screen, SetMesh, StageSet


def build_pyrender_scene(
    stage: StageSet,
    lights: Iterable[Light],
    camera: Camera,
    ambient: tuple[float, float, float] = (0.2, 0.2, 0.2),
) -> Any:
    """Build a pyrender.Scene of the set with its lights and camera; colours are linear.

    Args:
        stage: the set.
        lights: at their targets' intensity.
        camera: the view.
        ambient: linear RGB.
    """
    scene = pyrender.Scene(bg_color=(0.0, 0.0, 0.0, 0.0), ambient_light=ambient)
    for mesh in stage.meshes:
        scene.add(_convert_mesh(mesh), name=mesh.name)
    for screen in stage.screens:
        scene.add(_convert_screen(screen), name=screen.name)
    for light in lights:
        scene.add(_convert_light(light), pose=_look_at(light.position, light.target))
    lens = pyrender.PerspectiveCamera(yfov=camera.fov_y, znear=camera.near, zfar=camera.far)
    scene.add(lens, pose=_look_at(camera.position, camera.target))
    return scene


def _convert_mesh(mesh: SetMesh) -> Any:
    opacity = np.ones(len(mesh.color), np.float32) if mesh.opacity is None else mesh.opacity
    maps = mesh.material
    primitive = pyrender.Primitive(
        positions=mesh.position,
        normals=mesh.normal,
        color_0=np.column_stack((mesh.color, opacity)),
        texcoord_0=mesh.uv,
        indices=mesh.triangles,
        material=pyrender.MetallicRoughnessMaterial(
            emissiveFactor=mesh.emissive,
            roughnessFactor=mesh.roughness,
            metallicFactor=mesh.metallic,
            baseColorTexture=None if maps is None else _convert_texture(maps.base),
            emissiveTexture=None if maps is None else _convert_texture(maps.emissive),
            metallicRoughnessTexture=None if maps is None else _convert_texture(maps.roughness),
            alphaMode="OPAQUE" if maps is None else maps.alpha_mode.value,
            alphaCutoff=0.5 if maps is None else maps.alpha_cutoff,
            doubleSided=True,
        ),
    )
    return pyrender.Mesh([primitive])


def _convert_screen(screen: Screen) -> Any:
    """Return a screen that is switched off."""
    material = pyrender.MetallicRoughnessMaterial(
        baseColorFactor=(0.0, 0.0, 0.0, 1.0), doubleSided=True
    )
    return pyrender.Mesh(
        [pyrender.Primitive(screen.position, indices=screen.triangles, material=material)]
    )


def _convert_texture(texture: Texture | None) -> Any:
    if texture is None:
        return None
    return pyrender.Texture(source=texture.pixels, source_channels="RGBA")


def _convert_light(light: Light) -> Any:
    strength = max(light.color)
    color = [channel / strength if strength else 0.0 for channel in light.color]
    if light.cone is None:
        return pyrender.DirectionalLight(color=color, intensity=math.pi * strength)
    inner, outer = light.cone
    sent = math.pi * strength * math.dist(light.position, light.target) ** 2
    return pyrender.SpotLight(
        color=color, intensity=sent, innerConeAngle=inner, outerConeAngle=outer
    )


def _look_at(position: tuple[float, ...], target: tuple[float, ...]) -> Any:
    """Return (4, 4) the transform from camera or light space, which looks down -Z, to the stage."""
    back = np.subtract(position, target)
    back = back / np.linalg.norm(back)
    up = np.array((0.0, 1.0, 0.0) if abs(back[1]) < 0.9999 else (0.0, 0.0, -1.0))
    pose = np.eye(4)
    right = trimesh.unitize(np.cross(up, back))
    pose[:3, :4] = np.column_stack((right, np.cross(back, right), back, position))
    return pose
