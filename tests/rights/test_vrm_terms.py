"""Test that a show does not start if a licence does not explicitly allow it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avatars.model import Meta
from renderer.errors import RightsError
from renderer.rights.declaration import Content, Declaration, Usage
from renderer.rights.vrm_terms import credit_line, find_refusals, in_plain_words, require_allowed

SILENT = Meta(name="Silent", authors=("Ann",), vrm_version="1.0")
OPEN = replace(
    SILENT,
    avatar_permission="everyone",
    commercial_usage="corporation",
    violent_usage=True,
    sexual_usage=True,
    political_or_religious_usage=True,
    antisocial_or_hate_usage=True,
)
ORDER = [usage.value for usage in Usage]


@pytest.mark.parametrize("allowed", ORDER)
@pytest.mark.parametrize("declared", list(Usage))
def test_usage_is_allowed_exactly_up_to_what_the_file_says(allowed: str, declared: Usage) -> None:
    meta = replace(OPEN, commercial_usage=allowed)
    reasons = find_refusals(meta, Declaration("Bo", declared))
    assert bool(reasons) == (ORDER.index(declared.value) > ORDER.index(allowed))


def test_the_message_names_field_value_and_remedy() -> None:
    meta = replace(OPEN, commercial_usage="personalNonProfit")
    with pytest.raises(RightsError) as refused:
        require_allowed(meta, Declaration("Bo", Usage.CORPORATION))
    text = str(refused.value)
    assert "commercialUsage is personalNonProfit" in text
    assert "whose commercialUsage is corporation" in text


def test_a_0x_file_is_quoted_in_its_own_spelling() -> None:
    meta = replace(
        OPEN,
        vrm_version="0.x",
        commercial_usage="personalNonProfit",
        licence_terms={"commercialUssageName": "Disallow"},
    )
    (reason,) = find_refusals(meta, Declaration("Bo", Usage.PERSONAL_PROFIT))
    fault, _ = reason.text()
    assert "commercialUssageName is Disallow" in fault


def test_silence_denies() -> None:
    everything = Declaration("Bo", Usage.CORPORATION, frozenset(Content))
    assert len(find_refusals(SILENT, everything)) == 2 + len(Content)
    assert find_refusals(OPEN, everything) == []


def test_an_unknown_value_denies() -> None:
    meta = replace(OPEN, commercial_usage="anything goes", avatar_permission="whoever")
    assert len(find_refusals(meta, Declaration("Bo", Usage.CORPORATION))) == 2


@pytest.mark.parametrize(
    ("performer", "permission", "starts"),
    [("Ann", "", True), ("ann", "", True), ("Bo", "", False), ("", "", False), ("Bo", "Ann", True)],
)
def test_only_the_author_performs_unless_permission_is_declared(
    performer: str, permission: str, starts: bool
) -> None:
    assert (find_refusals(SILENT, Declaration(performer, permission=permission)) == []) is starts


def test_a_separate_licence_must_be_declared_even_by_the_author() -> None:
    meta = replace(SILENT, avatar_permission="onlySeparatelyLicensedPerson")
    assert find_refusals(meta, Declaration("Ann"))
    assert not find_refusals(meta, Declaration("Ann", permission="Studio X, contract 7"))


def test_plain_words_tell_what_is_forbidden_and_who_is_credited() -> None:
    words = " ".join(in_plain_words(SILENT))
    assert "Only its author" in words
    assert "Credit is required: Ann." in words
    assert "violent content" in words
    assert "violent" not in " ".join(in_plain_words(OPEN))


def test_credit_names_author_and_is_silent_where_unnecessary() -> None:
    assert "Ann" in credit_line(SILENT)
    assert credit_line(replace(SILENT, credit="unnecessary")) == ""
