"""Write songs' lyrics with their times, in Korean and English, as enhanced LRC.

The songs are sung in Japanese. The Korean words say the same with as many syllables as the melody
has notes, so that each syllable is wiped while its note is sung; the English ones are wiped by
phrase.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from avatars.authoring.dance.score import FLOWER_WINDOW, Note, Score


@dataclass(frozen=True, slots=True)
class Line:
    """A line of lyrics.

    Attributes:
        beats: of its first note, and of its end.
        korean: a Hangul syllable for each note.
        english: its phrases, each with the number of notes over which it is sung.
    """

    beats: tuple[float, float]
    korean: str
    english: tuple[tuple[str, int], ...]


LINES: Final = (
    Line((8, 16), "꽃핀 창문, 저 먼 곳에", (("A flower window,", 4), ("far away", 4))),
    Line((16, 24), "길모퉁이, 연주해요", (("A street corner,", 4), ("let it play", 4))),
    Line((24, 32), "우, 우, 우, 아", (("Ooh, ooh,", 2), ("ooh, ah", 2))),
    Line(
        (32, 40), "오, 오, 다시, 오, 오, 팡!",
        (("Oh, oh,", 2), ("once more,", 2), ("oh, oh,", 2), ("burst!", 1)),
    ),
    Line((40, 48), "오, 내 보물, 오, 그 안에", (("Oh, my treasure,", 4), ("oh, deep within", 4))),
    Line((53, 60), "안녕히", (("Farewell", 3),)),
)  # fmt: skip


def write_lyrics(
    folder: Path, name: str = "song", lines: Sequence[Line] = LINES, score: Score = FLOWER_WINDOW
) -> None:
    """Write NAME.ko.lrc and NAME.en.lrc."""
    beat_s = 60.0 / score.bpm
    for language, parts in (("ko", _korean_parts), ("en", _english_parts)):
        rows = [_row(parts(line, _notes(line, score.melody)), beat_s) for line in lines]
        text = "\n".join((f"[la:{language}]", *rows))
        (folder / f"{name}.{language}.lrc").write_text(f"{text}\n", encoding="utf-8")


def _notes(line: Line, melody: Sequence[Note]) -> list[Note]:
    first, end = line.beats
    return [note for note in melody if first <= note.beat < end]


def _korean_parts(line: Line, notes: Sequence[Note]) -> Iterator[tuple[str, Note, Note]]:
    """Yield each syllable, with the punctuation and the space behind it, and its note twice."""
    starts = [
        number
        for number, one in enumerate(line.korean)
        if unicodedata.name(one, "").startswith("HANGUL SYLLABLE")
    ]
    ends = [*starts[1:], len(line.korean)]
    for note, start, end in zip(notes, starts, ends, strict=True):
        yield line.korean[start:end], note, note


def _english_parts(line: Line, notes: Sequence[Note]) -> Iterator[tuple[str, Note, Note]]:
    """Yield each phrase with a space behind it, and its first and last note."""
    number = 0
    for phrase, count in line.english:
        sung = notes[number : number + count]
        number += count
        yield phrase + (" " if number < len(notes) else ""), sung[0], sung[-1]
    if number != len(notes):
        raise ValueError(f"{line.english} is written for {number} notes, not {len(notes)}")


def _row(parts: Iterator[tuple[str, Note, Note]], beat_s: float) -> str:
    """Return a row of LRC: a time before each part, and one at its end before a rest."""
    row, end = "", -1.0
    for text, first, last in parts:
        if row and first.beat > end:
            row += f"<{_time(end * beat_s)}>"
        at = _time(first.beat * beat_s)
        row += f"<{at}>{text}" if row else f"[{at}]{text}"
        end = last.beat + last.length
    return f"{row}<{_time(end * beat_s)}>"


def _time(at_s: float) -> str:
    minutes, seconds = divmod(at_s, 60.0)
    return f"{int(minutes):02d}:{seconds:05.2f}"
