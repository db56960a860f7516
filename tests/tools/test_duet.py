"""Test the duet: two idols dance apart on the floor, in view, and sing; and its file."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from avatars import load_avatar
from avatars.authoring.dance import score
from avatars.names import BONE_INDEX
from renderer.cli import main
from renderer.errors import OutputError, RightsError, ShowError
from renderer.paths import SONG
from renderer.rights.provenance.credentials import Signature, read_credentials
from renderer.rights.show_records import find_record
from renderer.stage.cameras.operator import CameraOperator
from renderer.stage.cameras.performers import PerformerMeasure
from renderer.stage.records import Camera, ScreenFeed, ScreenSource
from renderer.tools.dancer import FPS, FRAMES, Dancer
from renderer.tools.duet import DuetPlan, cut_song, give_duet
from renderer.tools.duet_staging import BEATS, BPM, MARKS, SECTIONS, SHOTS

LIBRARY = Path(__file__).resolve().parents[2] / "avatars" / "library"
FACE = Path(__file__).resolve().parents[3] / "shared/data/video/real/face_talk.mp4"
PAIR = (LIBRARY / "idol_lod.vrm", LIBRARY / "idol_2_lod.vrm")
STEP = 5
F32 = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def dancers() -> list[Dancer]:
    return [
        Dancer(load_avatar(path), row, mark, mirror=row == 1)
        for row, (path, mark) in enumerate(zip(PAIR, MARKS, strict=True))
    ]


@pytest.fixture(scope="module")
def danced(dancers: list[Dancer]) -> npt.NDArray[np.float32]:
    """Return the positions of both dancers' bones, (2, n, 55, 3), in every STEPth frame."""
    out = []
    for dancer in dancers:
        places = []
        for frame in range(0, FRAMES, STEP):
            dancer.pose_at(frame)
            places.append(dancer.bone_positions())
        out.append(places)
    return np.array(out)


def test_both_stand_on_the_floor_and_on_the_stage(danced: F32) -> None:
    for side in ("left", "right"):
        toes = danced[:, :, BONE_INDEX[side + "Toes"]]
        low = toes[..., 1].min(axis=1, keepdims=True)
        assert (low > 0.0).all()
        # One foot or the other is always down, except in a leap.
        assert ((toes[..., 1] - low) < 0.01).mean() > 0.7
    assert np.nanmax(np.linalg.norm(danced[..., [0, 2]], axis=-1)) < 3.0


def test_they_never_touch(danced: F32) -> None:
    first, second = (one[:, ~np.isnan(one[0, :, 0])] for one in danced)
    apart = np.linalg.norm(first[:, :, None] - second[:, None], axis=-1)
    assert apart.min() > 0.08


def test_they_mirror_each_other(danced: F32) -> None:
    hips = danced[:, :, BONE_INDEX["hips"], 0]
    moved = hips - hips.mean(axis=1, keepdims=True)
    assert np.corrcoef(moved)[0, 1] < -0.95


def test_hair_and_cloth_swing_and_the_mouth_sings(dancers: list[Dancer]) -> None:
    start = round(34.5 * 60.0 / score.BPM * FPS)
    dancer = dancers[0]
    sung = dancer.pose_frame(start).morphs.copy()
    moved = dancer.pose_frame(start + 1).world.copy()
    silent = dancer.pose_frame(round(60.0 / score.BPM * FPS)).morphs
    assert np.abs(sung - silent).max() > 0.3
    assert np.abs(dancer.pose_frame(start + 1).world - moved).max() < 0.2


def seen(points: F32, camera: Camera, aspect: float) -> npt.NDArray[np.bool_]:
    """Return whether points (n, 3) are in a camera's view."""
    back = np.subtract(camera.position, camera.target)
    back = back / np.linalg.norm(back)
    right = np.cross((0.0, 1.0, 0.0), back)
    right = right / np.linalg.norm(right)
    away = points - np.array(camera.position)
    x, y, z = away @ right, away @ np.cross(back, right), -(away @ back)
    reach = np.tan(camera.fov_y / 2.0) * z
    inside: npt.NDArray[np.bool_] = (z > 0) & (abs(y) < reach) & (abs(x) < reach * aspect)
    return inside


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16])
def test_the_cameras_keep_the_faces_in_the_picture(
    dancers: list[Dancer], danced: F32, aspect: float
) -> None:
    measures = [
        PerformerMeasure(load_avatar(path), dancer.rest_positions)
        for path, dancer in zip(PAIR, dancers, strict=True)
    ]
    operator = CameraOperator(SHOTS)
    both = 0
    frames = range(0, FRAMES, STEP)
    for number, frame in enumerate(frames):
        cast = [one.locate(danced[row, number]) for row, one in enumerate(measures)]
        beat = frame * score.BPM / 60.0 / FPS
        camera = operator.camera_at(beat, frame / FPS, cast, aspect)
        crowns = np.array([one.crown for one in cast])
        faces = np.array([one.face for one in cast])
        shown = seen(crowns, camera, aspect) & seen(faces, camera, aspect)
        assert shown.any(), beat
        both += bool(shown.all())
    if aspect > 1.0:
        assert both > 0.5 * len(frames)


def test_the_staging_is_the_songs() -> None:
    assert (BPM, BEATS) == (score.BPM, score.BEATS)
    beats = [shot.beat for shot in SHOTS]
    assert beats == sorted(set(beats))
    # Cuts are on beats, and at least five cameras are used.
    assert all(beat == round(beat) for beat in beats)
    assert len({(shot.framing, shot.who) for shot in SHOTS}) >= 5
    assert SECTIONS[0].beat == SHOTS[0].beat == 0


def test_the_command_films_the_duet_with_its_song(tmp_path: Path) -> None:
    file = tmp_path / "duet.mp4"
    words = ["duet", str(file), "--size", "256x144", "--start", "32", "--beats", "1"]
    assert main([*words, "--avatars", *map(str, PAIR)]) == 0
    with av.open(str(file)) as video:
        pictures = [f.to_ndarray(format="rgb24") for f in video.decode(video=0)]
    with av.open(str(file)) as video:
        sound = np.concatenate([f.to_ndarray() for f in video.decode(audio=0)], axis=1)
    assert len(pictures) == 15
    assert pictures[0].shape == (144, 256, 3)
    assert np.abs(pictures[0].astype(int) - pictures[-1]).max() > 40
    assert np.abs(sound).max() > 0.1
    assert read_credentials(file).signature is Signature.INTACT


def test_a_picture_of_a_beat(tmp_path: Path) -> None:
    file = tmp_path / "duet.png"
    give_duet(DuetPlan(file, 34.0, avatars=PAIR, size=(256, 144)), lambda text: None)
    with Image.open(file) as picture:
        assert picture.size == (256, 144)
        assert np.asarray(picture).std() > 20
    credentials = read_credentials(file)
    assert credentials.signature is Signature.INTACT
    record = find_record(credentials.show)
    assert record is not None and len(record.avatars) == 2


def test_an_upright_view_is_filmed_beside_the_program(tmp_path: Path) -> None:
    wide, tall = tmp_path / "wide.mp4", tmp_path / "tall.mp4"
    words = ["duet", str(wide), "--vertical", str(tall), "--size", "256x144", "--beats", "0.3"]
    assert main([*words, "--start", "33", "--avatars", *map(str, PAIR)]) == 0
    pictures = []
    for file, size in ((wide, (144, 256)), (tall, (256, 144))):
        with av.open(str(file)) as video:
            frames = [f.to_ndarray(format="rgb24") for f in video.decode(video=0)]
            assert video.streams.audio
        assert len(frames) == 4
        assert frames[0].shape == (*size, 3)
        pictures.append(frames[0])
    # It is framed for itself: neither squeezed nor cut out of the program.
    squeezed = np.asarray(Image.fromarray(pictures[0]).resize((144, 256)), int)
    assert np.abs(pictures[1] - squeezed).mean() > 15


def test_the_lyrics_are_over_the_picture_unless_it_is_clean(tmp_path: Path) -> None:
    seen = []
    for name, options in (("titled", []), ("clean", ["--clean"])):
        file = tmp_path / f"{name}.png"
        words = ["duet", str(file), "--size", "320x184", "--start", "33", *options]
        assert main([*words, "--avatars", *map(str, PAIR)]) == 0
        with Image.open(file) as picture:
            seen.append(np.asarray(picture.convert("RGB"), int))
    differs = np.abs(seen[0] - seen[1]).max(axis=-1) > 60
    # Lyrics are below; the label above is in both, and nothing between but what the LED wall shows.
    assert differs[150:].sum() > 200
    assert differs[:20].sum() == 0
    assert all((one[:20].max(axis=-1) > 180).sum() > 50 for one in seen)


def test_a_key_is_the_dancers_alone(tmp_path: Path) -> None:
    film, still = tmp_path / "key.mov", tmp_path / "key.png"
    words = ["duet", str(film), "--alpha", "--size", "160x128", "--start", "33", "--beats", "0.2"]
    assert main([*words, "--vertical", str(still), "--avatars", *map(str, PAIR)]) == 0
    with Image.open(still) as picture:
        upright = np.asarray(picture)
    with av.open(str(film)) as video:
        frame = next(video.decode(video=0)).to_ndarray(format="rgba")
    for alpha in (frame[..., 3], upright[..., 3]):
        assert (alpha == 0).mean() > 0.5
        assert (alpha > 250).mean() > 0.05


def test_a_song_is_cut_where_it_is_told(tmp_path: Path) -> None:
    with wave.open(str(cut_song(SONG, tmp_path / "part.wav", 10.0, 12.0)), "rb") as part:
        assert part.getnframes() == pytest.approx(3.0 * part.getframerate(), abs=2)
    with pytest.raises(OutputError, match="cannot be written"):
        cut_song(SONG, tmp_path / "nowhere" / "part.wav", 0.0, 1.0)


def test_what_cannot_be_danced_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="nothing to show"):
        give_duet(DuetPlan(tmp_path / "duet.mp4", start=60.0), lambda text: None)
    with pytest.raises(OutputError, match="no file that can be recorded"):
        give_duet(DuetPlan(tmp_path / "duet.gif"), lambda text: None)


@pytest.mark.skipif(not FACE.is_file(), reason="needs ../shared/data")
def test_footage_of_a_person_needs_a_consent_before_anything_is_drawn(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(FACE.read_bytes())
    screens = (ScreenSource("wall", ScreenFeed.FILE, clip),)
    with pytest.raises(RightsError, match=r"clip\.mp4: shows a real person"):
        give_duet(DuetPlan(tmp_path / "duet.mp4", screens=screens), lambda text: None)
    assert not (tmp_path / "duet.mp4").exists()


def test_a_missing_avatar_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["duet", str(tmp_path / "duet.png"), "--size", "256x144"]
    assert main([*words, "--avatars", str(tmp_path / "nobody.vrm"), str(PAIR[1])]) == 2
    told = capsys.readouterr().err
    assert told.startswith("encore: ")
    assert "nobody.vrm" in told
