"""Test that what the show says is said in the operator's language, with its values in place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.desk.messages import PLACE, MessageForms, number_names, read_forms, translate
from renderer.desk.words import install_translator
from renderer.errors import ShowError
from renderer.tools.engine_texts import collect_forms

FORMS = MessageForms(
    {
        "Camera {0}": "카메라 {0}",
        "Camera {0} ({1}) {2}{3}": "카메라 {0} ({1}): {2}{3}",
        "is not in the show": "공연에 없습니다",
        "name one of {0}": "다음 중 하나: {0}",
        "sends no picture": "화면이 없습니다",
        "{0} runs.": "{0}: 실행합니다.",
        "Cue {0} {1}": "큐 {0} {1}",
        "{0} {1}": "never",
    }
)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Camera 2 (camera:0) sends no picture, 4 s", "카메라 2 (camera:0): 화면이 없습니다, 4 s"),
        ("Cue 43 Chorus runs.", "큐 43 Chorus: 실행합니다."),
        ("Something that nobody translated.", "Something that nobody translated."),
        (
            "rtmp://a/b is not in the show: sends no picture",
            "rtmp://a/b 공연에 없습니다: 화면이 없습니다",
        ),
        ("  sends no picture → name one of 1", "  화면이 없습니다 → 다음 중 하나: 1"),
        ("", ""),
    ],
)
def test_a_sentence_is_said_in_the_form_that_it_fits(said: str, heard: str) -> None:
    assert FORMS.say(said) == heard


def test_a_refusal_is_said_part_by_part() -> None:
    refusal = f"{ShowError('Camera 9', 'is not in the show', 'name one of 1, 2')}."
    assert FORMS.say(refusal) == "카메라 9: 공연에 없습니다; 다음 중 하나: 1, 2."


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_borne(text: str) -> None:
    assert isinstance(FORMS.say(text), str)


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_translation_has_the_values_of_its_form(language: str) -> None:
    forms = read_forms(language)
    assert len(forms) > 150
    for form, said in forms.items():
        assert sorted(PLACE.findall(form)) == sorted(PLACE.findall(said)), form
    assert len(forms.keys() & set(collect_forms())) > 150, "forms that the show no longer says"


def test_a_verdict_is_said_in_the_words_of_the_rights() -> None:
    assert number_names("{who} asks {who} for {what}", "{what}: {who}") == (
        "{0} asks {1} for {2}", "{2}: {0}",
    )  # fmt: skip
    try:
        install_translator(lambda text: text, "ko")
        said = translate("  its licence ended on 2026-12-08 → ask Haneul for a new licence")
        assert "2026-12-08" in said
        assert "Haneul" in said
        assert not {"licence", "ask"} & set(said.split())
    finally:
        install_translator(None)


def test_english_stays_and_another_language_is_used_at_once() -> None:
    try:
        install_translator(lambda text: text, "ko")
        assert translate("The program is back.") == "프로그램이 돌아왔습니다."
    finally:
        install_translator(None)
    assert translate("The program is back.") == "The program is back."
