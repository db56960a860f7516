"""Draw an avatar's head in its rest pose, so that a face cut up by a texture layout is whole again.

Triangles take their colour from the base texture, and the nearest one to the viewer counts; there
is no light, which would only hide what the texture shows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from avatars.compile import compiled
from avatars.model import AlphaMode, Avatar, Material, Primitive
from avatars.rest import rest_world
from renderer.rights.shape.surface import place_vertices

F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]

TURNS: Final = {"front": 0.0, "left side": -35.0, "right side": 35.0}
"""Views by name, as turns of the head about its vertical axis, degrees."""
SIZE: Final = 320
"""Width and height of a view, pixels."""

_WIDE: Final = 1.4
"""Side of the view over the height of the head above its joint."""
_BASE: Final = 0.8
"""Height at which the head's joint is drawn, from the top, as a share of the view."""
_BACKGROUND: Final = 128
_OPAQUE: Final = 0.5
"""Alpha from which a blended texel is drawn."""
_GAMMA: Final = 2.2
"""Of texels; the factors of materials and vertices are linear."""
_WRAPS: Final = ("repeat", "mirror", "clamp")
_WHITE: Final = np.full((1, 1, 4), 255, np.uint8)


def draw_head(avatar: Avatar, turn: float) -> U8:
    """Return a picture (SIZE, SIZE, 3) of an avatar's head, RGB.

    Args:
        avatar: in its rest pose.
        turn: of the head about its vertical axis, degrees.
    """
    world = rest_world(avatar.nodes)
    head: F64 = world[avatar.bones["head"], :3, 3]
    parts = [
        (part, place_vertices(avatar, instance, part, world)[0])
        for instance in avatar.instances
        for part in avatar.meshes[instance.mesh].primitives
    ]
    tops = [place[:, 1].max() for _, place in parts if len(place)]
    side = _WIDE * max(max(tops, default=0.0) - head[1], 0.05)
    angle = np.radians(turn)
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    picture = np.full((SIZE, SIZE, 3), _BACKGROUND, np.uint8)
    depth = np.full((SIZE, SIZE), -np.inf)
    for part, place in parts:
        seen = (place - head) @ rotation.T
        # To the right and down in pixels, towards the viewer in metres.
        pixels = np.stack(
            ((seen[:, 0] / side + 0.5) * SIZE, (_BASE - seen[:, 1] / side) * SIZE, seen[:, 2]),
            axis=1,
        )
        _draw_part(avatar, part, np.nan_to_num(pixels), picture, depth)
    return picture


def _draw_part(avatar: Avatar, part: Primitive, pixels: F64, picture: U8, depth: F64) -> None:
    material = avatar.materials[part.material]
    texels, wrap = _WHITE, (0, 0)
    uv: F64 = np.zeros((len(pixels), 2))
    if (use := material.base_texture) is not None:
        texture = avatar.textures[use.texture]
        texels = np.ascontiguousarray(texture.pixels)
        wrap = _WRAPS.index(texture.wrap[0]), _WRAPS.index(texture.wrap[1])
        cos, sin = np.cos(use.rotation), np.sin(use.rotation)
        own = part.uv if use.uv_set == 0 or part.second_uv is None else part.second_uv
        scaled = np.nan_to_num(own.astype(np.float64)) * np.array(use.scale)
        turned = scaled @ np.array([[cos, -sin], [sin, cos]])
        uv = turned + np.array(use.offset)
    factor = np.clip(part.color.astype(np.float64) * np.array(material.base_color), 0.0, 1.0)
    factor[:, :3] **= 1.0 / _GAMMA
    _fill(
        part.triangles.astype(np.int64),
        pixels,
        uv,
        factor,
        texels,
        wrap[0],
        wrap[1],
        _least_alpha(material),
        material.double_sided,
        picture,
        depth,
    )


def _least_alpha(material: Material) -> float:
    """Return the alpha from which a material's texels are drawn."""
    match material.alpha_mode:
        case AlphaMode.OPAQUE:
            return 0.0
        case AlphaMode.MASK:
            return material.alpha_cutoff
        case AlphaMode.BLEND:
            return _OPAQUE


@compiled
def _wrap(at: float, mode: int, size: int) -> int:
    """Return the texel at a place of a texture's side."""
    if mode == 0:
        at = at - np.floor(at)
    elif mode == 1:
        at = 1.0 - abs(at - 2.0 * np.floor(at / 2.0) - 1.0)
    return int(min(max(at * size, 0.0), size - 1.0))


@compiled
def _fill(
    triangles: NDArray[np.int64],
    pixels: F64,
    uv: F64,
    factor: F64,
    texels: U8,
    wrap_s: int,
    wrap_t: int,
    least_alpha: float,
    is_double_sided: bool,
    picture: U8,
    depth: F64,
) -> None:
    """Draw triangles into a picture, where they are nearer than its depth."""
    height, width = depth.shape
    for k in range(len(triangles)):
        a, b, c = triangles[k, 0], triangles[k, 1], triangles[k, 2]
        ax, ay = pixels[a, 0], pixels[a, 1]
        bx, by = pixels[b, 0], pixels[b, 1]
        cx, cy = pixels[c, 0], pixels[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        # Down is positive here: a front face, counter-clockwise, has a negative area.
        if area == 0.0 or (area > 0.0 and not is_double_sided):
            continue
        left = max(int(np.floor(min(ax, bx, cx))), 0)
        right = min(int(np.ceil(max(ax, bx, cx))), width)
        top = max(int(np.floor(min(ay, by, cy))), 0)
        bottom = min(int(np.ceil(max(ay, by, cy))), height)
        for y in range(top, bottom):
            for x in range(left, right):
                px, py = x + 0.5, y + 0.5
                u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area
                v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area
                w = 1.0 - u - v
                if u < 0.0 or v < 0.0 or w < 0.0:
                    continue
                near = u * pixels[a, 2] + v * pixels[b, 2] + w * pixels[c, 2]
                if near <= depth[y, x]:
                    continue
                column = _wrap(u * uv[a, 0] + v * uv[b, 0] + w * uv[c, 0], wrap_s, texels.shape[1])
                row = _wrap(u * uv[a, 1] + v * uv[b, 1] + w * uv[c, 1], wrap_t, texels.shape[0])
                alpha = u * factor[a, 3] + v * factor[b, 3] + w * factor[c, 3]
                if alpha * texels[row, column, 3] / 255.0 < least_alpha:
                    continue
                depth[y, x] = near
                for channel in range(3):
                    mixed = u * factor[a, channel] + v * factor[b, channel] + w * factor[c, channel]
                    picture[y, x, channel] = int(mixed * texels[row, column, channel] + 0.5)
