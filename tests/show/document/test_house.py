"""Test that a show without a document is directed by the house from its first frame."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from renderer.protocol.document import SetValue
from renderer.show.direction.director import StageDirector
from renderer.show.direction.looks import HOUSE
from renderer.show.document.editor import DocumentEditor, validate
from renderer.show.document.house import direct_by_house
from renderer.show.document.read import ReadShow
from renderer.show.document.schema import InputEntry, PerformerEntry, ShowFile, Tracking
from renderer.show.event_log import EventLog
from renderer.stage.text.titles import TitlePlan

FRAME_NS = 40_000_000
SHOW = direct_by_house(
    ShowFile(
        inputs=(InputEntry(address="camera:0"),),
        performers=(PerformerEntry(name="Ren"),),
        tracking=Tracking(performers_per_input=2),
    )
)


def test_it_is_a_valid_document_of_all_performers() -> None:
    assert validate(msgspec.to_builtins(SHOW)) == SHOW
    near = [(one.name, one.who) for one in SHOW.cameras if one.framing == "bust"]
    assert near == [("Ren", (1,)), ("Performer 2", (2,))]
    assert len({one.number for one in SHOW.cameras}) == len(SHOW.cameras)


def test_the_auto_director_has_all_cameras_from_the_first_frame() -> None:
    director = StageDirector(SHOW, TitlePlan(), EventLog())
    cameras = []
    for number in range(120 * 25):
        director.advance(number, number * FRAME_NS, None)
        cameras.append(director.presenter.on_air.camera)
    assert director.state.auto
    assert set(cameras) == set(director.cameras)
    lengths = [0]
    for before, after in pairwise(cameras):
        lengths = [*lengths, 0] if before != after else [*lengths[:-1], lengths[-1] + 1]
    # The last shot is cut off by the end of the test.
    assert min(lengths[:-1]) * FRAME_NS >= 2.9e9


def test_go_calls_every_look() -> None:
    director = StageDirector(SHOW, TitlePlan(), EventLog())
    called = set()
    for number in range(len(SHOW.cue_lists[0].cues)):
        director.advance(number, number * 10**9, None)
        director.runner.go(0, number * 10**9)
        called.add(director.state.look)
    assert called == set(HOUSE)


def test_an_edit_keeps_the_houses_direction() -> None:
    editor = DocumentEditor(ReadShow(None, "", {}, msgspec.to_builtins(SHOW), SHOW))
    editor.edit([SetValue(["auto_director", "shortest"], 5.0)], "Mina")
    assert editor.show.auto_director.shortest == 5.0
    assert editor.show.cameras == SHOW.cameras
    assert editor.show.cue_lists == SHOW.cue_lists
