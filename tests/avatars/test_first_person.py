"""Test first-person flags: read in both versions, kept when an avatar is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from avatars import load_avatar
from avatars.model import Avatar, FirstPerson, MeshInstance
from avatars.write import write_vrm

Edit = Callable[[bytes, Callable[[dict[str, Any]], None]], Path]
FLAGS = get_args(FirstPerson)


def flags(path: Path) -> list[str]:
    return [instance.first_person for instance in load_avatar(path).instances]


def annotated(edited: Edit, tiny_file: bytes, *annotations: dict[str, Any]) -> Path:
    def change(root: dict[str, Any]) -> None:
        root["extensions"]["VRMC_vrm"]["firstPerson"] = {"meshAnnotations": list(annotations)}

    return edited(tiny_file, change)


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_goes_with_its_node(
    edited: Edit, tiny_file: bytes, tiny_avatar: Avatar, flag: str
) -> None:
    node = tiny_avatar.instances[0].node
    assert flags(annotated(edited, tiny_file, {"node": node, "type": flag})) == [flag]


def test_what_is_not_annotated_is_auto(edited: Edit, tiny_file: bytes, tiny_avatar: Avatar) -> None:
    assert flags(annotated(edited, tiny_file)) == ["auto"]
    # A node without a mesh draws nothing, whatever its flag.
    head = {"node": tiny_avatar.bones["head"], "type": "firstPersonOnly"}
    assert flags(annotated(edited, tiny_file, head)) == ["auto"]


def test_an_unknown_flag_is_auto_with_a_warning(
    edited: Edit, tiny_file: bytes, tiny_avatar: Avatar
) -> None:
    annotation = {"node": tiny_avatar.instances[0].node, "type": "whenAlone"}
    avatar = load_avatar(annotated(edited, tiny_file, annotation))
    assert avatar.instances[0].first_person == "auto"
    assert any("'whenAlone'" in warning for warning in avatar.warnings)


@pytest.mark.parametrize("flag", ["Auto", "Both", "ThirdPersonOnly", "FirstPersonOnly"])
def test_an_old_file_flags_meshes(edited: Edit, shared_data: Path, flag: str) -> None:
    """0.x flags a mesh, not a node: every node that draws the mesh gets the flag."""
    data = (shared_data / "avatars" / "Godette_vrm_v4.vrm").read_bytes()
    plain = load_avatar(shared_data / "avatars" / "Godette_vrm_v4.vrm")

    def change(root: dict[str, Any]) -> None:
        root["extensions"]["VRM"]["firstPerson"]["meshAnnotations"] = [
            {"mesh": 1, "firstPersonFlag": flag},
            # The first of two flags is used.
            {"mesh": 1, "firstPersonFlag": "Both"},
            # Some exporters leave −1 for a deleted mesh.
            {"mesh": -1, "firstPersonFlag": "Both"},
        ]

    avatar = load_avatar(edited(data, change))
    wanted = {name.lower(): name for name in FLAGS}[flag.lower()]
    for instance in avatar.instances:
        assert instance.first_person == (wanted if instance.mesh == 1 else "auto")
    assert {i.mesh for i in avatar.instances} > {1}
    (warning,) = set(avatar.warnings) - set(plain.warnings)
    assert "meshAnnotations[2].mesh" in warning


def test_shared_avatars_say_what_their_files_say(shared_data: Path) -> None:
    folder = shared_data / "avatars"
    overrides = flags(folder / "VRMC_vrm_expressions_isBinary_Overrides.vrm")
    assert sorted(overrides) == ["auto", "auto", "auto", "thirdPersonOnly"]
    assert flags(folder / "sweeps" / "smoke_spring.vrm") == ["both", "both"]
    assert set(flags(folder / "cool_loops.vrm")) == {"auto"}


def test_flags_are_kept_when_written(tiny_avatar: Avatar, tmp_path: Path) -> None:
    head, body = tiny_avatar.bones["head"], tiny_avatar.instances[0].node
    for flag in FLAGS:
        instances = (
            replace(tiny_avatar.instances[0], first_person=flag),
            MeshInstance(head, 0, 0, "both"),
        )
        path = tmp_path / "kept.vrm"
        path.write_bytes(write_vrm(replace(tiny_avatar, instances=instances)))
        again = load_avatar(path)
        kept = {again.nodes.names[i.node]: i.first_person for i in again.instances}
        assert kept == {tiny_avatar.nodes.names[body]: flag, "head": "both"}
