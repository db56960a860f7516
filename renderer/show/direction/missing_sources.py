"""Find the cues that wait for what no receiver of the show delivers."""

from __future__ import annotations

from renderer.show.cues.sheet import CueSheet
from renderer.show.document.cues import OnDmx, OnMidi, OnOsc, OnTimecode
from renderer.show.document.entries.control import ControlEntry


def find_cues_without_source(sheet: CueSheet, control: ControlEntry) -> list[str]:
    """Return a sentence for every kind of trigger that no receiver of the show delivers."""
    kinds: dict[type, str] = {}
    if control.midi is None:
        kinds[OnMidi] = "MIDI"
    if control.timecode is None:
        kinds[OnTimecode] = "timecode"
    if control.osc is None:
        kinds[OnOsc] = "OSC"
    if control.artnet is None and control.sacn is None:
        kinds[OnDmx] = "DMX"
    waiting: dict[str, list[str]] = {}
    for one in sheet.lists:
        for cue in one.cues:
            name = kinds.get(type(cue.trigger))
            if name is not None:
                waiting.setdefault(name, []).append(cue.number)
    return [
        f"Cues {', '.join(numbers)} wait for {name}, which this show does not receive; "
        "call them by hand, or see docs/control.md"
        for name, numbers in sorted(waiting.items())
    ]
