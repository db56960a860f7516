"""Test that a director shows what cues and the crew ask for, from the frame after the command."""

from __future__ import annotations

import contextlib
import math
import re
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import RendererError, ShowError
from renderer.faults import FaultCollector
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.document import EditDocument, InsertItem, RemoveItem, SetValue, UndoEdit
from renderer.protocol.keys import PressKey
from renderer.protocol.schema import Command, Reply, command_types
from renderer.protocol.songs import SongsHealth, SongState
from renderer.show.control.addresses import all_addresses, find_command
from renderer.show.control.registry import CommandRegistry
from renderer.show.control.titles import TitleCommands
from renderer.show.cues.state import TrackedState, track
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.direction.looks import HOUSE, build_looks, dim
from renderer.show.direction.mixer import MIX_VIEW, Mix
from renderer.show.direction.record import record_actions
from renderer.show.direction.song_commands import SongCommands
from renderer.show.document.cues import ActionEntry
from renderer.show.document.editor import DocumentEditor, validate
from renderer.show.document.read import ReadShow
from renderer.show.event_log import EventLog
from renderer.show.host.resume import DirectionState
from renderer.stage.cameras.performers import Performer
from renderer.stage.direction import Moment
from renderer.stage.records import StageState
from renderer.stage.text.lyrics import LyricLine, Lyrics
from renderer.stage.text.titles import TitlePlan

S = 1_000_000_000
FRAME_NS = S // 30
PERFORMER = Performer((0.0, 1.6, 0.0), 1.7, (0.0, 1.5, 0.1), 0.0, 1.6, (0.0, 1.45, 0.0), 0.15)
DOCUMENT: dict[str, Any] = {
    "stage": {"text": "HELLO"},
    "songs": [{"name": "Song", "sections": [{"kind": "verse", "bar": 1}]}],
    "looks": [{"name": "Blue", "base": "verse"}, {"name": "Gold", "base": "chorus"}],
    "cameras": [
        {"number": 1, "framing": "wide"}, {"number": 2, "framing": "full"},
        {"number": 3, "framing": "bust"},
    ],
    "auto_director": {"shortest": 1.0},
    "cue_lists": [
        {
            "name": "Main",
            "cues": [
                {"number": "1", "duration": 2.0, "actions": [{"do": "look", "look": "Gold"}]},
                {
                    "number": "2",
                    "actions": [
                        {"do": "camera", "camera": 3, "transition": "dissolve", "time": 1.0},
                        {"do": "effect", "effect": "jets"},
                        {"do": "title", "name": "Hana", "role": "Vocal"},
                        {"do": "marker", "text": "chorus"},
                        {"do": "command", "address": "/show/end_show"},
                    ],
                },
                {"number": "3", "actions": [{"do": "auto-director"}]},
                {
                    "number": "9",
                    "trigger": {"on": "alarm", "id": "camera"},
                    "actions": [{"do": "text", "text": "one moment"}],
                },
            ],
        }
    ],
}  # fmt: skip


class _Desk:
    """A desk endpoint's registries, without a bus."""

    def __init__(self) -> None:
        self.commands = CommandRegistry()
        self.sections = self

    def add(self, *_: object) -> None:
        """Publish nothing."""


class Stage:
    """A directed show without pictures: frames are moments."""

    def __init__(self, document: dict[str, Any] = DOCUMENT) -> None:
        show = validate(document)
        lyrics = Lyrics([LyricLine("la", ((0.0, 0), (60.0, 2)))])
        self.events = EventLog()
        self.alarms = Alarms()
        self.director = StageDirector(show, TitlePlan((lyrics,)), self.events)
        self.editor = DocumentEditor(ReadShow(None, "", document, document, show))
        self.commands = DirectionCommands(self.director, self.editor, self.events, self.alarms)
        self.desk = _Desk()
        self.commands.attach(self.desk)  # type: ignore[arg-type]
        self.titles = TitleCommands(self.director.board, self.commands.show_lyrics)
        self.titles.attach(self.desk)  # type: ignore[arg-type]
        self.number = 0

    def send(self, command: Command) -> Reply:
        replies: list[Reply] = []
        self.desk.commands.handle(command, replies.append)
        return replies[0]

    def do(self, address: str, **arguments: Any) -> str:
        reply = self.send(find_command(address, arguments))
        assert reply.ok, reply.text
        return reply.text

    def frame(self, seconds: float | None = None, *, plays: bool = True) -> Moment:
        """Return the moment of the next frame, or of the one at a time."""
        self.number = self.number + 1 if seconds is None else round(seconds * 30)
        now = self.number * FRAME_NS
        self.director.advance(self.number, now, now if plays else None)
        moment = self.director.direct(now / S, [PERFORMER], 16 / 9, {"vertical": 9 / 16})
        state = StageState(0, 0, 0, (), (), (0.0,) * 3, moment.camera, titles=moment.titles)
        return replace(moment, titles=self.titles.apply(state, now).titles)


def test_go_changes_the_next_frame_and_fades_in_its_time() -> None:
    stage = Stage()
    before = stage.frame()
    assert before.look == build_looks(validate(DOCUMENT))["Blue"] and before.text == "HELLO"
    assert stage.do("/go") == "Cue 1 runs."
    first = stage.frame()
    assert first.look != before.look
    assert stage.frame(2.2).look.ambient == pytest.approx(HOUSE["chorus"].ambient)
    reply = stage.send(find_command("/go", {}))
    assert reply.ok
    assert "twice" in stage.send(find_command("/go", {})).text


def test_a_dissolve_shows_both_cameras_until_it_ends() -> None:
    stage = Stage()
    wide = stage.frame().camera
    stage.do("/cue/2/standby")
    stage.do("/go")
    moment = stage.frame()
    assert stage.director.mix.share == pytest.approx(FRAME_NS / S, abs=0.01)
    assert moment.camera.fov_y < wide.fov_y
    assert moment.view_cameras[MIX_VIEW].fov_y == pytest.approx(wide.fov_y, rel=0.05)
    assert moment.jets is not None and moment.titles.lower_third is not None
    assert "Marker: chorus" in [event.text for event in stage.events.section().events]
    later = stage.frame(0.9)
    assert 0.8 < stage.director.mix.share < 1.0 and MIX_VIEW in later.view_cameras
    for _ in range(8):
        last = stage.frame()
    assert stage.director.mix == Mix() and MIX_VIEW not in last.view_cameras
    # The command of the cue has no part that handles it here: that is logged, and nothing stops.
    assert any("EndShow" in event.text for event in stage.events.section().events)


def test_the_crew_takes_over_from_the_auto_director_with_one_press() -> None:
    stage = Stage()
    stage.do("/auto")
    seen = [stage.frame() and stage.director.presenter.on_air.camera for _ in range(600)]
    assert len(set(seen)) > 1
    stage.do("/camera/2")
    mine = {stage.frame() and stage.director.presenter.on_air.camera for _ in range(300)}
    assert mine == {2} and not stage.director.state.auto
    stage.do("/auto")
    after = [stage.frame() and stage.director.presenter.on_air.camera for _ in range(300)]
    assert after[0] == 2 and len(set(after)) > 1


def test_panic_stops_all_cues_and_shows_the_slate_until_it_is_lifted() -> None:
    stage = Stage()
    stage.frame()
    stage.do("/go")
    stage.do("/panic")
    stage.frame(1.0)
    assert stage.director.mix.slate == 1.0
    assert stage.commands.health().slate and not stage.commands.health().lists[0].running
    stage.do("/panic", on=False)
    stage.frame(2.0)
    assert stage.director.mix == Mix()


def test_black_master_lyrics_and_crowd() -> None:
    stage = Stage()
    stage.frame()
    stage.do("/black", seconds=1.0)
    stage.do("/master", level=0.5)
    stage.do("/crowd", energy=0.25)
    stage.do("/lyrics", on=False)
    moment = stage.frame(0.55)
    assert 0.4 < stage.director.mix.black < 0.6
    assert moment.look.crowd.energy == 0.25 and not moment.titles.lyrics
    assert moment.look.ambient == dim(HOUSE["verse"], 0.5).ambient
    stage.do("/lyrics")
    assert stage.frame().titles.lyrics
    stage.do("/fade", seconds=0)
    assert all(cue.level == 0.0 for cue in stage.frame().look.heads.values())


def test_an_alarm_fires_the_cue_that_waits_for_it() -> None:
    stage = Stage()
    stage.alarms.raise_("camera.1", Severity.WARNING, "A camera is lost")
    stage.commands.poll()
    assert stage.frame().text == "one moment"


def test_an_edit_is_used_from_the_next_frame_and_can_be_undone() -> None:
    stage = Stage()
    stage.frame()
    stage.do("/go")  # Cue 1 fades for two seconds.
    path: list[str | int] = ["cue_lists", 0, "cues"]
    add = InsertItem(path, 0, {"number": "0.5", "actions": [{"do": "text", "text": "new"}]})
    assert stage.send(EditDocument("Mina", [add], "add cue 0.5")).ok
    assert stage.commands.health().lists[0].running[0].number == "1"
    assert stage.commands.health().lists[0].standby == "2"
    stage.do("/cue/0.5/start")
    assert stage.frame().text == "new"
    assert stage.send(EditDocument("Mina", [SetValue(["looks", 0, "base"], "ballad")])).ok
    assert stage.send(UndoEdit("Joon")).ok and stage.send(UndoEdit("Joon")).ok
    assert not stage.send(UndoEdit("Joon")).ok
    refused = stage.send(find_command("/cue/0.5/start", {}))
    assert not refused.ok and "is not in the list Main" in refused.text
    log = [event.text for event in stage.events.section().events]
    assert "Mina: add cue 0.5" in log and "Joon: undo add cue 0.5" in log
    wrong = EditDocument("Mina", [RemoveItem(["cameras"], 2)])
    assert "no camera 3" in stage.send(wrong).text
    assert "names no operator" in stage.send(UndoEdit(" ")).text


def test_what_was_done_by_hand_becomes_a_cue_that_does_the_same() -> None:
    stage = Stage()
    stage.frame()
    stage.do("/go")
    record = find_command("/document/record_cue", {"operator": "Mina", "cue": "1.5"})
    assert "would do nothing" in stage.send(record).text
    stage.do("/camera/2")
    stage.do("/look/chorus", seconds=0)
    stage.do("/crowd", energy=0.75)
    done = stage.director.state
    assert stage.send(record).text == "Mina: record cue 1.5."
    numbers = [cue["number"] for cue in stage.editor.data["cue_lists"][0]["cues"]]
    assert numbers == ["1", "1.5", "2", "3", "9"]
    assert stage.commands.health().lists[0].standby == "2"
    stage.do("/camera/1")
    stage.do("/crowd", energy=0.0)
    stage.do("/cue/1.5/start")
    assert stage.director.state == done
    assert "is there already" in stage.send(record).text or "do nothing" in stage.send(record).text
    assert stage.send(UndoEdit("Mina")).ok
    assert len(stage.editor.data["cue_lists"][0]["cues"]) == 4


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_recorded_actions_lead_from_any_state_to_any_other(data: st.DataObject) -> None:
    states = st.builds(
        TrackedState,
        look=st.sampled_from(["verse", "chorus"]), master=st.sampled_from([0.0, 1.0]),
        camera=st.integers(1, 3), auto=st.booleans(), black=st.booleans(),
        crowd=st.sampled_from([-1.0, 0.5]), lyrics=st.booleans(), text=st.sampled_from(["", "a"]),
    )  # fmt: skip
    before, now = data.draw(states), data.draw(states)
    state = before
    for action in record_actions(before, now):
        state = track(state, msgspec.convert(action, ActionEntry))
    # While the auto-director has the cameras, the last one by hand does not matter.
    assert state == (replace(now, camera=state.camera) if now.auto else now)


def test_another_engine_goes_on_where_the_first_one_died() -> None:
    cues = [
        {"number": str(at), "trigger": {"on": "time", "at": float(at)},
         "actions": [{"do": "text", "text": str(at)}]}
        for at in (1, 3, 5)
    ]  # fmt: skip
    cues.insert(1, {"number": "2", "actions": [{"do": "look", "look": "chorus"}]})
    document = {**DOCUMENT, "cue_lists": [{"name": "Main", "cues": cues}]}
    first = Stage(document)
    first.frame(0.0)
    first.frame(2.0)
    first.do("/go")
    first.do("/camera/3")
    first.do("/crowd", energy=0.5)
    saved = msgspec.json.decode(msgspec.json.encode(first.commands.save()), type=DirectionState)
    # It dies, and cue 3 comes while nobody is there.
    second = Stage(document)
    second.commands.restore(saved)
    moment = second.frame(4.0)
    assert moment.text == "3" and moment.look.crowd.energy == 0.5
    assert second.director.presenter.on_air.camera == 3
    assert second.director.state == replace(first.director.state, text="3")
    assert second.commands.health().lists[0].standby == "5"


def test_an_edit_within_a_song_neither_jumps_nor_fires_anything_again() -> None:
    def timed(number: str, at: float, text: str) -> dict[str, Any]:
        actions = [{"do": "text", "text": text}]
        return {"number": number, "trigger": {"on": "time", "at": at}, "actions": actions}

    fade = {"number": "2", "duration": 5.0, "actions": [{"do": "look", "look": "chorus"}]}
    cues = [timed("1", 1.0, "a"), fade, timed("3", 4.0, "c")]
    stage = Stage({"songs": [{"name": "Song"}], "cue_lists": [{"name": "Main", "cues": cues}]})
    stage.frame(0.0)
    stage.frame(1.5)
    stage.do("/go")
    before = stage.frame(2.0).look
    edit = SetValue(["cue_lists", 0, "cues", 2, "trigger", "at"], 3.0)
    assert stage.send(EditDocument("Mina", [edit])).ok
    assert stage.commands.health().lists[0].running[0].number == "2"
    after = stage.frame(2.1)
    assert after.text == "a" and after.look not in (before, HOUSE["chorus"])
    assert stage.frame(3.1).text == "c"  # At its new time.


ODD = st.sampled_from(
    [0, 1, 2, 3, -1, 10**12, 0.0, 0.5, 1e308, -5.5, math.inf, math.nan, True, False, "", "1", "2",
     "Gold", "chorus", "sparks", "x" * 500, "Main", "꽃", "\0", None, [], {}]
)  # fmt: skip


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_no_command_stops_the_show(data: st.DataObject) -> None:
    """Any commands with any values, between frames of any length, are done or refused."""
    stage = Stage()
    addressed = [one for one in all_addresses() if not one.address.startswith("/document/save")]
    for _ in range(data.draw(st.integers(1, 12))):
        one = data.draw(st.sampled_from(addressed))
        address = re.sub(r"\{\w+\}", lambda _: str(data.draw(ODD)) or "0", one.address)
        names = [name for name in one.arguments if data.draw(st.booleans())]
        arguments = {name: data.draw(ODD) for name in names}
        with contextlib.suppress(RendererError):
            command = find_command(address, arguments)
            replies: list[Reply] = []
            stage.desk.commands.handle(command, replies.append)
            assert replies and replies[0].text
        stage.number += data.draw(st.sampled_from([0, 1, 30, 3000]))
        stage.commands.poll()
        moment = stage.frame(plays=data.draw(st.booleans()))
        assert math.isfinite(moment.camera.fov_y) and 0.0 <= stage.director.mix.share <= 1.0
        stage.commands.health()


@pytest.mark.parametrize(
    ("address", "arguments", "part"),
    [
        ("/camera/9", {}, "is not in the show; name one of 1, 2, 3"),
        ("/look/Glod", {}, "did you mean Gold?"),
        ("/effect/rain", {}, "name one of confetti"),
        ("/master", {"level": 2.0}, "out of range"),
        ("/master", {"level": math.nan}, "out of range"),
        ("/black", {"seconds": -1.0}, "out of range"),
        ("/fade", {"seconds": math.inf}, "out of range"),
        ("/camera/1", {"dissolve": math.nan}, "out of range"),
        ("/camera/1", {"wipe": -1.0}, "out of range"),
        ("/take", {"stinger": "Flash"}, "shows no camera"),
        ("/camera/2", {"stinger": "Flash"}, "is not in the show"),
        ("/song/start", {"song": "Sung"}, "did you mean Song"),
        ("/song/resume", {}, "is not paused"),
        ("/song/start", {"count_in": 99}, "out of range"),
        ("/song/seek", {"cue": "1"}, "waits for no time of a song"),
        ("/crowd", {"energy": 7}, "out of range"),
        ("/title", {"name": "x" * 200}, "no single line"),
        ("/go", {"list": "Mian"}, "is not in the show; name one of Main"),
        ("/cue/77/start", {}, "is not in the list Main"),
        ("/take", {}, "shows no camera"),
        ("/back", {}, "at its beginning"),
    ],
)
def test_a_command_that_cannot_be_done_is_refused_in_a_sentence(
    address: str, arguments: dict[str, Any], part: str
) -> None:
    stage = Stage()
    before = stage.frame()
    reply = stage.send(find_command(address, arguments))
    assert not reply.ok and part in reply.text
    assert stage.frame().look == before.look


def test_every_command_has_an_address_of_its_own() -> None:
    addresses = [one.address for one in all_addresses()]
    assert len(set(addresses)) == len(addresses) == len(command_types())
    for one in all_addresses():
        assert one.summary and not one.summary.endswith(".")
    for address, arguments, part in (
        ("/goo", {}, "did you mean /go?"),
        ("/go", {"lst": "a"}, "did you mean list?"),
        ("/camera/x", {}, "cannot be sent"),
        ("/master", {}, "cannot be sent"),
        ("", {}, "encore commands"),
    ):
        with pytest.raises(ShowError, match=part.replace("?", r"\?")):
            find_command(address, arguments)


def test_cues_that_nothing_can_fire_are_warned_of() -> None:
    trigger = {"on": "midi", "message": "note", "number": 60}
    cues = [{"number": "5", "trigger": trigger}]
    stage = Stage({"cue_lists": [{"name": "Main", "cues": cues}]})
    (line,) = stage.director.warnings()
    assert line.startswith("Cues 5 wait for MIDI")


def test_before_the_first_cue_the_status_names_the_look_that_stands() -> None:
    stage = Stage()
    stage.frame()
    assert stage.commands.health().look == "Blue"
    assert Stage({"cue_lists": [{"name": "Main"}]}).commands.health().look == "verse"


def test_a_show_without_looks_cameras_or_song_can_be_directed() -> None:
    stage = Stage({"cue_lists": [{"name": "Main", "cues": [{"number": "1"}]}]})
    moment = stage.frame(plays=False)
    assert moment.beat == 0.0 and moment.titles.lyrics == ()
    stage.do("/go")
    assert stage.frame(5.0, plays=False).beat > 9.0
    assert not FaultCollector().faults


def test_every_field_of_a_look_changes_the_look() -> None:
    show = validate(
        {
            "looks": [
                {
                    "name": "A", "base": "dark", "ambient": [0.1, 0.2, 0.3], "content": "veil",
                    "screen_level": 0.9, "crowd": 0.7, "rain": 0.5, "exposure": 0.8,
                    "stick_colors": [[1, 0, 0], [0, 1, 0]], "lights": {"key": [1, 1, 1]},
                    "heads": {"back": {"pattern": "sweep", "level": 0.4, "colors": [[1, 0, 0]]}},
                }
            ]
        }
    )  # fmt: skip
    look = build_looks(show)["A"]
    assert look.ambient == (0.1, 0.2, 0.3) and look.screens.content.name == "VEIL"
    assert (look.screens.level, look.crowd.energy, look.rain) == (0.9, 0.7, 0.5)
    assert look.grade.exposure == 0.8 and len(look.crowd.stick_colors) == 2
    assert look.lights["key"].color == (1.0, 1.0, 1.0)
    assert look.heads["back"].pattern.name == "SWEEP" and look.heads["back"].level == 0.4


def test_a_wipe_and_a_stinger_take_their_time() -> None:
    stage = Stage()
    stage.director.presenter.stingers = {"Flash": S}
    stage.frame(1.0)
    stage.do("/camera/2", wipe=0.5)
    stage.frame()
    assert stage.director.mix.transition == "wipe" and 0.0 < stage.director.mix.share < 0.2
    stage.frame(1.6)
    stage.do("/camera/3", stinger="Flash")
    stage.frame(2.1)
    mix = stage.director.mix
    assert (mix.transition, mix.stinger) == ("stinger", "Flash") and 0.4 < mix.share < 0.6
    stage.frame(3.0)
    assert stage.director.mix == Mix()


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


def test_keys_of_the_document_give_their_commands_in_the_name_of_who_presses() -> None:
    keys = {"F9": {"address": "/look/Gold", "arguments": {"seconds": 0}}}
    stage = Stage({**DOCUMENT, "keys": keys, "operators": [
        {"name": "Mina", "role": "rights"}, {"name": "Guest", "role": "view"}]})  # fmt: skip
    reply = stage.send(PressKey(key="F9", operator="Guest"))
    assert not reply.ok and "Guest" in reply.text
    assert stage.send(PressKey(key="F9", operator="Mina")).ok
    assert stage.director.state.look == "Gold"
    reply = stage.send(PressKey(key="F8", operator="Mina"))
    assert not reply.ok and "calls nothing" in reply.text


@pytest.mark.parametrize(
    ("address", "said"), [("/goo", "is no command"), ("/key/F9", "calls a key")]
)
def test_keys_that_call_nothing_are_refused(address: str, said: str) -> None:
    with pytest.raises(RendererError, match=said):
        validate({**DOCUMENT, "keys": {"F9": {"address": address}}})


def test_each_song_and_talk_is_a_scene_of_its_own() -> None:
    library = Stage().director.library
    assert [library.get(name).titles.at(1.0).scene for name in ("Song", "")] == ["Song", ""]
