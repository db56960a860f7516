"""Build avatars that vary one feature of a material each: a ball and two panes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from avatars import load_avatar
from avatars.model import (
    AlphaMode,
    Avatar,
    Material,
    Mesh,
    MeshInstance,
    OutlineMode,
    Primitive,
    Texture,
    TextureUse,
)
from avatars.springs.records import Springs

LIBRARY = Path(__file__).parents[1] / "avatars" / "library"
CHECKS, RAMP, BUMPS, GREY = range(4)

Placed = tuple[Primitive, ...]


@dataclass(frozen=True)
class Sweep:
    """One variation.

    Attributes:
        materials: of the ball, then of the near pane, then of the far pane.
        uses: which of these parts are there, in the file's order.
        seconds: at which it is drawn.
        within: FLIP that it may differ by.
        why: reason for a larger bound than BOUND.
    """

    name: str
    materials: tuple[Material, ...]
    uses: tuple[int, ...] = (0,)
    colors: bool = False
    tangents: bool = False
    seconds: float = 0.0
    within: float = 0.06
    why: str = ""


TOON = Material("toon", (0.7, 0.45, 0.3, 1.0), shade_color=(0.35, 0.15, 0.3), rim_lighting_mix=1.0)
BASE = replace(TOON, base_texture=TextureUse(CHECKS))
SIDE = replace(TOON, shading_toony=0.6)
INKED = replace(
    SIDE, outline_mode=OutlineMode.WORLD, outline_width=0.03, outline_color=(0.6, 0.6, 0.2),
)  # fmt: skip
RIM = replace(SIDE, rim_color=(0.4, 0.4, 0.5), rim_fresnel_power=3.0)
PLAIN = Material("plain", (0.7, 0.45, 0.3, 1.0), physically_based=True, metallic=0.0, roughness=0.5)
GLASS = Material(
    "pane", (0.2, 0.7, 0.3, 0.6), alpha_mode=AlphaMode.BLEND, unlit=True, double_sided=True
)
BACK = replace(GLASS, base_color=(0.7, 0.2, 0.6, 0.6))
UNLIT = Material("unlit", (0.7, 0.7, 0.7, 1.0), unlit=True)


def all_sweeps() -> Iterator[Sweep]:
    """Yield every sweep."""

    def vary(name: str, material: Material, **changes: Any) -> Sweep:
        return Sweep(name, (replace(material, **changes),))

    def texture(index: int, **more: Any) -> TextureUse:
        return TextureUse(index, **more)

    yield vary("default", TOON)
    for shift in (-1.0, -0.5, 0.5):
        yield vary(f"shading shift {shift:g}", SIDE, shading_shift=shift)
    yield vary("shading shift texture", SIDE, shading_shift_texture=texture(RAMP))
    yield vary(
        "shading shift texture scale", SIDE, shading_shift_texture=texture(RAMP),
        shading_shift_texture_scale=-0.8,
    )  # fmt: skip
    for toony in (0.0, 0.5, 1.0):
        yield vary(f"shading toony {toony:g}", TOON, shading_toony=toony)
    yield vary("shade texture", SIDE, shade_color=(1.0, 1.0, 1.0), shade_texture=texture(CHECKS))
    yield vary("base texture", BASE)
    yield vary(
        "base texture placed", SIDE,
        base_texture=texture(CHECKS, offset=(0.1, 0.2), scale=(2.0, 2.0), rotation=0.4),
    )  # fmt: skip
    yield vary("base texture stretched", SIDE, base_texture=texture(CHECKS, scale=(2.0, 0.5)))
    for gi in (0.0, 1.0):
        yield vary(f"GI equalisation {gi:g}", SIDE, gi_equalization=gi)
    yield vary("matcap", SIDE, matcap_color=(0.5, 0.5, 0.5), matcap_texture=texture(RAMP))
    for mix in (0.0, 0.5, 1.0):
        yield vary(f"rim lighting mix {mix:g}", RIM, rim_lighting_mix=mix)
    yield vary("rim lift", RIM, rim_lift=0.3)
    yield vary("rim power", RIM, rim_fresnel_power=1.0)
    yield vary("rim texture", RIM, rim_texture=texture(CHECKS))
    yield vary("emission", SIDE, emissive=(0.1, 0.2, 0.3))
    yield vary("emission texture", SIDE, emissive=(0.4, 0.4, 0.4), emissive_texture=texture(CHECKS))
    for mix in (0.0, 0.5, 1.0):
        yield vary(f"outline lighting mix {mix:g}", INKED, outline_lighting_mix=mix)
    yield vary(
        "outline with rim and emission", INKED, rim_color=(0.4, 0.4, 0.4), emissive=(0.2, 0.2, 0.0)
    )
    yield replace(
        vary("outline on the screen", INKED, outline_mode=OutlineMode.SCREEN),
        within=0.09,
        why="three-vrm takes the width as a share of half the picture's height",
    )
    yield vary("outline width texture", INKED, outline_width_texture=texture(CHECKS))
    yield vary("normal map", SIDE, normal_texture=texture(BUMPS))
    yield vary("normal map scale", SIDE, normal_texture=texture(BUMPS), normal_scale=0.4)
    yield vary("alpha mask", BASE, alpha_mode=AlphaMode.MASK, double_sided=True)
    for name, changes in (
        ("scroll", {"uv_scroll": (0.25, 0.1)}),
        ("rotation", {"uv_rotation": 0.7}),
        ("mask", {"uv_scroll": (0.25, 0.1), "uv_mask_texture": texture(GREY)}),
    ):
        yield replace(vary(f"UV animation {name}", BASE, **changes), seconds=1.5)
    yield replace(vary("vertex colours on MToon", TOON), colors=True)
    yield replace(vary("vertex colours on unlit", UNLIT), colors=True)
    yield replace(vary("vertex colours on metallic-roughness", PLAIN), colors=True)
    for metallic, roughness in ((0.0, 0.2), (0.0, 1.0), (1.0, 0.3), (1.0, 0.8), (0.5, 0.5)):
        yield vary(f"metallic {metallic:g} roughness {roughness:g}", PLAIN, metallic=metallic,
                   roughness=roughness)  # fmt: skip
    yield vary("metallic-roughness texture", PLAIN, metallic=1.0, roughness=1.0,
               metallic_roughness_texture=texture(CHECKS))  # fmt: skip
    yield vary("metallic-roughness normal map", PLAIN, normal_texture=texture(BUMPS))
    yield replace(
        vary("metallic-roughness tangents", PLAIN, normal_texture=texture(BUMPS)), tangents=True
    )
    yield vary("metallic-roughness emission", PLAIN, emissive=(0.1, 0.3, 0.2))
    yield vary("emission texture of the second UV set", PLAIN, base_texture=texture(CHECKS),
               emissive=(0.4, 0.4, 0.4), emissive_texture=texture(RAMP, uv_set=1))  # fmt: skip
    yield Sweep(
        "blending",
        (TOON, GLASS, BACK),
        (0, 2, 1),
        within=0.11,
        why="three.js blends display values, where light adds up linearly",
    )
    # Without transparency, so that the order alone is compared.
    near = replace(GLASS, base_color=(0.2, 0.7, 0.3, 1.0))
    far = replace(BACK, base_color=(0.7, 0.2, 0.6, 1.0))
    yield Sweep("panes", (TOON, near, far), (0, 2, 1))
    near, far = (
        replace(TOON, base_color=pane.base_color, alpha_mode=AlphaMode.BLEND, double_sided=True)
        for pane in (near, far)
    )
    early = replace(near, render_queue_offset=-3)
    yield Sweep("panes by render queue", (TOON, early, far), (0, 1, 2))
    writing = replace(near, transparent_with_z_write=True)
    yield Sweep("panes with depth writes", (TOON, writing, far), (0, 1, 2))


def build(sweep: Sweep) -> Avatar:
    """Return a sweep's avatar: the idol's skeleton, with the parts on its first node."""
    idol = load_avatar(LIBRARY / "idol.vrm")
    parts = (_ball(), _pane(0.7, -0.12), _pane(-0.7, 0.12))
    primitives = []
    for number in sweep.uses:
        part = replace(parts[number], material=number)
        if not sweep.colors:
            part = replace(part, color=np.ones_like(part.color))
        emissive = sweep.materials[number].emissive_texture
        uses_second = emissive is not None and emissive.uv_set == 1
        primitives.append(
            replace(
                part,
                tangent=part.tangent if sweep.tangents else None,
                second_uv=part.uv[:, ::-1] * 2.0 if uses_second else None,
            )
        )
    return replace(
        idol,
        meshes=(Mesh("parts", tuple(primitives), 0, (), np.zeros(0, np.float32)),),
        instances=(MeshInstance(0, 0, None),),
        skins=(),
        materials=sweep.materials,
        textures=_textures(),
        expressions=(),
        springs=Springs(),
        constraints=(),
        channel_count=0,
        thumbnail=b"",
    )


def _primitive(
    position: np.ndarray, normal: np.ndarray, uv: np.ndarray, tangent: np.ndarray,
    triangles: np.ndarray,
) -> Primitive:  # fmt: skip
    count = len(position)
    color = np.ones((count, 4))
    color[:, :3] = 0.5 + 0.5 * np.sin(7.0 * position)
    return Primitive(
        position.astype(np.float32),
        normal.astype(np.float32),
        uv.astype(np.float32),
        color.astype(np.float32),
        np.zeros((count, 4), np.uint32),
        np.zeros((count, 4), np.float32),
        triangles.astype(np.uint32),
        0,
        tangent=np.concatenate((tangent, np.ones((count, 1))), axis=1).astype(np.float32),
    )


def _ball(across: int = 64, down: int = 32, radius: float = 0.5) -> Primitive:
    v, u = np.meshgrid(np.linspace(0.0, 1.0, down + 1), np.linspace(0.0, 1.0, across + 1),
                       indexing="ij")  # fmt: skip
    u, v = u.reshape(-1), v.reshape(-1)
    around, fall = 2.0 * math.pi * u, math.pi * v
    normal = np.stack((np.sin(fall) * np.sin(around), np.cos(fall), np.sin(fall) * np.cos(around)),
                      axis=1)  # fmt: skip
    tangent = np.stack((np.cos(around), np.zeros_like(around), -np.sin(around)), axis=1)
    row, column = np.meshgrid(np.arange(down), np.arange(across), indexing="ij")
    a = (row * (across + 1) + column).reshape(-1)
    b = a + across + 1
    triangles = np.stack((a, b, b + 1, a, b + 1, a + 1), axis=1).reshape(-1, 3)
    return _primitive(normal * radius, normal, np.stack((u, v), axis=1), tangent, triangles)


def _pane(z: float, x: float, half: float = 0.3) -> Primitive:
    corners = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float64)
    uv = np.stack(((corners[:, 0] + 1.0) / 2.0, (1.0 - corners[:, 1]) / 2.0), axis=1)
    normal, tangent = np.tile((0.0, 0.0, 1.0), (4, 1)), np.tile((1.0, 0.0, 0.0), (4, 1))
    triangles = np.array([(0, 1, 2), (0, 2, 3)])
    return _primitive(corners * half + (x, 0.4, z), normal, uv, tangent, triangles)


def _textures() -> tuple[Texture, ...]:
    side = 64
    y, x = np.mgrid[0:side, 0:side]
    checks = np.zeros((side, side, 4), np.uint8)
    odd = (x // 8 + y // 8) % 2 == 1
    checks[..., :3] = np.where(odd[..., None], (230, 200, 90), (60, 120, 200))
    checks[..., 3] = np.where(odd, 255, 40)
    ramp = np.full((side, side, 4), 255, np.uint8)
    ramp[..., :3] = (x * 4)[..., None]
    slope = np.stack((np.sin(x * math.pi / 8.0), np.sin(y * math.pi / 8.0)), axis=-1) * 0.6
    bumps = np.full((side, side, 4), 255, np.uint8)
    flat = np.concatenate((slope, np.ones((side, side, 1))), axis=-1)
    flat /= np.linalg.norm(flat, axis=-1, keepdims=True)
    bumps[..., :3] = np.round((flat * 0.5 + 0.5) * 255.0)
    grey = np.full((side, side, 4), 255, np.uint8)
    grey[..., :3] = np.where(y < side // 2, 255, 64)[..., None]
    return tuple(
        Texture(name, pixels, ("repeat", "repeat"))
        for name, pixels in (("checks", checks), ("ramp", ramp), ("bumps", bumps), ("grey", grey))
    )
