"""Test the expression autoencoder's guards: range, closed lips, blinks; and its decoders."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.bench.priors.faces import own_faces, read_faces
from renderer.errors import MotionError
from renderer.motion.priors.expressions import EYES, UNSEEN, ExpressionModel, guard
from renderer.training.expressions import fit_personal_face

UNIT = arrays(np.float64, 52, elements=st.floats(0.0, 1.0))
ANY = arrays(np.float64, 52, elements=st.floats(-1e9, 1e9) | st.just(np.nan) | st.just(np.inf))


@given(shown=ANY, seen=UNIT)
@settings(max_examples=100, deadline=None)
def test_what_is_shown_keeps_the_guards(shown: np.ndarray, seen: np.ndarray) -> None:
    out = guard(shown, seen)
    assert np.isfinite(out).all() and out.min() >= 0.0 and out.max() <= 1.0
    # A blink stays a blink.
    np.testing.assert_array_equal(out[EYES], seen[EYES])
    aside = [ARKIT_INDEX[name] for name in ("jawLeft", "jawRight", "mouthLeft", "mouthRight")]
    assert out[aside].sum() <= 1.0 + 1e-9
    if seen[ARKIT_INDEX["jawOpen"]] < 0.05:
        assert out[ARKIT_INDEX["jawOpen"]] <= seen[ARKIT_INDEX["jawOpen"]]
        assert out[ARKIT_INDEX["mouthClose"]] == seen[ARKIT_INDEX["mouthClose"]]


def test_lips_that_close_in_a_song_stay_closed_through_the_latent() -> None:
    shapes = own_faces().shapes
    shown = ExpressionModel().map_to_idol(shapes)
    closed = shapes[:, ARKIT_INDEX["jawOpen"]] < 0.05
    assert closed.sum() > 100
    assert (shown[closed, ARKIT_INDEX["jawOpen"]] < 0.05).all()
    blink = ARKIT_INDEX["eyeBlinkLeft"]
    np.testing.assert_array_equal(shown[:, blink], shapes[:, blink])
    assert np.sqrt(np.mean((shown - shapes) ** 2)) < 0.05


def test_an_idols_decoder_follows_its_pairs_and_no_pair_changes_nothing() -> None:
    model, shapes = ExpressionModel(), own_faces().shapes[::9][:30]
    np.testing.assert_allclose(
        model.fit_decoder(shapes, model.decode(model.encode(shapes))), 0.0, atol=1e-9
    )
    # This idol smiles half as much and drops the jaw half more.
    wanted = shapes.copy()
    smiles = [ARKIT_INDEX["mouthSmileLeft"], ARKIT_INDEX["mouthSmileRight"]]
    wanted[:, smiles] *= 0.5
    idol = ExpressionModel(decoder=model.fit_decoder(shapes, wanted, 0.001))
    plain = np.abs(model.map_to_idol(shapes)[:, smiles] - wanted[:, smiles]).mean()
    fitted = np.abs(idol.map_to_idol(shapes)[:, smiles] - wanted[:, smiles]).mean()
    assert fitted < 0.5 * plain


def test_unseen_shapes_follow_from_a_performers_take() -> None:
    rng = np.random.default_rng(0)
    true = np.clip(rng.random((900, 52)) ** 2, 0.0, 1.0)
    smile = true[:, [ARKIT_INDEX["mouthSmileLeft"], ARKIT_INDEX["mouthSmileRight"]]]
    true[:, [ARKIT_INDEX["cheekSquintLeft"], ARKIT_INDEX["cheekSquintRight"]]] = 0.8 * smile
    seen = 0.7 * true
    seen[:, UNSEEN] = 0.0
    face = fit_personal_face(seen[:600], true[:600])
    found = face.complete(seen[600:])
    k = ARKIT_INDEX["cheekSquintLeft"]
    assert np.corrcoef(found[:, k], true[600:, k])[0, 1] > 0.9
    np.testing.assert_array_equal(found[:, EYES], seen[600:][:, EYES])


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n1,2\n", ",".join(ARKIT) + "\n", ",".join(ARKIT) + "\n" + "nan," * 51 + "nan\n" * 40],
)
def test_a_recording_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "b.csv.xz"
    plain.write_text(text)
    packed.write_bytes(lzma.compress(text.encode()))
    broken = tmp_path / "c.csv.xz"
    broken.write_bytes(packed.read_bytes()[:-9] + b"x")
    for path in (plain, packed, broken, tmp_path / "none.csv"):
        with pytest.raises(MotionError, match="is no face recording"):
            read_faces(path)
