"""The demo song as written down: tempo, harmony, melody and the syllables sung.

Both the sound and the dance are made from it, so they agree by construction. Time is counted in
beats from the first.
"""

from __future__ import annotations

from dataclasses import dataclass

BPM = 120.0
BEATS = 60
BEATS_A_BAR = 4
SECONDS = BEATS * 60.0 / BPM

CHORDS: tuple[tuple[int, ...], ...] = (
    (60, 64, 67),  # C
    (55, 59, 62),  # G
    (57, 60, 64),  # A minor
    (53, 57, 60),  # F
)
"""One chord a bar, over and over, as MIDI notes."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sung syllable.

    Attributes:
        beat, length: in beats.
        pitch: MIDI note.
        syllable: consonant and vowel; the vowel is "a", "e", "i", "o" or "u".
    """

    beat: float
    length: float
    pitch: int
    syllable: str

    @property
    def vowel(self) -> str:
        """What the mouth holds."""
        return self.syllable[-1]


def _phrase(start: float, text: str) -> list[Note]:
    """Notes written as "syllable:pitch:length"; "-" in the syllable's place rests."""
    notes, beat = [], start
    for word in text.split():
        syllable, pitch, length = word.split(":")
        if syllable != "-":
            notes.append(Note(beat, float(length), int(pitch), syllable))
        beat += float(length)
    return notes


VERSE = "la:67:1 la:67:.5 la:69:.5 lo:67:1 -:0:1 na:64:1 na:64:.5 na:65:.5 no:62:1 -:0:1"
ANSWER = "la:64:.5 li:67:.5 la:69:1 lo:72:1 -:0:1 na:69:.5 na:67:.5 ne:65:1 no:64:1.5 -:0:.5"
RISE = "u:64:2 u:65:1 -:0:1 u:67:2 a:69:1 -:0:1"
CHORUS = "o:72:1.5 o:71:.5 la:67:1 la:67:1 o:71:1.5 o:69:.5 la:67:1.5 -:0:.5"
REPLY = "o:72:1 la:74:.5 la:76:.5 la:72:1 -:0:1 o:69:1 la:71:.5 la:72:.5 la:69:1.5 -:0:.5"
CLOSE = "la:67:1 la:71:1 la:72:3"

MELODY: tuple[Note, ...] = tuple(
    _phrase(8, VERSE)
    + _phrase(16, ANSWER)
    + _phrase(24, RISE)
    + _phrase(32, CHORUS)
    + _phrase(40, REPLY)
    + _phrase(53, CLOSE)
)


def chord_at(beat: float) -> tuple[int, ...]:
    """The chord under a beat."""
    return CHORDS[int(beat // BEATS_A_BAR) % len(CHORDS)]
