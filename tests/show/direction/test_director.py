"""Test that a director shows what cues and the crew ask for, from the frame after the command."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

import msgspec
import pytest
from directed_stage import DOCUMENT, FRAME_NS, S, Stage
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.faults import FaultCollector
from renderer.protocol.alarms import Severity
from renderer.protocol.document import EditDocument, InsertItem, RemoveItem, SetValue, UndoEdit
from renderer.show.control.addresses import find_command
from renderer.show.cues.kept import keep
from renderer.show.cues.state import TrackedState, track
from renderer.show.direction.looks import HOUSE, build_looks, dim
from renderer.show.direction.mixer import MIX_VIEW, Mix
from renderer.show.direction.record import record_actions
from renderer.show.document.cues import (
    ActionEntry,
    AvatarAction,
    ContentAction,
    PaletteAction,
    RigAction,
    ScreenAction,
)
from renderer.show.document.editor import validate
from renderer.show.document.entries.rigs import RigEntry
from renderer.show.host.resume import DirectionState
from renderer.stage.records import LedContent


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
    kept = [
        RigAction(2, RigEntry(kind="orbit")), RigAction(2, RigEntry(kind="crane")),
        ScreenAction("wall", "program"), ScreenAction("left", "generated"), ContentAction("veil"),
        AvatarAction("gala", 1), AvatarAction("blue", 1), PaletteAction("rose", 1),
    ]  # fmt: skip
    states = st.builds(
        TrackedState,
        kept=st.lists(st.sampled_from(kept)).map(lambda found: reduce(keep, found, {})),
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
    first.do("/rig/3", rig={"kind": "orbit", "side": [0.0, 90.0]})
    first.do("/content", content="veil")
    saved = msgspec.json.decode(msgspec.json.encode(first.commands.save()), type=DirectionState)
    # It dies, and cue 3 comes while nobody is there.
    second = Stage(document)
    second.commands.restore(saved)
    moment = second.frame(4.0)
    assert moment.text == "3" and moment.look.crowd.energy == 0.5
    assert second.director.presenter.on_air.camera == 3
    assert moment.look.screens.content is LedContent.VEIL
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
