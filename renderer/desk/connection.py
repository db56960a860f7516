"""Connect the desk to a show: find one, follow it, detect its silence, find the next. No Qt.

Everything is polled and nothing blocks, so the window stays responsive whatever the show does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final

from renderer.closing import Closing
from renderer.desk.picture_feed import PictureFeed
from renderer.errors import DeskError
from renderer.protocol.inputs import InputsHealth
from renderer.protocol.pictures import (
    ASK_AGAIN_S,
    PROGRAM,
    AskPicture,
    PicturesHealth,
    PictureStatus,
)
from renderer.protocol.schema import Command, Reply, Section
from renderer.protocol.show import ShowDocument, ShowHealth, ShowState
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink
from renderer.transport.session import SessionInfo, find_sessions

ViewSize = tuple[str, int, int]

_SILENT_AFTER_S: Final = 2.0
_LOOK_EVERY_S: Final = 1.0


class Contact(Enum):
    """State of the connection to a show."""

    NONE = "no show"
    CONNECTING = "connecting"
    GOOD = "good"
    SILENT = "silent"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Situation:
    """The state of the connection, in words for the operator.

    Attributes:
        wanted: name of the requested session; empty for any.
        title: of the show that is or was followed.
        fault: the reason for a failed connection, a sentence; or empty.
    """

    contact: Contact
    wanted: str = ""
    title: str = ""
    fault: str = ""


class ShowConnection(Closing):
    """Follows the named show, or the newest one.

    Attributes:
        status: the last one that the show has published.
        cameras: the cameras' pictures, in order.
        trial: picture of the camera that is tried.
        views: the pictures that were asked for, by view, width and height.
    """

    def __init__(
        self, session: str | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._wanted = session or ""
        self._clock = clock
        self._link: DeskLink | None = None
        self._info: SessionInfo | None = None
        self._look_at = 0.0
        self._heard_at = 0.0
        self._quiet: set[int] = set()
        self.status: Status | None = None
        self.situation = Situation(Contact.NONE, self._wanted)
        self.cameras: list[PictureFeed] = []
        self.trial = PictureFeed(clock)
        self.views: dict[ViewSize, PictureFeed] = {}
        self._asked_at: dict[ViewSize, float] = {}
        self._ignored: tuple[type[Section], ...] = ()

    def poll(self) -> bool:
        """Receive what the show has published; return whether the status is new."""
        now = self._clock()
        status = self._link.latest_status() if self._link is not None else None
        if status is not None:
            self.status, self._heard_at = status, now
            inputs = status.of(InputsHealth)
            self._follow_cameras([camera.picture for camera in inputs.cameras])
            self.trial.follow(None if inputs.trial is None else inputs.trial.picture)
            self._follow_views(status)
            if status.has(ShowHealth):
                has_ended = status.of(ShowHealth).state is ShowState.ENDED
                self._be(Contact.ENDED if has_ended else Contact.GOOD)
        elif self._link is None or now - self._heard_at > _SILENT_AFTER_S:
            if self.situation.contact is Contact.GOOD:
                self._be(Contact.SILENT)
            if now >= self._look_at:
                self._look_at = now + _LOOK_EVERY_S
                self._look()
        return status is not None

    def ignore(self, kinds: Iterable[type[Section]]) -> None:
        """Read no sections of these kinds from now on: nothing in front shows them."""
        self._ignored = tuple(kinds)
        if self._link is not None:
            self._link.ignore(self._ignored)

    @property
    def is_good(self) -> bool:
        """Return whether a show answers."""
        return self.situation.contact is Contact.GOOD

    def post(self, command: Command) -> int:
        """Send the show a command and return its number; see `replies`.

        Raises:
            DeskError: there is no show.
        """
        if self._link is None:
            raise DeskError("the command", "found no show to handle it", "start a show first")
        return self._link.post(command)

    def replies(self) -> Iterator[tuple[int, Reply]]:
        """Yield the replies that have arrived since the last call."""
        if self._link is None:
            return
        for number, reply in self._link.replies():
            if number in self._quiet:
                self._quiet.discard(number)
            else:
                yield number, reply

    @property
    def unreadable(self) -> str:
        """Return the last fault in the show's messages, a sentence; or empty."""
        return "" if self._link is None else self._link.last_fault

    def close(self) -> None:
        """Disconnect from the show, which is not affected."""
        for feed in (*self.views.values(), *self.cameras, self.trial):
            feed.close()
        self._asked_at.clear()
        if self._link is not None:
            self._link.close()
        self._link = None

    def picture(self, view: str, width: int, height: int) -> PictureFeed:
        """Return the feed of a view's picture in a size, and ask the show for it while it is used.

        Args:
            view: program, preview, or shot.3 for camera 3.
            width, height: as it is drawn, pixels, even.
        """
        size = view, width, height
        now = self._clock()
        if size not in self.views:
            self.views[size] = PictureFeed(self._clock)
        if now >= self._asked_at.get(size, 0.0) + ASK_AGAIN_S:
            self._asked_at[size] = now
            if self._link is not None and self.situation.contact is Contact.GOOD:
                with suppress(DeskError):
                    self._quiet.add(self._link.post(AskPicture(*size)))
        return self.views[size]

    def forget_pictures(self) -> None:
        """Close the pictures that have not been asked for lately."""
        now = self._clock()
        for size in [one for one, at in self._asked_at.items() if now > at + 2 * ASK_AGAIN_S]:
            self.views.pop(size).close()
            del self._asked_at[size]

    def _follow_views(self, status: Status) -> None:
        shared = {
            (one.view, one.picture.width, one.picture.height): one.picture
            for one in status.of(PicturesHealth).pictures
        }
        program = status.of(ShowDocument).program
        for size, feed in self.views.items():
            # A show that shares no sizes of its own still shares a small program.
            fallback = program if size[0] == PROGRAM else None
            feed.follow(shared.get(size, fallback))

    def _follow_cameras(self, pictures: list[PictureStatus | None]) -> None:
        while len(self.cameras) > len(pictures):
            self.cameras.pop().close()
        while len(self.cameras) < len(pictures):
            self.cameras.append(PictureFeed(self._clock))
        for feed, picture in zip(self.cameras, pictures, strict=True):
            feed.follow(picture)

    def _look(self) -> None:
        """Look for a show to follow; keep one whose process lives but is silent."""
        try:
            sessions = find_sessions()
            if self._wanted:
                sessions = [info for info in sessions if info.name == self._wanted]
            if self._info is not None and self._info in sessions and self._link is not None:
                return
            if self._link is not None and not sessions:
                self.close()
            if sessions:
                self._connect(sessions[0])
            elif self.situation.contact is Contact.CONNECTING:
                self._be(Contact.NONE)
            elif self.situation.fault:
                self._be(self.situation.contact)
        except DeskError as fault:
            self._be(self.situation.contact, str(fault))

    def _connect(self, info: SessionInfo) -> None:
        link = DeskLink(info.folder)
        link.ignore(self._ignored)
        self.close()
        self._link, self._info = link, info
        self._heard_at = self._clock()
        self._be(Contact.CONNECTING)

    def _be(self, contact: Contact, fault: str = "") -> None:
        title = "" if self._info is None else self._info.title
        self.situation = Situation(contact, self._wanted, title, fault)
