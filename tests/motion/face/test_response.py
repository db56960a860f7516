"""Test the response of an avatar's face: curves, snaps, limits, and its file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.errors import MotionError
from renderer.motion.face.lateral import MAX_LATERAL
from renderer.motion.face.response import (
    Curve,
    FaceResponse,
    ResponseCurves,
)
from renderer.motion.face.response_store import (
    format_response,
    load_response,
    save_response,
    settings_path,
)
from renderer.motion.face.voice.vowel_shapes import VOWEL_SHAPES
from renderer.paths import IDOL, IDOL_2

AHEAD = np.zeros(2, np.float32)
WHOLE = FaceResponse(expressiveness=1.0)


def face(**named: float) -> np.ndarray:
    out = np.zeros(len(ARKIT), np.float32)
    for name, value in named.items():
        out[ARKIT_INDEX[name]] = value
    return out


def shown(response: FaceResponse, **named: float) -> dict[str, float]:
    out, _ = ResponseCurves(response).apply(face(**named), AHEAD)
    return dict(zip(ARKIT, out.tolist(), strict=True))


def test_without_expressiveness_a_face_is_literal_to_the_bit() -> None:
    rng = np.random.default_rng(1)
    shapes, gaze = rng.uniform(0, 1, len(ARKIT)).astype(np.float32), np.float32([0.3, -0.2])
    out, look = ResponseCurves(FaceResponse()).apply(shapes, gaze)
    assert out is shapes and look is gaze


def test_a_faint_smile_shows_and_a_face_at_rest_does_not_move() -> None:
    assert shown(WHOLE, mouthSmileLeft=0.3)["mouthSmileLeft"] > 0.4
    assert max(shown(WHOLE, **dict.fromkeys(ARKIT, 0.03)).values()) < 0.04


def test_lids_snap_open_and_shut() -> None:
    seen = {value: shown(WHOLE, eyeBlinkLeft=value)["eyeBlinkLeft"] for value in (0.08, 0.8)}
    assert seen == {0.08: 0.0, 0.8: 1.0}


def test_every_curve_rises_and_stays_in_range() -> None:
    curves = ResponseCurves(WHOLE)
    before = np.zeros(len(ARKIT), np.float32)
    for value in np.linspace(0.0, 1.0, 60):
        for k in range(len(ARKIT)):
            shapes = np.zeros(len(ARKIT), np.float32)
            shapes[k] = value
            out, _ = curves.apply(shapes, AHEAD)
            assert out.min() >= 0.0 and out.max() <= 1.0
            assert out[k] >= before[k] - 1e-5, ARKIT[k]
            before[k] = out[k]


@pytest.mark.parametrize("vowel", range(5))
def test_a_mouth_between_two_vowels_moves_to_the_nearer(vowel: int) -> None:
    rows = [
        ARKIT_INDEX[name] for name in ("jawOpen", "mouthFunnel", "mouthPucker", "mouthStretchLeft")
    ]
    plain = FaceResponse(expressiveness=1.0, vowels=1.0, blink=(0.0, 1.0), gaze=1.0, curves={})
    goal, other = VOWEL_SHAPES[vowel, rows], VOWEL_SHAPES[(vowel + 1) % 5, rows]
    seen = (0.75 * VOWEL_SHAPES[vowel] + 0.25 * VOWEL_SHAPES[(vowel + 1) % 5]).astype(np.float32)
    out, _ = ResponseCurves(plain).apply(seen, AHEAD)

    def likeness(mouth: np.ndarray, vowel: np.ndarray) -> float:
        return float(mouth @ vowel / (np.linalg.norm(mouth) * np.linalg.norm(vowel)))

    assert likeness(out[rows], goal) > likeness(seen[rows], goal)
    assert likeness(out[rows], other) < likeness(seen[rows], other)
    assert 0.7 < out[rows].sum() / seen[rows].sum() < 1.3


def test_closed_lips_stay_closed() -> None:
    assert shown(WHOLE, jawOpen=0.02, mouthPucker=0.9)["jawOpen"] == pytest.approx(0.0, abs=1e-6)


def test_a_mouth_to_one_side_stays_in_the_face() -> None:
    rng = np.random.default_rng(2)
    names = [f"{each}{side}" for each in ("mouth", "jaw") for side in ("Left", "Right")]
    curves = ResponseCurves(WHOLE)
    for _ in range(100):
        out, _ = curves.apply(rng.uniform(0, 1, len(ARKIT)).astype(np.float32), AHEAD)
        smiles = out[ARKIT_INDEX["mouthSmileLeft"]] - out[ARKIT_INDEX["mouthSmileRight"]]
        total = sum(out[ARKIT_INDEX[name]] for name in names) + abs(smiles)
        assert total <= MAX_LATERAL + 1e-5


def test_a_look_is_wider_and_has_an_end() -> None:
    curves = ResponseCurves(WHOLE)
    _, gaze = curves.apply(face(), np.float32([0.2, -0.1]))
    np.testing.assert_allclose(gaze, np.float32([0.2, -0.1]) * WHOLE.gaze, rtol=1e-5)
    _, gaze = curves.apply(face(), np.float32([9.0, -9.0]))
    assert np.abs(gaze).max() < 0.8


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENCORE_CONFIG", str(tmp_path / "config"))
    return tmp_path


def test_the_product_s_idols_are_expressive_and_others_literal(settings: Path) -> None:
    for idol in (IDOL, IDOL_2):
        assert load_response(idol, "Idol").expressiveness > 0.5
    assert load_response(settings / "guest.vrm", "Guest").expressiveness == 0.0


@pytest.mark.parametrize("name", ["Aria", "Ünï/..\\ \n名", "", "x" * 300])
def test_a_stored_response_returns_and_counts_before_the_one_beside(
    settings: Path, name: str
) -> None:
    avatar = settings / "one.vrm"
    beside = FaceResponse(expressiveness=0.25)
    avatar.with_suffix(".face.toml").write_text(format_response(beside, name), encoding="utf-8")
    assert load_response(avatar, name) == beside
    kept = FaceResponse(expressiveness=0.4, gaze=1.5, curves={"mouthSmile": Curve(0.1, 0.5, 1.2)})
    path = save_response(kept, avatar, name)
    assert path == settings_path(avatar, name) and path.parent == settings / "config" / "faces"
    assert load_response(avatar, name) == kept


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("expressiveness = 2", "expressiveness"),
        ("expressiveness = nan", "expressiveness"),
        ("expressiveness = 'much'", "float"),
        ("blink = [0.9, 0.1]", "blink"),
        ("blink = [0.1]", "array"),
        ("volume = 1", "volume"),
        ("[curves]\nmouthGrin = {}", "mouthGrin"),
        ("[curves]\nmouthSmile = { power = 0 }", "power"),
        ("[curves", "declaration"),
        ("a = " + "[" * 4000, "cannot be read"),
        ("\x00", "cannot be read"),
        ("# " + "x" * 70_000, "larger"),
    ],
)
def test_a_file_that_is_no_response_is_refused_by_name(
    settings: Path, text: str, word: str
) -> None:
    avatar = settings / "one.vrm"
    avatar.with_suffix(".face.toml").write_text(text)
    with pytest.raises(MotionError, match=word) as refused:
        load_response(avatar, "Aria")
    assert "one.face.toml" in str(refused.value)
