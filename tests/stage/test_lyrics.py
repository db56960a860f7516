"""Test lyrics: the current line, its progress, and LRC files of all kinds."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import StageError
from renderer.stage.text.lrc import parse_lrc
from renderer.stage.text.lyric_sheet import (
    LONGEST,
    MOST_LINES,
    LyricPart,
    load_lyric_sheet,
    load_lyrics,
)
from renderer.stage.text.lyrics import LEAD_S, LyricLine, Lyrics

FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["[00:01.00]", "[1:2]", "<00:01.50>", "<99:99.999>", "[offset:-500]", "[ti:x]", "\n",
             "[", "]", "<", ">", "꽃", "e\u0301", "\0", "\r\n", "[00:00.00]", "[9999:59.999]"]
        ),
        st.text(max_size=6),
    ),
    max_size=30,
)  # fmt: skip


def test_an_enhanced_file_times_each_syllable() -> None:
    (line,) = parse_lrc("[00:04.00]꽃<00:04.50>핀 <00:05.00>창<00:06.00>\n").lines
    assert line.text == "꽃핀 창"
    assert line.place_at(3.0) == 0.0
    assert line.place_at(4.25) == pytest.approx(0.5)
    assert line.place_at(4.75) == pytest.approx(2.0)
    assert line.place_at(5.5) == pytest.approx(3.5)
    assert line.place_at(9.0) == 4.0


def test_a_plain_file_is_wiped_until_the_next_line() -> None:
    first, second = parse_lrc("[00:10.00]one two\n[00:14.00]\n[00:20.00]three\n").lines
    assert (first.begin_s, first.end_s) == (10.0, 14.0)
    assert first.place_at(12.0) == pytest.approx(3.5)
    assert (second.begin_s, second.end_s) == (20.0, 28.0)


def test_repeated_lines_tags_and_the_offset() -> None:
    lyrics = parse_lrc(
        "\ufeff[ti:Song]\n[offset:+500]\n[00:30.00][00:10.00]again <00:30.50>and\nno time\n"
    )
    assert [line.begin_s for line in lyrics.lines] == [9.5, 29.5]
    for line in lyrics.lines:
        assert line.text == "again and"
        assert line.place_at(line.begin_s + 0.5) == pytest.approx(len("again "))


def test_a_line_can_be_read_before_it_is_sung_and_gives_way_to_the_next() -> None:
    lyrics = Lyrics(
        [LyricLine("one", ((2.0, 0), (4.0, 3))), LyricLine("two", ((4.5, 0), (6.0, 3)))]
    )
    assert lyrics.at(2.0 - LEAD_S - 0.01) is None
    early = lyrics.at(1.9)
    assert early is not None
    assert (early.text, early.place, early.opacity) == ("one", 0.0, 1.0)
    assert [lyrics.at(t).text for t in (3.9, 4.1, 5.0)] == ["one", "two", "two"]
    assert lyrics.at(7.0) is None


@given(FRAGMENTS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_in_a_sentence(fragments: list[str]) -> None:
    try:
        lyrics = parse_lrc("".join(fragments))
    except StageError as refused:
        assert "no line has a time" in str(refused)
        return
    begins = [line.begin_s for line in lyrics.lines]
    assert begins == sorted(begins)
    for line in lyrics.lines:
        assert 0 < len(line.text) <= LONGEST
        assert not any(character in line.text for character in "\n\r\0")
        for (early, few), (late, many) in pairwise(line.times):
            assert math.isfinite(late)
            assert early <= late
            assert 0 <= few <= many <= len(line.text)
        times = np.linspace(line.begin_s - 1.0, line.end_s + 1.0, 40)
        places = [line.place_at(float(t)) for t in times]
        assert all(before <= after for before, after in pairwise(places))
        shown = lyrics.at(0.5 * (line.begin_s + line.end_s))
        assert shown is None or 0.0 <= shown.opacity <= 1.0


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("lrc") / "song.lrc"
    path.write_bytes(data)
    with pytest.raises(StageError, match="lyrics"):
        load_lyrics(path)
        raise StageError("the lyrics", "were read", "well")


def test_what_is_no_lyrics_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    big = tmp_path / "big.lrc"
    big.write_bytes(b"[00:01.00]x\n" * 100_000)
    with pytest.raises(StageError, match="larger than 1 MB"):
        load_lyrics(big)
    with pytest.raises(StageError, match="more than"):
        parse_lrc("[00:01.00]x\n" * (MOST_LINES + 1))
    with pytest.raises(StageError, match="cannot be read"):
        load_lyrics(tmp_path / "none.lrc")
    (tmp_path / "latin.lrc").write_bytes("[00:01.00]café".encode("latin-1"))
    with pytest.raises(StageError, match="UTF-8"):
        load_lyrics(tmp_path / "latin.lrc")
    with pytest.raises(StageError, match=r"latin.lrc:1:14: is no UTF-8"):
        load_lyrics(tmp_path / "latin.lrc")


TTML = """<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata">
<body><div>
  <p begin="4.0" end="6.5" ttm:agent="v1"><span begin="4.0" end="4.5">꽃핀</span> <span
    begin="5.0" end="6.0">창</span><span ttm:role="x-bg"><span begin="6" end="7">(아)</span></span
    ><span ttm:role="x-translation">A flower window</span><span ttm:role="x-roman">kkot</span></p>
  <p begin="00:08.000" end="0:00:09.5" ttm:agent="v2">둘</p>
</div></body></tt>"""

ASS = """[Script Info]
Title: x
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,no lyrics
Dialogue: 0,0:00:04.00,0:00:06.50,Default,Hana,0,0,0,,{\\k50}꽃핀 {\\k100}창, x
Dialogue: 0,0:00:04.00,0:00:06.50,Translation,,0,0,0,,A flower window
Dialogue: 0,0:00:04.00,0:00:06.50,Romaji,,0,0,0,,kkot
Dialogue: 0,0:00:08.00,0:00:09.50,Default,Yuki,0,0,0,,{\\i1}둘{\\i0}
"""

LRC = """[00:04.00]v1: 꽃핀 <00:05.00>창
[00:04.00]A flower window
[00:04.00]kkot
[00:08.00]v2: 둘
"""


@pytest.mark.parametrize(
    ("name", "text"), [("song.ttml", TTML), ("song.ass", ASS), ("song.lrc", LRC)]
)
def test_every_format_gives_voices_translation_and_pronunciation(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    sheet = load_lyric_sheet(tmp_path / name)
    assert set(sheet) == set(LyricPart)
    first = sheet[LyricPart.VOICE_1].lines[0]
    assert first.text.startswith("꽃핀 창") and first.begin_s == 4.0
    # The second word begins when its mark says so, in every format.
    at = {"song.ttml": 5.0, "song.ass": 4.5, "song.lrc": 5.0}[name]
    assert first.place_at(at) == pytest.approx(3.0, abs=1.0)
    assert first.place_at(at + 0.2) > 3.0
    assert sheet[LyricPart.TRANSLATION].lines[0].text == "A flower window"
    assert sheet[LyricPart.PRONUNCIATION].lines[0].text == "kkot"
    assert [line.begin_s for line in sheet[LyricPart.VOICE_2].lines] == [8.0]
    assert load_lyrics(tmp_path / name, LyricPart.VOICE_2).lines[0].text == "둘"


def test_a_part_that_a_file_lacks_is_named(tmp_path: Path) -> None:
    (tmp_path / "song.lrc").write_text("[00:01.00]one\n")
    with pytest.raises(StageError, match="no translation; choose voice 1"):
        load_lyrics(tmp_path / "song.lrc", LyricPart.TRANSLATION)


@pytest.mark.parametrize(("suffix", "text"), [(".ttml", TTML), (".ass", ASS), (".lrc", LRC)])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, text: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 20))
    instead = data.draw(st.text(alphabet='<>&"{}\\[]:,0k 꽃', max_size=8))
    path = tmp_path_factory.mktemp("lyrics") / f"song{suffix}"
    path.write_text(text[:cut] + instead + text[cut + length :])
    try:
        sheet = load_lyric_sheet(path)
    except StageError as fault:
        assert str(path) in str(fault)
    else:
        for lyrics in sheet.values():
            for line in lyrics.lines:
                assert [one[0] for one in line.times] == sorted(one[0] for one in line.times)


def test_a_ttml_file_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    path = tmp_path / "song.ttml"
    path.write_text(
        f'<!DOCTYPE tt [<!ENTITY x SYSTEM "{secret}">]>'
        '<tt xmlns="http://www.w3.org/ns/ttml"><body><p begin="1s">a &x; b</p></body></tt>'
    )
    assert "secret" not in load_lyrics(path).lines[0].text
