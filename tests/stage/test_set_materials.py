"""Test materials, maps, transparency and vertex colours of sets in all formats of trimesh."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from trimesh.visual.material import PBRMaterial

from avatars.model import AlphaMode
from renderer.errors import StageError
from renderer.stage.sets import checks as set_checks
from renderer.stage.sets import materials as set_materials
from renderer.stage.sets.stage_set import SetMesh, load_set

GRADIENT = np.arange(256, dtype=np.uint8).reshape(16, 16)


def image(mode: str = "RGB", side: int = 16) -> Image.Image:
    return Image.fromarray(GRADIENT).convert(mode).resize((side, side))


def square(material: Any, uv: Any = ((0, 0), (1, 0), (1, 1), (0, 1))) -> trimesh.Trimesh:
    return trimesh.Trimesh(
        [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], [(0, 1, 2), (0, 2, 3)], process=False,
        visual=trimesh.visual.TextureVisuals(uv=np.array(uv, float), material=material),
    )  # fmt: skip


def load_glb(scene: Any, folder: Path) -> tuple[SetMesh, ...]:
    path = folder / "set.glb"
    path.write_bytes(trimesh.Scene(scene).export(file_type="glb"))
    return load_set(path).meshes


def edit_glb(path: Path, edit: Any) -> None:
    """Change the JSON of a GLB file."""
    data = path.read_bytes()
    (length,) = struct.unpack("<I", data[12:16])
    header = json.loads(data[20 : 20 + length])
    edit(header)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    head = struct.pack("<4sIIII", b"glTF", 2, 20 + len(text) + len(rest), len(text), 0x4E4F534A)
    path.write_bytes(head + text + rest)


def test_maps_of_a_gltf_material_are_kept_whole(tmp_path: Path) -> None:
    maps = dict.fromkeys(
        ("baseColorTexture", "emissiveTexture", "normalTexture", "occlusionTexture",
         "metallicRoughnessTexture"), image()
    )  # fmt: skip
    material = PBRMaterial(name="wood", emissiveFactor=[1, 1, 1], **maps)
    (mesh,) = load_glb([square(material)], tmp_path)
    assert mesh.material is not None
    assert mesh.uv is not None
    np.testing.assert_allclose(mesh.uv, [(0, 1), (1, 1), (1, 0), (0, 0)], atol=1e-6)
    found = mesh.material
    for texture in (found.base, found.emissive, found.normal, found.roughness, found.occlusion):
        assert texture is not None
        np.testing.assert_array_equal(texture.pixels[..., 0], GRADIENT)
        assert texture.wrap == ("repeat", "repeat")
    assert found.alpha_mode is AlphaMode.OPAQUE


@pytest.mark.parametrize("mode", ["MASK", "BLEND"])
def test_transparency_and_vertex_colours_of_gltf(tmp_path: Path, mode: str) -> None:
    material = PBRMaterial(
        baseColorFactor=[1.0, 0.5, 1.0, 0.5], alphaMode=mode, alphaCutoff=0.25,
        metallicFactor=0.0, roughnessFactor=0.5,
    )  # fmt: skip
    mesh = square(material)
    mesh.visual.vertex_attributes["color"] = np.tile(np.uint8((255, 255, 0, 128)), (4, 1))
    (read,) = load_glb([mesh], tmp_path)
    assert read.material is not None
    assert read.material.alpha_mode.value == mode
    assert read.material.alpha_cutoff == pytest.approx(0.25)
    assert read.opacity is not None
    np.testing.assert_allclose(read.opacity, 0.25, atol=0.01)
    np.testing.assert_allclose(read.color, np.tile((1.0, 0.5, 0.0), (4, 1)), atol=0.01)
    assert (read.metallic, read.roughness) == (0.0, 0.5)


def test_what_trimesh_drops_of_gltf_is_read_from_its_header(tmp_path: Path) -> None:
    material = PBRMaterial(name="lamp", emissiveFactor=[0.5, 0.5, 0.5], baseColorTexture=image())
    path = tmp_path / "set.glb"
    path.write_bytes(trimesh.Scene([square(material)]).export(file_type="glb"))

    def edit(header: Any) -> None:
        (one,) = header["materials"]
        one["extensions"] = {"KHR_materials_emissive_strength": {"emissiveStrength": 8.0}}
        slot = one["pbrMetallicRoughness"]["baseColorTexture"]
        slot["extensions"] = {"KHR_texture_transform": {"scale": [2.0, 3.0], "offset": [0.5, 0.0]}}
        header["textures"][slot["index"]]["sampler"] = 0
        header["samplers"] = [{"wrapS": 33071, "wrapT": 33648, "magFilter": 9728}]

    edit_glb(path, edit)
    (mesh,) = load_set(path).meshes
    np.testing.assert_allclose(mesh.emissive, 4.0)
    assert mesh.uv is not None
    np.testing.assert_allclose(mesh.uv[0], (0.5, 3.0))
    assert mesh.material is not None
    assert mesh.material.base is not None
    assert mesh.material.base.wrap == ("clamp", "mirror")
    assert mesh.material.base.nearest


def test_an_obj_brings_its_material_file(tmp_path: Path) -> None:
    image().save(tmp_path / "wood grain.png")
    image().save(tmp_path / "glow.png")
    (tmp_path / "set.mtl").write_text(
        "newmtl wood\nKd 0.5 0.5 0.5\nKe 1 0.5 0\nd 0.5\n"
        "map_Kd wood grain.png\nmap_Ke glow.png\n"
        "newmtl bare\nKd 0.25 0.5 1.0\n"
    )
    (tmp_path / "set.obj").write_text(
        "mtllib set.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n"
        "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
        "usemtl wood\nf 1/1 2/2 3/3\nusemtl bare\nf 1/1 3/3 4/4\n"
    )
    stage = load_set(tmp_path / "set.obj")
    assert stage.warnings == ()
    wood, bare = sorted(stage.meshes, key=lambda mesh: mesh.material is None)
    assert wood.material is not None
    assert wood.material.base is not None
    assert wood.material.emissive is not None
    assert wood.material.alpha_mode is AlphaMode.BLEND
    np.testing.assert_allclose(wood.emissive, (1.0, 0.5, 0.0))
    np.testing.assert_allclose(bare.color[0], (0.25, 0.5, 1.0), atol=0.01)


def test_colours_of_vertices_and_faces(tmp_path: Path) -> None:
    box = trimesh.creation.box()
    box.visual.vertex_colors = np.tile(np.uint8((188, 0, 255, 255)), (8, 1))
    (tmp_path / "set.ply").write_bytes(box.export(file_type="ply"))
    (mesh,) = load_set(tmp_path / "set.ply").meshes
    # PLY files contain display values.
    np.testing.assert_allclose(mesh.color, np.tile((0.5029, 0.0, 1.0), (8, 1)), atol=0.002)
    box = trimesh.creation.box()
    box.visual.face_colors = [(255, 0, 0, 255)] * 6 + [(0, 0, 255, 255)] * 6
    (tmp_path / "faces.off").write_text(box.export(file_type="off"))
    (mesh,) = load_set(tmp_path / "faces.off").meshes
    assert set(map(tuple, np.round(mesh.color).tolist())) <= {(1, 0, 0), (0, 0, 1), (0, 0, 0)}


@pytest.mark.parametrize("suffix", [".glb", ".obj", ".ply", ".stl", ".off", ".dae", ".3mf"])
def test_every_format_gives_the_same_triangles(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"set{suffix}"
    box = trimesh.creation.box((1.0, 2.0, 3.0))
    data = box.export(file_type=suffix[1:])
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (mesh,) = load_set(path).meshes
    assert len(mesh.triangles) == 12
    np.testing.assert_allclose(np.ptp(mesh.position, axis=0), (1.0, 2.0, 3.0), atol=1e-5)


def test_missing_and_broken_maps_are_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "set.mtl").write_text("newmtl wood\nmap_Kd nowhere.png\n")
    (tmp_path / "set.obj").write_text(
        "mtllib set.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nvt 0 0\nvt 1 0\nvt 1 1\n"
        "usemtl wood\nf 1/1 2/2 3/3\n"
    )
    stage = load_set(tmp_path / "set.obj")
    assert stage.meshes[0].material is None
    assert "'nowhere.png' is missing" in stage.warnings[0]
    material = PBRMaterial(name="wood", baseColorTexture=image())
    path = tmp_path / "set.glb"
    path.write_bytes(trimesh.Scene([square(material)]).export(file_type="glb"))
    # The image follows the meshes in the file: damage its header.
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\x89PNG", b"XXXX"))
    (warning,) = load_set(path).warnings
    assert "'wood'" in warning
    assert "left out" in warning
    edit_glb(path, lambda header: header["images"].__setitem__(0, {"uri": "../../secret.png"}))
    assert any("secret.png" in text for text in load_set(path).warnings)


def test_large_maps_are_scaled_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_materials, "LARGEST_SIDE", 8)
    path = tmp_path / "set.glb"
    material = PBRMaterial(name="wood", baseColorTexture=image())
    path.write_bytes(trimesh.Scene([square(material)]).export(file_type="glb"))
    stage = load_set(path)
    assert stage.meshes[0].material is not None
    assert stage.meshes[0].material.base is not None
    assert stage.meshes[0].material.base.pixels.shape == (8, 8, 4)
    assert "scaled down from 16×16" in stage.warnings[0]
    monkeypatch.setattr(set_materials, "LARGEST_IMAGE", 10)
    stage = load_set(path)
    assert stage.meshes[0].material is None
    assert "too many" in stage.warnings[0]
    monkeypatch.undo()
    monkeypatch.setattr(set_materials, "MOST_TEXELS", 10)
    with pytest.raises(StageError, match="more than 10 pixels"):
        load_set(path)


def test_a_huge_set_is_refused_before_it_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the set was loaded")

    monkeypatch.setattr(trimesh, "load_scene", never)
    path = tmp_path / "set.glb"
    with path.open("wb") as file:
        file.truncate(2 << 30)  # Sparse: uses no disk space.
    with pytest.raises(StageError, match="2147 MB") as caught:
        load_set(path)
    assert "\n" not in str(caught.value)
    path.unlink()
    header = {"asset": {"version": "2.0"}, "accessors": [{"count": 10**12}]}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<4sIII4s", b"glTF", 2, 20 + len(text), len(text), b"JSON") + text)
    with pytest.raises(StageError, match="vertices"):
        load_set(path)
    ply = tmp_path / "set.ply"
    ply.write_bytes(b"ply\nformat ascii 1.0\nelement vertex 99999999\nend_header\n")
    with pytest.raises(StageError, match="vertices"):
        load_set(ply)
    stl = tmp_path / "set.stl"
    with stl.open("wb") as file:
        file.write(bytes(80) + struct.pack("<I", 2_000_000))
        file.truncate(84 + 50 * 2_000_000)
    with pytest.raises(StageError, match="vertices"):
        load_set(stl)


def test_many_instances_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_checks, "MOST_VERTICES", 100)
    scene = trimesh.Scene()
    for number in range(20):
        scene.add_geometry(trimesh.creation.box(), geom_name="box", node_name=f"box {number}")
    path = tmp_path / "set.glb"
    path.write_bytes(scene.export(file_type="glb"))
    with pytest.raises(StageError, match="160 vertices"):
        load_set(path)


def test_damaged_gltf_is_refused_or_read_and_never_breaks(tmp_path: Path) -> None:
    material = PBRMaterial(name="wood", baseColorTexture=image(), alphaMode="BLEND")
    whole = trimesh.Scene([square(material)]).export(file_type="glb")
    path = tmp_path / "set.glb"
    random = np.random.default_rng(7)
    outcomes = {True: 0, False: 0}
    for _ in range(150):
        data = bytearray(whole)
        # Half of the time the JSON stays intact, so that damaged arrays are read.
        first = random.choice((12, 28 + int.from_bytes(whole[12:16], "little")))
        for place in random.integers(first, len(data), random.integers(1, 12)):
            data[place] = random.integers(0, 256)
        path.write_bytes(
            data[: random.integers(1, len(data) + 1)] if random.random() < 0.3 else data
        )
        try:
            stage = load_set(path)
        except StageError as error:
            assert "\n" not in str(error)
            outcomes[False] += 1
            continue
        outcomes[True] += 1
        for mesh in stage.meshes:
            assert np.isfinite(mesh.position).all()
            assert np.isfinite(mesh.color).all()
            assert mesh.triangles.max() < len(mesh.position)
            assert mesh.uv is None or np.isfinite(mesh.uv).all()
    assert min(outcomes.values()) > 10


@pytest.mark.parametrize("suffix", ["obj", "ply", "stl", "off", "dae", "3mf"])
def test_damage_in_other_formats_is_refused_or_read(tmp_path: Path, suffix: str) -> None:
    data = trimesh.creation.icosphere(1).export(file_type=suffix)
    whole = data.encode() if isinstance(data, str) else data
    path = tmp_path / f"set.{suffix}"
    random = np.random.default_rng(5)
    refused = 0
    for _ in range(30):
        damaged = bytearray(whole)
        for place in random.integers(0, len(damaged), random.integers(1, 10)):
            damaged[place] = random.integers(0, 256)
        path.write_bytes(damaged)
        try:
            stage = load_set(path)
        except StageError as error:
            assert "\n" not in str(error)
            refused += 1
        else:
            assert all(np.isfinite(mesh.position).all() for mesh in stage.meshes)
    assert refused


def test_entities_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    entities = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 20}'>" for n in range(9))
    path = tmp_path / "set.dae"
    path.write_text(
        f"<!DOCTYPE x [<!ENTITY e0 'aaaaaaaa'>{entities}]>"
        "<COLLADA xmlns='http://www.collada.org/2005/11/COLLADASchema' version='1.4.1'>"
        "<asset><title>&e9;</title></asset></COLLADA>"
    )
    with pytest.raises(StageError, match="cannot be read"):
        load_set(path)
