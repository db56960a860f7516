"""Test malicious files: each gives an avatar that can be posed, or one clear error."""

from __future__ import annotations

import copy
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatars import load_avatar
from avatars.errors import AvatarError
from avatars.info import summarise
from avatars.pose import AvatarPose

SEEDS = (
    "blender_5.2/triangle.vrm",
    "blender_5.2/basic_armature_vrm1.vrm",
    "VRMC_vrm_expressions_isBinary_Overridden.vrm",
)
NASTY: tuple[Any, ...] = (
    None, True, -1, 0, 1, 3, 255, 65536, 2**31, 2**63, 10**400, -0.5, 1e-300, 1e20, 1e308,
    "", "1.0", "../../etc/passwd", "data:,", "\0", "\ud800", [], [0], [0.0] * 16, [[]],
    {}, {"a": {}},
)  # fmt: skip
patient = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def survive(path: Path) -> None:
    try:
        avatar = load_avatar(path)
        pose = AvatarPose(avatar)
    except AvatarError as error:
        assert "\n" not in str(error) and len(str(error)) < 600
        return
    pose.apply(
        np.tile(np.float32([0.5, 0.5, 0.5, 0.5]), (55, 1)),
        np.ones(3, np.float32),
        np.ones(52, np.float32),
        np.ones(2, np.float32),
    )
    assert np.all(np.isfinite(pose.world)) and np.all(np.isfinite(pose.morphs))
    assert summarise(avatar)


def split(data: bytes) -> tuple[dict[str, Any], bytes]:
    (size,) = struct.unpack_from("<I", data, 12)
    return json.loads(data[20 : 20 + size]), data[20 + size :]


def join(root: dict[str, Any], rest: bytes) -> bytes:
    text = json.dumps(root).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + rest


@pytest.fixture(scope="module")
def bent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bent") / "bent.vrm"


@pytest.mark.parametrize("seed", SEEDS)
@patient
@given(data=st.data())
def test_bent_bytes(shared_data: Path, bent: Path, seed: str, data: st.DataObject) -> None:
    content = bytearray((shared_data / "avatars" / seed).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    bent.write_bytes(content[:cut])
    survive(bent)


@pytest.mark.parametrize("seed", SEEDS)
@patient
@given(data=st.data())
def test_bent_json(shared_data: Path, bent: Path, seed: str, data: st.DataObject) -> None:
    root, rest = split((shared_data / "avatars" / seed).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place: Any = root
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            inner = place[key]
            if (
                not isinstance(inner, (dict, list))
                or not inner
                or data.draw(st.integers(0, 9)) == 0
            ):
                break
            place = inner
        place[key] = copy.deepcopy(data.draw(st.sampled_from(NASTY)))
        if not root:
            break
    bent.write_bytes(join(root, rest))
    survive(bent)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.999])
def test_truncated_files_are_errors(shared_data: Path, tmp_path: Path, share: float) -> None:
    data = (shared_data / "avatars" / "Godette_vrm_v4.vrm").read_bytes()
    path = tmp_path / "cut.vrm"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(AvatarError, match=r"empty|cut short"):
        load_avatar(path)


def test_other_kinds_of_files(shared_data: Path) -> None:
    for path in (
        shared_data / "c2pa" / "XCA.jpg",
        shared_data / "README.md",
        shared_data / "packets" / "walk-clean-30hz.trace",
        shared_data / "avatars",
        shared_data / "nothing.vrm",
    ):
        with pytest.raises(AvatarError):
            load_avatar(path)
