"""Hold the desk's view-model: connection, actions, and what every panel shares. No Qt.

Every panel has a model of its own, which reads `status`; only those in front are updated. A
section is an observable of plain, comparable data, so that views are notified of changes alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from renderer.desk.actions.action import Action
from renderer.desk.actions.board import ActionBoard
from renderer.desk.actions.catalogue import all_actions
from renderer.desk.actions.own_keys import own_actions
from renderer.desk.alarms import AlarmRow, alarm_rows
from renderer.desk.camera_swap import CameraSwap
from renderer.desk.choices import DeskChoices
from renderer.desk.connection import Contact, ShowConnection
from renderer.desk.document_roles import role_of
from renderer.desk.messages import translate
from renderer.desk.panels.base import PanelModel
from renderer.desk.panels.direction.model import Act, DirectionModel
from renderer.desk.settings import OperatorSettings, SettingsFile
from renderer.desk.widgets import formatting
from renderer.desk.widgets.banner import Banner, banner_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.notes import Note
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.errors import DeskError
from renderer.protocol.alarms import AcknowledgeAlarm
from renderer.protocol.document import DocumentContent, DocumentHealth
from renderer.protocol.inputs import LandmarkPoints
from renderer.protocol.performers import PerformersHealth
from renderer.protocol.roles import Role
from renderer.protocol.schema import Command, Section
from renderer.protocol.show import ShowHealth
from renderer.protocol.status import Status

NOTE_S: Final = 6.0
"""Time for which an answer of the show is shown, seconds."""
_HEALTH_EVERY_S: Final = 0.1
_PANELS_S: Final = 0.002
"""Time for panels in one turn of the event loop, seconds: a quarter of a long one."""
_LONGEST_DISSOLVE_S: Final = 10.0


class DeskModel(DeskChoices):
    """Polls the connection, updates the panels in front, and sends what is pressed.

    Attributes:
        connection: to the show.
        swap: replaces cameras.
        status: the newest; with default values before one has arrived.
        board: of all actions.
        settings: of the operator.
        operator: who sits at the desk; edits and acknowledgements carry this name.
        role: of the operator in this show; None if the show names no operators.
        cue_list: name of the list that GO starts; empty for the first.
        alarms: the active ones, the most severe first, and those that have just cleared.
        note: what the show has answered.
        banner: said while no show answers.
        skips_failed: whether going live leaves out the outputs that do not open.
    """

    status: Status
    settings: OperatorSettings
    operator: str
    board: ActionBoard
    swap: CameraSwap
    direction: DirectionModel

    def __init__(
        self,
        connection: ShowConnection,
        recordings: Path,
        clock: Callable[[], float] = time.monotonic,
        settings: SettingsFile | None = None,
        operator: str = "",
    ) -> None:
        self.connection = connection
        self.files = settings or SettingsFile()
        self.operator = operator or self.files.studio.operator
        self.settings = self.files.operator(self.operator)
        super().__init__(self.settings)
        self._recordings = recordings
        self._clock = clock
        self.status = Status()
        self.role: Observable[Role | None] = Observable(None)
        self.cue_list = ""
        self.skips_failed = False
        self._note_until = 0.0
        self._due = 0.0
        self._fault = ""
        self._panels: list[PanelModel] = []
        self._is_behind = self._has_put_off = False
        self._seen: dict[int, tuple[Section | None, ...]] = {}
        self._recent = ""
        self._quiet: set[int] = set()
        self._performers: Section | None = None
        self.in_contact = Observable(False)
        self.banner = Observable(Banner())
        self.title = Observable("")
        self.note = Observable(Note())
        self.alarms: Observable[tuple[AlarmRow, ...]] = Observable(())
        self.direction = DirectionModel(self.ask)
        self.swap = CameraSwap(self)
        self.board = ActionBoard(self, all_actions(), clock)
        self.own_keys: Observable[tuple[Action, ...]] = Observable(())
        self._keyed: Section | None = None
        self._refresh()
        self.board.refresh()

    def show_panels(self, panels: list[PanelModel]) -> None:
        """Update these panels from now on: the ones in front."""
        self._panels = panels
        for panel in panels:
            self._seen.pop(id(panel), None)
        is_drawn = any(LandmarkPoints in panel.sections for panel in panels)
        self.connection.ignore(() if is_drawn else (LandmarkPoints,))
        self._update_panels()

    def is_in_front(self, panel: object) -> bool:
        """Return whether a panel's model is one of those in front."""
        return any(one is panel for one in self._panels)

    def ask_avatars(self, wish: str) -> None:
        """Tell the library of avatars in front what was pressed."""
        self.avatar_requested.set((self.avatar_requested.value[0] + 1, wish))

    def poll(self) -> None:
        """Process what is new; cheap enough for every tick of a timer."""
        before = self.connection.situation
        is_new = self.connection.poll()
        if is_new and self.connection.status is not None:
            self.status = self.connection.status
            self._follow_keys()
            performers = self.status.newest(PerformersHealth)
            if performers is not self._performers:
                self._performers = performers
                self.direction.update(self.status if self.connection.is_good else None)
        is_moved = self.connection.situation != before
        if is_moved:
            self._update_panels()
        elif is_new or self._is_behind:
            self._update_panels(_PANELS_S)
        self._collect_replies()
        now = self._clock()
        if is_moved:
            self.board.refresh()
        elif is_new and not self._has_put_off:
            # What the show says takes this turn, and the buttons the next one.
            self._has_put_off = True
        else:
            self._has_put_off = False
            self.board.refresh_share()
        if now >= self._due or is_moved:
            self._due = now + _HEALTH_EVERY_S
            self._refresh()

    def ask(self, command: Command, *, is_quiet: bool = False) -> None:
        """Send the show a command; its reply is shown when it arrives, unless it is quiet."""
        try:
            number = self.connection.post(command)
            if is_quiet:
                self._quiet.add(number)
        except DeskError as fault:
            self.say(f"{fault}.", Level.BAD)

    def press(self, id: str) -> None:
        """Press an action by its id."""
        self.board.press(id)

    def show_refusal(self, text: str) -> None:
        """Say why an action cannot be done."""
        self.say(text, Level.WARN)

    def show_fault(self, text: str) -> None:
        """Show a fault of the desk itself, permanently among the alarms."""
        self._fault = text
        self._refresh()

    def say(self, text: str, level: Level) -> None:
        """Show a sentence for some seconds."""
        self._note_until = self._clock() + NOTE_S
        self.note.set(Note(formatting.remove_secrets(text), level))

    def set_perspective(self, id: str) -> None:
        """Bring a perspective to the front; it is the first one of the operator's next evening."""
        self.perspective.set(id)
        self.keep(perspective=id)
        self.board.refresh()

    def keep(self, **values: object) -> None:
        """Keep settings of the operator."""
        settings = msgspec.structs.replace(self.settings, **values)
        if settings != self.settings:
            self.settings = settings
            self.files.keep_operator(self.operator, settings)

    def change_operator(self, name: str) -> None:
        """Let somebody else take over the desk, with their own settings."""
        self.operator = name.strip()[:80] or "operator"
        self.settings = self.files.operator(self.operator)
        self.files.keep_studio(msgspec.structs.replace(self.files.studio, operator=self.operator))
        self.dissolve_s.set(self.settings.dissolve_s)
        self.language.set(self.settings.language)

    def change_language(self, code: str) -> None:
        """Have the desk in another language; empty for the system's. The window opens again."""
        self.keep(language=code)
        self.language.set(code)

    def change_dissolve(self, seconds: float) -> None:
        """Make dissolves longer or shorter."""
        value = min(max(self.dissolve_s.value + seconds, 0.25), _LONGEST_DISSOLVE_S)
        self.dissolve_s.set(value)
        self.keep(dissolve_s=value)

    def choose_performer(self, performer: int) -> None:
        """Choose the performer for the next press."""
        self.selected_performer.set(performer)
        self.direction.direct(performer)

    def put_take(self, place: int) -> None:
        """Have a take of the bin move the chosen limb, or the whole idol if that is switched on."""
        act = Act.HAND_OVER if self.takes_whole.value else Act.TAKE
        self.direction.press(act, self.takes.value[place])

    def toggle_notes(self) -> None:
        """Show or hide the notes of the cues."""
        self.shows_notes.set(not self.shows_notes.value)

    def acknowledge(self, id: str = "") -> None:
        """Take care of an alarm; of the worst that nobody has taken care of if none is named."""
        for row in self.alarms.value:
            if row.is_open and (row.id == id or not id):
                self.ask(AcknowledgeAlarm(row.id, self.operator))
                return

    @property
    def recordings(self) -> Path:
        """Return the folder for recordings and local streams; it may not exist yet."""
        return self._recordings

    def new_recording(self) -> str | None:
        """Return a new file for a recording; None if its folder cannot be made."""
        try:
            self._recordings.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            self.say(
                tr(
                    "The recordings folder {folder} cannot be made ({why}).",
                    folder=self._recordings, why=fault.strerror,
                ),
                Level.BAD,
            )  # fmt: skip
            return None
        return str(self._recordings / f"encore-{datetime.now():%Y%m%d-%H%M%S}.mp4")

    def _refresh(self) -> None:
        situation = self.connection.situation
        self.in_contact.set(situation.contact in (Contact.GOOD, Contact.ENDED))
        self.banner.set(banner_of(situation))
        self.title.set(situation.title)
        own = (self._fault, self.connection.unreadable, self.files.fault)
        rows = alarm_rows(self.status.of(ShowHealth), own, self.alarms.value, self._clock())
        self.alarms.set(rows)
        if self._clock() > self._note_until:
            self.note.set(Note())
        self.role.set(role_of(self.status.of(DocumentContent).data, self.operator))
        file = self.status.of(DocumentHealth).file
        if file and file != self._recent:
            self._recent = file
            self.files.add_recent(file)
        self.connection.forget_pictures()

    def _follow_keys(self) -> None:
        """Use the keys of the show's document, and say which of them are the desk's own."""
        content = self.status.newest(DocumentContent)
        if content is self._keyed or not isinstance(content, DocumentContent):
            return
        self._keyed = content
        refused = self.board.set_own(own_actions(content.data))
        self.own_keys.set(self.board.own)
        if refused:
            keys = ", ".join(action.key for action in refused)
            self.say(tr("The desk has these keys itself: {keys}.", keys=keys), Level.WARN)

    def _update_panels(self, limit_s: float = math.inf) -> None:
        """Update the panels whose sections are new, until the time is over; then the next time.

        At least one is updated, and the others come first when it goes on.
        """
        until = time.perf_counter() + limit_s
        self._is_behind = False
        for place, panel in enumerate(self._panels):
            news = tuple(self.status.newest(kind) for kind in panel.sections)
            before = self._seen.get(id(panel))
            if before is None or any(a is not b for a, b in zip(news, before, strict=True)):
                self._seen[id(panel)] = news
                panel.update(self.status)
                if time.perf_counter() > until and place + 1 < len(self._panels):
                    self._panels = [*self._panels[place + 1 :], *self._panels[: place + 1]]
                    self._is_behind = True
                    return

    def _collect_replies(self) -> None:
        for number, reply in self.connection.replies():
            if number in self._quiet:
                self._quiet.discard(number)
                if reply.ok:
                    continue
            if reply.text:
                self.say(translate(reply.text), Level.GOOD if reply.ok else Level.BAD)
