"""No camera of the dance cuts a head: its skinned vertices, swinging hair too, are in frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from avatars import load_avatar
from avatars.authoring.dance import score
from avatars.model import Avatar
from avatars.rest import rest_world
from renderer.graphics.titles.page import Page
from renderer.paths import IDOL, IDOL_2
from renderer.stage.cameras.framing import Framing, axes_of
from renderer.stage.cameras.operator import CameraOperator, Shot, select_subjects
from renderer.stage.cameras.performers import Performer, PerformerMeasure
from renderer.stage.cameras.rigs import Crane, Dolly, Follow, Handheld, Orbit, Rig, Tripod
from renderer.stage.records import Camera
from renderer.tools.dancer import FPS, FRAMES, Dancer
from renderer.tools.duet_staging import MARKS, SHOTS, UPRIGHT_SHOTS
from renderer.tools.song_titles import DISCLOSURE

F64 = npt.NDArray[np.float64]
STEP = 3
WHOLE = tuple(
    one for one in Framing if one not in (Framing.OVER_SHOULDER, Framing.REVERSE, Framing.WIDE)
)
RIGS: tuple[Rig, ...] = (
    Tripod(), Dolly(aside=(-0.3, 0.3)), Crane(rise=(-0.3, 0.6)), Orbit(), Follow(), Handheld(1),
)  # fmt: skip


@dataclass(frozen=True)
class Heads:
    """Where a performer is in each frame, and every point of the head: (n, p, 3) metres."""

    performers: list[Performer]
    points: F64


class HeadSkin:
    """Skins an avatar's head, from the chin up, on the processor."""

    def __init__(self, avatar: Avatar) -> None:
        parents = avatar.nodes.parents
        is_head = np.zeros(len(parents), bool)
        for node, parent in enumerate(parents.tolist()):
            is_head[node] = node == avatar.bones["head"] or (parent >= 0 and is_head[parent])
        self._parts = []
        low = float(joint_height(avatar)) - 0.02
        for instance in avatar.instances:
            assert instance.skin is not None
            skin = avatar.skins[instance.skin]
            for part in avatar.meshes[instance.mesh].primitives:
                share = (part.weights * is_head[skin.joints][part.joints]).sum(axis=1)
                chosen = np.flatnonzero((share > 0.99) & (part.position[:, 1] > low))[::4]
                points = np.column_stack((part.position[chosen], np.ones(len(chosen))))
                self._parts.append((skin, part.joints[chosen], part.weights[chosen], points))

    def skinned(self, world: npt.NDArray[np.float32]) -> F64:
        """Return the points (p, 3) in a pose."""
        out = []
        for skin, joints, weights, points in self._parts:
            rows = (world[skin.joints].astype(np.float64) @ skin.inverse_bind)[:, :3]
            out.append(np.einsum("vk,vkij,vj->vi", weights, rows[joints], points))
        return np.concatenate(out)


def joint_height(avatar: Avatar) -> float:
    """Return the height of the head's joint at rest."""

    return float(rest_world(avatar.nodes)[avatar.bones["head"], 1, 3])


@pytest.fixture(scope="module")
def cast() -> list[Heads]:
    out = []
    for row, (path, mark) in enumerate(zip((IDOL, IDOL_2), MARKS, strict=True)):
        avatar = load_avatar(path)
        dancer = Dancer(avatar, row, mark, mirror=row == 1)
        measure, skin = PerformerMeasure(avatar, dancer.rest_positions), HeadSkin(avatar)
        performers, points = [], []
        for frame in range(FRAMES):
            posed = dancer.pose_frame(frame)
            if frame % STEP == 0:
                performers.append(measure.locate(dancer.bone_positions()))
                points.append(skin.skinned(posed.world))
        out.append(Heads(performers, np.array(points)))
    return out


def edges(points: F64, camera: Camera, aspect: float) -> tuple[float, float]:
    """Return how far points reach towards the picture's edges, sideways and upwards; 1 at them."""
    ahead, left, up = (np.array(axis) for axis in axes_of(camera))
    away = points - np.array(camera.position)
    depth = away @ ahead
    assert depth.min() > 0.1
    reach = math.tan(camera.fov_y / 2.0) * depth
    return (
        float(np.abs(away @ left / (reach * aspect)).max()),
        float(np.abs(away @ up / reach).max()),
    )


def test_the_sphere_holds_the_head_in_every_pose(cast: list[Heads]) -> None:
    for heads in cast:
        centers = np.array([one.head for one in heads.performers])
        away = np.linalg.norm(heads.points - centers[:, None], axis=-1)
        radius = heads.performers[0].head_radius
        # Locks that swing leave it by a little.
        assert np.percentile(away, 99.5) < radius
        assert away.max() < 1.25 * radius
        assert away.max() > 0.7 * radius


def require_heads_whole(cast: list[Heads], shots: tuple[Shot, ...], aspect: float) -> None:
    operator = CameraOperator(shots)
    for number in range(len(cast[0].performers)):
        seconds = number * STEP / FPS
        beat = seconds * score.BPM / 60.0
        performers = [heads.performers[number] for heads in cast]
        camera = operator.camera_at(beat, seconds, performers, aspect)
        shot = [one for one in shots if one.beat <= beat][-1]
        if shot.framing not in WHOLE:
            continue
        for one in select_subjects(shot, performers, aspect):
            points = cast[performers.index(one)].points[number]
            aside, above = edges(points, camera, aspect)
            assert max(aside, above) < 1.0, (beat, shot, aside, above)


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16])
def test_the_staging_cuts_no_head(cast: list[Heads], aspect: float) -> None:
    require_heads_whole(cast, SHOTS, aspect)


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (360, 640), (1080, 1920)])
def test_the_disclosure_label_covers_no_head(cast: list[Heads], size: tuple[int, int]) -> None:
    aspect = size[0] / size[1]
    shots = SHOTS if aspect > 1.0 else UPRIGHT_SHOTS
    label = Page(*size, DISCLOSURE).label[-1]
    bottom = label.y + 0.45 * label.key.size
    operator = CameraOperator(shots)
    for number in range(len(cast[0].performers)):
        seconds = number * STEP / FPS
        beat = seconds * score.BPM / 60.0
        performers = [heads.performers[number] for heads in cast]
        camera = operator.camera_at(beat, seconds, performers, aspect)
        shot = [one for one in shots if one.beat <= beat][-1]
        for one in select_subjects(shot, performers, aspect):
            away = cast[performers.index(one)].points[number] - np.array(camera.position)
            ahead, _, up = (np.array(axis) for axis in axes_of(camera))
            top = (away @ up / (math.tan(camera.fov_y / 2.0) * (away @ ahead))).max()
            assert (1.0 - top) / 2.0 * size[1] > bottom, (beat, shot)


@pytest.mark.parametrize("framing", WHOLE)
@pytest.mark.parametrize("rig", RIGS, ids=lambda one: type(one).__name__)
def test_no_framing_cuts_a_head_on_any_rig(cast: list[Heads], framing: Framing, rig: Rig) -> None:
    for who in ((0,), (1,), ()):
        beats = range(0, int(score.BEATS), 4)
        shots = tuple(Shot(float(beat), framing, who, rig) for beat in beats)
        require_heads_whole(cast, shots, 16 / 9)


def test_there_is_head_room_at_every_cut(cast: list[Heads]) -> None:
    for framing in (Framing.FULL, Framing.COWBOY, Framing.BUST, Framing.CLOSE_UP):
        rooms = []
        for number in range(0, len(cast[0].performers), 10):
            one = cast[0].performers[number]
            camera = CameraOperator([Shot(0.0, framing)]).camera_at(0.0, 0.0, [one], 16 / 9)
            ahead, _, up = (np.array(axis) for axis in axes_of(camera))
            away = cast[0].points[number] - np.array(camera.position)
            top = (away @ up / (math.tan(camera.fov_y / 2.0) * (away @ ahead))).max()
            rooms.append((1.0 - top) / 2.0)
        assert min(rooms) > 0.02, framing
        assert 0.05 < np.median(rooms) < 0.22, framing


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16])
def test_between_cuts_no_camera_of_the_staging_jerks(cast: list[Heads], aspect: float) -> None:
    operator = CameraOperator(SHOTS)
    cuts = {shot.beat for shot in SHOTS}
    placed: list[tuple[F64, F64, float]] = []
    since = 0
    for number in range(len(cast[0].performers)):
        seconds = number * STEP / FPS
        beat = seconds * score.BPM / 60.0
        performers = [heads.performers[number] for heads in cast]
        camera = operator.camera_at(beat, seconds, performers, aspect)
        if any(beat - STEP / FPS * score.BPM / 60.0 < cut <= beat for cut in cuts):
            since = len(placed)
        placed.append((np.array(camera.position), np.array(axes_of(camera)[0]), camera.fov_y))
        if len(placed) - since < 3:
            continue
        (p0, a0, _), (p1, a1, _), (p2, a2, fov) = placed[-3:]
        # Accelerations within a tenth of a second: metres, and shares of the picture's height.
        assert np.linalg.norm(p2 - 2.0 * p1 + p0) < 0.06, beat
        assert np.linalg.norm(a2 - 2.0 * a1 + a0) / fov < 0.12, beat
