"""Test what the desk reads in a show's document."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.desk.document import cameras, cue_list_names, cue_rows, looks, show_title, songs

SHOW = Path("assets/shows/first_light/show.toml")


def read() -> dict[str, Any]:
    return tomllib.loads(SHOW.read_text(encoding="utf-8"))


def test_the_first_show_is_read_whole() -> None:
    data = read()
    assert show_title(data) == data["show"]["title"]
    assert [one.number for one in cameras(data)] == [1, 2, 3, 4, 5]
    assert len(looks(data)) == len(data["looks"])
    assert cue_list_names(data) == tuple(one["name"] for one in data["cue_lists"])
    rows = cue_rows(data)
    assert [row.number for row in rows] == [cue["number"] for cue in data["cue_lists"][0]["cues"]]
    assert (rows[0].trigger, rows[1].trigger) == ("0:00", "Bar 2")
    assert cue_rows(data, "nobody's") == ()


def test_sections_begin_where_their_bars_do() -> None:
    song = songs(read())[0]
    # 120 beats a minute, four a bar: bar 3 begins after two bars of two seconds.
    assert [(part.name, part.begin_s) for part in song.sections[:2]] == [
        ("Intro", 0.0),
        ("Verse", 4.0),
    ]
    assert song.position_s("3:1") == pytest.approx(4.0)
    assert song.position_s("3:2") == pytest.approx(4.5)
    assert song.position_s("") is None


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
KEYS = st.sampled_from(["cue_lists", "cameras", "looks", "songs", "show"])
PARTS = st.dictionaries(
    st.sampled_from(["name", "number", "cues", "trigger", "beat", "sections", "lyrics", "title"]),
    PLAIN,
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(KEYS, PLAIN | st.lists(PARTS, max_size=3)))
def test_another_version_s_document_is_left_blank_not_refused(data: dict[str, Any]) -> None:
    show_title(data), cameras(data), looks(data), songs(data), cue_rows(data), cue_list_names(data)
