"""Draw how an avatar looks.

`python -m renderer.tools.portrait_sheet AVATAR SHEET.png SHAPES.png` runs it.

Two pictures by the show's own renderer: the turn-around, a figure from four sides with close-ups
of its face, and the array of its 52 ARKit shapes.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from avatars import load_avatar
from avatars.contact.records import NO_CONTACTS, HandContacts
from avatars.extent import bounding_box
from avatars.instance import AvatarInstance
from avatars.maths.quaternions import from_axis_angle, multiply
from avatars.model import F32, Avatar
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX, HUMAN_BONES
from renderer.errors import RendererError, ShowError
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Light, PosedAvatar, StageState
from renderer.stage.sets.stage_set import Backdrop, StageSet

Pixels = npt.NDArray[np.uint8]

_GROUND: Final = (0.56, 0.55, 0.62)
_STUDIO: Final = StageSet("studio", (), Backdrop(_GROUND, _GROUND, _GROUND))
_LIGHTS: Final = (
    Light((-1.5, 3.5, 4.0), (0.0, 1.2, 0.0), (0.62, 0.61, 0.60), casts_shadow=True),
    Light((2.5, 2.5, -3.0), (0.0, 1.2, 0.0), (0.10, 0.11, 0.16)),
)
_AMBIENT: Final = (0.34, 0.33, 0.36)
_COLOURS: Final = 256
"""Colours in a saved picture's palette: enough for cel shading, at a third of the bytes."""

Turns = dict[str, tuple[tuple[float, float, float], float]]
"""Bone → rotation axis and degrees."""

ARMS_DOWN: Final[Turns] = {
    "leftUpperArm": ((0.0, 0.0, 1.0), -68.0),
    "rightUpperArm": ((0.0, 0.0, 1.0), 68.0),
    "leftLowerArm": ((0.0, 1.0, 0.0), -14.0),
    "rightLowerArm": ((0.0, 1.0, 0.0), 14.0),
} | {
    f"{side}{finger}{joint}": ((0.0, 0.0, 1.0), turn * bend)
    for side, turn in (("left", -1.0), ("right", 1.0))
    for finger, bend in (("Index", 14.0), ("Middle", 18.0), ("Ring", 21.0), ("Little", 24.0))
    for joint in ("Proximal", "Intermediate", "Distal")
}
"""Relaxed pose with the arms down."""


@dataclass(frozen=True, slots=True)
class View:
    """One picture of the avatar.

    Attributes:
        around: azimuth of the camera around the avatar, degrees; 90 is its left.
        close: whether to frame the face instead of the whole figure.
        zoom: factor on a close-up.
        shapes: ARKit shape → weight.
        gaze: degrees: to the avatar's left, and up.
        turns: bone → axis and degrees, in addition to the relaxed pose.
    """

    around: float = 0.0
    close: bool = False
    zoom: float = 1.0
    shapes: dict[str, float] = field(default_factory=dict)
    gaze: tuple[float, float] = (0.0, 0.0)
    turns: Turns = field(default_factory=dict)


class Portraits:
    """Renders pictures of one avatar, with hair and cloth settled."""

    def __init__(self, avatar: Avatar, width: int, height: int) -> None:
        self._instance = AvatarInstance(avatar)
        self._renderer = StageRenderer(2 * width, 2 * height, _STUDIO, [avatar], latency=0)
        self._size = width, height
        self._face, self._face_height = _face(self._instance)
        still = np.zeros(len(ARKIT), np.float32), np.zeros(2, np.float32)
        self._instance.pose(_turns(ARMS_DOWN, 1.0), np.zeros(3, np.float32), *still)
        self._box = bounding_box(avatar, self._instance.world)

    def take(self, view: View) -> Pixels:
        """Return the picture (height, width, 3) of a view."""
        weights = np.zeros(len(ARKIT), np.float32)
        still = np.zeros(3, np.float32)
        self._instance.update(_turns({}, 0.0), still, weights, np.zeros(2, np.float32), None)
        for shape, weight in view.shapes.items():
            weights[ARKIT_INDEX[shape]] = weight
        gaze = np.radians(np.array(view.gaze, np.float32))
        for frame in range(_SETTLING_FRAMES):
            # Blend gradually into the pose: cloth that a leg jumps through stays on the wrong side.
            turns = _turns(ARMS_DOWN | view.turns, min(1.0, 2.0 * frame / _SETTLING_FRAMES))
            self._instance.update(turns, still, weights, gaze, 1.0 / 60.0)
        return self._draw(view)

    def take_face(
        self, turns: F32, shapes: F32, gaze: F32, contacts: HandContacts = NO_CONTACTS
    ) -> Pixels:
        """Return the picture (height, width, 3) of the face in close-up.

        Args:
            turns: (55, 4) xyzw, local rotations. The head is turned as they turn it in the world;
                the trunk is upright, and arms are down but for one whose hand touches something.
            shapes: (52,) 0 to 1, in the order of ARKIT.
            gaze: (2,) radians: yaw to the avatar's left, pitch upwards.
            contacts: what the hands touch.
        """
        rotations = _turns(ARMS_DOWN, 1.0)
        rotations[_HEAD], rotations[_NECK] = turns[_HEAD], turn_neck(turns)
        for side, rows in enumerate(_ARMS):
            if contacts.weights[side] > 0.0:
                rotations[rows] = turns[rows]
        self._instance.pose(rotations, np.zeros(3, np.float32), shapes, gaze)
        self._instance.touch(contacts)
        self._instance.swing(None)
        return self._draw(View(close=True, zoom=_FACE_ZOOM))

    def _draw(self, view: View) -> Pixels:
        """Return the picture (height, width, 3) of the posed avatar."""
        posed = PosedAvatar.of(0, self._instance)
        self._renderer.draw(StageState(0, 0, 0, (posed,), _LIGHTS, _AMBIENT, self._camera(view)))
        self._renderer.collect()
        # Rendered at twice the size (supersampling), for smooth edges on a CPU renderer too.
        return np.asarray(
            Image.fromarray(self._renderer.picture()).resize(self._size, Image.Resampling.BOX)
        )

    def close(self) -> None:
        """Free the renderer's memory."""
        self._renderer.close()

    def _camera(self, view: View) -> Camera:
        target, size = self._box.mean(axis=0), np.ptp(self._box, axis=0)
        # Pictures of a whole figure are twice as high as wide.
        reach = max(1.12 * float(size[1]), 2.24 * float(max(size[0], size[2])), _LEAST_REACH)
        if view.close:
            target, reach = self._face, self._face_height / view.zoom
        fov = math.radians(20.0)
        angle = math.radians(view.around)
        away = np.array([math.sin(angle), 0.0, math.cos(angle)]) * reach / (2 * math.tan(fov / 2))
        position = target + away
        return Camera(tuple(position.tolist()), tuple(target.tolist()), fov)


_ARM_BONES: Final = frozenset(
    name for name in HUMAN_BONES if not name.endswith(("Leg", "Foot", "Toes", "Eye"))
)
_NECK, _HEAD = BONE_INDEX["neck"], BONE_INDEX["head"]
_TRUNK: Final = [BONE_INDEX[name] for name in ("hips", "spine", "chest", "upperChest")]
"""Rows of the bones that carry the neck."""
_ARMS: Final = [
    [BONE_INDEX[name] for name in HUMAN_BONES if name.startswith(side) and name in _ARM_BONES]
    for side in ("left", "right")
]
"""Rows of the bones of each arm with its fingers."""
_FACE_ZOOM: Final = 1.4
"""Zoom of a close-up in which the face, not the hair, fills the picture."""
_SETTLING_FRAMES: Final = 100
_LEAST_REACH: Final = 0.05
"""Smallest height of a picture in metres, even for an avatar that is flat or draws nothing."""
_EYES_AT: Final = 0.29
"""Height of the eyes above the head joint, as a share of the head."""
_FACES: Final = 1.85
"""Height of a close-up in head heights."""


def _face(instance: AvatarInstance) -> tuple[npt.NDArray[np.float64], float]:
    """Return a close-up's middle (3,) and height, metres, for an avatar at rest.

    Without eye bones the look-at offset gives the eyes' position, or else the head's size.
    """
    top = float(bounding_box(instance.avatar, instance.world)[1, 1])
    places = instance.bone_positions().astype(np.float64)
    head = places[BONE_INDEX["head"]]
    eyes = places[[BONE_INDEX["leftEye"], BONE_INDEX["rightEye"]]]
    size = max(top - float(head[1]), 0.1 * instance.hips_height, _LEAST_REACH)
    middle = head + np.array([0.0, _EYES_AT * size, 0.0])
    if np.isfinite(eyes).all():
        middle = np.array([head[0], eyes[:, 1].mean(), head[2]])
    elif instance.avatar.look_at is not None and instance.avatar.look_at.offset[1] > 0.0:
        middle = head + np.array([0.0, instance.avatar.look_at.offset[1], 0.0])
    # The middle of the face is slightly below the eyes.
    return middle - np.array([0.0, 0.05 * size, 0.0]), _FACES * size


def turn_neck(turns: F32) -> F32:
    """Return the neck's rotation (4,) in the world, xyzw.

    Args:
        turns: (55, 4) xyzw, local rotations.
    """
    neck: F32 = turns[_NECK]
    for row in reversed(_TRUNK):
        neck = multiply(turns[row], neck)
    return neck


def _turns(turns: Turns, share: float) -> npt.NDArray[np.float32]:
    """Return rotations (55, 4), interpolated by `share` from the T-pose to the turns."""
    out = np.tile(np.array((0, 0, 0, 1), np.float32), (len(HUMAN_BONES), 1))
    for bone, (axis, degrees) in turns.items():
        out[BONE_INDEX[bone]] = from_axis_angle(np.array(axis), math.radians(share * degrees))
    return out


@contextmanager
def portraits(avatar: Avatar, width: int, height: int) -> Iterator[Portraits]:
    """Yield the avatar's Portraits, and close them afterwards."""
    one = Portraits(avatar, width, height)
    try:
        yield one
    finally:
        one.close()


def turn_around(avatar: Avatar) -> Pixels:
    """Return a sheet of four sides of the figure, the face from three sides and in six moods."""
    sides = [View(around) for around in (0.0, 35.0, 90.0, 180.0)]
    faces = [View(around, close=True) for around in (0.0, 35.0, 90.0)]
    moods = [View(close=True, shapes=shapes, gaze=gaze) for shapes, gaze in _MOODS]
    with portraits(avatar, 360, 720) as whole:
        upper = np.concatenate([whole.take(view) for view in sides], axis=1)
    with portraits(avatar, 480, 480) as close:
        pictures = [close.take(view) for view in (*faces, *moods)]
    lower = _grid(pictures, 3)
    return np.concatenate((upper, lower))


def shape_array(avatar: Avatar) -> Pixels:
    """Return the face with each of the 52 ARKit shapes at full weight, labelled."""
    with portraits(avatar, 180, 180) as close:
        pictures = [
            _add_caption(close.take(View(close=True, shapes={name: 1.0}, gaze=gaze_of(name))), name)
            for name in ARKIT
        ]
    return _grid(pictures, 8)


def gaze_of(shape: str) -> tuple[float, float]:
    """Return an ARKit shape's gaze, degrees to the avatar's left and up; bones turn the eyes.

    In is towards the nose: the left eye looks in to the avatar's right.
    """
    if not shape.startswith("eyeLook"):
        return 0.0, 0.0
    way = shape.removeprefix("eyeLook")
    if way.startswith(("Up", "Down")):
        return 0.0, _LOOKS_UP if way.startswith("Up") else -_LOOKS_UP
    return (_LOOKS_ASIDE if way in ("OutLeft", "InRight") else -_LOOKS_ASIDE), 0.0


_LOOKS_UP: Final = 18.0
_LOOKS_ASIDE: Final = 30.0
"""Degrees of gaze for a gaze shape at full weight."""


def _both(**amounts: float) -> dict[str, float]:
    return {name + side: amount for name, amount in amounts.items() for side in ("Left", "Right")}


_MOODS: Final[tuple[tuple[dict[str, float], tuple[float, float]], ...]] = (
    (_both(mouthSmile=0.9, cheekSquint=0.5, eyeSquint=0.4) | {"jawOpen": 0.15}, (0.0, 0.0)),
    ({"jawOpen": 0.75}, (0.0, 0.0)),
    ({"jawOpen": 0.5, "mouthFunnel": 0.7}, (0.0, 0.0)),
    ({"eyeBlinkLeft": 1.0} | _both(mouthSmile=0.6), (0.0, 0.0)),
    (_both(eyeBlink=1.0, mouthSmile=0.3), (0.0, 0.0)),
    ({}, (35.0, 8.0)),
)
"""Smiling, singing ah, singing oh, winking, eyes closed, looking aside."""


def _grid(pictures: list[Pixels], across: int) -> Pixels:
    """Return pictures of one size in rows; the last row is padded with the background colour."""
    ground = np.broadcast_to(pictures[0][0, 0], pictures[0].shape)
    filled = [*pictures, *[ground] * (-len(pictures) % across)]
    rows = [np.concatenate(filled[i : i + across], axis=1) for i in range(0, len(filled), across)]
    return np.concatenate(rows)


def _add_caption(picture: Pixels, name: str) -> Pixels:
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text((6, 4), name, fill=(40, 36, 60))
    return np.asarray(image)


def keep(picture: Pixels, path: Path) -> None:
    """Write a picture as a small PNG with an optimised palette.

    Raises:
        ShowError: it cannot be written there.
    """
    image = Image.fromarray(picture).quantize(_COLOURS, kmeans=2, dither=Image.Dither.NONE)
    try:
        image.save(path, "PNG", optimize=True)
    except OSError as fault:
        raise _build_write_error(path, fault.strerror or str(fault)) from fault


def _build_write_error(path: Path, why: str) -> ShowError:
    return ShowError(str(path), f"cannot be written ({why})", "choose another file")


def portray(avatar: Avatar, path: Path) -> None:
    """Write an avatar's turn-around sheet.

    Raises:
        ShowError: the picture cannot be written there.
        GraphicsError: there is no OpenGL, or nothing to draw.
    """
    # Checked before the slow work.
    if not path.parent.is_dir():
        raise _build_write_error(path, f"there is no folder {path.parent}")
    keep(turn_around(avatar), path)


def main(arguments: list[str] | None = None) -> int:
    """Write both pictures; return 0 on success."""
    parser = argparse.ArgumentParser(
        prog="python -m renderer.tools.portrait_sheet", description=__doc__
    )
    parser.add_argument("avatar", type=Path)
    parser.add_argument("sheet", type=Path, help="PNG of the figure from all sides")
    parser.add_argument("shapes", type=Path, help="PNG of the 52 shapes")
    chosen = parser.parse_args(arguments)
    try:
        avatar = load_avatar(chosen.avatar)
        keep(turn_around(avatar), chosen.sheet)
        keep(shape_array(avatar), chosen.shapes)
    except RendererError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
