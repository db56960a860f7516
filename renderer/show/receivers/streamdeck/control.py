"""Execute what the keys of a Stream Deck call, and show on them what the show has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from renderer.closing import Closing
from renderer.protocol.control.receivers import ReceiverStatus
from renderer.protocol.cues import CuesHealth
from renderer.protocol.schema import Command, Reply
from renderer.show.control.addresses import find_command
from renderer.show.document.entries.streamdeck import DeckKeyEntry, StreamDeckEntry
from renderer.show.receivers.feedback_values import list_values
from renderer.show.receivers.streamdeck.device import KeyDecks
from renderer.show.receivers.streamdeck.faces import Face, find_face
from renderer.show.receivers.streamdeck.worker import DeckWorker

_EVERY_NS: Final = 100_000_000
"""Interval at which the keys follow the show, nanoseconds."""
_USUAL: Final = ("/go", "/back", "/auto", "/pause")
"""What the first keys call where the document names none."""

Handle = Callable[[Command, Callable[[Reply], None]], None]


class StreamDeckControl(Closing):
    """The Stream Deck of a show. Belongs to the tick's thread.

    Args:
        entry: of the document.
        decks: where the device is opened.
        handle: executes commands.
        cameras: numbers of the show's cameras.
        read_cues: returns the status that the keys show; None if the show has no cues.

    Raises:
        RendererError: the device cannot be opened, or a key calls nothing.
    """

    def __init__(
        self,
        entry: StreamDeckEntry,
        decks: KeyDecks,
        handle: Handle,
        cameras: Sequence[int],
        read_cues: Callable[[], CuesHealth] | None = None,
    ) -> None:
        self._handle, self._read_cues = handle, read_cues
        keys = entry.keys or list_usual(cameras)
        self._commands = {
            one.key - 1: find_command(one.address, {**one.arguments, "operator": entry.operator})
            for one in keys
        }
        self._keys = {one.key - 1: one for one in keys}
        self._fault = self._newest = ""
        self._unknown = 0
        self._due_ns = 0
        self._worker = DeckWorker(decks, entry.serial, entry.brightness)

    def poll(self, now_ns: int) -> None:
        """Execute what was pressed since the last frame, and change the keys that differ."""
        presses = self._worker.presses
        for _ in range(len(presses)):
            key = presses.popleft()
            command = self._commands.get(key)
            self._newest = f"key {key + 1}"
            if command is None:
                self._unknown += 1
            else:
                self._handle(command, self._note_reply)
        if now_ns >= self._due_ns and self._read_cues is not None:
            self._due_ns = now_ns + _EVERY_NS
            cues = self._read_cues()
            values = list_values(cues)
            running = {cue.number for one in cues.lists for cue in one.running}
            last = max(self._keys, default=-1)
            self._worker.faces = tuple(
                find_face(self._keys[key], values, running) if key in self._keys else Face()
                for key in range(last + 1)
            )

    def statuses(self) -> list[ReceiverStatus]:
        """Return the status of the receiver."""
        worker = self._worker
        return [
            ReceiverStatus(
                "Stream Deck", f"{worker.name}, {worker.keys} keys", "", worker.received,
                self._unknown, dropped=worker.dropped, newest=self._newest,
                fault=worker.fault or self._fault,
            )
        ]  # fmt: skip

    def close(self) -> None:
        """Close the device. Idempotent."""
        self._worker.close()

    def _note_reply(self, reply: Reply) -> None:
        if not reply.ok:
            self._fault = reply.text


def list_usual(cameras: Sequence[int]) -> list[DeckKeyEntry]:
    """Return the keys of a show that names none."""
    addresses = [*_USUAL, *(f"/camera/{number}" for number in cameras)]
    return [DeckKeyEntry(key=key, address=address) for key, address in enumerate(addresses[:64], 1)]
