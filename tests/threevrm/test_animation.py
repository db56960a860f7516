"""Test VRM animations on avatars of both versions: bones, faces and gaze match three-vrm's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars.gltf import read_gltf
from avatars.instance import AvatarInstance
from avatars.names import BONE_INDEX
from avatars.rest import rest_world
from avatars.vrm import read_avatar
from avatars.vrma import Animation, read_vrma, write_vrma

IDOL = Path(__file__).parents[2] / "avatars" / "library" / "idol.vrm"
ANIMATIONS = ("original_01.vrma", "original_02.vrma", "three_vrm_test.vrma")


def select_keyframes(animation: Animation, most: int = 40) -> list[float]:
    """Return keyframe times, where nothing is interpolated, spread over the animation."""
    step = max(1, len(animation.times) // most)
    return [float(t) for t in animation.times[::step] if t > 0.0]


@pytest.fixture(params=("Godette_vrm_v4.vrm", "idol.vrm"))
def avatar_file(request: pytest.FixtureRequest, shared_data: Path) -> Path:
    return IDOL if request.param == "idol.vrm" else shared_data / "avatars" / request.param


@pytest.mark.parametrize("rewritten", [False, True], ids=["read", "written"])
@pytest.mark.parametrize("name", ANIMATIONS)
def test_an_animation_plays_as_in_the_reference(
    shared_data: Path,
    avatar_file: Path,
    name: str,
    rewritten: bool,
    reference: Any,
    difference: Callable[..., None],
    tmp_path: Path,
) -> None:
    file = shared_data / "animation" / name
    animation = read_vrma(file)
    if rewritten:
        # A file written by us, read by the reference.
        file = tmp_path / name
        file.write_bytes(write_vrma(animation))
    gltf = read_gltf(avatar_file)
    avatar = read_avatar(gltf)
    instance = AvatarInstance(avatar)
    # three-vrm sets the hips to the animation's position, scaled; ours move from their own rest.
    rest = rest_world(avatar.nodes)[avatar.bones["hips"], :3, 3]
    scale = np.float32(rest[1] / animation.hips_height)
    # A file without hips motion leaves them at the avatar's own rest in both.
    has_place = float(rewritten or bool(animation.hips.any()))
    aside = animation.rest[BONE_INDEX["hips"]] * scale - rest
    aside = (aside * (has_place, 0.0, has_place)).astype(np.float32)
    times = select_keyframes(animation)
    places, morphs = [], []
    for seconds in times:
        moment = animation.at(seconds)
        gaze = np.zeros(2, np.float32) if moment.gaze is None else moment.gaze
        instance.pose(
            moment.rotations,
            moment.hips * scale + aside,
            np.zeros(52, np.float32),
            gaze,
            moment.weights(avatar),
        )
        places.append(instance.world[list(gltf.tree.place), :3, 3].copy())
        morphs.append(instance.morphs.copy())
    answer = reference.run(avatar_file, [{"time": t} for t in times], animation=file)
    verb = "written" if rewritten else "read"
    apart = 1e3 * float(np.linalg.norm(np.array(places) - answer.positions, axis=2).max())
    difference(f"VRMA {verb}: bones", f"{name} on {avatar_file.name}", apart, "mm", 1.0)
    flat = np.array([[w for mesh in frame for w in mesh] for frame in answer.morphs])
    shapes = float(np.abs(np.array(morphs) - flat).max(initial=0.0))
    difference(f"VRMA {verb}: morph weights", f"{name} on {avatar_file.name}", shapes, "", 1e-3)
