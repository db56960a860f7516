"""Define what a score is, and the demo song's: tempo, harmony, melody and lyrics.

Sound and dance are both generated from it, so they are synchronous. Times are in beats from the
first beat.
"""

from __future__ import annotations

from dataclasses import dataclass

BPM = 120.0
BEATS = 60
"""Length of the song, beats."""
BEATS_A_BAR = 4
SECONDS = BEATS * 60.0 / BPM
"""Length of the song, seconds."""

CHORDS: tuple[tuple[int, ...], ...] = (
    (60, 64, 67),  # C
    (55, 59, 62),  # G
    (57, 60, 64),  # A minor
    (53, 57, 60),  # F
)
"""The chords, one per bar and repeated, as MIDI notes."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sung syllable.

    Attributes:
        beat, length: start and duration, beats.
        pitch: MIDI note.
        syllable: consonant and vowel; the vowel is "a", "e", "i", "o" or "u".
    """

    beat: float
    length: float
    pitch: int
    syllable: str

    @property
    def vowel(self) -> str:
        """Return the vowel, the syllable's last letter."""
        return self.syllable[-1]

    @property
    def consonant(self) -> str:
        """Return the consonant before the vowel, or an empty string."""
        return self.syllable[:-1]


@dataclass(frozen=True, slots=True)
class Score:
    """A piece of music for the synthesiser.

    Attributes:
        bpm: tempo, beats per minute.
        beats: length.
        chords: one per bar of BEATS_A_BAR beats and repeated, as MIDI notes.
        melody: sung syllables, in order.
        has_drums: whether drums play, and a bass on every half beat.
        pad: amplitude of the pads.
    """

    bpm: float
    beats: int
    chords: tuple[tuple[int, ...], ...]
    melody: tuple[Note, ...]
    has_drums: bool = True
    pad: float = 0.10

    @property
    def seconds(self) -> float:
        """Return its length, seconds."""
        return self.beats * 60.0 / self.bpm

    def chord_at(self, beat: float) -> tuple[int, ...]:
        """Return the chord at a beat, as MIDI notes."""
        return self.chords[int(beat // BEATS_A_BAR) % len(self.chords)]


def parse_phrase(start: float, text: str) -> list[Note]:
    """Parse notes written as "syllable:pitch:length"; the syllable "-" is a rest."""
    notes, beat = [], start
    for word in text.split():
        syllable, pitch, length = word.split(":")
        if syllable != "-":
            notes.append(Note(beat, float(length), int(pitch), syllable))
        beat += float(length)
    return notes


# Hana mado, kanata no / machikado, kanade yo: "A flower window; far away, a street corner: play!"
# O, o, mata: "oh, once more"; pa: onomatopoeia for bursting open.
# O, takara / o, manaka: "oh, treasure; oh, in its midst". Saraba: "farewell".
VERSE = "ha:67:1 na:67:.5 ma:69:.5 do:67:1 -:0:1 ka:64:1 na:64:.5 ta:65:.5 no:62:1 -:0:1"
ANSWER = "ma:64:.5 chi:67:.5 ka:69:1 do:72:1 -:0:1 ka:69:.5 na:67:.5 de:65:1 yo:64:1.5 -:0:.5"
RISE = "u:64:2 u:65:1 -:0:1 u:67:2 a:69:1 -:0:1"
CHORUS = "o:72:1.5 o:71:.5 ma:67:1 ta:67:1 o:71:1.5 o:69:.5 pa:67:1.5 -:0:.5"
REPLY = "o:72:1 ta:74:.5 ka:76:.5 ra:72:1 -:0:1 o:69:1 ma:71:.5 na:72:.5 ka:69:1.5 -:0:.5"
CLOSE = "sa:67:1 ra:71:1 ba:72:3"

MELODY: tuple[Note, ...] = tuple(
    parse_phrase(8, VERSE)
    + parse_phrase(16, ANSWER)
    + parse_phrase(24, RISE)
    + parse_phrase(32, CHORUS)
    + parse_phrase(40, REPLY)
    + parse_phrase(53, CLOSE)
)


FLOWER_WINDOW = Score(BPM, BEATS, CHORDS, MELODY)
"""The demo song."""
