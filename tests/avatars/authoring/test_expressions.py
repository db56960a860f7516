"""Test that expressions of the library's idols are visible at small size.

The face's height is taken as twice the distance from the eyes to the chin, as in a drawing whose
eyes are at half height. It is rendered 40 pixels high by the show's own renderer; pixels whose luma
changes by more than 24 of 255 are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from avatars import load_avatar
from avatars.model import Avatar
from avatars.names import ARKIT_INDEX
from renderer.tools.portrait_sheet import Portraits, View

LIBRARY = Path(__file__).resolve().parents[3] / "avatars" / "library"
_FACE, _PICTURE = 40, 76
"""Height of the face and of the picture, pixels."""

_LUMA = np.array((0.2126, 0.7152, 0.0722))


def both(**amounts: float) -> dict[str, float]:
    return {name + side: amount for name, amount in amounts.items() for side in ("Left", "Right")}


EXPRESSIONS: dict[str, tuple[dict[str, float], int]] = {
    "raised brows": (both(browOuterUp=1.0) | {"browInnerUp": 1.0}, 40),
    "worried brows": ({"browInnerUp": 1.0}, 40),
    "lowered brows": (both(browDown=1.0), 40),
    "closed eyes": (both(eyeBlink=1.0), 100),
    "smile": (both(mouthSmile=1.0), 32),
    "frown": (both(mouthFrown=1.0), 26),
    "open mouth": ({"jawOpen": 0.75}, 50),
    "pucker": ({"mouthPucker": 1.0}, 28),
    "mouth aside": ({"mouthLeft": 1.0}, 14),
    "tongue": ({"tongueOut": 1.0}, 22),
}
"""Shapes, and the minimum number of pixels that each changes."""

LOW = {"smile": 40, "frown": 44, "pucker": 40}
"""The same for a low level of detail, where it is more: its lips grow more with the mouth."""


def eyes_of(avatar: Avatar) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the eyes' centres (3,), left and right; bones are translations only."""
    places = np.zeros((len(avatar.nodes.names), 3))
    for i, parent in enumerate(avatar.nodes.parents):
        places[i] = avatar.nodes.translation[i] + (0.0 if parent < 0 else places[parent])
    return places[avatar.bones["leftEye"]], places[avatar.bones["rightEye"]]


@pytest.fixture(scope="module", params=["idol.vrm", "idol_2.vrm", "idol_lod.vrm", "idol_2_lod.vrm"])
def avatar(request: pytest.FixtureRequest) -> Avatar:
    return load_avatar(LIBRARY / str(request.param))


@pytest.fixture(scope="module")
def portraits(avatar: Avatar) -> Iterator[Portraits]:
    left, right = eyes_of(avatar)
    skin = avatar.meshes[0].primitives[0].position
    front = (np.abs(skin[:, 0]) < 0.1 * (left[0] - right[0])) & (skin[:, 2] > left[2])
    face = 2.0 * (left[1] - float(skin[front, 1].min()))
    camera = Portraits(avatar, _PICTURE, _PICTURE)
    camera._face_height = face * _PICTURE / _FACE
    yield camera
    camera.close()


def luma(portraits: Portraits, shapes: dict[str, float]) -> npt.NDArray[np.float64]:
    grey: npt.NDArray[np.float64] = portraits.take(View(close=True, shapes=shapes)) @ _LUMA
    return grey


@pytest.fixture(scope="module")
def at_rest(portraits: Portraits) -> npt.NDArray[np.float64]:
    return luma(portraits, {})


LOOKS = {"left": (45.0, 0.0), "right": (-45.0, 0.0), "up": (0.0, 45.0), "down": (0.0, -45.0)}
"""Gaze, degrees to the avatar's left and up."""


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_look_reads_at_40_pixels(
    portraits: Portraits, at_rest: npt.NDArray[np.float64], name: str
) -> None:
    looking = portraits.take(View(close=True, gaze=LOOKS[name])) @ _LUMA
    assert int((np.abs(looking - at_rest) > 24.0).sum()) >= 40


@pytest.mark.parametrize("name", sorted(EXPRESSIONS))
def test_an_expression_reads_at_40_pixels(
    avatar: Avatar, portraits: Portraits, at_rest: npt.NDArray[np.float64], name: str
) -> None:
    shapes, least = EXPRESSIONS[name]
    if avatar.path.stem.endswith("_lod"):
        least = LOW.get(name, least)
    changed = int((np.abs(luma(portraits, shapes) - at_rest) > 24.0).sum())
    assert changed >= least


def shape_of(avatar: Avatar, name: str) -> npt.NDArray[np.float64]:
    """Return the displacements (n, 3) of the face's vertices in a shape, metres."""
    face = next(mesh for mesh in avatar.meshes if mesh.name == "Face")
    moves = []
    for primitive in face.primitives:
        target = primitive.targets[ARKIT_INDEX[name]]
        own = np.zeros((len(primitive.position), 3))
        own[target.indices] = target.position
        moves.append(own)
    return np.concatenate(moves)


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_a_pressed_mouth_does_not_smile(avatar: Avatar, side: str) -> None:
    """What a smile raises most, the mouth's corner, a press leaves where it is, or lowers."""
    smile = shape_of(avatar, f"mouthSmile{side}")[:, 1]
    corner = smile > 0.9 * smile.max()
    press = shape_of(avatar, f"mouthPress{side}")[:, 1]
    assert press[corner].mean() < 0.05 * smile.max()
    assert press[corner].max() < 0.15 * smile.max()
    # It is a visible movement all the same.
    assert np.abs(press).max() > 0.1 * smile.max()


def test_no_iris_shows_between_closed_lids(avatar: Avatar) -> None:
    """View rays over both eye openings hit lashes or lids before the eyeball."""
    eyes = next(mesh for mesh in avatar.meshes if mesh.name == "Eyes").primitives[0]
    ball = eyes.position.astype(np.float64)
    face = next(mesh for mesh in avatar.meshes if mesh.name == "Face")
    rows = [ARKIT_INDEX[name] for name in both(eyeBlink=1.0)]
    corners = []
    for primitive in face.primitives:
        place = primitive.position.astype(np.float64).copy()
        for row in rows:
            target = primitive.targets[row]
            place[target.indices] += target.position
        corners.append(place[primitive.triangles])
    cover = np.concatenate(corners)
    for centre in eyes_of(avatar):
        mine = ball[np.sign(ball[:, 0]) == np.sign(centre[0])]
        radius = float(np.linalg.norm(mine - centre, axis=1).max())
        for x in np.linspace(-0.5, 0.5, 9) * radius:
            for y in np.linspace(-0.5, 0.45, 9) * radius:
                depth = centre[2] + np.sqrt(radius**2 - x**2 - y**2)
                assert highest(cover, centre[0] + x, centre[1] + y) > depth - 2e-4, (x, y)


def highest(corners: npt.NDArray[np.float64], x: float, y: float) -> float:
    """Return the greatest z of triangles (t, 3, 3) at x, y."""
    a, b, c = (corners[:, k, :2] for k in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    whole = np.where(np.abs(area) < 1e-14, 1.0, area)
    v = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / whole
    w = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / whole
    inside = (v >= 0.0) & (w >= 0.0) & (v + w <= 1.0) & (np.abs(area) >= 1e-14)
    z = corners[:, 0, 2] + v * (corners[:, 1, 2] - corners[:, 0, 2])
    z = z + w * (corners[:, 2, 2] - corners[:, 0, 2])
    return float(z[inside].max(initial=-np.inf))


def test_eyes_turn_as_far_as_looks_do(avatar: Avatar) -> None:
    assert avatar.look_at is not None
    inwards, outwards, down, up = (np.degrees(most) for _, most in avatar.look_at.ranges)
    assert 20.0 <= inwards <= 22.0 and 20.0 <= outwards <= 22.0
    assert down == pytest.approx(14.0) and up == pytest.approx(14.0)
