"""Execute the crew's commands to cues, cameras and document, and publish their status."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from renderer.errors import ShowError
from renderer.protocol.alarms import Alarms
from renderer.protocol.cues import (
    Back,
    ChooseLook,
    CueListCommand,
    CueListStatus,
    CuesHealth,
    CutCamera,
    FadeAll,
    FadeToBlack,
    FireEffect,
    Go,
    Panic,
    PauseCues,
    ResumeCues,
    RunningCue,
    SetAutoDirector,
    SetCrowd,
    SetMaster,
    StandByCue,
    StartCue,
    StopAllCues,
    SwitchCommand,
    TakePreview,
)
from renderer.protocol.log import EventKind
from renderer.protocol.schema import Command, Reply
from renderer.show.control.addresses import find_command
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.permissions import Permissions
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.cues.kept import load_kept
from renderer.show.cues.sheet import Cue
from renderer.show.cues.state import FIELDS, TrackedState
from renderer.show.direction.director import StageDirector
from renderer.show.direction.document_commands import DocumentCommands
from renderer.show.direction.key_commands import KeyCommands
from renderer.show.direction.new_songs import NewSongs
from renderer.show.direction.song_commands import SongCommands
from renderer.show.direction.staging.commands import StagingCommands
from renderer.show.direction.transition_bar import TransitionBar
from renderer.show.document.cues import (
    ActionEntry,
    AutoDirectorAction,
    BlackAction,
    CameraAction,
    CrowdAction,
    EffectAction,
    LookAction,
    LyricsAction,
    MasterAction,
    TakeAction,
    Transition,
)
from renderer.show.document.editor import DocumentEditor
from renderer.show.host.interfaces import Events
from renderer.show.host.resume import DirectionState
from renderer.show.songs.grid import SECOND_NS
from renderer.spelling import nearest

LONGEST_S: Final = 600.0
"""Longest fade by hand, seconds."""
_EFFECTS: Final = ("confetti", "jets", "sparks")


class DirectionCommands:
    """The crew's hands on a directed show. Belongs to the tick's thread.

    Args:
        director: of the stage.
        editor: of the document.
        events: the show's log, which keeps the operators' names.
        alarms: of the show; cues may wait for one.

    Attributes:
        staging: the hands on rigs, screens, avatars and audience.
    """

    def __init__(
        self, director: StageDirector, editor: DocumentEditor, events: Events, alarms: Alarms
    ) -> None:
        self._director, self._events, self._alarms = director, events, alarms
        self._new_songs = NewSongs(director.plans, director.use_plan, alarms)
        self._edits = DocumentCommands(director, self._new_songs, editor, events)
        self._permissions = Permissions(lambda: editor.show)
        self._songs = SongCommands(director)
        self._bar = TransitionBar(director)
        self.staging = StagingCommands(director)
        self._is_slate = False
        self._known_alarms: set[str] = set()

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the crew's commands, and publish the sections of cues and document."""
        for cue_kind in (Go, Back, StartCue, StandByCue, PauseCues, ResumeCues):
            desk.commands.register(cue_kind, self.call)
        for kind in (
            StopAllCues, FadeAll, Panic, CutCamera, TakePreview, SetAutoDirector, FadeToBlack,
            SetMaster, ChooseLook, FireEffect, SetCrowd,
        ):  # fmt: skip
            desk.commands.register(kind, self.switch)
        self._edits.attach(desk)
        desk.commands.check = self._permissions.check
        self._songs.attach(desk)
        KeyCommands(self._director).attach(desk)
        self._bar.attach(desk)
        self.staging.attach(desk)
        desk.sections.add(CuesHealth, Rate.HEALTH, self.health)

        def send(address: str, arguments: Mapping[str, Any]) -> None:
            command = find_command(address, arguments)
            desk.commands.handle(
                command, lambda reply: self._note_reply(command, reply), is_own=True
            )

        self._director.send = send

    def poll(self) -> None:
        """Fire the cues that wait for an alarm that was raised, and use songs that were read."""
        self._new_songs.poll()
        active = {alarm.id for alarm in self._alarms.active}
        for id in sorted(active - self._known_alarms):
            self._director.message_triggers.on_alarm(id, self._director.now_ns)
        self._known_alarms = active
        self._director.present()

    def close(self) -> None:
        """Finish what is read in the background. Idempotent."""
        self._new_songs.close()

    def save(self) -> DirectionState:
        """Return what another engine needs to go on with the show."""
        director = self._director
        runner = director.runner
        song, position_ns, now_ns = director.song_triggers.position
        lists = enumerate(runner.sheet.lists)
        cues = {one.name: runner.standby(row) for row, one in lists}
        standby = {name: "" if cue is None else cue.number for name, cue in cues.items()}
        following = director.songs.next_song
        return DirectionState(
            tracked={name: getattr(runner.state, name) for name in FIELDS},
            kept=[msgspec.to_builtins(one) for one in runner.state.kept.values()],
            standby=standby,
            slate=self._is_slate,
            song=song,
            position_ns=position_ns,
            now_ns=now_ns,
            next_song="" if following is None else following.name,
        )

    def restore(self, saved: DirectionState) -> None:
        """Go on with a show where another engine left it; running fades end at once."""
        director = self._director
        runner = director.runner
        known = {name: value for name, value in saved.tracked.items() if name in FIELDS}
        runner.state = TrackedState(**known, kept=load_kept(saved.kept))  # type: ignore[arg-type]
        for row, one in enumerate(runner.sheet.lists):
            number = saved.standby.get(one.name)
            if number is not None:
                runner.set_standby(row, one.places.get(number, len(one.cues)))
        director.song_triggers.resume(saved.song, saved.position_ns, saved.now_ns)
        director.presenter.restore(runner.state, saved.now_ns)
        director.board.has_lyrics = runner.state.lyrics
        self._is_slate = saved.slate
        director.presenter.show_slate(saved.now_ns, is_on=saved.slate)

    def call(self, command: CueListCommand, answer: Answer) -> None:
        """Execute a command to a cue list.

        Raises:
            ShowError: it cannot be done; the registry answers with the reason.
        """
        runner, now_ns = self._director.runner, self._director.now_ns
        row = runner.sheet.find(command.list)
        one = runner.sheet.lists[row]
        match command:
            case Go():
                text = f"{_name(runner.go(row, now_ns))} runs."
            case Back():
                text = f"Back before {_name(runner.back(row, now_ns))}."
            case StartCue(cue=number):
                text = f"{_name(runner.start(row, one.find(number), now_ns))} runs."
            case StandByCue(cue=number):
                place = one.find(number)
                runner.set_standby(row, place)
                text = f"{_name(one.cues[place])} is on standby."
            case PauseCues():
                runner.pause(row, now_ns)
                text = f"{one.name} is paused."
            case _:
                runner.resume(row, now_ns)
                text = f"{one.name} goes on."
        self._director.present()
        answer(Reply(True, text))

    def switch(self, command: SwitchCommand, answer: Answer) -> None:
        """Execute a command to the stage or its cameras.

        Raises:
            ShowError: it cannot be done; the registry answers with the reason.
        """
        director = self._director
        match command:
            case StopAllCues():
                director.runner.stop_all()
                text = "All cues are stopped."
            case FadeAll(seconds=seconds):
                director.runner.fade_all(director.now_ns, _seconds(seconds))
                text = "All cues are stopped, and the light fades out."
            case Panic(on=on):
                text = self._panic(is_on=on)
            case _:
                action, text = self._find_action(command)
                director.runner.perform(action, director.now_ns)
        director.present()
        answer(Reply(True, text))

    def show_lyrics(self, is_on: bool) -> None:
        """Show lyrics or leave them out, by hand."""
        self._director.runner.perform(LyricsAction(is_on), self._director.now_ns)
        self._director.present()

    def health(self) -> CuesHealth:
        """Return the status of cues and switcher."""
        director = self._director
        runner, state, presenter = director.runner, director.state, director.presenter
        return CuesHealth(
            lists=[self._list_status(row) for row in range(len(runner.sheet.lists))],
            camera=presenter.program,
            preview=state.preview,
            auto=state.auto,
            black=state.black,
            slate=self._is_slate,
            look=state.look or director.first_look,
            master=state.master,
            song=director.song,
            position=director.position,
            dropped=runner.dropped,
            tbar=self._bar.position,
        )

    def _panic(self, *, is_on: bool) -> str:
        director = self._director
        self._is_slate = is_on
        if is_on:
            director.runner.stop_all()
        director.presenter.show_slate(director.now_ns, is_on=is_on)
        return "The slate is on air; all cues are stopped." if is_on else "The program is back."

    def _find_action(self, command: SwitchCommand) -> tuple[ActionEntry, str]:
        """Return the action of a command by hand, and the answer when it is performed.

        Raises:
            ShowError: the command names what the show does not have.
        """
        director = self._director
        match command:
            case CutCamera(camera=camera, preview=preview):
                if camera not in director.cameras:
                    known = ", ".join(map(str, director.cameras))
                    raise ShowError(
                        f"Camera {camera}", "is not in the show", f"name one of {known}"
                    )
                how = self._find_transition(command)
                bus = "preview" if preview else "program"
                return CameraAction(camera, bus, *how), f"Camera {camera} is on {bus}."  # type: ignore[arg-type]
            case TakePreview():
                if not director.state.preview:
                    raise ShowError("Preview", "shows no camera", "put one on preview first")
                how = self._find_transition(command)
                return TakeAction(*how), f"Camera {director.state.preview} is on program."
            case SetAutoDirector(on=on):
                who = "The auto-director has" if on else "The crew has"
                return AutoDirectorAction(on), f"{who} the cameras."
            case FadeToBlack(on=on, seconds=seconds):
                where = "to black" if on else "back"
                return BlackAction(on, _seconds(seconds)), f"The picture fades {where}."
            case SetMaster(level=level, seconds=seconds):
                if not 0.0 <= level <= 1.0:
                    raise ShowError(f"Level {level}", "is out of range", "give one from 0 to 1")
                return MasterAction(level, _seconds(seconds)), f"Grand master to {level:.0%}."
            case ChooseLook(look=look, seconds=seconds):
                _require(look, director.looks, "Look")
                return LookAction(look, _seconds(seconds)), f"The look becomes {look}."
            case FireEffect(effect=effect):
                _require(effect, _EFFECTS, "Effect")
                return EffectAction(effect), f"{effect.capitalize()}."  # type: ignore[arg-type]
            case SetCrowd(energy=energy):
                if not -1.0 <= energy <= 1.0:
                    raise ShowError(f"Energy {energy}", "is out of range", "give one from 0 to 1")
                return CrowdAction(energy), "The audience follows."
        raise ShowError(type(command).__name__, "is no command to the stage", "see encore commands")

    def _find_transition(self, command: CutCamera | TakePreview) -> tuple[Transition, float, str]:
        """Return kind, time and stinger of a transition by hand.

        Raises:
            ShowError: a time is out of range, or there is no such stinger.
        """
        dissolve, wipe = _seconds(command.dissolve), _seconds(command.wipe)
        if command.stinger:
            _require(command.stinger, tuple(self._director.presenter.stingers), "Stinger")
            return "stinger", 0.0, command.stinger
        if wipe:
            return "wipe", wipe, ""
        return ("dissolve" if dissolve else "cut"), dissolve, ""

    def _list_status(self, row: int) -> CueListStatus:
        runner, now_ns = self._director.runner, self._director.now_ns
        one, standby = runner.sheet.lists[row], runner.standby(row)
        return CueListStatus(
            name=one.name,
            standby="" if standby is None else standby.number,
            standby_name="" if standby is None else standby.name,
            notes="" if standby is None else standby.notes,
            paused=runner.is_paused(row),
            running=[
                RunningCue(
                    one.cues[place].number,
                    one.cues[place].name,
                    max(acts - now_ns, 0) / SECOND_NS,
                    min(max((now_ns - acts) / (ends - acts), 0.0), 1.0) if ends > acts else 1.0,
                )
                for place, (_, acts, ends) in sorted(runner.running(row).items())
            ],
        )

    def _note_reply(self, command: Command, reply: Reply) -> None:
        """Keep what became of a command that a cue sent."""
        if not reply.ok:
            self._events.add(EventKind.FAULT, f"A cue's {type(command).__name__}: {reply.text}")


def _name(cue: Cue) -> str:
    return f"Cue {cue.number} {cue.name}".rstrip()


def _seconds(value: float) -> float:
    """Return a time by hand.

    Raises:
        ShowError: it is negative, or longer than LONGEST_S.
    """
    if not (math.isfinite(value) and 0.0 <= value <= LONGEST_S):
        raise ShowError(f"Time {value}", "is out of range", f"give seconds from 0 to {LONGEST_S:g}")
    return value


def _require(word: str, known: tuple[str, ...], what: str) -> None:
    if word not in known:
        meant = nearest(word, known)
        raise ShowError(
            f"{what} {word[:40]}",
            "is not in the show",
            f"did you mean {meant}?" if meant else f"name one of {', '.join(known)}",
        )
