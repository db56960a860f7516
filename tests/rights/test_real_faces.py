"""Test that photographed faces in textures are found, and drawn ones are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from avatars import load_avatar
from avatars.model import Avatar
from renderer.capture.trackers.models import has_model
from renderer.errors import CaptureError
from renderer.paths import IDOL, IDOL_2
from renderer.rights.case import open_case
from renderer.rights.clause import Outcome, Verdict
from renderer.rights.credentials.trust_list import keep_trust_list, trust_list_path
from renderer.rights.decision import AvatarFile
from renderer.rights.licence import hash_file, issue_licence, new_urn
from renderer.rights.real_faces import find_real_faces, is_photograph
from tests.rights.documents import CLOSED, FACTS, HASH, LABEL, NOW, TERMS, trust
from tests.rights.test_face_view import plate

OPEN = replace(CLOSED, avatar_permission="everyone", commercial_usage="corporation")

needs_model = pytest.mark.skipif(not has_model("face"), reason="the face model is not fetched")


def _with_frame(avatar: Avatar, video: Path) -> Avatar:
    """Return an avatar that has a frame of a video as its first texture, under another hash."""
    with av.open(str(video)) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgba")
    first = replace(avatar.textures[0], name="head", pixels=pixels)
    return replace(avatar, textures=(first, *avatar.textures[1:]), sha256="0" * 64)


@needs_model
def test_drawn_faces_are_nobodys(tmp_path: Path) -> None:
    one, other = load_avatar(IDOL), load_avatar(IDOL_2)
    both = replace(one, textures=one.textures + other.textures)
    assert find_real_faces(both, tmp_path) == ()
    assert [path.stem for path in tmp_path.iterdir()] == [one.sha256]


@needs_model
def test_a_photographed_face_is_found_and_remembered(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    avatar = _with_frame(load_avatar(IDOL), shared_data / "video" / "real" / "face_smiles.mp4")
    found = find_real_faces(avatar, tmp_path)
    assert "head" in found
    monkeypatch.setattr("renderer.rights.real_faces.search_pictures", None)
    assert find_real_faces(avatar, tmp_path) == found


@needs_model
def test_avatars_of_others_are_drawn(tmp_path: Path, shared_data: Path) -> None:
    loaded = [load_avatar(path) for path in sorted((shared_data / "avatars").glob("*.vrm"))]
    all_of_them = tuple(texture for one in loaded for texture in one.textures)
    assert find_real_faces(replace(loaded[0], textures=all_of_them), tmp_path) == ()


@needs_model
def test_a_photograph_that_is_cut_up_in_its_texture_is_found_on_the_head(
    tmp_path: Path, shared_data: Path
) -> None:
    with av.open(str(shared_data / "video" / "real" / "face_smiles.mp4")) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgba")
    side = min(pixels.shape[:2]) // 64 * 64
    square = np.ascontiguousarray(pixels[:side, :side])
    avatar = plate(load_avatar(IDOL), square, shuffle=True)
    assert "front of the head" in find_real_faces(avatar, tmp_path)


def test_a_licence_that_names_nobody_does_not_allow_a_photographed_face(crew: Path) -> None:
    searched = []

    def find() -> tuple[str, ...]:
        searched.append(1)
        return ("head",)

    file = AvatarFile("Idol", HASH, OPEN, find_faces=find)
    keep_trust_list(trust(), trust_list_path())

    def judge(**terms: object) -> Verdict:
        licence = issue_licence(replace(TERMS, **terms), LABEL, "Label Ltd", new_urn())
        crew.with_suffix(".licence").write_text(licence)
        return open_case([(crew, file)], ["Mai"], FACTS).judge(NOW)[0]

    verdict = judge()
    assert verdict.outcome is Outcome.DENY
    assert [one.code for one in verdict.deciding()] == ["face.licence"]
    assert "does not say whose" in verdict.lines()[1] and "depicts" in verdict.lines()[1]
    assert judge(depicts="Ann Example").is_allowed
    assert searched == [1]


def test_the_house_s_idols_are_searched_when_they_are_built() -> None:
    def fail() -> tuple[str, ...]:
        raise AssertionError("searched at a show")

    for idol in (IDOL, IDOL_2):
        file = AvatarFile("Idol", hash_file(idol), OPEN, find_faces=fail)
        open_case([(idol, file)], ["Mai"], FACTS)


def test_grain_tells_photographs_from_drawings() -> None:
    ramp = np.tile(np.linspace(60, 200, 128), (128, 1))
    drawn = np.repeat(ramp[:, :, None], 3, axis=2).round().astype(np.uint8) // 16 * 16
    noise = np.random.default_rng(1).normal(0.0, 6.0, drawn.shape)
    grainy = np.clip(drawn + noise, 0, 255).astype(np.uint8)
    assert not is_photograph(drawn)
    assert is_photograph(grainy)
    assert not is_photograph(grainy[:10, :10])


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    return tmp_path / "an.vrm"


def test_such_an_avatar_needs_a_licence_that_says_so(crew: Path) -> None:
    file = AvatarFile("Idol", "ab" * 32, OPEN, find_faces=lambda: ("head",))
    (verdict,) = open_case([(crew, file)], ["Mai"], FACTS).judge(NOW)
    assert verdict.outcome is Outcome.EVIDENCE
    assert "head shows a face as a photograph does" in verdict.lines()[1]
    drawn = replace(file, find_faces=lambda: ())
    assert open_case([(crew, drawn)], ["Mai"], FACTS).judge(NOW)[0].is_allowed


def test_what_cannot_be_searched_is_not_shown(crew: Path) -> None:
    def fail() -> tuple[str, ...]:
        raise CaptureError("face.task", "the face tracking model is missing", "fetch it")

    file = AvatarFile("Idol", "ab" * 32, OPEN, find_faces=fail)
    (verdict,) = open_case([(crew, file)], ["Mai"], FACTS).judge(NOW)
    assert verdict.outcome is Outcome.EVIDENCE
    assert "fetch it" in verdict.lines()[1]
