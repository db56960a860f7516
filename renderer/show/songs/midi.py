"""Read a beat grid from the tempo map of a MIDI file, as producers export it with a song."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renderer.errors import ShowError
from renderer.show.document.entries.songs import BeatEntry, TempoChange

MOST_BYTES: Final = 4 << 20
"""Maximum size of a file; a tempo map takes a few kilobytes."""
_USUAL_TEMPO: Final = 500_000
"""Microseconds per beat until the first tempo event (Standard MIDI Files 1.0)."""


def grid_from_midi(path: Path, first: float = 0.0) -> BeatEntry:
    """Return the grid of a MIDI file.

    Args:
        path: of a Standard MIDI File.
        first: song time of the file's beginning, seconds.

    Raises:
        ShowError: the file cannot be read, has no beats (SMPTE time), or changes its metre.
    """
    import mido  # Only here: no other part of a show needs it.

    thing = f"MIDI file {path}"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ShowError(thing, "is larger than 4 MB", "export the tempo map alone")
        file = mido.MidiFile(path)
    except OSError as fault:
        reason = fault.strerror or "it is damaged"
        raise ShowError(thing, f"cannot be read ({reason})", "name a .mid file") from fault
    except (ValueError, EOFError, IndexError, KeyError, TypeError) as fault:
        raise ShowError(thing, "is no MIDI file", "name a .mid file") from fault
    if file.ticks_per_beat <= 0 or file.ticks_per_beat & 0x8000:
        raise ShowError(thing, "counts in SMPTE frames", "export it in beats")
    changes: dict[float, float] = {0.0: 60e6 / _USUAL_TEMPO}
    beats_per_bar = 0
    try:
        for track in file.tracks:
            ticks = 0
            for message in track:
                ticks += message.time
                if message.type == "set_tempo":
                    changes[ticks / file.ticks_per_beat] = 60e6 / max(message.tempo, 1)
                elif message.type == "time_signature":
                    # Beats of the grid are quarter notes, as MIDI's are.
                    count = message.numerator * 4 / message.denominator
                    if count != int(count) or (beats_per_bar and int(count) != beats_per_bar):
                        raise ShowError(
                            thing, "changes its metre, or has half beats",
                            "give the bars by taps",
                        )  # fmt: skip
                    beats_per_bar = int(count)
    except (AttributeError, ValueError) as fault:
        raise ShowError(thing, "is no MIDI file", "name a .mid file") from fault
    entries: list[TempoChange] = []
    for beat in sorted(changes):
        bpm = round(changes[beat], 4)
        if not 20.0 <= bpm <= 400.0:
            raise ShowError(
                thing, f"has a tempo of {bpm:g} at beat {beat:g}", "correct it to 20 to 400"
            )
        if not entries or entries[-1].bpm != bpm:
            entries.append(TempoChange(beat=beat, bpm=bpm))
    if len(entries) == 1:
        return BeatEntry(bpm=entries[0].bpm, first=first, beats_per_bar=beats_per_bar or 4)
    return BeatEntry(
        bpm=entries[0].bpm, first=first, beats_per_bar=beats_per_bar or 4, changes=tuple(entries)
    )
