"""Test that a protected idol is recognised whatever was done to its file, and nobody else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars import load_avatar
from avatars.model import Avatar
from avatars.write import write_vrm
from renderer.bench.rights.copies import COPIES, make_designs, strip_copy
from renderer.cli import main
from renderer.errors import RightsError
from renderer.paths import IDOL, IDOL_2
from renderer.rights.case import RightsCase, describe_file, open_case
from renderer.rights.clause import Outcome
from renderer.rights.credentials.trust_list import keep_trust_list, trust_list_path
from renderer.rights.licence import issue_licence, new_urn, read_licence
from renderer.rights.protected import THRESHOLD, protect
from renderer.rights.shape.fingerprint import Shape, compare_shapes, describe_shape, read_shape
from tests.rights.documents import FACTS, LABEL, NOW, STRANGER, TERMS, trust


@cache
def _idol() -> Avatar:
    return load_avatar(IDOL)


@pytest.mark.parametrize("name", sorted(COPIES))
def test_a_copy_has_the_shape_of_its_original(name: str) -> None:
    copy = COPIES[name](_idol(), np.random.default_rng(1))
    assert compare_shapes(describe_shape(copy), describe_shape(_idol())) <= THRESHOLD


def test_a_copy_without_hair_is_recognised() -> None:
    copy = strip_copy(_idol(), np.random.default_rng(1))
    assert len(copy.instances) < len(_idol().instances)
    assert compare_shapes(describe_shape(copy), describe_shape(_idol())) <= THRESHOLD


def test_other_avatars_have_other_shapes() -> None:
    others = [load_avatar(IDOL_2), *(one for _, one in make_designs([_idol()], 6, 5))]
    shapes = [describe_shape(one) for one in (_idol(), *others)]
    for k, one in enumerate(shapes):
        for other in shapes[:k]:
            assert compare_shapes(one, other) > THRESHOLD


def test_a_shape_survives_its_text() -> None:
    shape = describe_shape(_idol())
    assert compare_shapes(read_shape(shape.text(), "it"), shape) == 0.0
    assert compare_shapes(shape, Shape(np.zeros_like(shape.values))) == float("inf")


@given(st.text(max_size=400))
@settings(max_examples=100)
def test_other_texts_are_no_shape(text: str) -> None:
    for wrong in (text, f"shape1:{text}"):
        with pytest.raises(RightsError, match="in a way that is unknown"):
            read_shape(wrong, "licence it")


@pytest.fixture
def crew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    keep_trust_list(trust(LABEL, STRANGER), trust_list_path())
    yield tmp_path


def _licence(sha256: str, place: Path, protected: bool = True, key: object = LABEL) -> Path:
    terms = replace(
        TERMS, sha256=sha256, fingerprint=describe_shape(_idol()).text(), protected=protected
    )
    place.write_text(issue_licence(terms, key, "Label Ltd", new_urn()))  # type: ignore[arg-type]
    return place


def _open(path: Path, *licences: Path) -> RightsCase:
    # The fixture's cache has no model of the face detector.
    file = replace(describe_file(load_avatar(path)), find_faces=None)
    return open_case([(path, file)], ["Mai"], FACTS, licences)


def _copy(folder: Path) -> Path:
    path = folder / "stranger.vrm"
    changed = replace(_idol().meta, avatar_permission="everyone", commercial_usage="corporation")
    path.write_bytes(write_vrm(replace(_idol(), meta=changed, thumbnail=b"")))
    return path


def test_a_show_refuses_a_copy_of_a_protected_idol(crew: Path) -> None:
    path = _copy(crew)
    assert _open(path).judge(NOW)[0].is_allowed
    protect(_licence(_idol().sha256, crew / "idol.licence"), trust())
    (verdict,) = _open(path).judge(NOW)
    assert verdict.outcome is Outcome.DENY
    assert "Label Ltd protects" in verdict.lines()[1]
    assert all(clause.text(language) for clause in verdict.clauses for language in ("ko", "ja"))


def test_only_the_holders_licence_allows_a_copy(crew: Path) -> None:
    path = _copy(crew)
    protect(_licence(_idol().sha256, crew / "idol.licence"), trust())
    digest = load_avatar(path).sha256
    foreign = _licence(digest, crew / "foreign.licence", protected=False, key=STRANGER)
    assert _open(path, foreign).judge(NOW)[0].outcome is Outcome.DENY
    # Nor does a foreign one that claims the shape as its own idol's.
    claimed = _licence(digest, crew / "claimed.licence", key=STRANGER)
    assert _open(path, claimed).judge(NOW)[0].outcome is Outcome.DENY
    own = _licence(digest, crew / "own.licence", protected=False)
    assert _open(path, own).judge(NOW)[0].is_allowed


def test_only_a_licence_that_protects_can_be_kept(crew: Path) -> None:
    with pytest.raises(RightsError, match="does not protect"):
        protect(_licence(_idol().sha256, crew / "idol.licence", protected=False), trust())


def test_protection_is_signed(crew: Path) -> None:
    text = _licence(_idol().sha256, crew / "idol.licence").read_text()
    licence = read_licence(text, "it", trust())
    assert licence.terms.protected
    assert licence.terms.fingerprint == describe_shape(_idol()).text()
    for wrong in ("shape1:", "shape2:" + "A" * 300, ""):
        with pytest.raises(RightsError, match="shape"):
            issue_licence(
                replace(TERMS, protected=True, fingerprint=wrong), LABEL, "Label", new_urn()
            )


def test_a_scan_tells_copies_from_the_licensed_file(
    crew: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = crew / "downloads"
    folder.mkdir()
    (folder / "idol.vrm").write_bytes(IDOL.read_bytes())
    (folder / "holiday.bin").write_bytes(IDOL.read_bytes())
    (folder / "broken.glb").write_bytes(b"glTF")
    _copy(folder)
    licence = str(_licence(_idol().sha256, crew / "idol.licence"))
    assert main(["rights", "protect", licence]) == 0
    assert main(["rights", "scan", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "copy: 1" in told and "licensed file: 2" in told and "unreadable: 1" in told
