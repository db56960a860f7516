"""Test titles by song time, and logos of all kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatars.authoring.dance import lyrics as written
from avatars.authoring.dance import score
from renderer.errors import StageError
from renderer.paths import LYRICS
from renderer.stage.text.logo import load_logo
from renderer.stage.text.lyric_sheet import load_lyrics
from renderer.stage.text.titles import LowerThird, LowerThirdCue, TitlePlan
from renderer.tools.song_titles import song_titles


def test_a_lower_third_comes_stays_and_goes() -> None:
    cue = LowerThirdCue(2.0, 6.0, "Hana", "Vocal")
    assert cue.at(2.0) is cue.at(6.0) is None
    shown = [cue.at(t).shown for t in (2.1, 2.3, 3.0, 5.0, 5.8)]
    assert shown == pytest.approx([0.2, 0.6, 1.0, 1.0, 0.4])


def test_without_a_song_only_what_has_no_time_is_shown() -> None:
    plan = TitlePlan(
        tuple(map(load_lyrics, LYRICS)), (LowerThirdCue(0.0, 9.0, "Hana"),), None, "Virtual"
    )
    still = plan.at(None)
    assert still.disclosure == "Virtual"
    assert not still.lyrics
    assert still.lower_third is None
    playing = plan.at(4.2)
    assert [line.text for line in playing.lyrics] == [
        "꽃핀 창문, 저 먼 곳에",
        "A flower window, far away",
    ]
    assert playing.lower_third is not None
    assert not TitlePlan().at(1.0)


def test_a_lower_third_is_low_while_no_lyrics_are_shown() -> None:
    lyrics = tuple(map(load_lyrics, LYRICS))
    assert not lyrics[0].is_shown(0.0, 3.0)
    assert lyrics[0].is_shown(3.0, 3.2)
    assert not lyrics[0].is_shown(90.0, 99.0)
    assert all(third.is_low for t in (0.5, 2.9) if (third := song_titles().at(t).lower_third))
    cues = LowerThirdCue(0.2, 3.0, "Before"), LowerThirdCue(3.0, 6.0, "With them")
    plan = TitlePlan(lyrics, cues)
    before, first, sung = (plan.at(t).lower_third for t in (1.0, 3.05, 5.0))
    assert before is not None and before.is_low
    # It does not move when the first line appears.
    assert first is not None and not first.is_low
    assert sung is not None and not sung.is_low
    assert TitlePlan((), cues).at(5.0).lower_third == LowerThird("With them", is_low=True)


def test_the_demos_lyrics_are_what_its_score_says(tmp_path: Path) -> None:
    written.write_lyrics(tmp_path)
    for kept in LYRICS:
        assert kept.read_bytes() == (tmp_path / kept.name).read_bytes()


def test_each_syllable_is_wiped_while_its_note_is_sung() -> None:
    korean = load_lyrics(LYRICS[0])
    sung = [character for line in korean.lines for character in line.text if character > "가"]
    assert len(sung) == len(score.MELODY)
    for note in score.MELODY:
        begin = note.beat * 60.0 / score.BPM
        end = (note.beat + note.length) * 60.0 / score.BPM
        line = next(one for one in korean.lines if one.begin_s <= begin < one.end_s)
        before, after = line.place_at(begin), line.place_at(end)
        assert before == pytest.approx(round(before), abs=1e-6)
        part = line.text[round(before) : round(after)]
        assert sum(character >= "가" for character in part) == 1


def test_a_logo_keeps_its_alpha(tmp_path: Path) -> None:
    pixels = np.zeros((20, 30, 4), np.uint8)
    pixels[5:15, 5:25] = 200, 100, 50, 128
    Image.fromarray(pixels).save(tmp_path / "logo.png")
    np.testing.assert_array_equal(load_logo(tmp_path / "logo.png").pixels, pixels)
    Image.fromarray(pixels[..., :3]).save(tmp_path / "opaque.png")
    assert (load_logo(tmp_path / "opaque.png").pixels[..., 3] == 255).all()


def test_a_logo_that_cannot_be_shown_is_refused_in_a_sentence(tmp_path: Path) -> None:
    def read_refusal(name: str) -> str:
        with pytest.raises(StageError) as error:
            load_logo(tmp_path / name)
        return str(error.value)

    assert "cannot be read" in read_refusal("none.png")
    (tmp_path / "text.png").write_text("no picture")
    assert "no whole PNG" in read_refusal("text.png")
    Image.new("RGBA", (9000, 1)).save(tmp_path / "wide.png")
    assert "9000 x 1" in read_refusal("wide.png")
    Image.new("RGBA", (9, 9)).save(tmp_path / "clear.png")
    assert "transparent everywhere" in read_refusal("clear.png")
    Image.new("RGBA", (400, 400), "red").save(tmp_path / "cut.png")
    whole = (tmp_path / "cut.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    assert "cannot be read" in read_refusal("cut.png")
