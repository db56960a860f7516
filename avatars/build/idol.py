"""The library's idol: an adult singer in stage dress, drawn rather than photographed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avatars.build import eyes, face, hair, outfit
from avatars.build.assemble import Figure, Part, Surface, assemble, node_names
from avatars.build.body import Body, build_body
from avatars.build.geometry import Piece, compacted
from avatars.build.landmarks import Landmarks, measure
from avatars.build.paint import Colour, linear, texture
from avatars.build.presets import PRESET_SHAPES, library_meta
from avatars.build.skeleton import OMITTED
from avatars.build.source import Source
from avatars.build.style import IDOL_TARGETS, StylisedHead
from avatars.build.swing import hair_bones, hair_springs
from avatars.model import LookAt, Material, OutlineMode
from avatars.write import write_vrm

NAME = "Encore Idol"


def build_idol(source: Source) -> bytes:
    """The idol's VRM 1.0 file."""
    body = build_body(source, IDOL_TARGETS, StylisedHead.of(source, IDOL_TARGETS))
    marks = measure(source, body)
    parts, lift = _standing(_parts(source, body, marks))
    up = np.array([0.0, lift, 0.0])
    bones = [replace(bone, head=bone.head + up) for bone in hair_bones(marks)]
    figure = Figure(
        meta=library_meta(NAME),
        heads=body.heads + up,
        omitted=OMITTED,
        bones=tuple(bones),
        parts=parts,
        presets=PRESET_SHAPES,
        look_at=_look_at(body, marks),
    )
    chains, colliders = hair_springs(body, marks, node_names(figure))
    return write_vrm(assemble(figure), chains, colliders)


def _parts(source: Source, body: Body, marks: Landmarks) -> tuple[Part, ...]:
    skin = face.head_skin(source, body, marks)
    rows = _vertices(skin, body)
    painted = face.paint_face(marks, skin, marks.lips[rows], marks.inside_mouth[rows])
    picture = texture("face", painted)
    skin = face.thinned_skin(_without_scalp(marks, skin))
    skin_surface = Surface(_toon("skin", shade=(0.97, 0.80, 0.79), ink=(0.55, 0.28, 0.30)), picture)
    detail = _toon("mouth and lashes", shade=(0.92, 0.84, 0.84), ink=None, double_sided=True)
    hands_and_neck = face.other_skin(source, body, marks, outfit.shown_skin(body))
    return (
        Part("Face", skin, skin_surface),
        Part("Face", face.details(source, body, marks), Surface(detail, picture)),
        Part(
            "Eyes",
            eyes.eyeballs(marks),
            Surface(Material("eyes", unlit=True), texture("iris", eyes.paint_iris())),
        ),
        Part("Body", hands_and_neck, skin_surface),
        Part(
            "Body",
            outfit.clothes(source, body, marks),
            Surface(
                _toon(
                    "clothes", shade=(0.72, 0.70, 0.86), ink=(0.12, 0.10, 0.20), double_sided=True
                ),
                texture("clothes", outfit.paint_clothes()),
            ),
        ),
        Part(
            "Hair",
            hair.hair(source, body, marks),
            Surface(
                _toon("hair", shade=(0.66, 0.60, 0.80), ink=(0.10, 0.08, 0.18), double_sided=True),
                texture("hair", hair.paint_hair()),
            ),
        ),
    )


def _vertices(skin: Piece, body: Body) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    place = {tuple(row): i for i, row in enumerate(body.position.tolist())}
    return np.array([place[tuple(row)] for row in skin.position.tolist()])


def _without_scalp(marks: Landmarks, skin: Piece) -> Piece:
    """The skin without what lies deep under the hair."""
    hidden = hair.hairline(marks, skin.position) > 0.25
    kept = skin.triangles[~hidden[skin.triangles].all(axis=1)]
    used, triangles = compacted(kept)
    shapes = None if skin.shapes is None else skin.shapes[:, used]
    return Piece(
        skin.position[used], skin.normal[used], skin.uv[used], skin.weights[used], triangles, shapes
    )


def _standing(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], float]:
    """The parts lifted until the soles are at y = 0, and by how much."""
    lift = -min(float(part.piece.position[:, 1].min()) for part in parts)
    up = np.array([0.0, lift, 0.0])
    lifted = [
        replace(part, piece=replace(part.piece, position=part.piece.position + up))
        for part in parts
    ]
    return tuple(lifted), lift


def _toon(name: str, shade: Colour, ink: Colour | None, *, double_sided: bool = False) -> Material:
    """A cel-shaded surface.

    Args:
        shade: what the picture is multiplied by in the shade, sRGB.
        ink: the outline's colour, or None for no outline.
    """
    material = Material(
        name,
        double_sided=double_sided,
        shade_color=linear(shade),
        shading_shift=-0.05,
        shading_toony=0.88,
        matcap_color=(0.0, 0.0, 0.0),
        rim_fresnel_power=4.0,
        rim_lighting_mix=0.6,
    )
    if ink is None:
        return material
    return replace(
        material,
        outline_mode=OutlineMode.WORLD,
        outline_width=0.0016,
        outline_color=linear(ink),
        outline_lighting_mix=0.3,
    )


def _look_at(body: Body, marks: Landmarks) -> LookAt:
    x, y, z = (round(float(v), 6) for v in marks.middle - body.head("head"))
    quarter = float(np.pi / 2.0)
    outputs = (12.0, 14.0, 10.0, 10.0)
    ranges = tuple((quarter, float(np.radians(degrees))) for degrees in outputs)
    return LookAt("bone", (x, y, z), ranges)
