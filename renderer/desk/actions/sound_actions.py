"""Define the actions of the mixer: gain, mute, talkback, click, peaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from renderer.desk.actions.action import Action, Group
from renderer.desk.actions.needs import needs_show
from renderer.desk.panels.mixer.model import clip_gain
from renderer.desk.words import tr
from renderer.protocol.schema import Command
from renderer.protocol.sound import (
    BusStatus,
    MuteBus,
    SetBusGain,
    SoundHealth,
    SwitchClick,
    SwitchTalkback,
)

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel

SOUND: Final = "sound"


def find_bus(desk: DeskModel, name: str) -> BusStatus | None:
    """Return the status of a bus; None if the show has no such bus."""
    return next((one for one in desk.status.of(SoundHealth).buses if one.name == name), None)


def _needs_mixer(desk: DeskModel) -> str:
    if refusal := needs_show(desk):
        return refusal
    if desk.status.of(SoundHealth).buses:
        return ""
    return tr("This show has no mixer. Give its document [sound] or microphones.")


def _needs_bus(desk: DeskModel) -> str:
    if refusal := _needs_mixer(desk):
        return refusal
    if find_bus(desk, desk.selected_bus.value) is None:
        return tr("Choose a bus first: left and right.")
    return ""


def _needs_named(name: str) -> Callable[[DeskModel], str]:
    def refusal(desk: DeskModel) -> str:
        if reason := _needs_mixer(desk):
            return reason
        if find_bus(desk, name) is not None:
            return ""
        return tr("The show has no bus “{name}”. Give its document [sound].", name=name)

    return refusal


def _is_open(name: str) -> Callable[[DeskModel], bool]:
    def is_on(desk: DeskModel) -> bool:
        bus = find_bus(desk, name)
        return bus is not None and not bus.is_muted

    return is_on


def _change(step: float) -> Callable[[DeskModel], Command | None]:
    def press(desk: DeskModel) -> Command | None:
        bus = find_bus(desk, desk.selected_bus.value)
        return None if bus is None else SetBusGain(bus.name, clip_gain(bus.gain_db + step))

    return press


def _mute(desk: DeskModel) -> Command | None:
    bus = find_bus(desk, desk.selected_bus.value)
    return None if bus is None else MuteBus(bus.name, not bus.is_muted)


def _is_muted(desk: DeskModel) -> bool:
    bus = find_bus(desk, desk.selected_bus.value)
    return bus is not None and bus.is_muted


def _step(step: int) -> Callable[[DeskModel], None]:
    def press(desk: DeskModel) -> None:
        names = [one.name for one in desk.status.of(SoundHealth).buses]
        chosen = desk.selected_bus.value
        place = names.index(chosen) + step if chosen in names else 0
        desk.selected_bus.set(names[min(max(place, 0), len(names) - 1)])

    return press


ACTIONS: Final = (
    Action(
        "sound.louder", "Louder", Group.SOUND, _change(1.0), "Up", SOUND, refusal=_needs_bus,
        summary="Raise the chosen bus by 1 dB",
    ),
    Action(
        "sound.softer", "Softer", Group.SOUND, _change(-1.0), "Down", SOUND, refusal=_needs_bus,
        summary="Lower the chosen bus by 1 dB",
    ),
    Action(
        "sound.zero", "Gain 0 dB", Group.SOUND,
        lambda desk: SetBusGain(desk.selected_bus.value, 0.0), "0", SOUND, refusal=_needs_bus,
        summary="Set the chosen bus to 0 dB",
    ),
    Action(
        "sound.mute", "Mute", Group.SOUND, _mute, "M", SOUND, refusal=_needs_bus,
        is_on=_is_muted, title_on="Open", summary="Mute the chosen bus, or open it again",
    ),
    Action(
        "sound.next", "Next bus", Group.SOUND, _step(1), "Right", SOUND, refusal=_needs_mixer,
        summary="Choose the next bus",
    ),
    Action(
        "sound.previous", "Previous bus", Group.SOUND, _step(-1), "Left", SOUND,
        refusal=_needs_mixer, summary="Choose the previous bus",
    ),
    Action(
        "sound.talkback", "Talkback", Group.SOUND,
        lambda desk: SwitchTalkback(not _is_open("talkback")(desk)), "T", SOUND,
        refusal=_needs_named("talkback"), is_on=_is_open("talkback"), title_on="End talkback",
        summary="Let the performers hear the crew's microphone; never the program",
    ),
    Action(
        "sound.click", "Click", Group.SOUND,
        lambda desk: SwitchClick(not _is_open("click")(desk)), "C", SOUND,
        refusal=_needs_named("click"), is_on=_is_open("click"), title_on="Click off",
        summary="Let the performers hear the click; never the program",
    ),
    Action(
        "sound.reset", "Reset peaks", Group.SOUND,
        lambda desk: desk.peaks_reset.set(desk.peaks_reset.value + 1), "E", SOUND,
        refusal=_needs_mixer, summary="Forget the highest peaks",
    ),
)  # fmt: skip
