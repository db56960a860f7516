"""Derive the rows of the outputs from a status. No Qt."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import NOTHING, Level
from renderer.desk.widgets.observable import Observable
from renderer.protocol.outputs import OutputsHealth, OutputState, OutputStatus
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

RATE_S: Final = 3.0
"""Time over which a bit rate is measured, seconds."""
HISTORY: Final = 600
"""Seconds of bit rate that are kept."""
_FILES: Final = frozenset({"mp4", "mkv", "mov", "hls"})


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One output.

    Attributes:
        address: without its key.
        rate: bit rate with its unit; or a dash.
        time: since its first picture, in words.
        detail: why it is in its state; or empty.
    """

    name: str
    kind: str
    address: str
    state: str
    level: Level
    rate: str
    dropped: str
    size: str
    time: str
    detail: str


class OutputsModel:
    """The outputs' model, with the bit rate of the last ten minutes.

    Attributes:
        rates: kbit/s of each output by its name, one a second, the newest last.
    """

    sections: tuple[type[Section], ...] = (OutputsHealth, ShowHealth)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._sent: dict[str, deque[tuple[float, int]]] = {}
        self._kept_at = 0.0
        self.rates: dict[str, deque[float]] = {}
        self.rows: Observable[tuple[OutputRow, ...]] = Observable(())
        self.ticks = Observable(0)

    def update(self, status: Status) -> None:
        """Derive the rows from a status."""
        now = time.monotonic()
        outputs = status.of(OutputsHealth).outputs
        is_known = self._desk.in_contact.value
        rows = []
        keeps = now - self._kept_at >= 1.0
        for one in outputs:
            rate = self._rate(one, now)
            if keeps:
                self.rates.setdefault(one.name, deque(maxlen=HISTORY)).append(rate)
            rows.append(output_row(one, is_known, rate))
        if keeps:
            self._kept_at = now
            self.ticks.set(self.ticks.value + 1)
        self.rows.set(tuple(rows))

    def choose(self, place: int) -> None:
        """Choose an output for its details and the next press."""
        if place < len(self.rows.value):
            self._desk.selected_output.set(self.rows.value[place].name)

    def _rate(self, output: OutputStatus, now: float) -> float:
        """Return an output's bit rate, kbit/s."""
        sent = self._sent.setdefault(output.name, deque())
        if sent and output.bytes < sent[-1][1]:
            sent.clear()  # It has restarted.
        sent.append((now, output.bytes))
        while len(sent) > 2 and now - sent[0][0] > RATE_S:
            sent.popleft()
        (began, first), (ended, last) = sent[0], sent[-1]
        return (last - first) * 8e-3 / (ended - began) if ended - began > 0.2 else 0.0


def output_row(output: OutputStatus, is_known: bool, rate: float = 0.0) -> OutputRow:
    """Return an output's row; if the show is silent, the last state is marked as unconfirmed."""
    runs = output.state in (OutputState.RUNNING, OutputState.STALLED)
    return OutputRow(
        name=output.name,
        kind=output.kind,
        address=formatting.address(output.address),
        state=output.state.value if is_known else f"{output.state.value}?",
        level=formatting.output_level(output.state) if is_known else Level.IDLE,
        rate=bit_rate(rate) if runs and rate > 0 else NOTHING,
        dropped=formatting.count(output.dropped),
        size=formatting.data_size(output.bytes),
        time=formatting.time_code(output.seconds) if output.seconds > 0 else NOTHING,
        detail=formatting.remove_secrets(output.detail),
    )


def bit_rate(kilobits: float) -> str:
    """Return 5980.2 as 5 980."""
    return formatting.count(round(kilobits))
