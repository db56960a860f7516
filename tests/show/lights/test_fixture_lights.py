"""Test that looks, effects and a desk drive patched fixtures, in the picture and as DMX out."""

from __future__ import annotations

import socket
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from renderer.capture.network.allow import AllowList
from renderer.errors import RendererError, ShowError
from renderer.faults import FaultCollector
from renderer.show.direction.director import StageDirector
from renderer.show.document.cues import LookAction, MasterAction
from renderer.show.document.editor import validate
from renderer.show.document.entries.control import DmxOutEntry
from renderer.show.document.read import ReadShow, parse_show
from renderer.show.event_log import EventLog
from renderer.show.lights.fixture_lights import FixtureLights
from renderer.show.lights.open import open_fixtures
from renderer.show.receivers.dmx import output as outputs
from renderer.show.receivers.dmx.output import DmxOutput
from renderer.show.receivers.dmx.packets import write_artnet
from renderer.show.receivers.dmx.receiver import DmxReceiver
from renderer.show.receivers.dmx.universes import UniverseTable
from renderer.stage.records import Camera, StageState
from renderer.stage.text.titles import TitlePlan

S = 1_000_000_000
DEADLINE_S = 20.0
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
         "position": [number - 1.5, 5.0, 0.0]}
        for number in range(4)
    ],
    "groups": [{"name": "Pars", "fixtures": ["Par*"]}],
    "palettes": [{"name": "Red", "color": [1, 0, 0]}],
    "fixture_effects": [{"name": "Run", "kind": "chase", "beats": 4, "width": 0.25}],
    "looks": [
        {"name": "Dark", "base": "dark"},
        {"name": "Red", "base": "dark", "fixtures": {"Pars": {"palettes": ["Red"], "level": 0.5}}},
        {"name": "Run", "base": "dark", "fixtures": {"Pars": {"effects": ["Run"]}}},
    ],
}  # fmt: skip


class Stage:
    """A directed show with fixtures, without pictures."""

    def __init__(self, folder: Path) -> None:
        inner = "".join(
            CHANNEL.format(place, name, name)
            for place, name in enumerate(("Dimmer", "ColorAdd_R", "ColorAdd_G", "ColorAdd_B"), 1)
        )
        with zipfile.ZipFile(folder / "par.gdtf", "w") as archive:
            archive.writestr("description.xml", PAR.format(inner))
        show = validate(DOCUMENT)
        self.director = StageDirector(show, TitlePlan(), EventLog())
        read = ReadShow(folder / "show.toml", "", DOCUMENT, DOCUMENT, show)
        programmer, warnings = open_fixtures(read)
        assert programmer is not None and not warnings
        self.lights = FixtureLights(programmer)
        self.rig = self.lights.rig
        self.now_ns = 0

    def frame(self, seconds: float, beat: float = 0.0) -> StageState:
        self.now_ns = round(seconds * S)
        self.director.advance(0, self.now_ns, None)
        state = StageState(
            0, 0, 0, (), (), (0.0, 0.0, 0.0), Camera((0, 1, 5), (0, 1, 0), 0.6), beat=beat
        )
        return self.lights.light(state, self.director, self.now_ns)

    def look(self, name: str, fade: float = 0.0) -> None:
        self.director.runner.perform(LookAction(name, fade), self.now_ns)
        self.director.present()

    def master(self, level: float) -> None:
        self.director.runner.perform(MasterAction(level, 0.0), self.now_ns)
        self.director.present()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def levels(stage: Stage) -> list[list[int]]:
    data = stage.rig.levels_of(3)
    return [list(data[10 * number : 10 * number + 4]) for number in range(4)]


def test_a_look_fades_fixtures_and_the_next_one_darkens_what_it_does_not_name(
    stage: Stage,
) -> None:
    assert not stage.frame(0.0).beams
    stage.look("Red", 2.0)
    stage.frame(1.0)
    assert 0 < levels(stage)[0][0] < 128
    shown = stage.frame(3.0)
    assert levels(stage) == [[128, 255, 0, 0]] * 4 and len(shown.beams) == 4
    assert shown.beams[0].color == pytest.approx((128 / 255, 0.0, 0.0), abs=1e-3)
    assert shown.beams[0].apex == pytest.approx((-1.5, 5.0, 0.0))
    stage.look("Dark", 1.0)
    stage.frame(5.0)
    assert [one[0] for one in levels(stage)] == [0] * 4


def test_a_chase_lights_one_after_the_other_in_time_with_the_song(stage: Stage) -> None:
    stage.look("Run")
    lit = []
    for beat in (0.5, 1.5, 2.5, 3.5, 4.5):
        stage.frame(1.0 + beat, beat)
        lit.append([one[0] > 0 for one in levels(stage)].index(True))
        assert sum(one[0] > 0 for one in levels(stage)) == 1
    assert lit == [0, 1, 2, 3, 0]


def test_the_grand_master_dims_levels_and_the_picture_of_a_desk(stage: Stage) -> None:
    stage.look("Red")
    stage.master(0.5)
    stage.frame(1.0)
    assert [one[0] for one in levels(stage)] == [64] * 4
    stage.lights.find_driven = lambda: frozenset({3})
    stage.rig.take(3, bytes([255, 255, 255, 255]) + bytes(508))
    shown = stage.frame(2.0)
    assert levels(stage)[0][0] == 255, "a desk's levels are not changed"
    assert shown.beams[0].color == pytest.approx((0.5, 0.5, 0.5))
    stage.master(0.0)
    assert not stage.frame(3.0).beams


def test_levels_from_a_desk_light_the_next_frame(stage: Stage) -> None:
    table = UniverseTable()
    seen: dict[int, int] = {}
    stage.lights.find_driven = lambda: frozenset(seen)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        DmxReceiver("Art-Net", table, AllowList(), port=port, offset=1) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk,
    ):
        desk.sendto(write_artnet(2, 0, bytes([255, 0, 255, 0])), ("127.0.0.1", port))

        def has_come() -> bool:
            receiver.poll()
            return receiver.received == 1

        wait(has_come)
        for one in table.read(time.monotonic_ns(), seen):
            stage.rig.take(one.number, one.levels.tobytes())
        (beam,) = stage.frame(1.0).beams
    assert beam.color == pytest.approx((0.0, 1.0, 0.0))


def wait(is_met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not is_met():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize("protocol", ["artnet", "sacn"])
def test_what_the_stage_shows_goes_out(
    stage: Stage, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.look("Red")
    stage.frame(1.0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as desk:
        desk.bind(("127.0.0.1", 0))
        desk.settimeout(DEADLINE_S)
        port = desk.getsockname()[1]
        monkeypatch.setattr(outputs, "ARTNET_PORT", port)
        entry = DmxOutEntry(protocol=protocol, host="127.0.0.1")  # type: ignore[arg-type]
        with closing(DmxOutput(entry, stage.rig.universes)) as out:
            out.send(stage.rig, 1)
            if protocol == "artnet":
                data = desk.recv(2048)
                assert data[14:16] == bytes((2, 0)) and data[18:] == stage.rig.levels_of(3)
                out.send(stage.rig, 2)
                assert out.status().received == 1, "what has not changed waits for its repetition"
                out.send(stage.rig, outputs.REPEAT_NS + 2)
                assert len(desk.recv(2048)) == 530
            else:
                assert out._sender[3].dmx_data[:4] == tuple(stage.rig.levels_of(3)[:4])
            assert out.status().received >= 1


def test_art_net_without_an_address_is_told() -> None:
    for host in ("", "desk.local"):
        with pytest.raises(ShowError, match="no IPv4 address"):
            DmxOutput(DmxOutEntry(protocol="artnet", host=host), [1])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("[[groups]]\nname = 'A'\nfixtures = ['Pra']\n", "there is no fixture 'Pra'"),
        ("[[looks]]\nname = 'L'\nfixtures = { Prs = {} }\n", "no group or fixture 'Prs'"),
        (
            "[[looks]]\nname = 'L'\nfixtures = { Par = { palettes = ['Rd'] } }\n",
            "there is no palette 'Rd'",
        ),
        (
            "[[looks]]\nname = 'L'\nfixtures = { Par = { effects = ['Run'] } }\n",
            "there is no effect 'Run'",
        ),
        ("[[palettes]]\nname = 'Red'\ncolour = [1, 0, 0]\n", "did you mean 'color'?"),
    ],
    ids=["group", "look", "palette", "effect", "word"],
)
def test_what_is_not_there_is_told_with_its_line(change: str, said: str) -> None:
    faults = FaultCollector()
    text = "schema = 1\n[[fixtures]]\nname = 'Par'\nfile = 'par.gdtf'\n" + change
    assert parse_show(text, Path("show.toml"), faults) is None
    (fault,) = faults.faults
    assert said in str(fault) and str(fault).startswith("show.toml:")


def test_a_missing_file_names_its_place_in_the_document(tmp_path: Path) -> None:
    faults = FaultCollector()
    text = "schema = 1\n[[fixtures]]\nname = 'Par'\nfile = 'none.gdtf'\n"
    read = parse_show(text, tmp_path / "show.toml", faults)
    assert read is not None
    with pytest.raises(RendererError, match=r"show.toml:4.*does not exist"):
        open_fixtures(read)
