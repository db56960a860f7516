"""Test that training is reproducible, and refuses data that it must not or cannot use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from renderer.bench.priors.faces import own_faces
from renderer.bench.priors.recordings import Recording, find_recordings, read_recordings
from renderer.bench.priors.windows import LabelledWindows, area_under_curve
from renderer.cli import main
from renderer.errors import MotionError, RightsError
from renderer.motion.priors.expressions import ExpressionModel
from renderer.motion.priors.fault_channels import FEATURES
from renderer.motion.priors.limb_prior import LimbPrior
from renderer.motion.priors.naturalness import score_features
from renderer.motion.priors.weights import card_path, read_card
from renderer.motion.takes.own_models import prior_path
from renderer.training.expressions import train_expressions
from renderer.training.model_file import DataSet, check_licence
from renderer.training.motion_prior import train_personal, train_prior
from renderer.training.naturalness import _train


def quiet(_text: str) -> None:
    """Show no progress."""


@pytest.fixture
def data(short: Recording) -> list[DataSet]:
    """Recordings of two people."""
    other = replace(short, name="b", person="b", rotations=short.rotations[::-1].copy())
    return [DataSet("test", "Apache-2.0", "composed", (short, other))]


def test_one_seed_gives_one_hash(data: list[DataSet], tmp_path: Path) -> None:
    first = train_prior(data, [], tmp_path / "a.npz", 5, "encore train prior", quiet)
    again = train_prior(data, [], tmp_path / "b.npz", 5, "encore train prior", quiet)
    assert first.card.sha256 == again.card.sha256
    assert read_card(tmp_path / "a.npz") == first.card
    LimbPrior(tmp_path / "a.npz")
    face = [own_faces(), replace(own_faces(), name="b")]
    one = train_expressions(face, [], tmp_path / "c.npz", 5, "", quiet, nets=False)
    two = train_expressions(face, [], tmp_path / "d.npz", 5, "", quiet, nets=False)
    assert one.card.sha256 == two.card.sha256
    ExpressionModel(tmp_path / "c.npz")


def test_a_network_is_the_same_for_a_seed_and_learns_what_differs() -> None:
    rng = np.random.default_rng(0)
    labels = (rng.random(1024) < 0.2).astype(np.int8)
    features = rng.normal(size=(1024, FEATURES)).astype(np.float32)
    features[:, :9] += 2.0 * labels[:, None]
    names = np.full(1024, "a")
    windows = LabelledWindows(features, labels, 0 * labels, names, names, labels == 0)
    nets = [_train(windows, seed) for seed in (1, 1)]
    for name, array in nets[0].items():
        np.testing.assert_array_equal(array, nets[1][name])
    scores = score_features(nets[0], features.astype(np.float64))
    assert area_under_curve(labels, scores) > 0.95


def test_one_person_is_too_few_for_general_weights(data: list[DataSet], tmp_path: Path) -> None:
    alone = [replace(data[0], recordings=data[0].recordings[:1])]
    with pytest.raises(MotionError, match="show 1 person, too few"):
        train_prior(alone, [], tmp_path / "a.npz", 1, "", quiet)


def test_a_performers_own_prior_is_nearer_to_them(data: list[DataSet], tmp_path: Path) -> None:
    path = prior_path("Mai", tmp_path)
    report = train_personal(data, data[0].recordings, path, "", quiet)
    for seconds in ("0.33 s", "1.00 s"):
        assert report.measured["with rehearsal"][seconds] < report.measured["general"][seconds]
    assert card_path(path).exists()


@pytest.mark.parametrize(
    "licence", ["", "  ", "CC BY-NC 4.0", "CC-BY-NC-ND-4.0", "non-commercial use", "research only"]
)
def test_a_licence_that_forbids_it_is_refused(licence: str) -> None:
    with pytest.raises(RightsError):
        check_licence("mocap", licence)


@pytest.mark.parametrize("licence", ["Apache-2.0", "CC BY 4.0", "MIT", "free for commercial use"])
def test_a_licence_that_allows_it_is_taken(licence: str) -> None:
    check_licence("mocap", licence)


def test_recordings_that_are_none_are_left_out_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="contains no recording"):
        find_recordings(tmp_path)
    (tmp_path / "empty.bvh").touch()
    (tmp_path / "junk.bvh.xz").write_bytes(b"no xz at all")
    (tmp_path / "junk.mcap").write_bytes(b"\x89MCAP0\r\nno take")
    (tmp_path / "nan.vrma").write_bytes(b"glTF" + bytes(100))
    told: list[str] = []
    assert list(read_recordings(find_recordings(tmp_path), told.append)) == []
    assert len(told) == 4 and all(line.startswith("left out: ") for line in told)
    with pytest.raises(MotionError, match="is of no kind that can be read"):
        find_recordings(tmp_path / "a.txt")


def test_commands_check_their_words_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "a.bvh"
    there.touch()
    out = ["--out", str(tmp_path / "a.npz")]
    for words, part in (
        (["train", "prior"], "--out: is missing"),
        (["train", "prior", "--takes", str(there), *out], "--licence: is given 0 times"),
        (["train", "naturalness", "--out", "a.txt"], "is no .npz file"),
        (["train", "prior", "--seed", "-1", *out], "Seed -1"),
        (["train", "prior", "--performer", "Mai", *out], "--takes: is missing"),
        (["train", "expressions", "--takes", "nowhere.csv", *out], "nowhere.csv: does not exist"),
        (["train", "expressions", *out, "--json", str(tmp_path / "a.json")], "is the model's card"),
        (["bench", "priors", "--takes", "nowhere"], "do not exist"),
    ):
        assert main(words) == 2
        assert part in capsys.readouterr().err
    words = ["--licence", "CC BY-NC 4.0", "--consent", "none", *out]
    assert main(["train", "prior", "--takes", str(there), *words]) == 2
    assert "forbids it (NC)" in capsys.readouterr().err


def test_the_expressions_command_writes_model_card_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, figures = tmp_path / "faces.npz", tmp_path / "figures.json"
    assert main(["train", "expressions", "--out", str(out), "--json", str(figures)]) == 0
    assert read_card(out).sha256 in capsys.readouterr().out
    assert json.loads(figures.read_text())["sha256"] == read_card(out).sha256
