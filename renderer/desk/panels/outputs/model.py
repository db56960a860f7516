"""Derive the rows of the outputs from a status. No Qt."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from renderer.desk.messages import translate
from renderer.desk.remember import remember_newest
from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import NOTHING, Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.outputs import (
    GoLive,
    OutputsHealth,
    OutputState,
    OutputStatus,
    StartOutput,
)
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

HISTORY: Final = 600
"""Seconds of bit rate that are kept."""
FIGURES_S: Final = 0.5
"""Time for which figures stand while no state changes, seconds."""
SHORT_S: Final = 600.0
"""Time left on a disk below which a row warns, seconds; the engine's alarm begins there too."""
START: Final = "outputs.start"
RETRY: Final = "outputs.retry"
STOP: Final = "outputs.stop"
PLANNED: Final = "planned"
"""State of an output that has not been opened."""
_FILES: Final = frozenset({"mp4", "mkv", "mov"})


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One output.

    Attributes:
        name: by which commands refer to it; the address of one that is only planned.
        target: address by which the show starts it; it may contain a key, and is never shown.
        address: for the operator, without its key.
        state: of the protocol, or "planned".
        word: of the state, in the operator's language.
        rate: kbit/s; or a dash.
        dropped: frames and packets that it lacks.
        cause: what they are lacking for, or how long the disk has room; empty for neither.
        is_short: whether the cause deserves attention.
        reconnects: how often its connection was lost; or a dash for files.
        time: since its first picture.
        detail: why it is in its state; or empty.
        buttons: ids of the actions that it can take now.
    """

    name: str
    kind: str
    target: str = field(repr=False)
    address: str
    state: str
    word: str
    level: Level
    rate: str = NOTHING
    dropped: str = NOTHING
    cause: str = ""
    is_short: bool = False
    reconnects: str = NOTHING
    time: str = NOTHING
    detail: str = ""
    buttons: tuple[str, ...] = ()


class OutputsModel:
    """The outputs' model, with the bit rate of the last ten minutes.

    Attributes:
        rates: kbit/s of each output by its name, one a second, the newest last.
        statuses: by the outputs' names.
    """

    sections: tuple[type[Section], ...] = (OutputsHealth, ShowHealth)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._kept_at = self._shown_at = 0.0
        self._states: object = None
        self.rates: dict[str, deque[float]] = {}
        self.statuses: dict[str, OutputStatus] = {}
        self.rows: Observable[tuple[OutputRow, ...]] = Observable(())
        self.ticks = Observable(0)

    def update(self, status: Status) -> None:
        """Derive the rows from a status."""
        now = time.monotonic()
        health = status.of(OutputsHealth)
        self.statuses = {one.name: one for one in health.outputs}
        if now - self._kept_at >= 1.0:
            self._kept_at = now
            for one in health.outputs:
                self.rates.setdefault(one.name, deque(maxlen=HISTORY)).append(one.kbit_s)
            self.ticks.set(self.ticks.value + 1)
        is_known = self._desk.in_contact.value
        states = [(one.name, one.state, one.detail) for one in health.outputs]
        newest = is_known, states, health.planned
        # A state is shown at once, a figure that flickers at ten times a second is not.
        if newest != self._states or now >= self._shown_at + FIGURES_S:
            self._states, self._shown_at = newest, now
            self.rows.set(output_rows(health, is_known=is_known))

    def choose(self, place: int) -> None:
        """Choose an output for its details and the next press; a first press is cancelled."""
        if place < len(self.rows.value):
            name = self.rows.value[place].name
            if name != self._desk.selected_output.value:
                self._desk.board.disarm()
                self._desk.selected_output.set(name)

    def press(self, place: int, id: str) -> None:
        """Press a button of a row: the same action as by its key."""
        self.choose(place)
        self._desk.press(id)

    def add(self, address: str) -> None:
        """Start another output: alone on air, otherwise by going live with every planned one."""
        if not (address := address.strip()):
            return
        is_on_air = self._desk.status.of(ShowHealth).state is ShowState.ON_AIR
        self._desk.ask(StartOutput(address) if is_on_air else GoLive(address, without_failed=True))


@remember_newest
def output_rows(health: OutputsHealth, *, is_known: bool) -> tuple[OutputRow, ...]:
    """Return the rows: opened outputs, then planned ones.

    An output that has ended and was started again has one row only.

    Args:
        health: as published.
        is_known: whether the show answers; if not, the last states are marked as unconfirmed.
    """
    live = {one.address for one in health.outputs if not one.state.is_over}
    shown = [
        one
        for one in health.outputs
        if one.state is not OutputState.ENDED or one.address not in live
    ]
    return (
        *(_opened_row(one, is_known) for one in shown),
        *(_planned_row(address) for address in health.planned),
    )


def _opened_row(one: OutputStatus, is_known: bool) -> OutputRow:
    runs = one.state in (OutputState.RUNNING, OutputState.STALLED)
    word = state_word(one.state.value)
    cause, is_short = describe_cause(one)
    is_file = one.kind in _FILES
    lost = sum(change.state is OutputState.RETRYING for change in one.history)
    is_over = one.state.is_over
    return OutputRow(
        name=one.name,
        kind=one.kind,
        target=one.address,
        address=formatting.address(one.address),
        state=one.state.value,
        word=word if is_known else f"{word}?",
        level=formatting.output_level(one.state) if is_known else Level.IDLE,
        rate=bit_rate(one.kbit_s) if runs and one.kbit_s > 0 else NOTHING,
        dropped=formatting.count(one.dropped or _sum_drops(one)),
        cause=cause,
        is_short=is_short,
        reconnects=NOTHING if is_file else formatting.count(lost),
        time=formatting.time_code(one.seconds) if one.seconds > 0 else NOTHING,
        detail=formatting.remove_secrets(translate(one.detail)),
        buttons=(START,) if is_over else (STOP,) if is_file else (RETRY, STOP),
    )


def _planned_row(address: str) -> OutputRow:
    kind = address.partition(":")[0] if "://" in address else "hls"
    words = tr("starts when the show goes live")
    return OutputRow(
        address, kind, address, words, PLANNED, state_word(PLANNED), Level.IDLE, buttons=(START,)
    )


def describe_cause(one: OutputStatus) -> tuple[str, bool]:
    """Return why an output lacks frames, or how long its disk has room; and whether that is bad."""
    drops = one.drops
    causes = (
        (drops.render, tr("render")),
        (drops.encode, tr("encode")),
        (drops.network, tr("network")),
    )
    found = [f"{word} {formatting.count(number)}" for number, word in causes if number]
    if found:
        return ", ".join(found), True
    if one.room_s is not None:
        left = formatting.span(one.room_s)
        return tr("{time} left", time=left), one.room_s < SHORT_S
    return "", False


def describe_drops(one: OutputStatus) -> str:
    """Return what an output lacks by every cause: render 0, encode 0, network 931."""
    return tr(
        "render {render}, encode {encode}, network {network}",
        render=formatting.count(one.drops.render),
        encode=formatting.count(one.drops.encode),
        network=formatting.count(one.drops.network),
    )


def state_word(state: str) -> str:
    """Return the word of an output's state in the operator's language."""
    words = {
        "planned": tr("planned"),
        "waiting": tr("waiting"),
        "running": tr("running"),
        "stalled": tr("stalled"),
        "retrying": tr("retrying"),
        "ended": tr("ended"),
        "failed": tr("failed"),
        "interrupted": tr("interrupted"),
    }
    return words.get(state, state)


def bit_rate(kilobits: float) -> str:
    """Return 5980.2 as 5 980."""
    return formatting.count(round(kilobits))


def _sum_drops(one: OutputStatus) -> int:
    return one.drops.render + one.drops.encode + one.drops.network
