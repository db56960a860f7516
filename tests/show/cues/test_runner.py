"""Test the cue engine: GO, waits, chains, pause, and the laws of jumps and of song time."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import ShowError
from renderer.show.cues.kept import Kept, keep
from renderer.show.cues.runner import GUARD_NS, CueRunner, Performed, Restored
from renderer.show.cues.sheet import compile_sheet
from renderer.show.cues.state import TrackedState
from renderer.show.cues.triggers import MessageTriggers, SongTriggers
from renderer.show.document.editor import validate

S = 1_000_000_000


def runner_of(*cues: dict[str, Any], **more: Any) -> CueRunner:
    """Return a runner of one list; cues are numbered from 1."""
    numbered = [{"number": str(number), **cue} for number, cue in enumerate(cues, 1)]
    lists = [{"name": "Main", "cues": numbered}, *more.pop("lists", [])]
    cameras = [{"number": number} for number in range(1, 6)]
    document = {
        "cue_lists": lists, "cameras": cameras, "songs": [{"name": "Song"}],
        "avatars": [{"name": "gala", "file": "gala.vrm", "palettes": {"rose": "rose.vrm"}}],
        "performers": [{"name": "Hana", "avatar": "gala"}], **more,
    }  # fmt: skip
    return CueRunner(compile_sheet(validate(document)))


def text(word: str) -> dict[str, Any]:
    return {"do": "text", "text": word}


def command(address: str, **arguments: Any) -> dict[str, Any]:
    return {"do": "command", "address": address, "arguments": arguments}


class Receivers:
    """What commands of cues have set, in the mixer, the fixtures and the performers."""

    def __init__(self, runner: CueRunner) -> None:
        self._runner = runner
        self._kept: Kept = {}

    @property
    def values(self) -> dict[str, object]:
        """Return the newest command by what it sets; the document's where none has set it."""
        self._take_in()
        initials = self._runner.sheet.initials
        commands = {name: one for name, one in initials.items() if one is not None}
        return {name: self._kept.get(name, one) for name, one in commands.items()}

    def _take_in(self) -> None:
        for event in self._runner.take_events():
            done = event.commands if isinstance(event, Restored) else (event.action,)
            for action in done:
                self._kept = keep(self._kept, action)


def said(runner: CueRunner) -> list[tuple[str, float]]:
    """Return the texts that were set since the last call, with their times in seconds."""
    return [
        (one.action.text, one.at_ns / S)
        for one in runner.take_events()
        if isinstance(one, Performed) and hasattr(one.action, "text")
    ]


def test_go_starts_one_cue_after_another_and_ends() -> None:
    runner = runner_of({"actions": [text("a")]}, {"actions": [text("b")]})
    assert runner.go(0, 0).number == "1"
    assert runner.standby(0) is not None and runner.standby(0).number == "2"  # type: ignore[union-attr]
    runner.go(0, 1 * S)
    assert said(runner) == [("a", 0.0), ("b", 1.0)]
    with pytest.raises(ShowError, match="has ended"):
        runner.go(0, 2 * S)


def test_two_presses_within_a_quarter_second_are_one() -> None:
    runner = runner_of({}, {}, {})
    runner.go(0, 0)
    with pytest.raises(ShowError, match="pressed twice"):
        runner.go(0, GUARD_NS - 1)
    assert runner.go(0, GUARD_NS).number == "2"


def test_waits_hold_a_cue_and_chains_start_the_next() -> None:
    runner = runner_of(
        {"pre_wait": 1.0, "duration": 2.0, "post_wait": 0.5, "actions": [text("a")]},
        {"trigger": {"on": "follow"}, "post_wait": 3.0, "actions": [text("b")]},
        {"trigger": {"on": "auto"}, "pre_wait": 0.25, "actions": [text("c")]},
        {"actions": [text("d")]},
    )
    runner.go(0, 0)
    assert runner.standby(0).number == "4"  # type: ignore[union-attr]
    runner.advance(1 * S - 1)
    assert said(runner) == []
    runner.advance(100 * S)  # However late the tick is, times are those of the cues.
    assert said(runner) == [("a", 1.0), ("b", 3.5), ("c", 6.75)]
    assert not runner.running(0)


def test_a_pause_holds_waits_for_as_long_as_it_lasts() -> None:
    runner = runner_of({"pre_wait": 1.0, "actions": [text("a")]}, {})
    runner.go(0, 0)
    runner.pause(0, S // 2)
    runner.advance(50 * S)
    with pytest.raises(ShowError, match="is paused"):
        runner.go(0, 50 * S)
    assert said(runner) == []
    runner.resume(0, 50 * S)
    runner.advance(50 * S + S // 2)
    assert said(runner) == [("a", 50.5)]


def test_stop_all_and_fade_all_forget_what_is_due() -> None:
    for stop in (CueRunner.stop_all, lambda one: one.fade_all(0, 3.0)):
        runner = runner_of({"pre_wait": 1.0, "actions": [text("a")]})
        runner.go(0, 0)
        stop(runner)
        runner.advance(9 * S)
        assert said(runner) == []
    assert runner.state.master == 0.0


def test_lists_run_side_by_side_and_start_each_other() -> None:
    runner = runner_of(
        {"actions": [text("a"), {"do": "cue", "list": "Side", "cue": "1"}]},
        {"actions": [{"do": "cue", "list": "Side", "act": "stop"}]},
        lists=[{"name": "Side", "cues": [{"number": "1", "pre_wait": 2, "actions": [text("s")]}]}],
    )
    runner.go(0, 0)
    runner.advance(3 * S)
    assert said(runner) == [("a", 0.0), ("s", 2.0)]
    runner.start(0, 0, 10 * S)
    runner.go(0, 11 * S)
    runner.advance(20 * S)
    assert said(runner) == [("a", 10.0)]


def test_a_jump_sets_the_state_that_all_cues_before_leave() -> None:
    runner = runner_of(
        {"actions": [{"do": "look", "look": "verse"}, {"do": "camera", "camera": 2}]},
        {"actions": [text("b")]},
        {"trigger": {"on": "follow"}, "actions": [{"do": "crowd", "energy": 1.0}]},
        {"actions": [{"do": "look", "look": "chorus"}]},
    )
    runner.jump(0, 3, 0)
    assert runner.state == TrackedState(look="verse", camera=2, text="b", crowd=1.0)
    assert isinstance(runner.take_events()[0], Restored)
    assert runner.start(0, 0, 1 * S).number == "1"
    assert runner.state == TrackedState(look="verse", camera=2)
    runner.jump(0, 4, 2 * S)
    assert runner.back(0, 3 * S).number == "4" and runner.state.look == "verse"
    assert runner.back(0, 4 * S).number == "2"
    runner.back(0, 5 * S)
    with pytest.raises(ShowError, match="beginning"):
        runner.back(0, 6 * S)


ACTIONS = st.one_of(
    st.builds(lambda look: {"do": "look", "look": look}, st.sampled_from(["verse", "chorus"])),
    st.builds(lambda level: {"do": "master", "level": level}, st.sampled_from([0.0, 0.5, 1.0])),
    st.builds(
        lambda camera, bus: {"do": "camera", "camera": camera, "bus": bus},
        st.integers(1, 5), st.sampled_from(["program", "preview"]),
    ),
    st.just({"do": "take"}), st.just({"do": "auto-director"}),
    st.builds(lambda on: {"do": "black", "on": on}, st.booleans()),
    st.builds(lambda on: {"do": "lyrics", "on": on}, st.booleans()),
    st.builds(lambda energy: {"do": "crowd", "energy": energy}, st.sampled_from([-1.0, 0.5])),
    st.builds(text, st.sampled_from("abc")),
    st.just({"do": "effect", "effect": "sparks"}),
    st.sampled_from(
        [
            {"do": "rig", "camera": 2, "rig": {"kind": "orbit"}}, {"do": "rig", "camera": 2},
            {"do": "screen", "screen": "wall", "source": "program"},
            {"do": "screen", "screen": "wall"},
            {"do": "content", "content": "veil"}, {"do": "content"},
            {"do": "avatar", "performer": "Hana", "avatar": "gala"},
            {"do": "avatar", "performer": 1},
            {"do": "palette", "performer": 1, "palette": "rose"}, {"do": "palette"},
            command("/look/chorus"), command("/camera/3", preview=True),
            command("/sound/bus/song/gain", db=-6), command("/sound/bus/song/gain", db=-3),
            command("/sound/bus/song/mute"), command("/logo", on=False),
            command("/fixture/Front/set", attribute="dimmer", value=1.0),
            command("/fixture/Front/set", attribute="red", value=0.5),
            command("/fixture/Front/release"), command("/fixtures/release"),
            command("/performers/freeze_limb", performer=0, limb="leftArm"),
            command("/performers/mirror_limb", performer=0, limb="leftArm"),
            command("/performers/replace_limb", performer=0, limb="leftArm", take="bow.mcap"),
            command("/performers/release_limb", performer=0, limb="leftArm"),
            command("/performers/hand_to_take", performer=0, path="bow.mcap"),
        ]
    ),
)  # fmt: skip
WAITS = st.sampled_from([0.0, 0.0, 0.1, 1.0])
CUE = st.fixed_dictionaries(
    {
        "actions": st.lists(ACTIONS, max_size=3),
        "pre_wait": WAITS, "duration": WAITS, "post_wait": WAITS,
        "trigger": st.sampled_from([{"on": "go"}] * 3 + [{"on": "follow"}, {"on": "auto"}]),
    }
)  # fmt: skip


def random_sheet(draw: st.DataObject) -> CueRunner:
    cues: list[dict[str, Any]] = draw.draw(st.lists(CUE, min_size=1, max_size=12))
    cues[0] = {**cues[0], "trigger": {"on": "go"}}
    for place, cue in enumerate(cues):
        if place + 1 < len(cues) and draw.draw(st.integers(0, 5)) == 0:
            # Forward alone, so that no circle comes up.
            target = draw.draw(st.integers(place + 1, len(cues) - 1))
            cue["actions"] = [*cue["actions"], {"do": "cue", "cue": str(target + 1)}]
    return runner_of(*cues)


def play_up_to(runner: CueRunner, place: int) -> tuple[TrackedState, dict[str, object]]:
    """Play a fresh runner by GO alone, each time to the end of all waits, up to before a place.

    Returns:
        The tracked state, and what commands have set.
    """
    cues = runner.sheet.lists[0].cues
    fresh = CueRunner(runner.sheet)
    receivers = Receivers(fresh)
    head = place
    while head and cues[head].is_chained:
        head -= 1
    now = 0
    while fresh._decks[0].standby < head:
        fresh.go(0, now)
        now += 1000 * S
        fresh.advance(now)
        now += S
    if head == place:
        return fresh.state, receivers.values
    # Within a chain: up to the moment before the cue's own actions.
    states: list[tuple[TrackedState, dict[str, object]]] = []
    fire = fresh._on_fire
    fresh._on_fire = lambda row, due: (  # type: ignore[method-assign]
        states.append((fresh.state, receivers.values))
        if due.leads and due.place == place
        else fire(row, due)
    )
    fresh.go(0, now)
    fresh.advance(now + 1000 * S)
    return states[0]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_jump_leaves_the_state_of_playing_up_to_there(data: st.DataObject) -> None:
    """From any state and in any order of jumps; 100 sheets with up to 100 jumps each."""
    runner = random_sheet(data)
    count = len(runner.sheet.lists[0].cues)
    expected = [play_up_to(runner, place) for place in range(count)]
    receivers = Receivers(runner)
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    now = 0
    for _ in range(100):
        now += S
        place = rng.randrange(count)
        runner.jump(0, place, now)
        assert (runner.state, receivers.values) == expected[place], place
        if rng.random() < 0.5:
            runner.start(0, place, now)
            now += rng.randrange(3 * S)
            runner.advance(now)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_ticks_of_any_length_perform_the_same_at_the_same_times(data: st.DataObject) -> None:
    runner = random_sheet(data)
    slow, fast = CueRunner(runner.sheet), CueRunner(runner.sheet)
    steps = data.draw(st.lists(st.integers(1, 3 * S), min_size=1, max_size=20))
    slow.go(0, 0)
    fast.go(0, 0)
    now = 0
    for step in steps:
        for part in range(1, 5):
            fast.advance(now + step * part // 4)
        now += step
        slow.advance(now)
    assert slow.take_events() == fast.take_events()
    assert slow.state == fast.state


def song_runner() -> CueRunner:
    cues = [
        {"trigger": {"on": "time", "at": float(at)}, "actions": [text(str(at))]} for at in range(9)
    ]
    return runner_of(*cues)


@given(st.lists(st.integers(1, S), min_size=1, max_size=40), st.integers(-50_000_000, 50_000_000))
@settings(max_examples=100, deadline=None)
def test_every_cue_of_a_song_is_fired_once_at_its_time(steps: list[int], jitter: int) -> None:
    runner = song_runner()
    triggers = SongTriggers(runner)
    now = 0
    triggers.advance("Song", 0, now)
    for step in steps:
        now += step
        triggers.advance("Song", now, now)
        # A position that trembles fires nothing twice.
        triggers.advance("Song", now - abs(jitter), now)
    wanted = [(str(at), float(at)) for at in range(9) if at * S <= now]
    assert said(runner) == wanted


def test_a_song_that_jumps_sets_the_state_and_fires_again_after_a_return() -> None:
    runner = song_runner()
    triggers = SongTriggers(runner)
    triggers.advance("Song", 0, 0)
    triggers.advance("Song", 6 * S + S // 2, S // 30)  # A jump of six seconds.
    assert said(runner) == [("0", 0.0)]
    assert runner.state.text == "6"
    triggers.advance("Song", 7 * S, S)
    assert [word for word, _ in said(runner)] == ["7"]
    triggers.advance("Song", 3 * S - S // 2, 2 * S)
    assert runner.state.text == "2" and said(runner) == []
    triggers.advance("Song", 3 * S, 3 * S)
    assert [word for word, _ in said(runner)] == ["3"]


def test_a_cue_that_the_crew_calls_early_is_not_fired_again() -> None:
    runner = song_runner()
    triggers = SongTriggers(runner)
    triggers.advance("Song", 0, 0)
    runner.go(0, S // 2)
    triggers.advance("Song", 2 * S, 2 * S)
    assert [word for word, _ in said(runner)] == ["0", "1", "2"]
    # After a jump back by hand, its time counts again.
    runner.go(0, 2 * S)
    runner.jump(0, 3, 2 * S + S // 2)
    triggers.advance("Song", 3 * S, 3 * S)
    assert [word for word, _ in said(runner)] == ["3", "3"]


def test_messages_fire_their_cues() -> None:
    runner = runner_of(
        {"trigger": {"on": "osc", "address": "/drop"}, "actions": [text("osc")]},
        {"trigger": {"on": "midi", "message": "note", "number": 60}, "actions": [text("midi")]},
        {"trigger": {"on": "dmx", "universe": 1, "channel": 2}, "actions": [text("dmx")]},
        {"trigger": {"on": "alarm", "id": "camera"}, "actions": [text("alarm")]},
    )
    triggers = MessageTriggers(runner)
    assert triggers.on_osc("/drop", 0) == 1 and triggers.on_osc("/drip", 0) == 0
    assert triggers.on_midi("note", 1, 60, S) == 1 and triggers.on_midi("note", 2, 60, S) == 0
    for level in (0, 200, 255, 100, 128):
        triggers.on_dmx(1, bytes([0, level]), 2 * S)
    assert triggers.on_dmx(1, b"\xff", 2 * S) == 0
    assert triggers.on_alarm("camera.2", 3 * S) == 1 and triggers.on_alarm("cameras", 3 * S) == 0
    assert [word for word, _ in said(runner)] == ["osc", "midi", "dmx", "dmx", "alarm"]


def test_cues_out_of_the_songs_order_are_refused() -> None:
    with pytest.raises(ShowError, match="comes earlier in the song than cue 1"):
        runner_of({"trigger": {"on": "time", "at": 5.0}}, {"trigger": {"on": "beat", "at": "1:1"}})
