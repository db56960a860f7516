"""Open Stream Decks behind a protocol of keys and pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Protocol

from PIL import Image

from renderer.errors import SetupError, ShowError

Press = Callable[[int, bool], None]
"""Receives a key, from 0, and whether it is pressed, on the device's thread."""


class KeyDeck(Protocol):
    """An open device.

    Attributes:
        name: for the crew.
        keys: number of its keys.
        size: (width, height) of a key's picture, pixels.
    """

    name: str
    keys: int
    size: tuple[int, int]

    @property
    def is_connected(self) -> bool:
        """Return whether the device is still plugged in."""
        ...

    def show(self, key: int, picture: Image.Image) -> None:
        """Show an RGB picture of `size` on a key, from 0.

        Raises:
            OSError: the device is gone.
        """
        ...

    def close(self) -> None:
        """Clear the keys and receive nothing more. Idempotent."""
        ...


class KeyDecks(Protocol):
    """The Stream Decks of a machine."""

    def open(self, serial: str, brightness: int, press: Press) -> KeyDeck:
        """Open the device with a serial number, or the first one.

        Raises:
            SetupError: a library is missing.
            ShowError: there is no such device, or it cannot be opened.
        """
        ...


class SystemDecks:
    """The decks on USB, by the package streamdeck.

    Args:
        transport: of the package; None for USB.
    """

    def __init__(self, transport: str | None = None) -> None:
        self._transport = transport

    def open(self, serial: str, brightness: int, press: Press) -> KeyDeck:
        """Open a device; see `KeyDecks`."""
        try:
            from StreamDeck.DeviceManager import DeviceManager, ProbeError
        except ImportError as fault:
            raise SetupError(
                "Stream Deck",
                "needs the package streamdeck",
                "pip install 'encore-renderer[streamdeck]'",
            ) from fault
        try:
            found = DeviceManager(self._transport).enumerate()
        except ProbeError as fault:
            raise SetupError(
                "Stream Deck", "needs HIDAPI", "install the system's libhidapi-libusb0"
            ) from fault
        for deck in found:
            if not deck.is_visual():
                continue
            if (opened := _try(deck, serial, brightness, press)) is not None:
                return opened
        what = f"Stream Deck {serial}".strip()
        raise ShowError(
            what, "is not there or used by another program", "connect it, or close Elgato's program"
        )


class _Deck:
    """An open device of the package."""

    def __init__(self, deck: Any, serial: str) -> None:
        self._deck: Any = deck
        self._format = deck.key_image_format()
        self.name = f"{deck.deck_type()} {serial}".strip()
        self.keys = int(deck.key_count())
        self.size: tuple[int, int] = tuple(self._format["size"])

    @property
    def is_connected(self) -> bool:
        """Return whether the device is still plugged in."""
        return self._deck is not None and bool(self._deck.is_open() and self._deck.connected())

    def show(self, key: int, picture: Image.Image) -> None:
        """Show a picture on a key."""
        if self._format["rotation"]:
            picture = picture.rotate(self._format["rotation"], expand=True)
        if self._format["flip"][0]:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if self._format["flip"][1]:
            picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        data = io.BytesIO()
        picture.save(data, self._format["format"], quality=95)
        try:
            with self._deck:
                self._deck.set_key_image(key, data.getvalue())
        except Exception as fault:
            # The package's TransportError is a plain Exception.
            raise OSError(str(fault) or type(fault).__name__) from fault

    def close(self) -> None:
        """Clear the keys and close the device. Idempotent."""
        deck, self._deck = self._deck, None
        if deck is None:
            return
        try:
            deck.set_key_callback(None)
            deck.reset()
        except Exception:  # noqa: BLE001 - it is unplugged
            pass
        deck.close()


def _try(deck: Any, serial: str, brightness: int, press: Press) -> _Deck | None:
    """Return the device if it can be opened and is the one that is meant."""

    def receive(_deck: object, key: int, is_down: bool) -> None:
        press(key, is_down)

    try:
        deck.open()
        known = str(deck.get_serial_number()).strip("\0 ")
        if serial in ("", known):
            deck.reset()
            deck.set_brightness(brightness)
            deck.set_key_callback(receive)
            return _Deck(deck, known)
        deck.close()
    except Exception:  # noqa: BLE001 - another program has it, or it is just being unplugged
        return None
    return None
