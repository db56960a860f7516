"""A directed show without pictures, for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from renderer.protocol.alarms import Alarms
from renderer.protocol.schema import Command, Reply
from renderer.show.control.addresses import find_command
from renderer.show.control.registry import CommandRegistry
from renderer.show.control.titles import TitleCommands
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import DocumentEditor, validate
from renderer.show.document.read import ReadShow
from renderer.show.event_log import EventLog
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
