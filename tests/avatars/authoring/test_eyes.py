"""Test that eye shapes do not move the eyeballs in addition to the eye bones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from avatars import load_avatar
from avatars.model import Avatar, Expression, LookAt
from avatars.names import ARKIT, ARKIT_INDEX
from avatars.pose import AvatarPose
from avatars.vrm.eyes import still_eyeballs

Edit = Callable[[bytes, Callable[[dict[str, Any]], None]], Path]
LIDS, BALLS = {4, 5}, {6, 7}


def moved(avatar: Avatar, target: int) -> set[int]:
    return set(avatar.meshes[0].primitives[0].targets[target].indices.tolist())


def test_bones_turn_the_eyeballs_and_shapes_the_lids(tiny_avatar: Avatar) -> None:
    assert moved(tiny_avatar, 2) == LIDS | BALLS
    stilled = still_eyeballs(tiny_avatar)
    assert moved(stilled, 2) == LIDS
    assert moved(stilled, 0) == moved(stilled, 1) == LIDS | BALLS


def test_files_are_read_so(edited: Edit, tiny_file: bytes) -> None:
    assert moved(load_avatar(edited(tiny_file, lambda root: None)), 2) == LIDS


def test_shapes_that_other_faces_use_stay_whole(tiny_avatar: Avatar) -> None:
    surprised = Expression("surprised", True, np.int32([2]), np.float32([0.5]))
    avatar = replace(tiny_avatar, expressions=(*tiny_avatar.expressions, surprised))
    assert moved(still_eyeballs(avatar), 2) == LIDS | BALLS


def test_eyes_without_bones_keep_their_shapes(tiny_avatar: Avatar) -> None:
    by_expression = LookAt("expression", (0.0, 0.0, 0.0), ((1.5, 1.0),) * 4)
    for avatar in (
        replace(tiny_avatar, look_at=by_expression),
        replace(tiny_avatar, look_at=None),
        replace(tiny_avatar, bones={k: v for k, v in tiny_avatar.bones.items() if "Eye" not in k}),
    ):
        assert moved(still_eyeballs(avatar), 2) == LIDS | BALLS


def test_looks_by_shape_are_not_doubled_by_presets(tiny_avatar: Avatar) -> None:
    names = [*(name for name in ARKIT if name.startswith("eyeLook")), "lookUp", "lookLeft"]
    expressions = tuple(
        Expression(name, name.startswith("look"), np.int32([0]), np.float32([1.0]))
        for name in names
    )
    avatar = replace(
        tiny_avatar,
        look_at=LookAt("expression", (0.0, 0.0, 0.0), ((1.5, 1.0),) * 4),
        expressions=expressions,
    )
    shapes = np.zeros(52, np.float32)
    shapes[ARKIT_INDEX["eyeLookUpLeft"]] = 0.5

    def faces(avatar: Avatar) -> dict[str, float]:
        pose = AvatarPose(avatar)
        rest = np.tile(np.float32([0, 0, 0, 1]), (55, 1))
        pose.apply(rest, np.zeros(3, np.float32), shapes, np.float32([0.0, 0.5]))
        return {e.name: float(w) for e, w in zip(avatar.expressions, pose.expressions, strict=True)}

    assert faces(avatar)["eyeLookUpLeft"] == 0.5 and faces(avatar)["lookUp"] == 0.0
    assert faces(replace(avatar, expressions=expressions[1:]))["lookUp"] > 0.0
