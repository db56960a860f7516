"""Derive the strips of the mixer from the sound's status, and move faders. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renderer.desk.panels.mixer.scale import FADER_DB
from renderer.desk.widgets.formatting import NOTHING
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.schema import Section
from renderer.protocol.sound import (
    SILENCE_DB,
    BusStatus,
    DeviceState,
    MuteBus,
    SetBusGain,
    SoundHealth,
)
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

HOT_DB: Final = -1.0
"""Peak from which a strip warns: sound above 0 dB is cut off."""
FLOOR_DB: Final = -60.0
"""Level below which a meter shows nothing."""
HOLD: Final = 15
"""Statuses for which a peak is held, ten a second."""
_FALL_DB: Final = 2.0
"""Decay of a held peak per status after that."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A bus.

    Attributes:
        name: by which commands refer to it.
        title: for the operator.
        peak_db, rms_db: levels now.
        held_db: highest recent peak, which falls slowly.
        top: highest peak since it was reset, in words.
        is_hot: whether that was near full scale.
        loudness: of the last three seconds, in words.
        delay: of a microphone, in words; or empty.
        fault: why its device is lost; or empty.
    """

    name: str
    title: str
    gain_db: float = 0.0
    is_muted: bool = False
    peak_db: float = SILENCE_DB
    rms_db: float = SILENCE_DB
    held_db: float = SILENCE_DB
    top: str = NOTHING
    is_hot: bool = False
    loudness: str = NOTHING
    delay: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the program sounds like as a whole, in words; empty without a mixer."""

    loudness: str = ""
    whole: str = ""
    true_peak: str = ""
    gains: str = ""


class MixerModel:
    """The mixer's model. Peaks are held between statuses."""

    sections: tuple[type[Section], ...] = (SoundHealth,)

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._held: dict[str, tuple[float, int]] = {}
        self._tops: dict[str, float] = {}
        self.strips: Observable[tuple[Strip, ...]] = Observable(())
        self.totals = Observable(Totals())
        desk.peaks_reset.watch(lambda _: self._tops.clear())

    def update(self, status: Status) -> None:
        """Derive the strips from a status."""
        sound = status.of(SoundHealth)
        devices = {one.name: one for one in sound.devices}
        strips = []
        for bus in sound.buses:
            held = self._hold(bus)
            top = self._tops[bus.name] = max(self._tops.get(bus.name, SILENCE_DB), bus.peak_db)
            device = devices.get(bus.name)
            is_lost = device is not None and device.state is DeviceState.LOST
            delay = device.delay_ms if device is not None and bus.performer else 0.0
            strips.append(
                Strip(
                    bus.name, bus_title(bus), bus.gain_db, bus.is_muted, bus.peak_db, bus.rms_db,
                    held, level(top), top > HOT_DB, level(bus.short_term),
                    f"{delay:.0f} ms" if delay > 0 else "",
                    (device.detail or tr("lost")) if device is not None and is_lost else "",
                )
            )  # fmt: skip
        self.strips.set(tuple(strips))
        self.totals.set(totals_of(sound))

    def choose(self, place: int) -> None:
        """Choose a bus for the next press."""
        if 0 <= place < len(self.strips.value):
            self._desk.selected_bus.set(self.strips.value[place].name)

    def set_gain(self, name: str, db: float) -> None:
        """Move the fader of a bus."""
        self._desk.ask(SetBusGain(name, clip_gain(db)), is_quiet=True)

    def switch_mute(self, name: str) -> None:
        """Mute a bus, or open it again."""
        strip = next((one for one in self.strips.value if one.name == name), None)
        if strip is not None:
            self._desk.ask(MuteBus(name, not strip.is_muted))

    def _hold(self, bus: BusStatus) -> float:
        held, left = self._held.get(bus.name, (SILENCE_DB, 0))
        if bus.peak_db >= held:
            held, left = bus.peak_db, HOLD
        elif left:
            left -= 1
        else:
            held = max(held - _FALL_DB, bus.peak_db)
        self._held[bus.name] = held, left
        return held


def totals_of(sound: SoundHealth) -> Totals:
    """Return what the program sounds like as a whole."""
    program = next((bus for bus in sound.buses if bus.name == "program"), None)
    if program is None:
        return Totals()
    gains = []
    if sound.limiter_db < -0.05:
        gains.append(tr("limiter {db} dB", db=signed(sound.limiter_db)))
    if sound.loudness_gain_db:
        gains.append(tr("levelled {db} dB", db=signed(sound.loudness_gain_db)))
    if sound.ducking_db < -0.05:
        gains.append(tr("song lowered {db} dB", db=signed(sound.ducking_db)))
    return Totals(
        level(program.short_term), level(sound.integrated), level(sound.true_peak_db),
        ", ".join(gains),
    )  # fmt: skip


def bus_title(bus: BusStatus) -> str:
    """Return the name of a bus for the operator."""
    words = {
        "song": tr("Song"), "click": tr("Click"), "talkback": tr("Talkback"),
        "program": tr("Program"), "return": tr("Return"),
    }  # fmt: skip
    return bus.performer or words.get(bus.name) or bus.name.removeprefix("stem-")


def level(db: float) -> str:
    """Return -13.84 as −13.8; the placeholder for silence."""
    return signed(db) if db > FLOOR_DB else NOTHING


def signed(db: float) -> str:
    """Return a level or gain with its sign, one decimal: +2.0, 0.0, −13.8."""
    text = f"{db:+.1f}" if abs(db) >= 0.05 else "0.0"
    return text.replace("-", "\N{MINUS SIGN}")


def gain(db: float) -> str:
    """Return the gain of a fader in words."""
    return f"{signed(db)} dB" if db > FADER_DB[0] else tr("off")


def clip_gain(db: float) -> float:
    """Return a gain that a fader can have, dB."""
    return FADER_DB[0] if db < FLOOR_DB else min(db, FADER_DB[-1])
