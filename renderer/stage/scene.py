"""Converts a stage set to a pyrender scene: an independent renderer as a reference.

pyrender has no skinning and is not a live path; it renders reference images for tests, and stills.
Its lights are physical: a spot's intensity is what it emits, ours is what arrives at its target, so
intensities are scaled by the squared distance, and by pi because pyrender's Lambert term divides by
it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyrender
import trimesh

from renderer.stage.records import Camera, Light
from renderer.stage.set import SetMesh, StageSet


def pyrender_scene(
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
        scene.add(_mesh(mesh), name=mesh.name)
    for light in lights:
        scene.add(_light(light), pose=_look_at(light.position, light.target))
    lens = pyrender.PerspectiveCamera(yfov=camera.fov_y, znear=camera.near, zfar=camera.far)
    scene.add(lens, pose=_look_at(camera.position, camera.target))
    return scene


def _mesh(mesh: SetMesh) -> Any:
    colors = np.concatenate((mesh.color, np.ones((len(mesh.color), 1), np.float32)), axis=1)
    primitive = pyrender.Primitive(
        positions=mesh.position,
        normals=mesh.normal,
        color_0=colors,
        indices=mesh.triangles,
        material=pyrender.MetallicRoughnessMaterial(
            emissiveFactor=mesh.emissive,
            roughnessFactor=mesh.roughness,
            metallicFactor=mesh.metallic,
            doubleSided=True,
        ),
    )
    return pyrender.Mesh([primitive])


def _light(light: Light) -> Any:
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
