"""Feed a show with the motion of a guest, in the form of a suit's data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from renderer.capture.process.messages import SourceInfo
from renderer.errors import CaptureError
from renderer.motion.core.sources import Entry, Source
from renderer.show.guests.exchange import Presence
from renderer.show.guests.packet import RATE, GuestMotion, decode
from renderer.show.guests.queue import PlayoutQueue
from renderer.show.guests.station import GuestStation
from renderer.show.inputs.health import Flow, Health

_FLOWS: Final = {
    Presence.AWAITED: Flow.OPENING,
    Presence.CONNECTED: Flow.FLOWING,
    Presence.LOST: Flow.RECONNECTING,
}


class GuestFeed:
    """Plays a guest's motion at its playout times.

    While messages are missing the motion is continued for a moment, held, and eased to the idle
    pose, as any source that falls silent; see motion.mixing.layers.
    """

    performers: Final = 1
    lost: Final = False
    ended: Final = False
    end_ns: Final = 0
    began_ns: Final = None
    broken_off: Final = ""

    def __init__(self, station: GuestStation, guest: str) -> None:
        """Await the guest.

        Args:
            station: closed with the last of its feeds.
            guest: the name.
        """
        self._station, self._guest = station, guest
        self.guest: Final = guest
        self._queue = PlayoutQueue()
        self._joined = 0
        self.info = SourceInfo(f"guest {guest}", (0, 0), RATE, None, None)

    @property
    def dropped(self) -> int:
        """See Feed."""
        return self._queue.late + self._queue.dropped

    @property
    def warnings(self) -> list[str]:
        """See Feed."""
        return list(self.losses.values())

    @property
    def losses(self) -> Mapping[str, str]:
        """See Feed."""
        found: dict[str, str] = {}
        state = self._station.state(self._guest)
        if self._station.fault:
            found["guests"] = self._station.fault
        if state is not None and state.fault:
            found["guest"] = f"Guest {self._guest} did not join: {state.fault}"
        if state is not None and state.refused:
            found["guest.refused"] = (
                f"Guest {self._guest}: {state.refused} messages were malformed or too many and "
                "were left out"
            )
        return found

    @property
    def health(self) -> Health:
        """See Feed; the latency is the delay with which the guest is shown."""
        state = self._station.state(self._guest)
        if state is None:
            return Health(Flow.OPENING, detail=self._station.fault)
        queue = self._queue
        sent = queue.taken + queue.lost
        detail = f"{queue.lost} of {sent} messages were lost" if queue.lost else ""
        rate = RATE if state.presence is Presence.CONNECTED else 0.0
        return Health(_FLOWS[state.presence], rate, state.delay_ms, state.fault or detail)

    @property
    def way_ms(self) -> float:
        """Return how long the song takes to the guest and back, ms; 0 if that is not known."""
        state = self._station.state(self._guest)
        return 0.0 if state is None else state.way_ms

    def await_person(self) -> None:
        """Raise: a guest performs while the show is live."""
        raise CaptureError(f"Guest {self._guest}", "performs only in a live show", "add --live")

    def until(self, t_ns: int) -> Iterator[Entry]:
        """See Feed; also yields the motion after that time, if it has arrived."""
        for arrived in self._station.drain(self._guest):
            if arrived.joined != self._joined:
                self._joined = arrived.joined
                self._queue.restart()
            message = decode(arrived.data)
            if isinstance(message, GuestMotion):
                self._queue.put(arrived.play_ns, message)
        for play_ns, message in self._queue.take(t_ns):
            body, face = message.records(play_ns)
            if face is not None:
                yield Entry(Source.SUIT_FACE, 0, face)
            yield Entry(Source.SUIT, 0, body)

    def close(self) -> None:
        """See Feed."""
        self._station.release(self._guest)
