"""Test what cues and crew change on stage: rigs, screens, the wall's content, waves."""

from __future__ import annotations

import itertools
import math
from typing import Any

import msgspec
import pytest

from renderer.errors import ShowError
from renderer.protocol.cues import MoveRig, StartWave
from renderer.show.direction.shots import build_shots
from renderer.show.direction.staging.crowd_waves import CrowdWaves
from renderer.show.direction.staging.rig_moves import EASE_S, RigMoves
from renderer.show.direction.staging.screen_board import ScreenBoard
from renderer.show.document.action_references import find_action_faults
from renderer.show.document.command_actions import convert_command
from renderer.show.document.cues import RigAction, ScreenAction, WaveAction
from renderer.show.document.editor import validate
from renderer.show.document.entries.rigs import RigEntry
from renderer.stage.records import Crowd, ScreenFeed, ScreenSource, WaveAxis

S = 1_000_000_000
SHOW: dict[str, Any] = {
    "cameras": [{"number": 1, "rig": {"kind": "crane", "rise": [2.0, 0.0]}}, {"number": 2}],
    "avatars": [{"name": "gala", "file": "gala.vrm", "palettes": {"rose": "rose.vrm"}}],
    "performers": [{"name": "Hana", "avatar": "gala"}],
}


def test_a_rig_moves_a_camera_on_air_from_where_it_is() -> None:
    shot = build_shots(validate(SHOW))[1]
    rigs = RigMoves()
    action = RigAction(1, RigEntry(kind="orbit", side=(90.0, 0.0)), 8.0)

    def side_and_rise(now_s: float, used: RigAction | None) -> tuple[float, float]:
        moved, share = rigs.move(shot, 1, 16.0, used, 0, round(now_s * S), 2.0)
        place = moved.rig.placement(share)
        return place.side, place.rise

    assert side_and_rise(0.0, None) == (0.0, 2.0)
    before = side_and_rise(4.0, None)
    rigs.begin(1, 4 * S, is_on_air=True)
    assert side_and_rise(4.0, action) == pytest.approx(before)
    steps = [side_and_rise(4.0 + k / 60, action) for k in range(round(60 * EASE_S) + 2)]
    changes = [math.dist(one, after) for one, after in itertools.pairwise(steps)]
    assert max(changes) < 0.06  # Metres and radians a frame: nobody sees a jump.
    # Its movement takes 8 beats of half a second, from the action's time on.
    assert side_and_rise(8.0, action) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_a_jump_shows_a_rig_at_once_and_a_rig_off_air_waits_for_its_shot() -> None:
    shot = build_shots(validate(SHOW))[2]
    action = RigAction(2, RigEntry(kind="orbit", side=(90.0, 0.0)))
    rigs = RigMoves()
    rigs.begin(2, 4 * S, is_on_air=False)
    moved, share = rigs.move(shot, 2, 16.0, action, 6 * S, 6 * S, 2.0)
    assert share == 0.0 and moved.rig.placement(share).side == pytest.approx(math.pi / 2)
    rigs.restore()
    moved, share = rigs.move(shot, 2, 16.0, action, 0, 4 * S, 2.0)
    assert share == pytest.approx(0.5) and moved.rig.placement(0.0).side > 1.5


def test_a_screen_shows_what_a_cue_puts_there_until_it_is_given_back(tmp_path: Any) -> None:
    own = (ScreenSource("wall", ScreenFeed.PROGRAM), ScreenSource("left", ScreenFeed.GENERATED))
    board = ScreenBoard(own, tmp_path)
    assert board.find_sources({}) == own
    kept = {"screen/wall": ScreenAction("wall", "loop.mp4")}
    shown = board.find_sources(kept)
    assert shown == (ScreenSource("wall", ScreenFeed.FILE, tmp_path / "loop.mp4"), own[1])
    assert board.find_sources(kept) is shown
    assert board.find_sources({}) == own


@pytest.mark.parametrize(
    ("to", "axis", "rises"),
    [("right", WaveAxis.ACROSS, True), ("left", WaveAxis.ACROSS, False),
     ("back", WaveAxis.DEPTH, True), ("front", WaveAxis.DEPTH, False)],
)  # fmt: skip
def test_a_wave_passes_every_block_once_and_ends(to: Any, axis: WaveAxis, rises: bool) -> None:
    waves, crowd = CrowdWaves(), Crowd()
    waves.begin(WaveAction(to, 4.0), S, 2.0)
    assert waves.apply(crowd, 0) is crowd and waves.is_running(0)
    fronts = []
    for k in range(100):
        wave = waves.apply(crowd, S + k * 20_000_000).wave
        assert wave is not None and wave.axis is axis
        fronts.append(wave.front)
    assert fronts == sorted(fronts, reverse=not rises)
    assert min(fronts) < -0.1 and max(fronts) > 1.1
    assert waves.apply(crowd, 3 * S) is crowd and not waves.is_running(3 * S)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"do": "rig", "camera": 7}, "there is no camera 7"),
        ({"do": "avatar", "avatar": "galla"}, "no avatar 'galla'"),
        ({"do": "avatar", "performer": "Hanna", "avatar": "gala"}, "no performer 'Hanna'"),
        ({"do": "palette", "palette": "rsoe"}, "no palette of an avatar 'rsoe'"),
        ({"do": "command", "address": "/rig/7"}, "there is no camera 7"),
        ({"do": "command", "address": "/look/chrous"}, "no look 'chrous'"),
        ({"do": "command", "address": "/effect/snow"}, "cannot be done"),
        ({"do": "command", "address": "/wave", "arguments": {"to": "up"}}, "cannot be done"),
    ],
)
def test_what_refers_to_nothing_is_refused_before_air(action: dict[str, Any], said: str) -> None:
    cues = [{"number": "1", "actions": [action]}]
    with pytest.raises(ShowError, match=said):
        validate({**SHOW, "cue_lists": [{"name": "Main", "cues": cues}]})


def test_commands_by_hand_do_what_the_actions_of_cues_do() -> None:
    command = MoveRig(camera=1, rig={"kind": "orbit", "side": [-10, 10]}, beats=4.0)
    action = convert_command(command)
    assert action == RigAction(1, RigEntry(kind="orbit", side=(-10.0, 10.0)), 4.0)
    assert not list(find_action_faults(validate(SHOW), 0, action, ()))
    with pytest.raises(ShowError, match="cannot be done"):
        convert_command(msgspec.structs.replace(command, rig={"kind": "rocket"}))
    assert convert_command(StartWave(to="back")) == WaveAction("back")
