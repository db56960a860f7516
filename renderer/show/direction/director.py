"""Direct a concert by its document: run cues, choose look and camera of every frame."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from renderer.errors import RendererError
from renderer.protocol.log import EventKind
from renderer.protocol.pictures import PREVIEW, SHOT
from renderer.show.control.title_board import TitleBoard
from renderer.show.cues.runner import CueRunner, Event, Performed
from renderer.show.cues.sheet import compile_sheet, find_song_ends
from renderer.show.cues.state import TrackedState
from renderer.show.cues.triggers import MessageTriggers, SongTriggers
from renderer.show.direction.looks import build_looks, dim, find_no_table
from renderer.show.direction.missing_sources import find_cues_without_source
from renderer.show.direction.mixer import MIX_VIEW, TAIL_FRAMES, Mix
from renderer.show.direction.movement import MovementMeter
from renderer.show.direction.presenter import OnAir, Presenter
from renderer.show.direction.shots import build_shots, movement_beats
from renderer.show.direction.song_parts import SongLibrary
from renderer.show.direction.staging.crowd_waves import CrowdWaves
from renderer.show.direction.staging.rig_moves import RigMoves
from renderer.show.direction.staging.screen_board import ScreenBoard
from renderer.show.document.cues import (
    CommandAction,
    ContentAction,
    LyricsAction,
    MarkerAction,
    RigAction,
    SongAction,
    TakeAction,
    TitleAction,
    WaveAction,
)
from renderer.show.document.schema import ShowFile
from renderer.show.host.interfaces import Events
from renderer.show.songs.grid import SECOND_NS
from renderer.show.songs.plan import SongPlan, order_plans
from renderer.show.songs.transport import LIVE_LEAD_NS, Playing, SongTransport
from renderer.stage.cameras.operator import CameraOperator, Shot
from renderer.stage.cameras.performers import Performer
from renderer.stage.direction import Moment
from renderer.stage.lights.looks import Look
from renderer.stage.lut import Lut
from renderer.stage.records import Camera, Crowd, LedContent
from renderer.stage.text.titles import TitlePlan

FRESH_BEATS: Final = 0.5
"""Beats after a planned cut within which the auto-director still makes it when it takes over."""

_log = logging.getLogger(__name__)

Send = Callable[[str, Mapping[str, Any]], None]
"""Sends a command of the show by its address and arguments."""


class StageDirector:
    """Directs the stage from frame to frame, by cues and by hand. Belongs to the tick's thread.

    Attributes:
        runner: of the cues.
        presenter: what is shown.
        songs: the song transport.
        library: what each song brings with it.
        now_ns: the show's clock at the newest frame.
        mix_crowd: changes the look's audience by what the fans do; None without fans.
        send: sends the commands of cues; the crew's handlers set it.
        perform_song: does what cues ask of the songs; the crew's handlers set it.
        waves: of the audience.
        board: of the titles that cues and crew have shown.
        desk_shot: number of the camera that the view of the desks' shots shows.
    """

    def __init__(
        self,
        show: ShowFile,
        titles: TitlePlan,
        events: Events,
        plans: Sequence[SongPlan] = (),
        *,
        is_live: bool = False,
        find_table: Callable[[str], Lut | None] = find_no_table,
        screens: ScreenBoard | None = None,
    ) -> None:
        """Build what the document describes.

        Args:
            find_table: that of `build_looks`.
            screens: what the set's screens show; None for a show without files.
        """
        self._titles, self._events, self._plans = titles, events, tuple(plans)
        self.songs = SongTransport(
            order_plans(show, plans),
            opens=show.show.opening == "song",
            lead_ns=LIVE_LEAD_NS if is_live else 0,
        )
        self.perform_song: Callable[[SongAction], None] = _perform_nothing
        self.send: Send = _send_nothing
        self.board = TitleBoard(has_lyrics=bool(titles.lyrics))
        self.now_ns = 0
        self.desk_shot = 0
        self.mix_crowd: Callable[[Crowd, int], Crowd] | None = None
        self._number = 0
        self._began_ns: int | None = None
        self._show = show
        self._find_table = find_table
        self._build(show)
        self._playing: Playing | None = None
        self._song = self.library.get("")
        self.runner = CueRunner(compile_sheet(show), TrackedState(auto=show.auto_director.begins))
        self.songs.ends = find_song_ends(self.runner.sheet)
        self.presenter = Presenter(self._looks, self._first_look, self._first_camera)
        self.song_triggers = SongTriggers(self.runner)
        self.message_triggers = MessageTriggers(self.runner)
        self._operators: dict[tuple[str, int], CameraOperator] = {}
        self.waves = CrowdWaves()
        self._rigs = RigMoves()
        self._screens = screens or ScreenBoard()
        self._auto_number: int | None = None
        self._movement = MovementMeter()
        self._tail = 0
        self.mix = Mix()

    @property
    def state(self) -> TrackedState:
        """Return the tracked state."""
        return self.runner.state

    @property
    def cameras(self) -> tuple[int, ...]:
        """Return the numbers of all cameras."""
        return tuple(self._shots)

    @property
    def camera_names(self) -> dict[int, str]:
        """Return the names of all cameras by their number; empty for those without."""
        names = {one.number: one.name for one in self._show.cameras}
        return {number: names.get(number, "") for number in self._shots}

    @property
    def looks(self) -> tuple[str, ...]:
        """Return the names of all looks."""
        return tuple(self._looks)

    @property
    def first_look(self) -> str:
        """Return the name of the look that stands before the first cue."""
        return self._first_look

    @property
    def plans(self) -> tuple[SongPlan, ...]:
        """Return what is known of the songs' files."""
        return self._plans

    @property
    def show(self) -> ShowFile:
        """Return the document, with all edits that are in use."""
        return self._show

    @property
    def position(self) -> str:
        """Return the bar and beat of the song; empty while it does not play."""
        if self._playing is None:
            return ""
        found = self._song.grid.position_at(self._playing.position_ns / SECOND_NS)
        return f"{found.bar}:{int(found.beat)}"

    @property
    def is_idle(self) -> bool:
        """Return whether nothing more happens by itself: no song plays and no cue runs."""
        return self.songs.is_idle and not self.runner.has_due

    @property
    def song(self) -> str:
        """Return the name of the song that plays, is counted in or paused; empty for none."""
        return "" if self._playing is None else self._playing.song

    def camera_of(self, view: str) -> tuple[int, int | None]:
        """Return the camera that a view shows, and since when it is on air.

        Returns:
            Its number, and the show's clock in nanoseconds; None if it is not on air.
        """
        presenter = self.presenter
        leaving = presenter.leaving
        if view == MIX_VIEW and leaving is not None:
            return leaving.camera, leaving.began_ns
        number = self._find_take(view).camera
        on_air = next(
            (
                one
                for one in (presenter.on_air, leaving)
                if one is not None and one.camera == number
            ),
            None,
        )
        return number, None if on_air is None else on_air.began_ns

    def find_song_of_hour(self, hour: int) -> str:
        """Return the song whose timecode has this hour; empty for none."""
        return next((one.name for one in self._show.songs if one.hour == hour), "")

    def find_hour(self, song: str) -> int | None:
        """Return the hour of a song's timecode; None for none."""
        return next((one.hour for one in self._show.songs if one.name == song), None)

    def change_document(self, show: ShowFile) -> None:
        """Use an edited document from the next frame on; running cues go on.

        Raises:
            ShowError: its cues cannot be run; nothing is changed then.
        """
        sheet = compile_sheet(show)
        if _staged(show) != _staged(self._show):
            self._build(show)
            self.presenter.set_looks(self._looks, self._first_look, self._first_camera)
            self.songs.change_set(order_plans(show, self._plans))
            self._song = self.library.get(self._song.name)
        self._show = show
        self.runner.change_sheet(sheet)
        self.songs.ends = find_song_ends(sheet)
        self.song_triggers.reload()
        self.message_triggers = MessageTriggers(self.runner)

    def use_plan(self, plan: SongPlan) -> None:
        """Use what was read of a song's files, from the next frame on."""
        others = (one for one in self._plans if one.name != plan.name)
        self._plans = (*others, plan)
        self.library = SongLibrary(self._show, self._plans, self._titles)
        self.songs.change_set(order_plans(self._show, self._plans))
        self._song = self.library.get(self._song.name)
        self._auto_number = None

    def warnings(self) -> list[str]:
        """Return a sentence for every cue that waits for what nothing delivers."""
        return find_cues_without_source(self.runner.sheet, self._show.control)

    def advance(self, number: int, now_ns: int, t_show_ns: int | None) -> None:
        """Run what has become due by a frame.

        Args:
            number: of the frame.
            now_ns: of the show's clock, which never runs backwards.
            t_show_ns: show time, on which songs play; None while it does not run.
        """
        self._began_ns = now_ns if self._began_ns is None else self._began_ns
        self._number, self.now_ns = number, now_ns
        playing = self._playing = self.songs.advance(t_show_ns)
        self._use_song("" if playing is None else playing.song)
        self.runner.advance(now_ns)
        if playing is None or playing.position_ns < 0:
            self.song_triggers.advance(None, 0, now_ns)
        else:
            self.song_triggers.advance(playing.song, playing.position_ns, now_ns)
        self.present()
        self._follow_auto_director()
        share = self.presenter.on_air.share_at(now_ns)
        if share < 1.0:
            self._tail = TAIL_FRAMES
        elif self._tail:
            self._tail -= 1
        if not self._tail:
            self.presenter.leaving = None
        on_air = self.presenter.on_air
        self.mix = Mix(
            share, self.presenter.black_at(now_ns), self.presenter.slate_at(now_ns),
            "cut" if share == 1.0 else on_air.transition, "" if share == 1.0 else on_air.stinger,
        )  # fmt: skip

    def present(self) -> None:
        """Show what the runner has done since the last call."""
        for event in self.runner.take_events():
            try:
                self._present_one(event)
            except RendererError as fault:
                self._events.add(EventKind.FAULT, f"A cue's action was left out: {fault}")
                _log.warning("a cue's action was left out: %s", fault)

    def start_wave(self, action: WaveAction, at_ns: int) -> None:
        """Send a wave through the audience at a time of the show's clock."""
        self.waves.begin(action, at_ns, self._song.grid.rate_at(self._clock_s()))

    def start_wave_on_bar(self, action: WaveAction) -> None:
        """Send a wave through the audience from the next bar on, unless one runs."""
        if self.waves.is_running(self.now_ns):
            return
        grid, at_s = self._song.grid, self._clock_s()
        bar = grid.seconds_at(grid.bar_beat(grid.position_at(at_s).bar + 1))
        self.start_wave(action, self.now_ns + max(round((bar - at_s) * SECOND_NS), 0))

    def direct(
        self,
        seconds: float,
        performers: Sequence[Performer],
        aspect: float,
        views: Mapping[str, float],
    ) -> Moment:
        """Return the direction of the frame to which the director was advanced."""
        presenter, state, now_ns = self.presenter, self.state, self.now_ns
        self._movement.update(now_ns / SECOND_NS, performers)
        grid_s = self._clock_s()
        faces = tuple(one.face for one in performers)
        grid = self._song.grid
        rate = grid.rate_at(grid_s)

        def film(view: str, on_air: OnAir, view_aspect: float) -> Camera:
            return self._film(view, on_air, rate, seconds, performers, view_aspect)

        cameras = {name: film(name, self._find_take(name), other) for name, other in views.items()}
        if presenter.leaving is not None:
            cameras[MIX_VIEW] = film("program", presenter.leaving, aspect)
        camera = film("program", presenter.on_air, aspect)
        self._forget_operators()
        playing = self._playing
        titles = self._song.titles.at(None if playing is None else playing.position_ns / SECOND_NS)
        return Moment(
            beat=max(grid.beat_at(grid_s), 0.0),
            rate=rate,
            look=self._find_look(),
            camera=camera,
            view_cameras=cameras,
            titles=titles,
            text=self._text if state.text is None else state.text,
            sources=self._screens.find_sources(state.kept),
            confetti=presenter.confetti_at(now_ns, faces),
            jets=presenter.jets_at(now_ns),
            sparks=presenter.sparks_at(now_ns),
        )

    def _build(self, show: ShowFile) -> None:
        """Build what the document describes."""
        self._looks = build_looks(show, self._find_table)
        self._first_look = show.looks[0].name if show.looks else "verse"
        self._shots = build_shots(show)
        self._movements = movement_beats(show)
        self._first_camera = next(iter(self._shots))
        self._text = show.stage.text
        self.library = SongLibrary(show, self._plans, self._titles)

    def _use_song(self, name: str) -> None:
        """Switch to the beat, the cuts and the titles of a song."""
        if name != self._song.name:
            self._song = self.library.get(name)
            self._auto_number = None
            self.board.is_sung = bool(self._song.titles.lyrics)

    def _present_one(self, event: Event) -> None:
        presenter = self.presenter
        if not isinstance(event, Performed):
            presenter.restore(self.state, event.at_ns)
            self.board.has_lyrics = self.state.lyrics
            self._auto_number = None
            self._rigs.restore()
            for action in event.commands:
                self.send(action.address, action.arguments)
            return
        match event.action:
            case MarkerAction(text=text):
                self._events.add(EventKind.STATE, f"Marker: {text}")
            case CommandAction(address=address, arguments=arguments):
                self.send(address, arguments)
            case LyricsAction(on=on):
                self.board.has_lyrics = on
            case TitleAction(name=name, role=role, time=time):
                self.board.show(name, role, time, event.at_ns / SECOND_NS)
            case SongAction():
                self.perform_song(event.action)
            case RigAction(camera=camera):
                is_on_air = camera == presenter.on_air.camera
                self._rigs.begin(camera, event.at_ns, is_on_air=is_on_air)
            case WaveAction():
                self.start_wave(event.action, event.at_ns)
            case TakeAction():
                presenter.take(event.action, event.state.camera, event.at_ns)
            case _:
                presenter.perform(event)

    def _follow_auto_director(self) -> None:
        """Cut to the auto-director's camera, if it has the cameras."""
        if not self.state.auto:
            self._auto_number = None
            return
        beat = self._song.grid.beat_at(self._clock_s())
        found = self._song.auto.at(beat)
        if found is None:
            return
        number, cut = found
        if self._auto_number is None and beat - cut.beat > FRESH_BEATS:
            # It has just taken over within a shot: what is on air stays until the next cut.
            self._auto_number = number
        if number != self._auto_number:
            self._auto_number = number
            camera = cut.camera
            if not cut.is_sung:
                camera = self._movement.choose(camera, self._song.auto.alike.get(camera, {}))
            self.presenter.cut(camera, self.now_ns)

    def _clock_s(self) -> float:
        """Return the song's time; without a song, the time since the first frame, seconds."""
        if self._playing is not None:
            return self._playing.position_ns / SECOND_NS
        return (self.now_ns - (self._began_ns or 0)) / SECOND_NS

    def _find_look(self) -> Look:
        look = dim(self.presenter.look_at(self.now_ns), self.presenter.master_at(self.now_ns))
        if self.state.crowd >= 0.0:
            look = replace(look, crowd=replace(look.crowd, energy=self.state.crowd))
        content = self.state.kept.get("content")
        if isinstance(content, ContentAction) and content.content:
            led = LedContent[content.content.upper()]
            look = replace(look, screens=replace(look.screens, content=led))
        if self.mix_crowd is not None:
            look = replace(look, crowd=self.mix_crowd(look.crowd, self.now_ns))
        crowd = self.waves.apply(look.crowd, self.now_ns)
        return look if crowd is look.crowd else replace(look, crowd=crowd)

    def _film(
        self,
        view: str,
        on_air: OnAir,
        rate: float,
        seconds: float,
        performers: Sequence[Performer],
        aspect: float,
    ) -> Camera:
        shot, share = self._find_shot(on_air, rate)
        key = view, on_air.take
        if key not in self._operators:
            self._operators[key] = CameraOperator((shot,))
        operator = self._operators[key]
        return operator.film(shot, on_air.camera, share, seconds, performers, aspect)

    def _find_shot(self, on_air: OnAir, rate: float) -> tuple[Shot, float]:
        """Return the shot of a camera, and how far its rig's movement is, 0 to 1."""
        shot = self._shots.get(on_air.camera) or self._shots[self._first_camera]
        beats = self._movements.get(on_air.camera, 16.0)
        action = self.state.kept.get(f"rig/{on_air.camera}")
        moved = action if isinstance(action, RigAction) else None
        return self._rigs.move(
            shot, on_air.camera, beats, moved, on_air.began_ns, self.now_ns, rate
        )

    def _find_take(self, view: str) -> OnAir:
        """Return the camera of a view: the one on air, or what a desk alone sees."""
        on_air = self.presenter.on_air
        if view not in (PREVIEW, SHOT):
            return on_air
        number = self.state.preview if view == PREVIEW else self.desk_shot
        if number == on_air.camera:
            return on_air
        # It waits where its movement begins; its number keeps its operator.
        return OnAir(number, -1 - number, self.now_ns)

    def _forget_operators(self) -> None:
        leaving = self.presenter.leaving
        used = {self.presenter.on_air.take, -1 if leaving is None else leaving.take}
        for key in [key for key in self._operators if key[1] not in used and key[1] >= 0]:
            del self._operators[key]


def _staged(show: ShowFile) -> tuple[object, ...]:
    """Return the parts of a document that looks, cameras and the auto-director are built from."""
    stage = show.stage.text
    people = show.performers
    return (
        show.looks,
        show.palettes,
        show.fixture_effects,
        show.cameras,
        show.songs,
        show.set_list,
        show.auto_director,
        people,
        stage,
    )


def _send_nothing(_address: str, _arguments: Mapping[str, Any]) -> None:
    """Do nothing: no crew is attached."""


def _perform_nothing(_action: SongAction) -> None:
    """Do nothing: no crew is attached."""
