from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from renderer.errors import StageError
from renderer.stage.building.build_set import SET_PATH, build
from renderer.stage.sets.stage_set import Backdrop, load_set


def save(scene: trimesh.Scene, path: Path) -> Path:
    data = scene.export(file_type=path.suffix[1:])
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def make_painted(color: tuple[float, ...], **factors: object) -> trimesh.Trimesh:
    box = trimesh.creation.box((1.0, 2.0, 3.0))
    material = trimesh.visual.material.PBRMaterial(baseColorFactor=[*color, 1.0], **factors)
    box.visual = trimesh.visual.TextureVisuals(material=material)
    return box


def test_the_house_set_is_what_its_script_builds(tmp_path: Path) -> None:
    once, again = (build().export(file_type="glb", include_normals=True) for _ in range(2))
    assert once == again
    (tmp_path / "small_stage.glb").write_bytes(once)
    # Compare values, not bytes: another machine's sines may differ in the last bit.
    kept, built = load_set(SET_PATH), load_set(tmp_path / "small_stage.glb")
    assert (kept.name, kept.backdrop, kept.spawns) == (built.name, built.backdrop, built.spawns)
    for a, b in zip(kept.meshes, built.meshes, strict=True):
        assert (a.name, a.emissive, a.roughness) == (b.name, b.emissive, b.roughness)
        np.testing.assert_allclose(a.position, b.position, atol=1e-5)
        np.testing.assert_array_equal(a.triangles, b.triangles)


def test_the_house_set_is_a_stage() -> None:
    stage = load_set(SET_PATH)
    points = np.concatenate([mesh.position for mesh in stage.meshes])
    assert 4_000 < sum(len(mesh.triangles) for mesh in stage.meshes) < 20_000
    assert len(stage.spawns) >= 3
    assert stage.spawns[0] == (0.0, 0.0, 0.0)
    floor = next(mesh for mesh in stage.meshes if mesh.name == "floor")
    assert floor.position[:, 1].max() == pytest.approx(0.0, abs=1e-6)
    # No wall in the performers' space: above the floor, two metres around the centre are free.
    near = (np.hypot(points[:, 0], points[:, 2]) < 1.5) & (points[:, 1] > 0.05)
    assert not (near & (points[:, 1] < 2.2)).any()
    for mesh in stage.meshes:
        np.testing.assert_allclose(np.linalg.norm(mesh.normal, axis=1), 1.0, atol=1e-4)
        assert mesh.triangles.max() < len(mesh.position)
        assert not mesh.position.flags.writeable
        assert 0.0 <= mesh.color.min() <= mesh.color.max() <= 1.0


def test_places_materials_and_extras_are_read(tmp_path: Path) -> None:
    scene = trimesh.Scene(metadata={"backdrop_top": [0.1, 0.2, 0.3], "emissive_strength": 4.0})
    box = make_painted((0.2, 0.4, 0.6), emissiveFactor=[0.5, 0.25, 0.0], roughnessFactor=0.3)
    scene.add_geometry(box, transform=trimesh.transformations.translation_matrix((5, 0, 0)))
    scene.graph.update(
        "spawn.left", matrix=trimesh.transformations.translation_matrix((-1.0, 0.0, 2.0))
    )
    stage = load_set(save(scene, tmp_path / "set.glb"))
    (mesh,) = stage.meshes
    np.testing.assert_allclose(mesh.position.mean(axis=0), (5.0, 0.0, 0.0), atol=1e-6)
    np.testing.assert_allclose(mesh.color[0], (0.2, 0.4, 0.6), atol=0.003)
    np.testing.assert_allclose(mesh.emissive, (2.0, 1.0, 0.0), atol=1e-6)
    assert mesh.roughness == pytest.approx(0.3)
    assert mesh.metallic == 1.0, "glTF: a material that states none is a metal"
    assert stage.spawns == ((-1.0, 0.0, 2.0),)
    assert stage.backdrop.top == pytest.approx((0.1, 0.2, 0.3))
    assert stage.backdrop.horizon == Backdrop().horizon


def test_mirrored_and_stretched_meshes_keep_their_outside_out(tmp_path: Path) -> None:
    scene = trimesh.Scene()
    sphere = trimesh.creation.icosphere(subdivisions=2)
    scene.add_geometry(sphere, transform=np.diag((-1.0, 3.0, 0.5, 1.0)))
    (mesh,) = load_set(save(scene, tmp_path / "set.glb")).meshes
    corners = mesh.position[mesh.triangles]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.einsum("ij,ij->i", faces, corners.mean(axis=1)) > 0).all()
    # The normal of an ellipsoid is its gradient.
    gradient = mesh.position / np.square((1.0, 3.0, 0.5))
    gradient /= np.linalg.norm(gradient, axis=1, keepdims=True)
    assert np.einsum("ij,ij->i", gradient, mesh.normal).min() > 0.95


def test_an_obj_is_a_set_too(tmp_path: Path) -> None:
    path = save(trimesh.Scene([trimesh.creation.box()]), tmp_path / "set.obj")
    assert len(load_set(path).meshes[0].triangles) == 12


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.glb", b""),
        ("magic.glb", b"glTF"),
        ("text.glb", b"this is no set"),
        ("truncated.glb", None),
        ("unknown.xyzzy", b"1 2 3"),
        ("empty.obj", b""),
        ("noise.obj", bytes(range(256)) * 8),
        ("list.gltf", b"[]"),
    ],
)
def test_damaged_files_are_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    path.write_bytes(SET_PATH.read_bytes()[:5000] if content is None else content)
    with pytest.raises(StageError) as caught:
        load_set(path)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_and_bare_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="does not exist"):
        load_set(tmp_path / "nowhere.glb")
    with pytest.raises(StageError):
        load_set(tmp_path)
    points = trimesh.Scene([trimesh.PointCloud([(0.0, 0.0, 0.0), (1.0, 0.0, 0.0)])])
    with pytest.raises(StageError, match="no triangles"):
        load_set(save(points, tmp_path / "points.glb"))


def test_extras_of_the_wrong_kind_are_refused(tmp_path: Path) -> None:
    for extras in ({"backdrop_top": "blue"}, {"backdrop_top": [1.0]}, {"emissive_strength": "x"}):
        scene = trimesh.Scene([trimesh.creation.box()], metadata=extras)
        with pytest.raises(StageError):
            load_set(save(scene, tmp_path / "set.glb"))


def test_points_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    box = trimesh.creation.box()
    box.vertices[3] = np.nan
    path = tmp_path / "set.glb"
    path.write_bytes(trimesh.Scene([box]).export(file_type="glb"))
    with pytest.raises(StageError):
        load_set(path)
