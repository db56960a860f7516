"""Measure what the crew relies on: GO in the next frame, no cue twice, true jumps, true undo."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from renderer.bench.control.dmx import measure_core_share, measure_frames
from renderer.bench.control.document import as_toml, make_show
from renderer.bench.control.guests import measure_guests
from renderer.bench.control.lips import measure_lips
from renderer.bench.control.timecode import measure_timecode
from renderer.bench.fans.run import run_fans_bench
from renderer.faults import FaultCollector
from renderer.protocol.alarms import Alarms
from renderer.protocol.cues import Go
from renderer.protocol.document import Edit, InsertItem, MoveItem, RemoveItem, SetValue
from renderer.protocol.schema import Reply
from renderer.show.control.registry import CommandRegistry
from renderer.show.cues.runner import CueRunner, Performed
from renderer.show.cues.sheet import CueSheet, compile_sheet
from renderer.show.cues.state import TrackedState
from renderer.show.cues.triggers import SongTriggers
from renderer.show.direction.commands import DirectionCommands
from renderer.show.direction.director import StageDirector
from renderer.show.document.cues import TextAction
from renderer.show.document.editor import DocumentEditor, validate
from renderer.show.document.read import ReadShow, parse_show
from renderer.show.event_log import EventLog
from renderer.show.songs.grid import SECOND_NS
from renderer.stage.cameras.performers import Performer
from renderer.stage.text.titles import TitlePlan

RATE: Final = 30
FRAME_NS: Final = SECOND_NS // RATE
JUMPS: Final = 10_000
EDITS: Final = 1000
_HOUR_NS: Final = 3600 * SECOND_NS
_PERFORMER: Final = Performer(
    (0.0, 1.6, 0.0), 1.7, (0.0, 1.5, 0.1), 0.0, 1.6, (0.0, 1.45, 0.0), 0.15
)
Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ControlFigures:
    """The figures of show control. None stands for what cannot be measured yet.

    Attributes:
        songs, cues: of the show that was measured.
        go_frames: frames from GO to the first one that is changed, the most of all cues.
        direction_ms: mean milliseconds of the cue engine and the director in a frame.
        song_time_error_frames: frames by which a cue is early or late of the song's position, with
            1 % varispeed, a dropout of 3 s and a jump, the most of all cues.
        double_fires: cues that fired twice in one pass, or not at all, in that run.
        jump_mismatches: jumps that left another state than playing up to there, of `jumps`.
        timecode_error_frames: frames by which a cue appears off its time on LTC with 1 % varispeed,
            a dropout of 3 s and a jump, with the usual freewheel; the most of all cues.
        timecode_wrong: cues that ran twice or never in that run.
        dmx_core_share: processor time of 32 universes at 44 Hz over Art-Net, as a share of a core.
        dmx_frames: frames from a level that is sent to the first one that it lights, at most.
        guest_step_ratio: largest step of a guest's joints between two frames over a network with a
            round trip of 80 ms, 2 % loss and 20 ms jitter, over that of a lossless one.
        guest_lips_ms: most milliseconds between a guest's voice and lips over that network.
        fans_ms: processor time of the engine for its fans in a frame, of 5,000 clients and 100,000
            through summaries; `encore bench fans` tells more.
        undo_mismatches: undone edits after which the document differed from before, of `edits`.
    """

    songs: int
    cues: int
    go_frames: int
    direction_ms: float
    song_time_error_frames: float
    double_fires: int
    jumps: int
    jump_mismatches: int
    edits: int
    undo_mismatches: int
    timecode_error_frames: float | None = None
    timecode_wrong: int | None = None
    dmx_core_share: float | None = None
    dmx_frames: int | None = None
    fans_ms: float | None = None
    guest_step_ratio: float | None = None
    guest_lips_ms: float | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the figures as plain data."""
        return asdict(self)

    def text(self) -> str:
        """Return the figures as text."""
        lines = [
            f"Show       {self.songs} songs, {self.cues} cues",
            f"GO         {self.go_frames} frame to the first changed one, at most; "
            f"{self.direction_ms:.3f} ms a frame",
            f"Song time  {self.song_time_error_frames:.2f} frames off at most, "
            f"{self.double_fires} cues twice or never",
            f"Jumps      {self.jump_mismatches} of {self.jumps} left another state",
            f"Undo       {self.undo_mismatches} of {self.edits} left another document",
        ]
        if self.timecode_error_frames is not None:
            lines.append(
                f"Timecode   {self.timecode_error_frames:.2f} frames off at most, "
                f"{self.timecode_wrong} cues twice or never"
            )
        if self.dmx_core_share is not None:
            lines.append(
                f"DMX in     {self.dmx_core_share:.2%} of a core for 32 universes at 44 Hz, "
                f"{self.dmx_frames} frames from level to light at most"
            )
        if self.fans_ms is not None:
            lines.append(f"Fans       {self.fans_ms:.4f} ms a frame in the engine")
        if self.guest_step_ratio is not None:
            lines.append(f"Guest      largest step {self.guest_step_ratio:.2f} of a lossless run's")
        if self.guest_lips_ms is not None:
            lines.append(f"           voice and lips {self.guest_lips_ms:.0f} ms apart at most")
        return "\n".join(lines)


def run_control_bench(notify: Notify) -> ControlFigures:
    """Measure all figures; deterministic except for times and DMX."""
    data = make_show()
    show = validate(data)
    sheet = compile_sheet(show)
    cues = sum(len(one.cues) for one in sheet.lists)
    notify("GO")
    go_frames, frame_ms = measure_go(data)
    notify("song time")
    off, doubles = measure_song_time(sheet)
    notify("jumps")
    jumps = count_jump_mismatches(sheet, JUMPS)
    notify("undo")
    undo = count_undo_mismatches(data, EDITS)
    notify("timecode")
    timecode_off, timecode_wrong = measure_timecode()
    notify("DMX")
    share, frames = measure_core_share(), measure_frames()
    notify("fans")
    fans = run_fans_bench(notify)
    notify("a guest")
    guest = measure_guests()
    lips_ms = measure_lips()
    return ControlFigures(
        len(show.songs), cues, go_frames, frame_ms, off, doubles, JUMPS, jumps, EDITS, undo,
        timecode_off, timecode_wrong, share, frames, fans.fans_ms, guest.step_ratio,
        lips_ms,
    )  # fmt: skip


class _Desk:
    """A desk endpoint's registries, without a bus."""

    def __init__(self) -> None:
        self.commands = CommandRegistry()
        self.sections = self

    def add(self, *_: object) -> None:
        """Publish nothing."""


def measure_go(data: dict[str, Any]) -> tuple[int, float]:
    """Return the most frames from GO to a changed frame, and milliseconds of direction a frame."""
    show = validate(data)
    events = EventLog()
    director = StageDirector(show, TitlePlan(), events)
    editor = DocumentEditor(ReadShow(None, "", data, data, show))
    desk = _Desk()
    DirectionCommands(director, editor, events, Alarms()).attach(desk)  # type: ignore[arg-type]
    number, most, spent, drawn = 0, 0, 0.0, 0

    def draw() -> tuple[Any, ...]:
        nonlocal number, spent, drawn
        number += 1
        began = time.perf_counter()
        director.advance(number, number * FRAME_NS, None)
        moment = director.direct(number / RATE, [_PERFORMER], 16 / 9, {})
        spent += time.perf_counter() - began
        drawn += 1
        return moment.text, moment.look, moment.camera.fov_y

    while director.runner.standby(0) is not None:
        for _ in range(3 * RATE):
            before = draw()
        cue = director.runner.standby(0)
        wait = 0 if cue is None else -(-cue.pre_ns // FRAME_NS)
        replies: list[Reply] = []
        desk.commands.handle(Go(), replies.append)
        frames = 1
        while draw() == before and frames < 10 * RATE:
            frames += 1
        # A pre-wait is asked for: frames count from its end.
        most = max(most, frames - wait)
    return most, spent / drawn * 1e3


def measure_song_time(sheet: CueSheet, seed: int = 1) -> tuple[float, int]:
    """Return by how many frames a cue was off at most, and how many fired twice or never.

    Each song runs at 1 % varispeed on a machine that drops frames; its position is lost for three
    seconds and continues, and jumps ahead by twenty seconds once.
    """
    rng = random.Random(seed)
    off, wrong = 0.0, 0
    for song in range(1, 1 + max(1, len({c.song for c in sheet.lists[0].cues if c.song}))):
        name = f"Song {song}"
        at = {
            cue.number: cue.at_ns
            for cue in sheet.lists[0].cues
            if cue.song == name and cue.at_ns is not None
        }
        runner = CueRunner(sheet)
        triggers = SongTriggers(runner)
        speed = 1.0 + rng.choice((-0.01, 0.01))
        fired: Counter[str] = Counter()
        skipped: set[str] = set()
        now = position = 0
        jump_at, lost_at = rng.uniform(60, 120) * SECOND_NS, rng.uniform(20, 50) * SECOND_NS
        while position < 210 * SECOND_NS:
            step = FRAME_NS * rng.choice((1, 1, 1, 2, 5))
            now += step
            position += round(step * speed)
            if lost_at and position > lost_at:
                now += 3 * SECOND_NS
                position += round(3 * SECOND_NS * speed)
                lost_at = 0.0
            if jump_at and position > jump_at:
                reached = position + 20 * SECOND_NS
                skipped = {cue for cue, when in at.items() if position < when < reached}
                position, jump_at = reached, 0.0
            triggers.advance(name, position, now)
            runner.advance(now)
            for event in runner.take_events():
                if not isinstance(event, Performed) or event.cue not in at:
                    continue
                if isinstance(event.action, TextAction):
                    fired[event.cue] += 1
                    cue = sheet.lists[0].cues[sheet.lists[0].find(event.cue)]
                    due = now - round((position - at[event.cue]) / speed) + cue.pre_ns
                    off = max(off, abs(event.at_ns - due) / FRAME_NS)
        wrong += sum(count > 1 for count in fired.values())
        wrong += sum(not fired[cue] for cue in at if cue not in skipped)
    return off, wrong


def count_jump_mismatches(sheet: CueSheet, jumps: int, seed: int = 1) -> int:
    """Return how many random jumps leave another state than playing up to there by GO alone."""
    expected = play(sheet)
    rng = random.Random(seed)
    runner = CueRunner(sheet)
    places = list(expected)
    now, wrong = 0, 0
    for _ in range(jumps):
        now += SECOND_NS
        place = rng.choice(places)
        runner.jump(0, place, now)
        wrong += runner.state != expected[place]
        if rng.random() < 0.5:
            runner.start(0, place, now)
            now += rng.randrange(3 * SECOND_NS)
            runner.advance(now)
        runner.take_events()
    return wrong


def play(sheet: CueSheet) -> dict[int, TrackedState]:
    """Return the state before each GO of the main list, by the place of its cue."""
    runner = CueRunner(sheet)
    states: dict[int, TrackedState] = {}
    now = 0
    while (cue := runner.standby(0)) is not None:
        states[sheet.lists[0].places[cue.number]] = runner.state
        runner.go(0, now)
        now += _HOUR_NS
        runner.advance(now)
    return states


def count_undo_mismatches(data: dict[str, Any], edits: int, seed: int = 1) -> int:
    """Return how many undone edits leave another document than before them; the text counts too."""
    text = as_toml(data)
    faults = FaultCollector()
    read = parse_show(text, Path("show.toml"), faults)
    faults.raise_first()
    assert read is not None  # Without a fault there is a document.
    editor = DocumentEditor(read)
    rng = random.Random(seed)
    states = []
    for number in range(edits):
        states.append(json.dumps(editor.data))
        editor.edit([_choose_edit(editor.data, rng, number)], "bench", f"edit {number}")
    wrong = 0
    for state in reversed(states):
        editor.undo("bench")
        wrong += json.dumps(editor.data) != state
    return wrong + (editor.text() != text)


def _choose_edit(data: dict[str, Any], rng: random.Random, number: int) -> Edit:
    """Return a random edit that leaves a valid document."""
    path: list[str | int] = ["cue_lists", 1, "cues"]
    cues = data["cue_lists"][1]["cues"]
    place = rng.randrange(len(cues))
    kind = rng.choice(("insert", "remove", "move", "rename", "wait", "song", "text"))
    if kind == "insert" or len(cues) < 3:
        cue = {"number": f"{10 + number}", "actions": [{"do": "text", "text": str(number)}]}
        return InsertItem(path, place, cue)
    match kind:
        case "remove":
            # The first cue is called by others.
            return (
                RemoveItem(path, max(place, 1))
                if cues[max(place, 1)]["number"] != "1"
                else (MoveItem(path, place, rng.randrange(len(cues))))
            )
        case "move":
            return MoveItem(path, place, rng.randrange(len(cues)))
        case "rename":
            return SetValue([*path, place, "name"], f"Name {number}")
        case "wait":
            row = rng.randrange(len(data["cue_lists"][0]["cues"]))
            return SetValue(["cue_lists", 0, "cues", row, "pre_wait"], rng.random())
        case "song":
            row = rng.randrange(len(data["songs"]))
            return SetValue(["songs", row, "beat", "beats_per_bar"], rng.choice((3, 4)))
    return SetValue(["stage", "text"] if "stage" in data else ["stage"],
                    f"Text {number}" if "stage" in data else {"text": "x"})  # fmt: skip
