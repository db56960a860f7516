"""Faces that change materials, switch on and off, or rule others out, as three-vrm's do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.material_values import COLOR_SLOTS, UV_SLOTS
from avatars.model import Avatar, ColorBind, Expression, TextureUse, UvBind
from avatars.names import HUMAN_BONES
from avatars.pose import AvatarPose
from avatars.write import write_vrm

IDOL = Path(__file__).parents[2] / "avatars" / "library" / "idol.vrm"
REST = np.tile(np.float32((0, 0, 0, 1)), (len(HUMAN_BONES), 1))
LOOKS = ("lookLeft", "lookRight", "lookUp", "lookDown")


def made(folder: Path) -> Path:
    """The idol with faces of every kind: all colours, placements, binaries and both overrides."""
    idol = load_avatar(IDOL)
    random = np.random.default_rng(5)

    def colour(slot: str) -> tuple[float, float, float, float]:
        red, green, blue, alpha = random.uniform(0.0, 1.0, 4)
        return red, green, blue, alpha if slot == "base_color" else 1.0

    def face(name: str, first: int, **more: Any) -> Expression:
        channels = np.arange(first, first + 4, dtype=np.int32)
        return Expression(name, True, channels, np.float32((1.0, 0.7, 0.4, 0.2)), **more)

    worn = [m for mesh in idol.meshes for m in {p.material for p in mesh.primitives}]
    # three-vrm 3.5 adds a bind as often as meshes wear the material; once is what is meant.
    once = [number for number in sorted(worn) if worn.count(number) == 1]
    lit = [number for number in once if not idol.materials[number].unlit]
    unlit = [number for number in once if idol.materials[number].unlit]
    colours = tuple(ColorBind(i, slot, colour(slot)) for i in lit for slot in COLOR_SLOTS)
    bases = tuple(ColorBind(i, "base_color", colour("base_color")) for i in (*lit, *unlit))
    places = tuple(UvBind(i, (0.25, -0.5), (0.5, 2.0)) for i in (*lit, *unlit))
    shifted = tuple(UvBind(i, (0.1, 0.2), (0.8, 0.9)) for i in lit[:1])
    materials = tuple(
        replace(material, emissive=(3.0, 2.0, 1.0), base_texture=_moved(material.base_texture))
        if material.emissive_texture
        else material
        for material in idol.materials
    )
    expressions = (
        face("happy", 0, override_blink="block", color_binds=colours, uv_binds=shifted),
        face("angry", 4, override_mouth="blend", override_blink="blend", color_binds=bases),
        face("sad", 8, is_binary=True, uv_binds=places),
        face("relaxed", 12, is_binary=True, override_mouth="block", override_look_at="blend"),
        face("surprised", 16, override_look_at="block"),
        face("blink", 20, color_binds=bases[:1]),
        face("blinkLeft", 24, is_binary=True),
        face("aa", 28),
        face("oh", 32, is_binary=True),
        face("lookLeft", 36),
    )
    path = folder / "made-faces.vrm"
    written = replace(
        idol, expressions=expressions, materials=materials, springs=type(idol.springs)()
    )
    path.write_bytes(write_vrm(written))
    return path


def _moved(use: TextureUse | None) -> TextureUse | None:
    return None if use is None else replace(use, offset=(0.125, 0.25), scale=(1.5, 0.5))


@pytest.fixture(
    scope="module",
    params=(
        "made",
        "VRMC_vrm_expressions_isBinary_Overridden.vrm",
        "VRMC_vrm_expressions_isBinary_Overrides.vrm",
    ),
)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "made":
        return made(tmp_path_factory.mktemp("faces"))
    shared: Path = request.getfixturevalue("shared_data")
    return shared / "avatars" / request.param


def faces(avatar: Avatar) -> Iterator[np.ndarray[Any, Any]]:
    """Weights (e,): one face alone, half and whole, then several at once."""
    count = len(avatar.expressions)
    yield np.zeros(count)
    for number in range(count):
        for weight in (0.3, 0.5, 0.7, 1.0):
            yield np.where(np.arange(count) == number, weight, 0.0)
    random = np.random.default_rng(17)
    for _ in range(40):
        yield np.where(random.uniform(size=count) < 0.4, random.uniform(size=count), 0.0)


def test_faces_and_materials_are_those_of_the_reference(
    file: Path, reference: Any, difference: Callable[..., None]
) -> None:
    avatar = load_avatar(file)
    names = [expression.name for expression in avatar.expressions]
    # A look moves by the gaze alone in three-vrm where expressions carry it.
    free = np.array([name not in LOOKS for name in names])
    pose = AvatarPose(avatar)
    frames, ours = [], []
    for weights in faces(avatar):
        own = (weights * free).astype(np.float32)
        pose.apply(
            REST, np.zeros(3, np.float32), np.zeros(52, np.float32), np.zeros(2, np.float32), own
        )
        values = pose.material_values
        ours.append((pose.morphs.copy(), values.colors.copy(), values.uvs.copy()))
        frames.append({"expressions": dict(zip(names, own.tolist(), strict=True))})
    answer = reference.run(file, frames)
    own_morphs, own_colors, own_uvs = (np.array(part) for part in zip(*ours, strict=True))
    if avatar.channel_count:
        flat = [[weight for mesh in shapes for weight in mesh] for shapes in answer.morphs]
        apart = float(np.abs(own_morphs - np.array(flat)).max())
        difference("expressions: isBinary and overrides", file.name, apart, "", 1e-3)
    changed = pose.material_values.materials.tolist()
    noted = []
    for feature, group, names_of, own_values in (
        ("materials: colours", "colors", COLOR_SLOTS, own_colors),
        ("materials: texture placements", "textures", UV_SLOTS, own_uvs),
    ):
        found = list(differences(answer.materials, group, names_of, own_values, changed))
        if np.ptp(own_values, axis=0).max(initial=0.0) > 0.1:
            difference(feature, file.name, max(found), "", 1e-3)
            noted.append(feature)
    assert noted, "a face changes a material"


def differences(
    told: Any, group: str, names: tuple[str, ...], own: Any, numbers: list[int]
) -> Iterator[float]:
    """Largest differences of each value over all frames.

    Args:
        told: by frame and material, the reference's values in their groups.
        names: of `own`'s slots.
        own: (f, b, slots, 4).
        numbers: (b,) of the materials.
    """
    for row, number in enumerate(numbers):
        for slot, name in enumerate(names):
            if name in told[0][number][group]:
                theirs = np.array([frame[number][group][name] for frame in told])
                yield float(np.abs(own[:, row, slot, : theirs.shape[1]] - theirs).max())
