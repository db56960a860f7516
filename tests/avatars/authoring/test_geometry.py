"""Test that the builder's mesh tools keep surfaces closed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.authoring.figure.assemble import four_strongest
from avatars.authoring.figure.geometry import Piece, cut, nearest, vertex_normals
from avatars.authoring.figure.thinning import thin, thin_layers


def ball(detail: int = 3) -> Piece:
    mesh = trimesh.creation.icosphere(detail)
    position = np.array(mesh.vertices)
    weights = np.zeros((len(position), 55))
    weights[:, 0] = 1.0
    return Piece(position, position.copy(), position[:, :2], weights, np.array(mesh.faces))


def area(piece: Piece) -> float:
    a, b, c = (piece.position[piece.triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2.0)


def edges_used_once(piece: Piece) -> int:
    sides = np.concatenate([piece.triangles[:, [i, (i + 1) % 3]] for i in range(3)])
    _, uses = np.unique(np.sort(sides, axis=1), axis=0, return_counts=True)
    assert uses.max() <= 2
    return int(np.sum(uses == 1))


@settings(max_examples=20, deadline=None)
@given(st.floats(-0.9, 0.9))
def test_a_cut_parts_the_surface_and_loses_none_of_it(height: float) -> None:
    whole = ball()
    field = whole.position[:, 1] - height
    upper, lower = cut(whole, field), cut(whole, -field)
    assert np.all(upper.position[:, 1] >= height - 1e-9)
    assert np.all(lower.position[:, 1] <= height + 1e-9)
    assert area(upper) + area(lower) == pytest.approx(area(whole), rel=1e-9)


def test_a_cut_carries_weights_and_shapes_along() -> None:
    whole = ball()
    shapes = np.tile(whole.position, (52, 1, 1))
    piece = cut(
        Piece(whole.position, whole.normal, whole.uv, whole.weights, whole.triangles, shapes),
        whole.position[:, 0] - 0.31,
    )
    assert piece.shapes is not None
    np.testing.assert_allclose(piece.shapes[7], piece.position)
    np.testing.assert_allclose(piece.weights.sum(axis=1), 1.0)


def test_thinning_keeps_a_ball_a_closed_ball() -> None:
    whole = ball()
    thinner = thin(whole, 200)
    assert len(thinner.triangles) <= 200
    assert edges_used_once(thinner) == 0
    assert len(thinner.position) - 3 * len(thinner.triangles) // 2 + len(thinner.triangles) == 2
    # Vertices keep their positions, and every face points outwards.
    assert set(map(tuple, thinner.position)) <= set(map(tuple, whole.position))
    normal = vertex_normals(thinner.position, thinner.triangles)
    assert np.all(np.sum(normal * thinner.position, axis=1) > 0.8)
    assert area(thinner) > 0.9 * area(whole)


def test_thinning_leaves_borders_alone() -> None:
    half = cut(ball(), ball().position[:, 1])
    thinner = thin(half, 100)
    assert edges_used_once(thinner) == edges_used_once(half)


def test_thinning_spares_what_is_worth_more() -> None:
    whole = ball()
    front = whole.position[:, 2] > 0.0
    thinner = thin(whole, 400, np.where(front, 1000.0, 1.0))
    kept = thinner.position[:, 2] > 0.0
    assert np.sum(kept) > 2 * np.sum(~kept)


def test_the_nearest_are_the_nearest() -> None:
    random = np.random.default_rng(3)
    points, cloud = random.normal(size=(40, 3)), random.normal(size=(300, 3))
    rows, away = nearest(points, cloud, 5)
    full = np.linalg.norm(points[:, None] - cloud, axis=2)
    np.testing.assert_allclose(away, np.sort(full, axis=1)[:, :5], atol=1e-6)
    np.testing.assert_array_equal(rows[:, 0], full.argmin(axis=1))


def test_four_weights_remain_and_sum_to_one() -> None:
    random = np.random.default_rng(5)
    weights = random.random((50, 9))
    weights /= weights.sum(axis=1, keepdims=True)
    joints, chosen = four_strongest(weights)
    np.testing.assert_allclose(chosen.sum(axis=1), 1.0, atol=1e-6)
    np.testing.assert_array_equal(joints[:, 0], weights.argmax(axis=1))
    assert np.all(np.diff(chosen, axis=1) <= 0.0)


def test_layers_of_a_cloth_stay_apart_when_they_are_thinned() -> None:
    outer = cut(ball(), ball().position[:, 1])
    inner = replace(outer, position=0.99 * outer.position)
    thinner, lining = thin_layers((outer, inner), 60)
    assert len(thinner.triangles) < len(outer.triangles) / 2
    np.testing.assert_array_equal(thinner.triangles, lining.triangles)
    np.testing.assert_allclose(lining.position, 0.99 * thinner.position)
