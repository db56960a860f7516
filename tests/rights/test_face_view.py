"""Test the picture of an avatar's head: what is in front, from where, and with which texels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from avatars import load_avatar
from avatars.model import Avatar, Material, MeshInstance, Primitive, Texture, TextureUse
from renderer.paths import IDOL
from renderer.rights.face_view import SIZE, draw_head

TILES = 8


def plate(avatar: Avatar, pixels: np.ndarray, *, shuffle: bool, depth: float = 0.1) -> Avatar:
    """Return an avatar whose head is a plate that shows a picture.

    Args:
        avatar: whose head bone carries it.
        pixels: square picture, (n, n, 4).
        shuffle: whether the texture holds the picture's tiles in another order.
        depth: of the plate before the head bone, metres.
    """
    order = np.random.default_rng(3).permutation(TILES * TILES) if shuffle else np.arange(TILES**2)
    step = len(pixels) // TILES
    texture = np.zeros_like(pixels)
    position, uv, triangles = [], [], []
    for tile in range(TILES * TILES):
        row, column = divmod(tile, TILES)
        to_row, to_column = divmod(int(order[tile]), TILES)
        block = pixels[row * step : (row + 1) * step, column * step : (column + 1) * step]
        texture[to_row * step : (to_row + 1) * step, to_column * step : (to_column + 1) * step] = (
            block
        )
        first = len(position)
        for down, right in ((0, 0), (1, 0), (1, 1), (0, 1)):
            x = ((column + right) / TILES - 0.5) * 0.24
            position.append((x, 0.24 - (row + down) / TILES * 0.24, depth))
            uv.append(((to_column + right) / TILES, (to_row + down) / TILES))
        triangles += [(first, first + 1, first + 2), (first, first + 2, first + 3)]
    count = len(position)
    normal = np.tile(np.array([0, 0, 1], np.float32), (count, 1))
    part = Primitive(
        np.array(position, np.float32),
        normal,
        np.array(uv, np.float32),
        np.ones((count, 4), np.float32),
        np.zeros((count, 4), np.uint32),
        np.zeros((count, 4), np.float32),
        np.array(triangles, np.uint32),
        0,
    )
    mesh = replace(
        avatar.meshes[0], primitives=(part,), target_names=(),
        default_weights=np.zeros(0, np.float32),
    )  # fmt: skip
    return replace(
        avatar,
        meshes=(mesh,),
        instances=(MeshInstance(avatar.bones["head"], 0, None),),
        materials=(Material("plate", base_texture=TextureUse(0)),),
        textures=(Texture("plate", texture, ("clamp", "clamp")),),
        sha256="1" * 64,
    )


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    return load_avatar(IDOL)


def _quarters() -> np.ndarray:
    pixels = np.full((256, 256, 4), 255, np.uint8)
    pixels[:128, :128, :3] = (200, 0, 0)
    pixels[:128, 128:, :3] = (0, 200, 0)
    pixels[128:, :128, :3] = (0, 0, 200)
    pixels[128:, 128:, :3] = (200, 200, 0)
    return pixels


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_picture_in_pieces_is_whole_on_the_head(avatar: Avatar, shuffle: bool) -> None:
    seen = draw_head(plate(avatar, _quarters(), shuffle=shuffle), 0.0)
    assert seen.shape == (SIZE, SIZE, 3)
    is_red, is_green = (seen == (200, 0, 0)).all(axis=2), (seen == (0, 200, 0)).all(axis=2)
    is_blue = (seen == (0, 0, 200)).all(axis=2)
    places = [np.argwhere(one).mean(axis=0) for one in (is_red, is_green, is_blue)]
    # Left of the viewer is left in the picture, and up is up.
    assert places[0][1] < places[1][1] and places[0][0] < places[2][0]
    assert places[0][1] == pytest.approx(places[2][1], abs=3)
    drawn = (seen != 128).any(axis=2)
    assert drawn.mean() > 0.3
    # Each pixel is one of the picture's colours: holes are filled, nothing is mixed.
    assert (is_red | is_green | is_blue | (seen == (200, 200, 0)).all(axis=2))[drawn].mean() > 0.99


def test_the_back_of_a_surface_is_not_seen(avatar: Avatar) -> None:
    seen = draw_head(plate(avatar, _quarters(), shuffle=False), 180.0)
    assert (seen == 128).all()


def test_an_idol_has_a_face_from_the_front(avatar: Avatar) -> None:
    seen = draw_head(avatar, 0.0)
    drawn = (seen != 128).any(axis=2)
    assert 0.2 < drawn.mean() < 0.95
    assert len(np.unique(seen[drawn], axis=0)) > 100
