"""Test that a licensed likeness of a real person goes nowhere without label and marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from renderer.errors import RightsError
from renderer.output.spec import OutputSpec
from renderer.rights.case import RightsCase, open_case
from renderer.rights.credentials.trust_list import keep_trust_list, trust_list_path
from renderer.rights.decision import AvatarFile
from renderer.rights.licence import hash_file, issue_licence, new_urn
from renderer.show.plan import ShowPlan
from renderer.show.rights.gate import check_outputs, require_disclosed
from tests.rights.documents import CLOSED, DECLARED, FACTS, LABEL, TERMS, trust

MP4 = OutputSpec("mp4", "show.mp4")
IMAGES = OutputSpec("frames", "pictures")
KEYED = OutputSpec("mov", "show.mov")


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    keep_trust_list(trust(), trust_list_path())


def open_likeness(folder: Path, depicts: str) -> RightsCase:
    avatar = folder / "idol.vrm"
    avatar.write_bytes(b"an avatar")
    terms = replace(TERMS, sha256=hash_file(avatar), depicts=depicts, until=None)
    text = issue_licence(terms, LABEL, "Label Ltd", new_urn())
    avatar.with_suffix(".licence").write_text(text)
    file = AvatarFile("Idol", hash_file(avatar), CLOSED)
    return open_case([(avatar, file)], ["Mai"], FACTS)


def plan(*recordings: OutputSpec, without: str = "", is_keyed: bool = False) -> ShowPlan:
    declared = replace(DECLARED, without_disclosure=without)
    return ShowPlan(
        ("camera:0",), (Path("idol.vrm"),), None, declared,
        recordings=recordings, is_keyed=is_keyed,
    )  # fmt: skip


@pytest.mark.parametrize(("output", "is_keyed"), [(IMAGES, False), (KEYED, True)])
def test_a_likeness_is_recorded_with_credentials_alone(
    output: OutputSpec, is_keyed: bool, tmp_path: Path
) -> None:
    drawn, likeness = open_likeness(tmp_path, ""), open_likeness(tmp_path, "Ann")
    assert require_disclosed(plan(output, is_keyed=is_keyed), drawn).label
    with pytest.raises(RightsError, match=r"the output .*profile South Korea"):
        require_disclosed(plan(output, is_keyed=is_keyed), likeness)
    assert "Ann" in require_disclosed(plan(MP4), likeness).label
    taken_off = plan(output, is_keyed=is_keyed, without="Kim, producer")
    assert require_disclosed(taken_off, likeness).override == "Kim, producer"


def test_an_output_without_credentials_is_not_added_on_air(tmp_path: Path) -> None:
    likeness = open_likeness(tmp_path, "Ann")
    with pytest.raises(RightsError, match="cannot carry the C2PA content credentials"):
        check_outputs(plan(MP4), likeness, [IMAGES])
