"""Test expressions that change materials, are binary or override others, against three-vrm."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.material_values import COLOR_SLOTS, UV_SLOTS
from avatars.model import Avatar, ColorBind, Expression, Material, OutlineMode, TextureUse, UvBind
from avatars.names import HUMAN_BONES
from avatars.pose import AvatarPose
from avatars.vrm.mtoon0 import linear
from avatars.write import write_vrm

LIBRARY = Path(__file__).parents[2] / "avatars" / "library"
FILES = (
    "EmissionMigration_v0.107.0.vrm",
    "Godette_vrm_v4.vrm",
    "VRMC_materials_mtoon_UV_Animation_Test.vrm",
    "VRMC_vrm_expressions_isBinary_Overrides.vrm",
    "cool_loops.vrm",
    "sweeps/mtoon_default.vrm",
    "sweeps/mtoon_rimLightingMix_0p5.vrm",
    "sweeps/mtoon_shadingShift_neg1.vrm",
    "sweeps/mtoon_shadingToony_1.vrm",
)
REST = np.tile(np.float32((0, 0, 0, 1)), (len(HUMAN_BONES), 1))
LOOKS = ("lookLeft", "lookRight", "lookUp", "lookDown")


def made(folder: Path) -> Path:
    """Write the idol with all kinds of expressions: colours, transforms, binary, both overrides."""
    idol = load_avatar(LIBRARY / "idol.vrm")
    random = np.random.default_rng(5)

    def colour(slot: str) -> tuple[float, float, float, float]:
        red, green, blue, alpha = random.uniform(0.0, 1.0, 4)
        return red, green, blue, alpha if slot == "base_color" else 1.0

    def face(name: str, first: int, **more: Any) -> Expression:
        channels = np.arange(first, first + 4, dtype=np.int32)
        return Expression(name, True, channels, np.float32((1.0, 0.7, 0.4, 0.2)), **more)

    worn = [m for mesh in idol.meshes for m in {p.material for p in mesh.primitives}]
    # three-vrm 3.5 adds a bind once per mesh with the material; once is correct.
    once = [number for number in sorted(worn) if worn.count(number) == 1]
    lit = [number for number in once if not idol.materials[number].unlit]
    unlit = [number for number in once if idol.materials[number].unlit]
    colours = tuple(ColorBind(i, slot, colour(slot)) for i in lit for slot in COLOR_SLOTS)
    bases = tuple(ColorBind(i, "base_color", colour("base_color")) for i in (*lit, *unlit))
    places = tuple(UvBind(i, (0.25, -0.5), (0.5, 2.0)) for i in (*lit, *unlit))
    shifted = tuple(UvBind(i, (0.1, 0.2), (0.8, 0.9)) for i in lit[:1])
    materials = tuple(
        replace(material, emissive=(3.0, 2.0, 1.0), base_texture=_move(material.base_texture))
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


def _move(use: TextureUse | None) -> TextureUse | None:
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
    """Yield weights (e,): one expression alone, half and full, then several at once."""
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
    # If expressions drive the gaze, three-vrm moves it by the look-at alone.
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
    """Yield the largest differences of each value over all frames.

    Args:
        told: the reference's values by group, frame and material.
        names: of `own`'s slots.
        own: (f, b, slots, 4).
        numbers: (b,) of the materials.
    """
    for row, number in enumerate(numbers):
        for slot, name in enumerate(names):
            if name in told[0][number][group]:
                theirs = np.array([frame[number][group][name] for frame in told])
                yield float(np.abs(own[:, row, slot, : theirs.shape[1]] - theirs).max())


def own_value(material: Material, key: str) -> Any:
    """Return a material's value by its name in the reference's script."""
    if key.startswith("uv_scroll"):
        return material.uv_scroll["xy".index(key[-1])]
    value = getattr(material, key)
    if isinstance(value, TextureUse):
        return (*value.offset, *value.scale)
    return value


def migrate(material: Material, key: str, value: Any) -> Any:
    """Return three-vrm's value of a 0.x toon material as UniVRM's migration would compute it.

    three-vrm 3.5 decodes all colours with a power of 2.2, where UniVRM uses sRGB, and leaves
    emission unchanged; it measures outlines on the screen in half heights; it applies a matcap
    colour without a texture.
    """
    value = np.array(value, np.float64)
    if key == "outline_width":
        widths = {OutlineMode.NONE: 0.0, OutlineMode.WORLD: 1.0, OutlineMode.SCREEN: 0.5}
        return value * widths[material.outline_mode]
    if key == "matcap_color" and material.matcap_texture is None:
        return 0.0 * value
    if key in COLOR_SLOTS and key != "matcap_color":
        value[:3] = value[:3] ** (1.0 / 2.2)
        if key != "emissive":
            value[:3] = [linear(component) for component in value[:3]]
    return value


@pytest.mark.parametrize("name", (*FILES, "idol.vrm", "idol_2.vrm"))
def test_materials_at_rest_are_those_of_the_reference(
    name: str, shared_data: Path, reference: Any, difference: Callable[..., None]
) -> None:
    """Test every colour, factor and transform that both define."""
    path = LIBRARY / name if name.startswith("idol") else shared_data / "avatars" / name
    avatar = load_avatar(path)
    is_old = avatar.meta.vrm_version == "0.x"
    shipped: dict[str, float] = {}
    mended: dict[str, float] = {}
    for material, told in zip(
        avatar.materials, reference.run(path, [{}]).materials[0], strict=False
    ):
        for group, values in (told or {}).items():
            for key, theirs in values.items():
                ours = own_value(material, key)
                if ours is None:
                    continue
                apart = float(np.abs(np.array(ours) - theirs).max())
                shipped[group] = max(shipped.get(group, 0.0), apart)
                if is_old and "shading_toony" in told["factors"]:
                    theirs = migrate(material, key, theirs)
                    apart = float(np.abs(np.array(ours) - theirs).max())
                mended[group] = max(mended.get(group, 0.0), apart)
    kind = "materials of VRM 0.x" if is_old else "materials"
    known = math.inf if is_old else None
    for group, apart in shipped.items():
        difference(f"{kind} at rest: {group}", path.name, apart, "", 1e-3, known=known)
    for group, apart in mended.items() if is_old else ():
        difference(f"{kind} at rest: {group}", path.name, apart, "", 1e-3, mended=True)
