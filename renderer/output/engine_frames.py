"""Take an engine's frames in the media process; another engine may follow with another link."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

import numpy as np
import numpy.typing as npt

from renderer.transport.link import Link, receive_link
from renderer.transport.pixel_layout import PixelLayout
from renderer.transport.ring import EndOfFrames, FrameHeader, PeerGone, RingReader

_log = logging.getLogger(__name__)


class EngineFrames:
    """The frames of the newest engine. Belongs to one thread.

    Args:
        channel: brings the ends of links to engines, one after another.
        live: whether the show goes on without an engine.
        serve: called with each link, to answer the engine's requests.

    Attributes:
        held: the newest frame's planes, to be repeated; None before the first.
        layout: of their bytes.
        previous: planes and layout of the frame before it, until the next call of `take`; None if
            there is none.
    """

    def __init__(self, channel: Connection, *, live: bool, serve: Callable[[Link], None]) -> None:
        self._channel, self._live, self._serve = channel, live, serve
        self._links: queue.SimpleQueue[Link] = queue.SimpleQueue()
        self._ring: RingReader | None = None
        self._is_held_in_ring = self._is_previous_in_ring = False
        self.held: npt.NDArray[np.uint8] | None = None
        self.layout = PixelLayout.I420
        self.previous: tuple[npt.NDArray[np.uint8], PixelLayout] | None = None
        threading.Thread(target=self._receive_links, name="links", daemon=True).start()

    def take(self, timeout: float) -> tuple[FrameHeader, npt.NDArray[np.uint8]] | None:
        """Return the next frame, which stays valid until the one after the next is taken.

        Args:
            timeout: seconds after which None is returned.

        Raises:
            EndOfFrames: the show is finished, or offline its engine is gone.
        """
        self._release_previous()
        if self._ring is None:
            with suppress(queue.Empty):
                self._attach(self._links.get(timeout=timeout))
            return None
        with suppress(queue.Empty):
            self._attach(self._links.get_nowait())
        try:
            taken = self._ring.take(timeout)
        except PeerGone:
            self._detach()
            if not self._live:
                raise EndOfFrames from None
            _log.error("the engine is gone; its last picture is held")
            return None
        if taken is None:
            return None
        if self.held is not None:
            self.previous = self.held, self.layout
        self._is_previous_in_ring = self._is_held_in_ring
        header, self.held = taken
        self.layout, self._is_held_in_ring = header.layout, True
        return taken

    def _release_previous(self) -> None:
        """Give the slot of the frame before the newest back to the engine."""
        if self._is_previous_in_ring and self._ring is not None:
            self._ring.release()
        self.previous, self._is_previous_in_ring = None, False

    def _receive_links(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._links.put(receive_link(self._channel))

    def _attach(self, link: Link) -> None:
        """Take frames from another engine, and let its requests be answered."""
        self._detach()
        self._ring = RingReader(link.ring)
        self._serve(link)

    def _detach(self) -> None:
        """Close the ring of an engine; its last frame remains, to be repeated."""
        if self._ring is None:
            return
        if self.held is not None:
            self.held, self._is_held_in_ring = self.held.copy(), False
        self._ring.close()
        self._ring = None
