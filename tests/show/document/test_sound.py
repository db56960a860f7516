"""Test a document's sound: what it builds, what it refuses, and that a check opens the devices."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.errors import OutputError
from renderer.faults import FaultCollector
from renderer.output.sound.settings import SoundPlan
from renderer.show.document.plan import build_plan
from renderer.show.document.read import parse_show
from renderer.show.document.sound import find_device_faults

SONG = """
[[songs]]
name = "A"
file = "a.ogg"
beat = { bpm = 60.0, first = 1.0, beats_per_bar = 3 }
"""


def build(text: str) -> tuple[SoundPlan | None, list[str]]:
    """Return a document's sound, and the faults of its values."""
    faults = FaultCollector()
    read = parse_show(text, Path("show.toml"), faults)
    if read is None:
        return None, [str(fault) for fault in faults.faults]
    plan = build_plan(read, faults)
    return plan.sound, [str(fault) for fault in faults.faults]


def test_without_sound_and_microphones_only_a_live_show_has_a_mixer() -> None:
    text = SONG + '[[performers]]\nname = "Hana"'
    assert build(text)[0] is None
    sound, faults = build(text + "\n[show]\nlive = true")
    assert not faults
    assert sound is not None
    assert (sound.room, sound.loudness, sound.ceiling_db, sound.duck_db) == ("", None, 0.0, 0.0)


def test_a_microphone_alone_is_enough_and_gets_its_performers_bus() -> None:
    text = '[[performers]]\nname = "Hana"\n[[performers]]\nname = "Ren"\n'
    sound, faults = build(
        text + 'microphone = { device = "USB", gain = -3, gate = -90, compressor = 0, delay = 40 }'
    )
    assert not faults
    assert sound is not None
    assert sound.loudness is None
    [one] = sound.microphones
    assert (one.bus, one.performer, one.device) == ("mic-2", "Ren", "USB")
    assert (one.gate_db, one.compressor_db, one.delay_ms) == (None, None, 40.0)


def test_the_click_follows_the_songs_grid() -> None:
    sound, _ = build(SONG + "[sound]\nclick = true")
    assert sound is not None
    by_song = {one.song: one for one in sound.beats}
    assert by_song["A"].seconds[:3] == (1.0, 2.0, 3.0)
    assert by_song["A"].per_bar == 3
    assert by_song[""] == by_song["A"].__class__("", by_song["A"].seconds, 3)


def test_stems_that_are_to_be_played_must_be_there() -> None:
    _, faults = build(SONG + '[sound]\nplay = "stems"')
    assert any("has no stems, which this show plays" in fault for fault in faults)
    sound, _ = build(SONG + 'stems = { band = "b.ogg" }\n[sound]\nplay = "stems"')
    assert sound is not None
    assert sound.stems[0].bus == "stem-band"
    assert sound.stems[0].opening == Path("b.ogg")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[sound]\nloudness = 3", "out of range"),
        ("[sound]\nloud = -14", "did you mean 'loudness'?"),
        ('[sound]\nplay = "both"', "sound.play"),
        ('[[performers]]\nmicrophone = { device = "x", channel = 0 }', "out of range"),
        ("[[performers]]\nmicrophone = {}", "'device' is missing"),
        ('[[performers]]\nmicrophone = "mic"', "must be a table"),
        ("[sound]\nceiling = nan", "sound.ceiling"),
    ],
    ids=["loudness", "name", "play", "channel", "no device", "no table", "no number"],
)
def test_what_cannot_be_is_refused_at_its_place(text: str, part: str) -> None:
    _, faults = build(text)
    assert any(part in fault and "show.toml:" in fault for fault in faults), faults


def test_a_check_opens_every_device() -> None:
    assert not list(find_device_faults(SoundPlan(room="null", talkback="null")))
    plan = SoundPlan(room="no such device", performer_return="null", talkback="nor this")
    found = list(find_device_faults(plan))
    assert len(found) == 2
    assert all(isinstance(fault, OutputError) and fault.remedy for fault in found)
