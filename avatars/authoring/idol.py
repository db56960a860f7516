"""Build the library's idols: stylised adult singers in stage clothes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from avatars.authoring.costume.fabric import surfaces
from avatars.authoring.costume.tailor import visible_skin
from avatars.authoring.design import Design, Outfit
from avatars.authoring.figure.assemble import Figure, Part, Surface, assemble, node_names
from avatars.authoring.figure.body import Body, build_body
from avatars.authoring.figure.geometry import Piece, join
from avatars.authoring.figure.landmarks import DRAWN, Landmarks, measure, piece_of
from avatars.authoring.figure.paint import Colour, Mask, linear, texture
from avatars.authoring.figure.palette import Palette
from avatars.authoring.figure.presets import PRESET_SHAPES, library_meta
from avatars.authoring.figure.rigging import Rigging, body_solids
from avatars.authoring.figure.sculpt import sculpt
from avatars.authoring.figure.skeleton import OMITTED
from avatars.authoring.figure.source import Ints, Source
from avatars.authoring.figure.style import StylisedHead
from avatars.authoring.figure.thinning import thin
from avatars.authoring.head import eyes, face, hair
from avatars.authoring.head.brows import brows
from avatars.authoring.head.lip_lines import LipGrowth
from avatars.authoring.head.swing import hair_chains
from avatars.model import LookAt, Material, OutlineMode
from avatars.write import write_vrm


@dataclass(frozen=True, slots=True)
class Detail:
    """Level of detail of a figure.

    Attributes:
        face, skin: triangle counts of the head's skin, and of the neck's and hands' skin.
        cloth: fraction of the clothes' triangles that is kept.
        hair: level of detail of the hair.
        line: factor on the thickness of brows, lashes and lip lines.
        lips: how the lips' lines and their colour grow with the mouth's shapes.
    """

    face: int
    skin: int
    cloth: float
    hair: hair.Weave
    line: float = 1.0
    lips: tuple[LipGrowth, LipGrowth] = (
        LipGrowth(),
        LipGrowth(1.9, 2.2, press=0.0, pucker=0.15, pucker_width=0.05, pucker_parts=0.0),
    )


_SHADE: Colour = (0.95, 0.76, 0.76)
"""Factor on the skin texture in the shade, sRGB."""

_SHEEN = 0.55
"""Factor on the hair's matcap."""

FULL = Detail(face=9000, skin=2400, cloth=1.0, hair=hair.Weave(5, 2, 1, 1000))
"""Full level of detail."""
LIGHT = Detail(
    face=1560, skin=800, cloth=0.28, hair=hair.Weave(3, 1, 2, 300), line=1.3,
    lips=(
        LipGrowth(0.9, 1.1, press=1.0, pucker_parts=0.4),
        LipGrowth(2.4, 2.6, press=0.0, pucker=0.17, pucker_width=0.08, pucker_parts=0.0),
    ),
)  # fmt: skip
"""Low level of detail: under 10,000 triangles, for distant figures or rendering without a GPU. Its
lines are bolder, so that eyes and mouth read on a face 20 pixels high."""
_ORNAMENT = 24
"""Most triangles of an ornament, which has too few to lose any."""


def build_idol(source: Source, design: Design, palette: Palette, detail: Detail = FULL) -> bytes:
    """Return the bytes of an idol's VRM 1.0 file."""
    head = StylisedHead.of(source, design.targets, design.head)
    body, sockets = eyes.seat(source, build_body(source, design.targets, head))
    body = sculpt(source, body, design.sculpture, measure(source, body, DRAWN).mouth)
    body = design.proportions.apply(design.lower_face.apply(body))
    marks = measure(source, body, DRAWN)
    suit, _ = piece_of(body, marks, source.base.groups["helper-tights"].corners)
    skin_piece, _ = piece_of(body, marks, source.base.groups["body"].corners)
    outfit = design.outfit(body, suit.with_normals(), skin_piece, palette, fine=detail is FULL)
    cloth = [chain for sheet in outfit.sheets() for chain in sheet.rig()]
    lifts = tuple(lift for sheet in outfit.sheets() for lift in sheet.lifts())
    rigging = Rigging((*hair_chains(marks, design.cut), *cloth), lifts)
    tresses = hair.hair(source, body, marks, design.cut, rigging, design.worn, detail.hair)
    skin = _head_parts(source, body, marks, sockets, tresses, design, palette, detail)
    dressed = (*skin, *_dressing(outfit, rigging, tresses, palette, detail))
    dressed = tuple(part for part in dressed if len(part.piece.triangles))
    parts, lift = _standing(dressed)
    up = np.array([0.0, lift, 0.0])
    figure = Figure(
        meta=library_meta(design.name),
        heads=body.heads + up,
        omitted=OMITTED,
        bones=tuple(replace(bone, head=bone.head + up) for bone in rigging.bones()),
        parts=parts,
        presets=PRESET_SHAPES,
        look_at=_look_at(body, marks),
    )
    names = node_names(figure)
    return write_vrm(
        replace(
            assemble(figure),
            constraints=rigging.constraints(names),
            springs=rigging.springs(body_solids(body, marks), names),
        )
    )


def _head_parts(
    source: Source,
    body: Body,
    marks: Landmarks,
    sockets: Mask,
    tresses: Piece,
    design: Design,
    palette: Palette,
    detail: Detail,
) -> tuple[Part, ...]:
    skin = face.head_skin(source, body, marks, sockets)
    rows = _vertices(skin, body)
    make_up = replace(design.make_up, brow_colour=_brow_colour(palette))
    painted = face.paint_face(marks, skin, marks.lips[rows], make_up)
    picture = texture("face", painted)
    skin = face.thin_skin(_remove_scalp(marks, skin), detail.face)
    skin_surface = Surface(_toon("skin", shade=_SHADE, ink=(0.55, 0.28, 0.30)), picture)
    inner = _toon("mouth and lashes", shade=(0.92, 0.84, 0.84), ink=None, double_sided=True)
    lash = replace(design.lash, thick=detail.line * design.lash.thick)
    lip_line = detail.line * design.make_up.lip_line
    within = face.details(source, body, marks, sockets, lash, lip_line, detail.lips)
    brow = replace(design.brow, thick=detail.line * design.brow.thick)
    drawn_brows = brows(marks, skin, tresses, brow)
    drawn_brows = replace(drawn_brows, uv=face.plain_uv("brow", len(drawn_brows.position)))
    within = join([within, drawn_brows])
    shown = visible_skin(body, hands=design.bare_hands)
    hands_and_neck = face.other_skin(source, body, marks, shown, detail.skin)
    high = marks.face(hands_and_neck.position)[:, 1] > -3.0
    on_neck = np.asarray(high[hands_and_neck.triangles].all(axis=1), np.bool_)
    size = eyes.iris_size(source, body, marks)
    iris = texture("iris", eyes.paint_iris(*palette.iris, size))
    # Folding eyelids would turn the outline into specks, so the skin there has none.
    plain_skin = face.without_outline(marks, skin, design.chin_line)
    plain = Surface(_toon("lids", shade=_SHADE, ink=None), picture)
    return (
        Part("Face", skin.of_triangles(~plain_skin), skin_surface),
        Part("Face", skin.of_triangles(plain_skin), plain),
        Part("Face", within, Surface(inner, picture)),
        Part("Eyes", eyes.eyeballs(marks), Surface(Material("eyes", unlit=True), iris)),
        Part("Body", hands_and_neck.of_triangles(np.logical_not(on_neck)), skin_surface),
        Part("Body", hands_and_neck.of_triangles(on_neck), plain),
    )


def _brow_colour(palette: Palette) -> Colour:
    """Return the brows' colour: the hair's, shifted towards the skin's red."""
    red, green, blue = palette.hair_root
    return 0.42 * red + 0.06, 0.42 * green + 0.02, 0.42 * blue + 0.03


def _dressing(
    outfit: Outfit, rigging: Rigging, tresses: Piece, palette: Palette, detail: Detail
) -> tuple[Part, ...]:
    worn = surfaces(outfit.pattern, palette)
    garments = []
    for fabric, pieces in outfit.garments(rigging).items():
        kept = [_thin_cloth(piece, detail.cloth) for piece in pieces]
        whole = join([replace(p, weights=rigging.widen(p.weights)) for p in kept])
        garments.append(Part("Body", whole, worn[fabric]))
    locks = _toon("hair", shade=(0.66, 0.60, 0.80), ink=(0.10, 0.08, 0.18), double_sided=True)
    strands = Surface(
        replace(locks, matcap_color=(_SHEEN,) * 3),
        texture("hair", hair.paint_hair(palette)),
        matcap=texture("sheen", hair.paint_sheen(palette)),
    )
    return (
        *garments,
        Part("Hair", tresses, strands),
    )


def _thin_cloth(piece: Piece, share: float) -> Piece:
    """Return a garment with about this share of its triangles; ornaments stay as they are."""
    count = len(piece.triangles)
    return piece if share == 1.0 or count <= _ORNAMENT else thin(piece, round(share * count))


def _vertices(skin: Piece, body: Body) -> Ints:
    place = {tuple(row): i for i, row in enumerate(body.position.tolist())}
    return np.array([place[tuple(row)] for row in skin.position.tolist()])


def _remove_scalp(marks: Landmarks, skin: Piece) -> Piece:
    """Return the skin without the triangles that lie well inside the hairline."""
    hidden = hair.hairline(marks, skin.position) > 0.25
    kept: Mask = hidden[skin.triangles].sum(axis=1) < 3
    return skin.of_triangles(kept)


def _standing(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], float]:
    """Translate the parts so that their lowest point is at y = 0.

    Returns:
        The translated parts and the translation along y, metres.
    """
    lift = -min(float(part.piece.position[:, 1].min()) for part in parts)
    up = np.array([0.0, lift, 0.0])
    lifted = [
        replace(part, piece=replace(part.piece, position=part.piece.position + up))
        for part in parts
    ]
    return tuple(lifted), lift


def _toon(name: str, shade: Colour, ink: Colour | None, *, double_sided: bool = False) -> Material:
    """Return an MToon material with cel shading.

    Args:
        shade: factor on the texture in the shade, sRGB.
        ink: the outline's colour, sRGB; None for no outline.
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
        outline_width=0.0012,
        outline_color=linear(ink),
        outline_lighting_mix=0.3,
    )


def _look_at(body: Body, marks: Landmarks) -> LookAt:
    x, y, z = (round(float(v), 6) for v in marks.middle - body.head("head"))
    # A large iris fills most of the lid opening, so the eyes turn less than the gaze direction.
    # Output limits inwards, outwards, down and up, degrees: the largest angles at which the
    # irises stay completely visible and the lids show no artefacts.
    widest = float(np.radians(45.0))
    outputs = (20.0, 22.0, 14.0, 14.0)
    ranges = tuple((widest, float(np.radians(degrees))) for degrees in outputs)
    return LookAt("bone", (x, y, z), ranges)
