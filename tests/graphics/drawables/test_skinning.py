from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars.load import load_avatar
from avatars.model import Avatar, MeshInstance, Nodes
from renderer.errors import GraphicsError
from renderer.graphics.drawables.avatar.faces import find_face
from renderer.graphics.drawables.avatar.geometry import merge, queue
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.sets.stage_set import StageSet

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]

LIBRARY = Path(__file__).parents[3] / "avatars" / "library"


def by_numpy(avatar: Avatar, posed: PosedAvatar) -> tuple[np.ndarray, np.ndarray]:
    """Morph and skin every drawn primitive as specified by glTF 2.0 (3.7.2, 3.7.3), in float64.

    Normals of a face are the bent ones of the renderer.
    """
    face = find_face(avatar, merge(avatar))
    first_vertex = 0
    positions, normals = [], []
    parts = [
        (instance, primitive)
        for instance in avatar.instances
        for primitive in avatar.meshes[instance.mesh].primitives
        if len(primitive.triangles)
    ]
    # In drawing order, as the renderer merges them.
    parts.sort(key=lambda part: (queue(avatar.materials[part[1].material]), part[1].material))
    for instance, primitive in parts:
        position = primitive.position.astype(np.float64)
        normal = primitive.normal.astype(np.float64)
        if face is not None:
            normal = face.normals[first_vertex : first_vertex + len(normal)].astype(np.float64)
        first_vertex += len(normal)
        first = avatar.meshes[instance.mesh].first_channel
        for channel, target in enumerate(primitive.targets, first):
            weight = float(posed.morphs[channel])
            position[target.indices] += weight * target.position
            if target.normal is not None:
                normal[target.indices] += weight * target.normal
        if instance.skin is None:
            matrices = np.broadcast_to(posed.world[instance.node], (len(position), 4, 4))
        else:
            skin = avatar.skins[instance.skin]
            palette = posed.world[skin.joints].astype(np.float64) @ skin.inverse_bind
            matrices = np.einsum("nw,nwij->nij", primitive.weights, palette[primitive.joints])
        positions.append(
            np.einsum("nij,nj->ni", matrices[:, :3, :3], position) + matrices[:, :3, 3]
        )
        turned = np.einsum("nij,nj->ni", matrices[:, :3, :3], normal)
        normals.append(turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-10))
    return np.concatenate(positions), np.concatenate(normals)


def bend(pose: PosedAvatar, angle: float, weight: float) -> PosedAvatar:
    world = pose.world.copy()
    c, s = math.cos(angle), math.sin(angle)
    world[1, :3, :3] = ((1, 0, 0), (0, c, -s), (0, s, c))
    return replace(pose, world=world, morphs=np.float32([weight]))


@pytest.mark.parametrize(("angle", "weight"), [(0.0, 0.0), (0.9, 0.0), (0.0, 1.0), (-1.3, 0.45)])
def test_the_gpu_bends_and_swells_as_numpy_does(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    angle: float, weight: float,
) -> None:  # fmt: skip
    posed = bend(pillar_pose, angle, weight)
    drawing = renderer(16, 16, stage(), [pillar])
    drawing.draw(state(posed))
    positions, normals = drawing.read_skinned_points(0)
    expected_positions, expected_normals = by_numpy(pillar, posed)
    np.testing.assert_allclose(positions, expected_positions, atol=2e-6)
    np.testing.assert_allclose(normals, expected_normals, atol=2e-6)


def test_a_pose_does_not_outlive_its_frame(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    drawing = renderer(16, 16, stage(), [pillar])
    for posed in (bend(pillar_pose, 1.0, 1.0), pillar_pose):
        drawing.draw(state(posed))
        drawing.collect()
    np.testing.assert_allclose(
        drawing.read_skinned_points(0)[0], by_numpy(pillar, pillar_pose)[0], atol=2e-6
    )


def test_a_mesh_without_a_skin_follows_its_node(
    renderer: Make, stage: Stage, state: State, pillar: Avatar
) -> None:
    rigid = replace(pillar, instances=(MeshInstance(1, 0, None),), skins=())
    world = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    world[1, :3, :3] = np.diag((2.0, 0.5, 1.0))
    world[1, :3, 3] = (0.3, -0.2, 0.1)
    posed = PosedAvatar(0, world, np.float32([0.3]))
    drawing = renderer(16, 16, stage(), [rigid])
    drawing.draw(state(posed))
    np.testing.assert_allclose(
        drawing.read_skinned_points(0)[0], by_numpy(rigid, posed)[0], atol=2e-6
    )


def test_two_avatars_keep_their_own_poses(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    first, second = bend(pillar_pose, 0.5, 0.2), replace(bend(pillar_pose, -0.8, 0.9), avatar=1)
    drawing = renderer(16, 16, stage(), [pillar, pillar])
    drawing.draw(state(second, first))
    for index, posed in enumerate((first, second)):
        expected = by_numpy(pillar, posed)[0]
        np.testing.assert_allclose(drawing.read_skinned_points(index)[0], expected, atol=2e-6)


def sway(avatar: Avatar) -> PosedAvatar:
    """Return a pose from the node tree: every joint turned a little, every morph at half."""
    nodes: Nodes = avatar.nodes
    random = np.random.default_rng(5)
    world = np.zeros((len(nodes.parents), 4, 4))
    for index, parent in enumerate(nodes.parents):
        local = np.eye(4)
        axis = random.normal(size=3)
        angle = 0.15 / np.linalg.norm(axis)
        x, y, z = axis * angle
        local[:3, :3] += np.array(((0, -z, y), (z, 0, -x), (-y, x, 0)))
        local[:3, :3] *= nodes.scale[index]
        local[:3, 3] = nodes.translation[index]
        world[index] = local if parent < 0 else world[parent] @ local
    morphs = random.uniform(0.0, 0.5, avatar.channel_count)
    return PosedAvatar(0, world.astype(np.float32), morphs.astype(np.float32))


@pytest.mark.parametrize("name", ["Godette_vrm_v4.vrm", "cool_loops.vrm"])
def test_real_avatars_are_skinned_as_numpy_does(
    renderer: Make, stage: Stage, state: State, shared_data: Path, name: str
) -> None:
    avatar = load_avatar(shared_data / "avatars" / name)
    posed = sway(avatar)
    drawing = renderer(16, 16, stage(), [avatar])
    drawing.draw(state(posed))
    positions, normals = drawing.read_skinned_points(0)
    expected_positions, expected_normals = by_numpy(avatar, posed)
    np.testing.assert_allclose(positions, expected_positions, atol=2e-5)
    np.testing.assert_allclose(normals, expected_normals, atol=1e-3)


def test_the_house_idol_is_skinned_as_numpy_does(
    renderer: Make, stage: Stage, state: State
) -> None:
    path = LIBRARY / "idol.vrm"
    if not path.exists():
        pytest.skip("the library holds no idol")
    avatar = load_avatar(path)
    posed = sway(avatar)
    drawing = renderer(16, 16, stage(), [avatar])
    drawing.draw(state(posed))
    positions, normals = drawing.read_skinned_points(0)
    expected_positions, expected_normals = by_numpy(avatar, posed)
    np.testing.assert_allclose(positions, expected_positions, atol=2e-5)
    np.testing.assert_allclose(normals, expected_normals, atol=1e-3)


def test_merging_keeps_every_triangle_and_orders_draws(pillar: Avatar) -> None:
    geometry = merge(pillar)
    (part,) = pillar.meshes[0].primitives
    assert len(geometry.triangles) == len(part.triangles)
    assert sum(draw.count for draw in geometry.draws) == geometry.triangles.size
    assert geometry.vertices["morphs"][:, 1].sum() == len(geometry.morphs)


def test_a_pose_that_does_not_fit_costs_its_avatar_the_frame_and_is_told(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar
) -> None:
    for bad, told in (
        (replace(pillar_pose, avatar=2), "avatar number 2"),
        (replace(pillar_pose, avatar=-1), "avatar number -1"),
        (replace(pillar_pose, world=pillar_pose.world[:1]), "do not fit"),
        (replace(pillar_pose, morphs=np.zeros(3, np.float32)), "do not fit"),
        (replace(pillar_pose, morphs=np.full(1, np.nan, np.float32)), "not finite"),
    ):
        drawing = renderer(16, 16, stage(), [pillar, pillar])
        good = replace(bend(pillar_pose, 0.3, 0.5), avatar=1)
        (fault,) = drawing.draw(state(bad, good))
        drawing.collect()
        assert told in str(fault.error)
        np.testing.assert_allclose(
            drawing.read_skinned_points(1)[0], by_numpy(pillar, good)[0], atol=2e-6
        )
        assert drawing.draw(state(pillar_pose, good)) == ()
    (fault,) = drawing_twice(renderer, stage, state, pillar, pillar_pose)
    assert "twice" in fault


def drawing_twice(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pose: PosedAvatar
) -> list[str]:
    return [str(f.error) for f in renderer(16, 16, stage(), [pillar]).draw(state(pose, pose))]


def test_an_avatar_without_triangles_is_refused(stage: Stage, pillar: Avatar) -> None:
    with pytest.raises(GraphicsError, match="no triangles"):
        StageRenderer(16, 16, stage(), [replace(pillar, instances=())])
