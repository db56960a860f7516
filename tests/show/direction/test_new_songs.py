"""Test that a song that is added while a show runs is heard, and one without a file is reported."""

from __future__ import annotations

import time
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from renderer.faults import FaultCollector
from renderer.output.requests import SongSegment
from renderer.protocol.alarms import Alarms
from renderer.protocol.document import EditDocument, InsertItem, SetValue, UndoEdit
from renderer.protocol.schema import Command
from renderer.show.control.registry import CommandRegistry
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.document.editor import DocumentEditor
from renderer.show.document.read import read_show
from renderer.show.event_log import EventLog
from renderer.show.program.songs import ProgramSongs
from renderer.show.songs.plan import SongPlan
from renderer.stage.text.titles import TitlePlan

DEADLINE_S = 60.0
DOCUMENT = """
[[songs]]
name = "One"
[[cue_lists]]
name = "Main"
"""


class Media:
    """A media process that keeps what it is to play."""

    def __init__(self) -> None:
        self.played: list[SongSegment] = []
        self.segments = ()

    def play(self, segment: SongSegment) -> list[Future[None]]:
        self.played.append(segment)
        return []


class Stage:
    """A directed show with one song, without pictures."""

    def __init__(self, folder: Path) -> None:
        file = folder / "show.toml"
        file.write_text(DOCUMENT)
        read = read_show(file, FaultCollector())
        assert read is not None
        self.alarms, events = Alarms(), EventLog()
        plans = (SongPlan("One"),)
        self.director = StageDirector(read.show, TitlePlan(), events, plans)
        self.direction = DirectionCommands(self.director, DocumentEditor(read), events, self.alarms)
        self.commands = CommandRegistry()
        desk: Any = SimpleNamespace(
            commands=self.commands, sections=SimpleNamespace(add=lambda *_: None)
        )
        self.direction.attach(desk)
        self.media: Any = Media()
        songs = ProgramSongs(self.media, self.alarms)
        songs.connect(self.director.songs, plans, lambda: 1)

    def send(self, command: Command) -> None:
        replies: list[Any] = []
        self.commands.handle(command, replies.append)
        assert replies[0].ok, replies[0].text

    def add(self, song: dict[str, Any]) -> None:
        self.send(EditDocument("Mina", [InsertItem(["songs"], 1, song)]))

    def poll_until(self, is_met: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not is_met():
            assert time.monotonic() < deadline
            self.direction.poll()
            time.sleep(0.002)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    one = Stage(tmp_path)
    with closing(one.direction):
        yield one


def write_song(path: Path, seconds: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * seconds))


def length_of(stage: Stage, name: str) -> int | None:
    return next(one.length_ns for one in stage.director.songs.songs if one.name == name)


def test_an_added_song_is_played_with_its_file_and_ends(stage: Stage, tmp_path: Path) -> None:
    write_song(tmp_path / "two.wav", 3)
    stage.add({"name": "Two", "file": "two.wav"})
    assert length_of(stage, "Two") is None, "it is being read"
    stage.poll_until(lambda: length_of(stage, "Two") is not None)
    assert length_of(stage, "Two") == 3 * 10**9 and not stage.alarms.active
    stage.director.advance(0, 0, 0)
    stage.director.songs.start("Two")
    assert stage.media.played[-1].file == tmp_path / "two.wav"


def test_an_edit_of_something_else_reads_nothing_again(stage: Stage, tmp_path: Path) -> None:
    write_song(tmp_path / "two.wav", 1)
    stage.add({"name": "Two", "file": "two.wav"})
    stage.poll_until(lambda: length_of(stage, "Two") is not None)
    (tmp_path / "two.wav").unlink()
    stage.send(EditDocument("Mina", [SetValue(["show", "title"], "x")]))
    stage.direction.poll()
    assert length_of(stage, "Two") == 10**9 and not stage.alarms.active


def test_a_song_whose_file_is_not_there_is_an_alarm_until_it_is_put_right(
    stage: Stage, tmp_path: Path
) -> None:
    stage.add({"name": "Two", "file": "gone.wav"})
    stage.poll_until(lambda: bool(stage.alarms.active))
    assert "gone.wav" in stage.alarms.active[0].text
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    stage.send(EditDocument("Mina", [SetValue(["songs", 1, "file"], "bad.wav")]))
    stage.poll_until(lambda: "bad.wav" in stage.alarms.active[0].text)
    write_song(tmp_path / "two.wav", 1)
    stage.send(EditDocument("Mina", [SetValue(["songs", 1, "file"], "two.wav")]))
    stage.poll_until(lambda: not stage.alarms.active)
    assert length_of(stage, "Two") == 10**9
    stage.send(UndoEdit("Mina"))
    stage.send(UndoEdit("Mina"))
    stage.send(UndoEdit("Mina"))
    assert [one.name for one in stage.director.songs.songs] == ["One"]
