"""Test that the crew sets fixtures by hand over the looks, and gives them back."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from renderer.protocol.fixtures import HandValue
from renderer.protocol.schema import Reply
from renderer.show.control.addresses import find_command
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.director import StageDirector
from renderer.show.document.cues import LookAction, MasterAction
from renderer.show.document.editor import validate
from renderer.show.document.read import ReadShow
from renderer.show.event_log import EventLog
from renderer.show.host.resume import ResumeState
from renderer.show.lights.commands import FixtureCommands
from renderer.show.lights.fixture_lights import FixtureLights
from renderer.show.lights.open import open_fixtures
from renderer.stage.records import Camera, StageState
from renderer.stage.text.titles import TitlePlan

PAR = """<GDTF DataVersion="1.1"><FixtureType Name="Par" ShortName="P" LongName="Par"
 Manufacturer="T" Description="" FixtureTypeID="1" Thumbnail="" RefFT=""><Geometries>
 <Beam Name="Beam" BeamAngle="30"/></Geometries><DMXModes>
 <DMXMode Name="RGB" Geometry="Beam"><DMXChannels>{}</DMXChannels></DMXMode>
 </DMXModes></FixtureType></GDTF>"""
CHANNEL = """<DMXChannel DMXBreak="1" Offset="{}" Geometry="Beam"><LogicalChannel Attribute="{}">
<ChannelFunction Name="x" Attribute="{}" DMXFrom="0/1" PhysicalFrom="0" PhysicalTo="1"/>
</LogicalChannel></DMXChannel>"""
DOCUMENT: dict[str, Any] = {
    "fixtures": [
        {"name": f"Par {number}", "file": "par.gdtf", "universe": 3, "address": 1 + 10 * number,
         "position": [number - 0.5, 5.0, 0.0]}
        for number in range(2)
    ],
    "groups": [{"name": "Pars", "fixtures": ["Par*"]}],
    "looks": [
        {"name": "Dark", "base": "dark"},
        {"name": "Red", "base": "dark",
         "fixtures": {"Pars": {"color": [1, 0, 0], "level": 0.5}}},
    ],
}  # fmt: skip


class Stage:
    """A directed show with two fixtures, without pictures."""

    def __init__(self, folder: Path) -> None:
        inner = "".join(
            CHANNEL.format(place, name, name)
            for place, name in enumerate(("Dimmer", "ColorAdd_R", "ColorAdd_G", "ColorAdd_B"), 1)
        )
        with zipfile.ZipFile(folder / "par.gdtf", "w") as archive:
            archive.writestr("description.xml", PAR.format(inner))
        show = validate(DOCUMENT)
        self.director = StageDirector(show, TitlePlan(), EventLog())
        programmer, _ = open_fixtures(ReadShow(folder / "show.toml", "", DOCUMENT, DOCUMENT, show))
        assert programmer is not None
        self.lights = FixtureLights(programmer)
        self.commands = FixtureCommands(self.lights)
        self.registry = CommandRegistry()
        desk: Any = SimpleNamespace(
            commands=self.registry, sections=SimpleNamespace(add=lambda *_: None)
        )
        self.commands.attach(desk)
        self.number = 0

    def do(self, address: str, **arguments: Any) -> Reply:
        replies: list[Reply] = []
        self.registry.handle(find_command(address, arguments), replies.append)
        return replies[0]

    def levels(self) -> list[list[int]]:
        """Return the levels of both fixtures in the next frame."""
        self.number += 1
        self.director.advance(0, self.number * 10**9, None)
        state = StageState(0, 0, 0, (), (), (0.0, 0.0, 0.0), Camera((0, 1, 5), (0, 1, 0), 0.6))
        self.lights.light(state, self.director, self.number * 10**9)
        data = self.lights.rig.levels_of(3)
        return [list(data[10 * number : 10 * number + 4]) for number in range(2)]

    def perform(self, action: LookAction | MasterAction) -> None:
        self.director.runner.perform(action, self.number * 10**9)
        self.director.present()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_what_is_set_by_hand_stands_over_looks_until_it_is_released(stage: Stage) -> None:
    assert stage.levels() == [[0, 0, 0, 0]] * 2
    assert stage.do("/fixture/Par 0/set", attribute="dimmer", value=1.0).ok
    assert stage.do("/fixture/Par 0/set", attribute="Blue", value="0.2").ok
    assert stage.levels() == [[255, 0, 0, 51], [0, 0, 0, 0]]
    stage.perform(LookAction("Red", 0.0))
    assert stage.levels() == [[255, 255, 0, 51], [128, 255, 0, 0]]
    assert stage.commands.health().by_hand == [
        HandValue("Par 0", "dimmer", 1.0), HandValue("Par 0", "blue", 0.2),
    ]  # fmt: skip
    stage.perform(MasterAction(0.5, 0.0))
    assert [one[0] for one in stage.levels()] == [128, 64], "the grand master dims both"
    assert stage.do("/fixture/Par 0/release", attribute="dimmer").ok
    assert stage.levels() == [[64, 255, 0, 51], [64, 255, 0, 0]]
    assert stage.do("/fixture/Par 0/release").ok
    assert stage.levels() == [[64, 255, 0, 0]] * 2
    assert not stage.commands.health().by_hand


def test_a_group_is_set_and_released_together(stage: Stage) -> None:
    assert stage.do("/fixture/Pars/set", attribute="green", value=1.0).ok
    assert [one[2] for one in stage.levels()] == [255, 255]
    assert stage.do("/fixtures/release").ok
    assert stage.levels() == [[0, 0, 0, 0]] * 2


@pytest.mark.parametrize(
    ("address", "arguments", "said"),
    [
        ("/fixture/Par 9/set", {"attribute": "dimmer", "value": 1}, "did you mean Par"),
        ("/fixture/Par 0/set", {"attribute": "dimer", "value": 1}, "did you mean dimmer?"),
        ("/fixture/Par 0/set", {"attribute": "zoom", "value": 1}, "has no zoom"),
        ("/fixture/Par 0/set", {"attribute": "red", "value": "nan"}, "is no number"),
        ("/fixture/Nobody/release", {}, "is not in the show"),
    ],
)
def test_what_is_not_there_is_refused(
    stage: Stage, address: str, arguments: dict[str, Any], said: str
) -> None:
    reply = stage.do(address, **arguments)
    assert not reply.ok and said in reply.text
    assert stage.levels() == [[0, 0, 0, 0]] * 2


def test_a_universe_of_a_lighting_desk_is_left_alone(stage: Stage) -> None:
    stage.do("/fixture/Par 0/set", attribute="dimmer", value=1.0)
    stage.lights.find_driven = lambda: frozenset({3})
    assert stage.levels()[0] == [0, 0, 0, 0]
    reply = stage.do("/fixture/Par 1/set", attribute="dimmer", value=1.0)
    assert not reply.ok and "lighting desk" in reply.text
    assert stage.commands.health().driven == [3]


def test_an_engine_that_goes_on_finds_what_was_set_by_hand(tmp_path: Path) -> None:
    first, second = Stage(tmp_path), Stage(tmp_path)
    assert first.do("/fixture/Par 1/set", attribute="dimmer", value=0.5).ok
    assert first.do("/fixture/Par 0/set", attribute="red", value=1.0).ok
    kept = msgspec.msgpack.decode(
        msgspec.msgpack.encode(ResumeState((640, 360), 30, by_hand=first.commands.save())),
        type=ResumeState,
    )
    second.commands.restore([*kept.by_hand, HandValue("Gone", "red", 1.0)])
    assert second.levels() == first.levels()
    assert second.commands.save() == first.commands.save() != []
