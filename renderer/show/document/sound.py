"""Build a show's sound from its document, and open its devices for a check."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from renderer.errors import OutputError, RendererError, ShowError
from renderer.faults import FaultCollector
from renderer.output.sound.settings import (
    GUEST_DEVICE,
    BeatPlan,
    MicrophonePlan,
    SoundPlan,
    StemPlan,
)
from renderer.show.document.entries.songs import SongEntry
from renderer.show.document.entries.sound import MicrophoneEntry, SoundEntry
from renderer.show.document.read import ReadShow, place_fault
from renderer.show.songs.grid import BeatGrid
from renderer.show.songs.plan import SongPlan

_LONGEST_S: Final = 1200.0
"""Seconds for which a song of unknown length has a click."""
_BLOCK_S: Final = 3.0
"""Seconds in which an opened device has to give or take a block."""
_LEAST_GATE_DB: Final = -90.0
_LEAST_REVERB_DB: Final = -120.0
_AS_IT_IS: Final = SoundEntry(ceiling=0.0)
"""Sound of a live show whose document asks for nothing: the mixer changes what a desk changes."""


def build_sound(
    read: ReadShow, songs: tuple[SongPlan, ...], faults: FaultCollector, *, live: bool
) -> SoundPlan | None:
    """Return the sound of a show.

    Args:
        songs: the set list.
        live: whether desks mix while it runs.

    Returns:
        What is mixed; None, for the song as it is, if the show is not live and its document has
        neither [sound] nor a microphone.
    """
    show = read.show
    microphones = tuple(
        _build_microphone(number, one.name, one.microphone)
        for number, one in enumerate(show.performers, 1)
        if one.microphone is not None
    )
    if show.sound is None and not microphones and not live:
        return None
    entry = show.sound or (SoundEntry() if microphones else _AS_IT_IS)
    opening = songs[0].name if songs and show.show.opening == "song" else ""
    entries = {one.name: one for one in show.songs}
    listed = [entries[one.name] for one in songs]
    return SoundPlan(
        microphones=microphones,
        stems=_build_stems(read, listed, opening, faults) if entry.play == "stems" else (),
        loudness=entry.loudness or None,
        ceiling_db=entry.ceiling,
        duck_db=entry.duck,
        room=entry.room,
        performer_return=entry.performers,
        talkback=entry.talkback,
        click=entry.click,
        beats=tuple(_build_beats(songs, entries, opening)),
        song_delay_ms=None if entry.song_delay < 0.0 else entry.song_delay,
    )


def find_device_faults(plan: SoundPlan) -> Iterator[RendererError]:
    """Open every device of a show and close it again; yield the faults of those that fail."""
    from renderer.output.sound.devices import open_device  # Loads PortAudio.

    wanted = [(one.bus, one.device, one.channel, True) for one in plan.microphones]
    wanted += [("talkback", plan.talkback, 1, True)]
    wanted += [("room", plan.room, 2, False), ("performers", plan.performer_return, 2, False)]
    for name, device, channels, is_input in wanted:
        if not device or device.startswith(GUEST_DEVICE):
            continue
        has_come = threading.Event()
        try:
            stream, _ = open_device(
                lambda _block, _t, come=has_come: come.set(),  # type: ignore[misc]
                device, channels=channels, is_input=is_input,
            )  # fmt: skip
        except OutputError as fault:
            yield fault
            continue
        if not has_come.wait(_BLOCK_S):
            yield OutputError(
                f"the sound device {device} of {name}",
                "opens and gives no sound",
                "check that no other program holds it",
            )
        stream.close()


def _build_microphone(number: int, performer: str, entry: MicrophoneEntry) -> MicrophonePlan:
    return MicrophonePlan(
        bus=f"mic-{number}",
        performer=performer or str(number),
        device=entry.device,
        channel=entry.channel,
        gain_db=entry.gain,
        high_pass_hz=entry.high_pass,
        gate_db=entry.gate if entry.gate > _LEAST_GATE_DB else None,
        compressor_db=entry.compressor or None,
        ratio=entry.ratio,
        reverb_db=entry.reverb if entry.reverb > _LEAST_REVERB_DB else None,
        delay_ms=None if entry.delay < 0.0 else entry.delay,
    )


def _build_stems(
    read: ReadShow, songs: list[SongEntry], opening: str, faults: FaultCollector
) -> tuple[StemPlan, ...]:
    for song in songs:
        if song.file and not song.stems:
            fault = ShowError(
                f"Song {song.name}", "has no stems, which this show plays",
                'name its stems, or set play = "mix"',
            )  # fmt: skip
            faults.add(place_fault(read, ("sound", "play"), fault))
    names = list(dict.fromkeys(name for song in songs for name in song.stems))
    stems = []
    for name in names:
        files = {
            song.name: read.folder / Path(song.stems[name]).expanduser()
            for song in songs
            if name in song.stems
        }
        stems.append(StemPlan(f"stem-{name}", files, files.get(opening)))
    return tuple(stems)


def _build_beats(
    songs: tuple[SongPlan, ...], entries: dict[str, SongEntry], opening: str
) -> Iterator[BeatPlan]:
    for song in songs:
        entry = entries[song.name].beat
        grid = BeatGrid(entry)
        end_s = _LONGEST_S if song.length_ns is None else song.length_ns / 1e9
        count = max(int(grid.beat_at(end_s)) + 1, 0)
        seconds = tuple(grid.seconds_at(float(beat)) for beat in range(count))
        yield BeatPlan(song.name, seconds, grid.beats_per_bar)
        if song.name == opening:
            yield BeatPlan("", seconds, grid.beats_per_bar)
