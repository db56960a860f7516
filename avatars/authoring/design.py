"""Define the library's idols: body shape, face, haircut, clothes and colours of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from avatars.authoring.costume.cloth import Sheet
from avatars.authoring.costume.dress import Dress
from avatars.authoring.costume.fabric import Garments
from avatars.authoring.costume.pattern import Pattern
from avatars.authoring.costume.suit import Tailcoat
from avatars.authoring.figure.body import Body
from avatars.authoring.figure.geometry import Piece
from avatars.authoring.figure.palette import Palette
from avatars.authoring.figure.proportions import Proportions
from avatars.authoring.figure.rigging import Rigging
from avatars.authoring.figure.sculpt import Sculpture
from avatars.authoring.figure.style import between_builds, both_sides, macro
from avatars.authoring.head.brows import Brow
from avatars.authoring.head.face import MakeUp
from avatars.authoring.head.headwear import Bow, Headwear
from avatars.authoring.head.lashes import Lash
from avatars.authoring.head.locks import Lock, long_cut, short_cut
from avatars.authoring.head.lower_face import LowerFace


class Outfit(Protocol):
    """Clothes fitted to one body."""

    pattern: Pattern

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the cloth sheets that hang on their own spring chains."""

    def garments(self, rigging: Rigging) -> Garments:
        """Return all garments, grouped by fabric."""


class Tailor(Protocol):
    """Factory that fits an outfit to a body."""

    def __call__(
        self, body: Body, suit: Piece, skin: Piece, palette: Palette, *, fine: bool
    ) -> Outfit:
        """Build the outfit for a body.

        Args:
            suit: the close-fitting suit mesh on the body.
            skin: the body's skin mesh.
            palette: colours of the clothes.
            fine: whether to include all details.
        """


@dataclass(frozen=True, slots=True)
class Design:
    """The parameters from which one idol is built.

    Attributes:
        name: title in the file's metadata.
        file: file name in the library.
        targets: weight of each MakeHuman target, by target name.
        head: `StylisedHead` parameters that differ from their defaults.
        sculpture: parameters of nose and lips.
        cut: the locks of the haircut.
        worn: accessories in the hair.
        outfit: factory of the clothes.
        proportions: bone scales applied to the body shape.
        bare_hands: whether the outfit leaves the hands visible.
        palette: default colours, a name in PALETTES.
        lash: parameters of the eyelashes.
        make_up: parameters of the face texture; the brows take the hair's colour.
        brow: parameters of the eyebrows.
        lower_face: how the face is shortened below the eyes.
        chin_line: half width of the outline under the chin, eye distances. A jaw that is nearly
            level with the neck has none: it would be broken into dots.
    """

    name: str
    file: str
    targets: dict[str, float]
    head: dict[str, float]
    sculpture: Sculpture
    cut: tuple[Lock, ...]
    worn: Headwear
    outfit: Tailor
    proportions: Proportions
    bare_hands: bool
    palette: str
    lash: Lash
    make_up: MakeUp
    brow: Brow
    lower_face: LowerFace = field(default_factory=LowerFace)
    chin_line: float = 2.0

    @property
    def light_file(self) -> str:
        """Return the library file name of the low-polygon version."""
        return self.file.replace(".vrm", "_lod.vrm")


_DRAWN_FACE = {
    "head/head-age-decr": 0.3,
    "nose/nose-nostrils-width-decr": 0.8,
    "nose/nose-width2-decr": 0.5,
    "nose/nose-width3-decr": 0.5,
    "nose/nose-point-width-decr": 0.6,
    "nose/nose-hump-decr": 0.3,
    "nose/nose-flaring-decr": 0.6,
    "mouth/mouth-scale-horiz-decr": 0.4,
} | both_sides(
    {
        "eyes/{}-eye-height1-incr": 0.3,
        "eyes/{}-eye-height2-incr": 0.5,
        "eyes/{}-eye-height3-incr": 0.4,
        "eyes/{}-eye-bag-decr": 0.6,
        "eyes/{}-eye-corner2-up": 0.3,
        "ears/{}-ear-scale-decr": 0.6,
        "ears/{}-ear-wing-decr": 0.5,
    }
)

_EVEN = {"asian": 0.5, "caucasian": 0.5}

ARIA = Design(
    name="Encore Idol",
    file="idol.vrm",
    targets=between_builds(
        macro(_EVEN, "female", "averagemuscle", "averageweight", 0.9),
        macro(_EVEN, "female", "averagemuscle", "minweight", 0.9),
        0.5,
    )
    | _DRAWN_FACE
    | {
        "macrodetails/height/female-young-averagemuscle-averageweight-maxheight": 0.2,
        "head/head-invertedtriangular": 0.05,
        "chin/chin-triangle": 0.25,
        "chin/chin-width-decr": 0.3,
        "chin/chin-height-decr": 0.2,
        "chin/chin-jaw-drop-decr": 0.3,
        "chin/chin-prominent-incr": 0.25,
        "nose/nose-scale-horiz-decr": 0.7,
        "nose/nose-volume-decr": 0.5,
        "nose/nose-point-up": 0.3,
        "mouth/mouth-angles-up": 1.0,
        "mouth/mouth-upperlip-volume-decr": 0.4,
        "mouth/mouth-lowerlip-volume-decr": 0.5,
        "forehead/forehead-trans-forward": 0.4,
        "neck/neck-scale-horiz-decr": 0.8,
        "neck/neck-scale-depth-decr": 0.5,
        "neck/neck-scale-vert-incr": 0.2,
        "torso/measure-waist-circ-decr": 0.5,
        "torso/measure-shoulder-dist-decr": 0.35,
        "torso/torso-scale-horiz-decr": 0.25,
        "arms/measure-upperarm-circ-decr": 0.5,
        "legs/measure-calf-circ-decr": 0.5,
        "legs/upperlegs-height-incr": 0.4,
        "legs/lowerlegs-height-incr": 0.4,
    }
    | both_sides({"cheek/{}-cheek-bones-decr": 0.3, "arms/{}-upperarm-shoulder-muscle-decr": 0.5}),
    head={},
    sculpture=Sculpture(),
    cut=long_cut(),
    worn=Headwear((Bow(66.0, 44.0, 0.72, 1.40), Bow(-66.0, 44.0, 0.72, 1.40))),
    outfit=Dress,
    proportions=Proportions(
        {
            "Hips": (0.95, 1.0, 0.92),
            "Spine": (0.91, 1.0, 0.90),
            "Chest": (0.91, 1.0, 0.92),
            "UpperChest": (0.95, 1.0, 0.95),
            "Neck": (0.86, 0.86, 0.90),
            "Shoulder": (0.93, 0.95, 0.95),
            "UpperArm": (0.97, 0.86, 0.86),
            "LowerArm": (0.97, 0.86, 0.86),
            "Hand": (0.94, 0.84, 0.84),
            "UpperLeg": (0.90, 1.07, 0.90),
            "LowerLeg": (0.88, 1.10, 0.88),
            "Foot": (0.88, 1.0, 0.94),
            "Toes": (0.88, 1.0, 0.94),
        },
        stature=0.895,
        heel=0.052,
    ),
    bare_hands=True,
    palette="night",
    lash=Lash(1.15, 1.0),
    make_up=MakeUp(blush=1.0, lip_line=0.014),
    brow=Brow(thick=1.6, height=0.47, arch=0.09),
)

ROAN = Design(
    name="Encore Idol II",
    file="idol_2.vrm",
    targets=between_builds(
        macro(_EVEN, "male", "averagemuscle", "averageweight", 0.9),
        macro(_EVEN, "male", "averagemuscle", "minweight", 0.9),
        0.45,
    )
    | _DRAWN_FACE
    | {
        "chin/chin-triangle": 0.2,
        "chin/chin-width-decr": 0.3,
        "chin/chin-height-decr": 0.4,
        "chin/chin-jaw-drop-decr": 0.3,
        "nose/nose-scale-horiz-decr": 0.5,
        "nose/nose-volume-decr": 0.3,
        "mouth/mouth-upperlip-volume-decr": 0.5,
        "mouth/mouth-lowerlip-volume-decr": 0.5,
        "mouth/mouth-angles-up": 0.3,
        "neck/neck-scale-horiz-decr": 0.5,
        "neck/neck-scale-depth-decr": 0.3,
        "torso/measure-waist-circ-decr": 0.3,
        "torso/measure-shoulder-dist-decr": 0.4,
        "torso/torso-scale-horiz-decr": 0.4,
        "torso/torso-muscle-pectoral-decr": 0.6,
        "arms/measure-upperarm-circ-decr": 0.8,
        "legs/measure-thigh-circ-decr": 0.6,
        "legs/measure-calf-circ-decr": 0.6,
        "legs/upperlegs-height-incr": 0.2,
        "legs/lowerlegs-height-incr": 0.3,
    }
    | both_sides({"cheek/{}-cheek-bones-decr": 0.3, "arms/{}-upperarm-shoulder-muscle-decr": 0.7}),
    head={
        "eye": 2.1,
        "tall": 1.20,
        "face": 0.78,
        "cheek": 0.03,
        "jaw": 0.88,
        "nose": 0.66,
        "mouth": 0.78,
        "head": 1.27,
        "open_wide": 1.03,
        "open_tall": 1.36,
        "tilt": 0.16,
    },
    sculpture=Sculpture(smooth=45, tip=0.08, smile=1.6, frown=3.8),
    cut=short_cut(),
    worn=Headwear(),
    outfit=Tailcoat,
    proportions=Proportions(
        {
            "Hips": (0.96, 1.0, 0.92),
            "Spine": (0.95, 1.0, 0.92),
            "Chest": (0.95, 1.0, 0.94),
            "UpperChest": (0.96, 1.0, 0.95),
            "Neck": (0.95, 1.14, 0.95),
            "Shoulder": (0.98, 0.90, 0.94),
            "UpperArm": (0.97, 0.84, 0.84),
            "LowerArm": (0.97, 0.90, 0.90),
            "Hand": (0.94, 0.86, 0.86),
            "UpperLeg": (0.93, 1.06, 0.92),
            "LowerLeg": (0.93, 1.08, 0.92),
            "Foot": (0.90, 1.0, 0.96),
            "Toes": (0.90, 1.0, 0.96),
        },
        stature=0.965,
        heel=0.022,
    ),
    bare_hands=False,
    palette="ember",
    lash=Lash(1.2, 0.5),
    make_up=MakeUp(blush=0.35, lip_line=0.026),
    brow=Brow(thick=1.95, height=0.385, arch=0.07),
    lower_face=LowerFace(height=0.80, chin_width=0.74, cheek=0.0, chin=-1.60, forward=0.03),
    chin_line=0.0,
)

IDOLS = (ARIA, ROAN)
