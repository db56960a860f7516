"""Open the MIDI ports of this machine behind a protocol of bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from renderer.errors import SetupError, ShowError
from renderer.show.receivers.midi.watch import PortWatch
from renderer.spelling import nearest

Take = Callable[[bytes], None]
"""Receives the bytes of a message, on the device's thread."""


class MidiInput(Protocol):
    """A port from which messages come."""

    name: str

    def close(self) -> None:
        """Receive nothing more. Idempotent."""
        ...


class MidiOutput(Protocol):
    """A port to which messages go."""

    name: str

    def send(self, data: bytes) -> None:
        """Send a message.

        Raises:
            OSError: the device is gone.
        """
        ...

    def close(self) -> None:
        """Send nothing more. Idempotent."""
        ...


class Ports(Protocol):
    """The names of the ports that are there; None as long as they are not known."""

    inputs: tuple[str, ...] | None
    outputs: tuple[str, ...] | None

    def close(self) -> None:
        """Look no more. Idempotent."""
        ...


class MidiDevices(Protocol):
    """The MIDI ports of a machine."""

    def open_input(self, name: str, take: Take) -> MidiInput:
        """Open an input by its name or a part of it.

        Raises:
            SetupError: the library for MIDI is missing.
            ShowError: there is no such port, or it cannot be opened.
        """
        ...

    def open_output(self, name: str) -> MidiOutput:
        """Open an output by its name or a part of it.

        Raises:
            SetupError: the library for MIDI is missing.
            ShowError: there is no such port, or it cannot be opened.
        """
        ...

    def watch(self) -> Ports:
        """Return what is there, kept up to date; closed by the caller."""
        ...


class SystemMidi:
    """The system's MIDI ports, by python-rtmidi."""

    def open_input(self, name: str, take: Take) -> MidiInput:
        """Open an input; see `MidiDevices`."""
        port = _open("MidiIn", name)

        def receive(event: tuple[Sequence[int], float], _data: object) -> None:
            take(bytes(event[0]))

        port.handle.set_callback(receive)
        return port

    def open_output(self, name: str) -> MidiOutput:
        """Open an output; see `MidiDevices`."""
        return _open("MidiOut", name)

    def watch(self) -> Ports:
        """Return what is there; see `MidiDevices`."""
        return PortWatch(_Lister())


class _Lister:
    """Lists rtmidi's ports; its handles are made at the first call, in the thread that lists."""

    def __init__(self) -> None:
        self._handles: tuple[Any, Any] | None = None

    def __call__(self) -> tuple[Sequence[str], Sequence[str]]:
        if self._handles is None:
            import rtmidi

            self._handles = rtmidi.MidiIn(name="Encore ports"), rtmidi.MidiOut(name="Encore ports")
        inputs, outputs = self._handles
        return inputs.get_ports(), outputs.get_ports()


class _Port:
    """An open port of rtmidi."""

    def __init__(self, handle: Any, name: str) -> None:
        self.handle, self.name = handle, name

    def send(self, data: bytes) -> None:
        """Send a message."""
        try:
            self.handle.send_message(list(data))
        except Exception as fault:
            # rtmidi raises SystemError and its own errors, which are RuntimeErrors.
            raise OSError(str(fault)) from fault

    def close(self) -> None:
        """Close the port. Idempotent."""
        if self.handle is not None:
            self.handle.close_port()
            self.handle.delete()
            self.handle = None


def find_port(name: str, names: Sequence[str], what: str) -> int:
    """Return the number of the port of this name, or of the first one that contains it.

    Raises:
        ShowError: there is none.
    """
    if name in names:
        return names.index(name)
    for number, one in enumerate(names):
        if name.lower() in one.lower():
            return number
    meant = nearest(name, names)
    remedy = f"did you mean {meant}?" if meant else f"connect it, or name one of {', '.join(names)}"
    raise ShowError(
        f"{what} {name[:60]}", "is not there", remedy if names else "connect it; no port is there"
    )


def _open(kind: str, name: str) -> _Port:
    what = "MIDI input" if kind == "MidiIn" else "MIDI output"
    try:
        import rtmidi
    except ImportError as fault:
        raise SetupError(
            "MIDI", "needs the package python-rtmidi", "pip install 'encore-renderer[midi]'"
        ) from fault
    handle: Any = None
    try:
        handle = getattr(rtmidi, kind)(name="Encore")
        number = find_port(name, handle.get_ports(), what)
        handle.open_port(number, what)
        return _Port(handle, handle.get_port_name(number) or name)
    except ShowError:
        handle.delete()
        raise
    except Exception as fault:
        # Without a sequencer, rtmidi raises SystemError.
        if handle is not None:
            handle.delete()
        raise ShowError(
            f"{what} {name[:60]}", f"cannot be opened ({fault})", "connect it, or name another"
        ) from fault
