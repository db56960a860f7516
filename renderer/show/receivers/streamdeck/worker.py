"""Draw a Stream Deck's keys and open it again when it was unplugged, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import Final

from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.show.receivers.streamdeck.device import KeyDeck, KeyDecks
from renderer.show.receivers.streamdeck.faces import Face, draw_face

MOST_PRESSES: Final = 64
"""Presses that wait for the next frame; more are dropped and counted."""
_LOOK_S: Final = 0.05
"""Seconds between two looks at what the keys should show: USB takes about 2 ms a key."""
_RETRY_S: Final = 2.0

_log: Final = logging.getLogger(__name__)


class DeckWorker(Closing):
    """Keeps one device.

    Args:
        decks: where devices are opened.
        serial, brightness: of the device.
        retry_s: seconds between two tries to open it.

    Attributes:
        faces: what the keys should show, from the first; replaced as a whole.
        presses: keys, from 0, that were pressed and not read yet.
        received, dropped: presses.
        name, keys: of the device; the last one's while there is none.
        fault: why there is none, a sentence; empty while there is one.

    Raises:
        RendererError: the device cannot be opened.
    """

    def __init__(
        self, decks: KeyDecks, serial: str, brightness: int, retry_s: float = _RETRY_S
    ) -> None:
        self._decks, self._serial, self._brightness = decks, serial, brightness
        self._retry_s = retry_s
        self.faces: tuple[Face, ...] = ()
        self.presses: deque[int] = deque()
        self.received = self.dropped = 0
        self.fault = ""
        self._deck: KeyDeck | None = self._open()
        self._shown: dict[int, Face] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="Stream Deck", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close the device. Idempotent."""
        self._done.set()
        self._thread.join()
        self._let_go()

    def _open(self) -> KeyDeck:
        deck = self._decks.open(self._serial, self._brightness, self._note_press)
        self.name, self.keys = deck.name, deck.keys
        return deck

    def _note_press(self, key: int, is_down: bool) -> None:
        if not is_down:
            return
        self.received += 1
        if len(self.presses) >= MOST_PRESSES:
            self.dropped += 1
            return
        self.presses.append(key)

    def _run(self) -> None:
        pause = 0.0
        while not self._done.wait(pause):
            pause = _LOOK_S
            try:
                if self._deck is None:
                    self._deck = self._open()
                    self.fault = ""
                self._draw(self._deck)
            except RendererError as fault:
                self.fault, pause = str(fault), self._retry_s
            except OSError as fault:
                self._lose(f"is unplugged ({fault})")
                pause = self._retry_s
            except Exception as fault:  # noqa: BLE001 - whatever a driver raises, the show goes on
                _log.exception("the Stream Deck")
                self._lose(f"failed ({type(fault).__name__})")
                pause = self._retry_s

    def _draw(self, deck: KeyDeck) -> None:
        if not deck.is_connected:
            raise OSError("no device")
        for key, face in enumerate(self.faces[: deck.keys]):
            if self._shown.get(key) != face:
                deck.show(key, draw_face(face, deck.size))
                self._shown[key] = face

    def _lose(self, why: str) -> None:
        self.fault = f"{self.name} {why}; it is used as soon as it is back"
        self._let_go()

    def _let_go(self) -> None:
        deck, self._deck = self._deck, None
        self._shown.clear()
        if deck is not None:
            deck.close()
