"""Pass a show's status and pictures to desks on other machines, and their commands to the show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.protocol.inputs import InputsHealth
from renderer.protocol.pictures import LEASE_S, AskPicture, PicturesHealth, PictureStatus
from renderer.protocol.roles import includes
from renderer.protocol.schema import Command, Reply, Section, command_decoder, topic_of
from renderer.protocol.show import ShowDocument
from renderer.show.control.permissions import find_role
from renderer.transport.bus import DeskLink
from renderer.transport.latest import LatestPicture
from renderer.transport.machines.jpeg import encode_jpeg
from renderer.transport.machines.messages import (
    UNREADABLE,
    DeskAnswer,
    DeskCommand,
    DeskPicture,
    DeskSection,
)
from renderer.transport.machines.store import PairedMachine
from renderer.transport.machines.switchboard import Switchboard

_PICTURES_EVERY_S: Final = 1 / 12
_OPEN_EVERY_S: Final = 1.0
_MOST_WAITING: Final = 1000
"""Commands without an answer that are remembered: more than desks can give in an answer's time."""


class _Picture:
    """A shared picture of the show, and when it is looked for again."""

    def __init__(self) -> None:
        self.file: LatestPicture | None = None
        self.look_at = 0.0

    def read(self, status: PictureStatus, now: float) -> DeskPicture | None:
        """Return the picture as JPEG if it is new."""
        if now >= self.look_at:
            # It may have been created again under the same name.
            self.close()
            self.look_at = now + _OPEN_EVERY_S
            try:
                self.file = LatestPicture.open(status.path)
            except DeskError:
                return None
        if self.file is None or (read := self.file.read()) is None:
            return None
        self.look_at = now + _OPEN_EVERY_S
        pixels, t_ns = read
        if (jpeg := encode_jpeg(pixels)) is None:
            return None
        return DeskPicture(status.path, self.file.width, self.file.height, jpeg, t_ns)

    def close(self) -> None:
        """Close the file."""
        if self.file is not None:
            self.file.close()
            self.file = None


class DeskBridge(Closing):
    """One desk towards the show, for all desks on other machines.

    Args:
        folder: of the session.

    Raises:
        DeskError: the show's bus is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._link = DeskLink(folder)
        self._decoder = command_decoder()
        self._encoder = msgspec.msgpack.Encoder()
        self._asked: dict[int, tuple[bytes, int]] = {}
        self._inputs, self._document = InputsHealth(), ShowDocument()
        self._shared = PicturesHealth()
        self._wanted: dict[tuple[str, int, int], float] = {}
        self._pictures: dict[str, _Picture] = {}
        self._pictures_at = 0.0
        self._board: Switchboard | None = None

    def attach(self, board: Switchboard) -> None:
        """Use a switchboard to reach the desks."""
        self._board = board

    def handle(self, machine: PairedMachine, command: DeskCommand, desk: bytes) -> None:
        """Pass a desk's command to the show, as far as the machine's role goes."""
        refusal = self._pass_on(machine, command, desk)
        if refusal and self._board is not None:
            self._board.send(desk, DeskAnswer(command.number, Reply(False, refusal)))

    def serve(self) -> None:
        """Pass on the show's answers, status and pictures."""
        board = self._board
        sections = self._link.latest_sections()
        answers = list(self._link.replies())
        if board is None:
            return
        for number, reply in answers:
            if (asked := self._asked.pop(number, None)) is not None:
                board.send(asked[0], DeskAnswer(asked[1], reply))
        for section in sections:
            self._note(section)
        if not (desks := board.desks()):
            return
        for section in sections:
            message = DeskSection(topic_of(type(section)), self._encoder.encode(section))
            for desk in desks:
                board.send(desk, message)
        for picture in self._new_pictures():
            for desk in desks:
                board.send(desk, picture)

    def close(self) -> None:
        """Disconnect from the show. Idempotent."""
        for picture in self._pictures.values():
            picture.close()
        self._pictures.clear()
        self._link.close()

    def _pass_on(self, machine: PairedMachine, asked: DeskCommand, desk: bytes) -> str:
        """Post a command; return why it cannot be, or an empty text."""
        try:
            command: Command = self._decoder.decode(asked.command)
        except UNREADABLE as fault:
            return f"The command cannot be read: {fault}."
        if not includes(machine.role, wanted := find_role(command)):
            return (
                f"Machine {machine.name} is paired with the role {machine.role.value}, and this "
                f"needs the role {wanted.value}; pair it again as {wanted.value}."
            )
        left_s = (asked.expires_ns - time.monotonic_ns()) / 1e9
        if left_s <= 0.0:
            return "The command came too late; try again."
        if isinstance(command, AskPicture):
            size = command.view, command.width, command.height
            self._wanted[size] = time.monotonic() + LEASE_S
        if not command.operator:
            command = msgspec.structs.replace(command, operator=machine.name)
        try:
            number = self._link.post(command, left_s)
        except DeskError as fault:
            return f"{fault}."
        if len(self._asked) >= _MOST_WAITING:
            self._asked.pop(next(iter(self._asked)))
        self._asked[number] = desk, asked.number
        return ""

    def _note(self, section: Section) -> None:
        match section:
            case InputsHealth():
                self._inputs = section
            case ShowDocument():
                self._document = section
            case PicturesHealth():
                self._shared = section

    def _new_pictures(self) -> Iterator[DeskPicture]:
        now = time.monotonic()
        if now < self._pictures_at:
            return
        self._pictures_at = now + _PICTURES_EVERY_S
        followed = {one.path: one for one in self._followed(now)}
        for path in self._pictures.keys() - followed.keys():
            self._pictures.pop(path).close()
        for path, status in followed.items():
            picture = self._pictures.setdefault(path, _Picture())
            if (new := picture.read(status, now)) is not None:
                yield new

    def _followed(self, now: float) -> Iterator[PictureStatus]:
        """Yield the pictures that every desk shows, and those that one has asked for."""
        self._wanted = {size: until for size, until in self._wanted.items() if now < until}
        trial = self._inputs.trial
        if trial is not None and trial.picture is not None:
            yield trial.picture
        for camera in self._inputs.cameras:
            if camera.picture is not None:
                yield camera.picture
        if self._document.program is not None:
            yield self._document.program
        for one in self._shared.pictures:
            if (one.view, one.picture.width, one.picture.height) in self._wanted:
                yield one.picture
