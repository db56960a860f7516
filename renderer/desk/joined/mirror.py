"""Repeat a show of another machine on this one: its status, pictures and commands.

The mirror registers a session of its own, which desks and commands on this machine find like that
of any show. Paths of pictures in the status are replaced by those of the mirror's own files.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.protocol.inputs import InputsHealth
from renderer.protocol.pictures import PicturesHealth, PictureStatus
from renderer.protocol.schema import Command, Reply, Section, section_types, topic_of
from renderer.protocol.show import ShowDocument
from renderer.transport.bus import ReplyFunction, ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.jpeg import decode_jpeg
from renderer.transport.machines.member import Membership
from renderer.transport.machines.messages import (
    UNREADABLE,
    DeskAnswer,
    DeskCommand,
    DeskPicture,
    DeskSection,
)
from renderer.transport.session import announce

_LIFETIME_S: Final = 4.0
"""Seconds for which a command may be executed; a desk gives up after five."""
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_MOST_PICTURES: Final = 64


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A command without an answer; `until` is in seconds of the monotonic clock."""

    reply: ReplyFunction
    until: float


class ShowMirror(Closing):
    """One show of another machine.

    Attributes:
        session: name of the session under which it is found.
    """

    def __init__(self, member: Membership, machine: str) -> None:
        """Register the session.

        Args:
            member: this machine's part in the show.
            machine: that gives the show.

        Raises:
            DeskError: the session's folder or bus cannot be created.
        """
        self._member, self._machine = member, machine
        self._session = announce(f"the show on {machine}")
        try:
            self._endpoint = ShowEndpoint(self._session.folder)
        except BaseException:
            self._session.close()
            raise
        self.session = self._session.info.name
        self._decoders = {topic_of(kind): msgspec.msgpack.Decoder(kind) for kind in section_types()}
        self._encoder = msgspec.msgpack.Encoder()
        self._number = 0
        self._waiting: dict[int, _Waiting] = {}
        self._pictures: dict[str, LatestPicture] = {}

    def serve(self) -> None:
        """Pass on what has arrived from the show and from this machine's desks."""
        self._member.keep_up()
        for message in self._member.messages():
            match message:
                case DeskSection(topic, payload):
                    self._publish(topic, payload)
                case DeskPicture():
                    self._show(message)
                case DeskAnswer(number, reply):
                    if (waiting := self._waiting.pop(number, None)) is not None:
                        waiting.reply(reply)
        for command, answer in self._endpoint.commands():
            self._pass_on(command, answer)
        now = time.monotonic()
        for number in [key for key, one in self._waiting.items() if now > one.until]:
            self._waiting.pop(number).reply(self._refuse("does not answer"))

    def close(self) -> None:
        """Remove the session. Idempotent."""
        for picture in self._pictures.values():
            picture.close()
        self._pictures.clear()
        self._endpoint.close()
        self._session.close()

    def _pass_on(self, command: Command, answer: ReplyFunction) -> None:
        clock = self._member.clock
        if not (self._member.is_welcome and clock.is_known):
            answer(self._refuse("is not reached"))
            return
        self._number += 1
        expires_ns = time.monotonic_ns() + clock.offset_ns + int(_LIFETIME_S * 1e9)
        raw = msgspec.Raw(self._encoder.encode(command))
        self._waiting[self._number] = _Waiting(answer, time.monotonic() + _LIFETIME_S)
        self._member.send(DeskCommand(self._number, expires_ns, raw))

    def _publish(self, topic: bytes, payload: bytes) -> None:
        decoder = self._decoders.get(topic)
        if decoder is None:
            return
        try:
            section: Section = decoder.decode(payload)
        except UNREADABLE:
            return
        self._endpoint.publish(self._localise(section))

    def _localise(self, section: Section) -> Section:
        """Return a section in which pictures are where the mirror writes them."""
        replace = msgspec.structs.replace
        match section:
            case InputsHealth():
                cameras = [replace(one, picture=self._move(one.picture)) for one in section.cameras]
                trial = section.trial
                if trial is not None:
                    trial = replace(trial, picture=self._move(trial.picture))
                return replace(section, cameras=cameras, trial=trial)
            case ShowDocument():
                return replace(section, program=self._move(section.program))
            case PicturesHealth():
                moved = [(one, self._move(one.picture)) for one in section.pictures]
                pictures = [replace(one, picture=to) for one, to in moved if to is not None]
                return replace(section, pictures=pictures)
        return section

    def _move(self, picture: PictureStatus | None) -> PictureStatus | None:
        if picture is None or (path := self._find_path(picture.path)) is None:
            return None
        return msgspec.structs.replace(picture, path=str(path))

    def _find_path(self, theirs: str) -> Path | None:
        """Return where a picture is on this machine; None if its name cannot be a file's."""
        name = re.split(r"[/\\]", theirs)[-1]
        return self._session.folder / name if _SAFE.fullmatch(name) else None

    def _show(self, message: DeskPicture) -> None:
        path = self._find_path(message.path)
        size = message.width, message.height
        pixels = None if path is None else decode_jpeg(message.jpeg, *size)
        if path is None or pixels is None:
            return
        picture = self._pictures.get(path.name)
        if picture is None or (picture.width, picture.height) != size:
            if picture is not None:
                picture.close()
            elif len(self._pictures) >= _MOST_PICTURES:
                return
            try:
                picture = self._pictures[path.name] = LatestPicture.create(path, *size)
            except DeskError:
                self._pictures.pop(path.name, None)
                return
        picture.publish(pixels, message.t_ns)

    def _refuse(self, fault: str) -> Reply:
        return Reply(False, f"The show on {self._machine} {fault}; see the network.")
