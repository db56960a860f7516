"""Test that songs bring their beat, their cuts and their titles with them."""

from __future__ import annotations

from typing import Any

import pytest
from directed_stage import DOCUMENT, Stage

from renderer.protocol.songs import SongsHealth, SongState
from renderer.show.direction.song_commands import SongCommands

SET: dict[str, Any] = {
    **DOCUMENT,
    "songs": [
        {"name": "One", "beat": {"bpm": 120.0}, "hour": 5,
         "sections": [{"kind": "verse", "bar": 1}, {"kind": "chorus", "bar": 3, "name": "Hook"}]},
        {"name": "Two", "beat": {"bpm": 60.0}},
        {"name": "Three"},
    ],
    "cue_lists": [
        {
            "name": "Main",
            "cues": [
                {"number": "1", "trigger": {"on": "time", "at": 0.0},
                 "actions": [{"do": "look", "look": "Gold"}]},
                {"number": "2", "trigger": {"on": "beat", "at": "3:1"},
                 "actions": [{"do": "master", "level": 0.5}]},
                {"number": "3", "trigger": {"on": "time", "at": 0.0, "song": "Two"},
                 "actions": [{"do": "look", "look": "Blue"}, {"do": "text", "text": "two"}]},
                {"number": "4", "trigger": {"on": "beat", "at": "2:1", "song": "Two"},
                 "actions": [{"do": "song", "act": "next", "count_in": 1}]},
                {"number": "5", "trigger": {"on": "time", "at": 0.5, "song": "Three"},
                 "actions": [{"do": "text", "text": "three"}]},
            ],
        }
    ],
}  # fmt: skip


def songs_health(stage: Stage) -> SongsHealth:
    return SongCommands(stage.director).health()


def test_songs_bring_their_beat_and_the_tracked_state_holds_across_them() -> None:
    stage = Stage(SET)
    stage.frame(0.0)
    health = songs_health(stage)
    assert (health.song, health.next, health.place) == ("One", "Two", 1)
    stage.frame(4.6)
    health = songs_health(stage)
    assert (health.position, health.section, health.timecode) == ("3:2", "Hook", "05:00:04:17")
    assert stage.director.state.master == 0.5
    stage.do("/song/next", count_in=1)
    stage.frame(6.5)
    assert songs_health(stage).next == "Three"
    assert songs_health(stage).state is SongState.COUNT_IN and stage.director.position == "0:2"
    moment = stage.frame(8.7)
    # The look is the song's, the master that of the song before.
    assert moment.rate == 1.0 and moment.text == "two"
    assert stage.director.state.master == 0.5 and stage.director.state.look == "Blue"
    # A cue starts the next song, after a bar of count-in.
    stage.frame(12.7)
    stage.frame()
    assert songs_health(stage).state is SongState.COUNT_IN
    assert stage.frame(15.3).text == "three"


def test_seeking_and_starting_out_of_turn_leave_the_state_of_that_place() -> None:
    stage = Stage(SET)
    stage.frame(0.0)
    stage.do("/song/seek", at="3:1")
    stage.frame(0.1)
    assert stage.director.state.master == 0.5
    stage.do("/song/seek", at="1:1")
    stage.frame(0.2)
    assert stage.director.state.master == 1.0 and stage.director.state.look == "Gold"
    # The last song at once: everything that the songs before it leave.
    stage.do("/song/start", song="Three")
    stage.frame(0.4)
    state = stage.director.state
    assert (state.master, state.look, state.text) == (0.5, "Blue", "two")
    stage.do("/song/seek", cue="3")
    stage.frame(0.5)
    assert stage.director.song == "Two" and stage.director.state.text == "two"
    stage.do("/song/pause")
    paused = stage.frame(0.6)
    assert stage.frame(5.0).beat == paused.beat
    stage.do("/song/resume")
    assert stage.frame(6.0).beat == pytest.approx(paused.beat + 1.0, abs=0.1)
    stage.do("/song/stop")
    assert stage.frame(6.1).titles.lyrics == () and stage.director.song == ""


def test_each_song_and_talk_is_a_scene_of_its_own() -> None:
    library = Stage().director.library
    assert [library.get(name).titles.at(1.0).scene for name in ("Song", "")] == ["Song", ""]
