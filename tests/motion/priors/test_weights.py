"""Test that weights are read only where file, card and hash belong together."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest

from renderer.errors import MotionError
from renderer.motion.priors.expressions import EXPRESSIONS
from renderer.motion.priors.limb_prior import PRIOR, SHAPES, VERSION, LimbPrior
from renderer.motion.priors.naturalness import NATURALNESS
from renderer.motion.priors.weights import card_path, load_weights, read_card
from renderer.training.model_file import check_licence

SHIPPED = (PRIOR, NATURALNESS, EXPRESSIONS)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the motion prior with its card."""
    shutil.copy(card_path(PRIOR), tmp_path)
    return Path(shutil.copy(PRIOR, tmp_path))


def reseal(path: Path) -> None:
    """Write the hash of a changed file into its card."""
    card = msgspec.structs.replace(
        read_card(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest()
    )
    card_path(path).write_bytes(msgspec.json.encode(card))


@pytest.mark.parametrize("path", SHIPPED)
def test_a_shipped_model_and_its_card_agree(path: Path) -> None:
    card = read_card(path)
    assert card.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert card.data and card.figures and card.limits and card.command.startswith("encore train")
    for one in card.data:
        check_licence(one.name, one.licence)
        assert one.consent and len(one.sha256) == 64
    assert not re.search(r"/\w+/", card.command), "a card names no folder of the machine"


def test_all_shipped_models_are_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED) < 5e6


@pytest.mark.parametrize("place", [0, 200, -1])
def test_a_changed_byte_is_refused_with_a_sentence(copied: Path, place: int) -> None:
    data = bytearray(copied.read_bytes())
    data[place] ^= 1
    copied.write_bytes(data)
    with pytest.raises(MotionError, match=r"has changed since it was trained.*; train it again"):
        LimbPrior(copied)


def test_a_missing_card_and_another_models_are_refused(copied: Path) -> None:
    with pytest.raises(MotionError, match="is prior of version 1, not naturalness"):
        load_weights(copied, "naturalness", VERSION, SHAPES)
    card_path(copied).unlink()
    with pytest.raises(MotionError, match="Model card"):
        LimbPrior(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, "{}", "x" * 300_000])
def test_a_card_that_is_none_is_refused(copied: Path, text: str) -> None:
    card_path(copied).write_text(text)
    with pytest.raises(MotionError, match="Model card"):
        LimbPrior(copied)


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as kept:
        return {name: kept[name] for name in kept.files}


def test_arrays_that_do_not_fit_are_refused(copied: Path) -> None:
    whole = arrays_of(copied)
    for name, array in {
        "mean": whole["mean"][:, :-1],
        "weights": np.full_like(whole["weights"], np.nan),
        "coast": np.array([1.0, np.inf]),
        "scale": np.zeros((0,)),
    }.items():
        with copied.open("wb") as file:
            np.savez(file, **(whole | {name: array}))
        reseal(copied)
        with pytest.raises(MotionError, match="cannot be read"):
            LimbPrior(copied)
    with copied.open("wb") as file:
        np.savez(file, **{name: array for name, array in whole.items() if name != "coast"})
    reseal(copied)
    with pytest.raises(MotionError, match="cannot be read"):
        LimbPrior(copied)


def test_a_file_that_unpacks_to_gigabytes_and_one_with_code_are_refused(copied: Path) -> None:
    whole = arrays_of(copied)
    with copied.open("wb") as file:
        np.savez_compressed(file, **(whole | {"more": np.zeros(10_000_000)}))
    reseal(copied)
    with pytest.raises(MotionError, match="its arrays have more than 4 MB"):
        LimbPrior(copied)
    with copied.open("wb") as file:
        np.savez(file, **(whole | {"mean": np.array([print], dtype=object)}))
    reseal(copied)
    with pytest.raises(MotionError, match="cannot be read"):
        LimbPrior(copied)
    copied.write_bytes(bytes(5_000_000))
    with pytest.raises(MotionError, match="has more than 4 MB"):
        LimbPrior(copied)
    copied.write_bytes(b"PK")
    reseal(copied)
    with pytest.raises(MotionError, match="cannot be read"):
        LimbPrior(copied)
