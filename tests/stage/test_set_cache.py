"""Test the cache of sets: what it returns is what was read, and it is never out of date."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from renderer.errors import StageError
from renderer.paths import HALL, STAGE
from renderer.stage.sets import set_cache
from renderer.stage.sets.set_cache import FOLDER, load_cached_set
from renderer.stage.sets.stage_set import StageSet, load_set


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / FOLDER


def write_box(path: Path, size: float) -> Path:
    path.write_bytes(trimesh.Scene(trimesh.creation.box((size,) * 3)).export(file_type="glb"))
    return path


def assert_same(a: Any, b: Any) -> None:
    """Fail unless two values of a set are equal, with the same types, arrays and flags."""
    assert type(a) is type(b)
    if isinstance(a, np.ndarray):
        assert a.dtype == b.dtype
        assert not (b.size and b.flags.writeable)
        np.testing.assert_array_equal(a, b)
    elif dataclasses.is_dataclass(a):
        for field in dataclasses.fields(a):
            assert_same(getattr(a, field.name), getattr(b, field.name))
    elif isinstance(a, tuple):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_same(one, other)
    elif not hasattr(a, "layers"):
        assert a == b
    else:
        np.testing.assert_array_equal(a.layers, b.layers)


def refuse(_path: Path) -> StageSet:
    raise AssertionError("the set was read, and is in the cache")


@pytest.mark.parametrize("path", [HALL, STAGE])
def test_a_stored_set_is_the_one_that_was_read(
    path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(load_set(path), load_cached_set(path))
    monkeypatch.setattr(set_cache, "load_set", refuse)
    stored = load_cached_set(path)
    monkeypatch.undo()
    assert_same(load_set(path), stored)
    assert len(list(cache.iterdir())) == 1


def test_a_changed_file_is_read_again(tmp_path: Path, cache: Path) -> None:
    path = write_box(tmp_path / "box.glb", 1.0)
    assert np.ptp(load_cached_set(path).meshes[0].position) == pytest.approx(1.0)
    write_box(path, 2.0)
    assert np.ptp(load_cached_set(path).meshes[0].position) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "damage", [b"", b"\x00", b"\xff" * 64, b"shortened"], ids=["empty", "zero", "bytes", "half"]
)
def test_a_damaged_file_of_the_cache_is_not_used(
    tmp_path: Path, cache: Path, damage: bytes
) -> None:
    path = write_box(tmp_path / "box.glb", 1.0)
    load_cached_set(path)
    (file,) = cache.iterdir()
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2] if damage == b"shortened" else damage)
    assert_same(load_set(path), load_cached_set(path))
    assert file.read_bytes() == content


def test_sets_of_several_files_or_with_maps_are_read_each_time(tmp_path: Path, cache: Path) -> None:
    box = trimesh.creation.box()
    for name, content in trimesh.Scene(box).export(file_type="gltf").items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "box.obj").write_text(box.export(file_type="obj"))
    load_cached_set(tmp_path / "model.gltf")
    load_cached_set(tmp_path / "box.obj")
    assert not cache.exists()


def test_those_used_last_are_kept(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_cache, "_MOST_FILES", 2)
    for number in range(4):
        load_cached_set(write_box(tmp_path / f"{number}.glb", 1.0 + number))
    assert len(list(cache.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("ENCORE_CACHE", str(tmp_path / "file"))
    assert load_cached_set(write_box(tmp_path / "box.glb", 1.0)).meshes


def test_a_missing_set_is_refused_as_without_a_cache(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(StageError, match="does not exist"):
        load_cached_set(tmp_path / "none.glb")
    assert not cache.exists()


def test_a_stored_set_loads_without_trimesh(cache: Path) -> None:
    load_cached_set(STAGE)
    code = (
        "import sys, pathlib\n"
        "from renderer.stage.sets.set_cache import load_cached_set\n"
        "load_cached_set(pathlib.Path(sys.argv[1]))\n"
        "sys.exit('trimesh' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(STAGE)], check=True)
