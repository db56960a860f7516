"""Open and end the program's outputs by the crew's commands, and go on with lost ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from renderer.errors import OutputError, RendererError
from renderer.output.media_group import MediaGroup
from renderer.output.output_words import parse_outputs, parse_recording
from renderer.output.spec import OutputSpec, next_part
from renderer.protocol.outputs import (
    GoLive,
    OutputCommand,
    OutputState,
    OutputStatus,
    RecordingPart,
    RetryOutput,
    StartOutput,
    StartRecording,
    StopLive,
    StopOutput,
    StopRecording,
)
from renderer.show.host.resume import ResumeState
from renderer.show.plan import require_new
from renderer.transport.rpc import NoAnswer

_START_REMEDY: Final = (
    "check its address and try again, or add --start-without-failed to start with the outputs that "
    "work while the others are tried again"
)
_LIVE_REMEDY: Final = (
    "check its address and try again, or go live without the outputs that failed while they are "
    "tried again"
)


@dataclass(frozen=True, slots=True)
class Joined:
    """A run of show time that an output has joined.

    Attributes:
        run: its number.
        begins: whether it begins with the output.
    """

    run: int
    begins: bool


class ProgramOutputs:
    """The streams and recordings of a program.

    `execute` and `add_again` belong to the background task that changes outputs, all else to the
    tick's thread.

    Args:
        media: the media processes of all views.
        streams: live outputs for going live.
        check: called with outputs before commands open them; raises RendererError if they must not
            be opened.
        read_statuses: returns the outputs' statuses as of the last answer.

    Attributes:
        on_air: the streams by name.
        recordings: the recordings by name.
        planned_run: number of the last planned run of show time.
        has_been_on_air: whether the show has been on air.
        parts: the parts of each recording that went on after its media process died.
    """

    def __init__(
        self,
        media: MediaGroup,
        streams: tuple[OutputSpec, ...],
        check: Callable[[Sequence[OutputSpec]], None],
        read_statuses: Callable[[], Sequence[OutputStatus]],
    ) -> None:
        self._media, self._streams, self._check = media, streams, check
        self._read_statuses = read_statuses
        self.on_air: dict[str, OutputSpec] = {}
        self.recordings: dict[str, OutputSpec] = {}
        self.planned_run = 1
        self.has_been_on_air = False
        self.parts: dict[str, list[RecordingPart]] = {}

    @property
    def planned(self) -> tuple[OutputSpec, ...]:
        """Return the streams to which the show goes live."""
        return self._streams

    @property
    def is_on_air(self) -> bool:
        """Return whether a stream is running or reconnecting."""
        return self._any_goes_on(self.on_air)

    @property
    def is_recording(self) -> bool:
        """Return whether a recording is running."""
        return self._any_goes_on(self.recordings)

    def start(
        self, recordings: tuple[OutputSpec, ...], *, streams: bool, without_failed: bool = False
    ) -> None:
        """Open the outputs that the show starts with.

        Streams are opened first, since they fail more often.

        Args:
            recordings: to open besides the streams.
            streams: whether the show goes on air at once.
            without_failed: one open output is enough; the others are retried.

        Raises:
            RendererError: one cannot be opened; then none is.
        """
        on_air = self._streams if streams else ()
        together = [(*on_air, *recordings)] if without_failed else [on_air, recordings]
        opened: dict[str, OutputSpec] = {}
        for specs in filter(None, together):
            try:
                names = self._media.add_all(
                    specs, run=1, keep_trying=without_failed, remedy=_START_REMEDY
                )
            except RendererError:
                self._remove_all(opened)
                raise
            opened |= zip(names, specs, strict=True)
        self.on_air = {name: spec for name, spec in opened.items() if spec in on_air}
        self.recordings = {name: spec for name, spec in opened.items() if spec not in on_air}
        self.has_been_on_air = streams and bool(opened)

    def resume(self, state: ResumeState, specs: Mapping[str, OutputSpec]) -> None:
        """Go on with the outputs of an engine that has died.

        Args:
            state: of that engine.
            specs: the outputs that the media processes have.
        """
        known = {*state.on_air, *state.recordings}
        self.on_air = {
            name: spec
            for name, spec in specs.items()
            if name in state.on_air or (name not in known and not spec.is_recording)
        }
        self.recordings = {name: s for name, s in specs.items() if name not in self.on_air}
        self.planned_run = state.run
        self.has_been_on_air = state.has_been_on_air
        self.parts = {name: list(parts) for name, parts in state.parts.items()}

    def recording_parts(self) -> list[list[RecordingPart]]:
        """Return the parts of every recording that has several, in order."""
        return [
            [*self.parts.get(status.name, []), *status.all_parts]
            for status in self._read_statuses()
            if status.name in self.parts or status.parts
        ]

    def begin_part(self, name: str, spec: OutputSpec, last: OutputStatus | None) -> OutputSpec:
        """Return the output that goes on for a lost one: of a recording, the next part."""
        if not spec.is_recording:
            return spec
        parts = self.parts.setdefault(name, [])
        parts += [RecordingPart(spec.address, 0.0)] if last is None else last.all_parts
        return replace(spec, address=str(next_part(Path(parts[0].path))))

    def add_again(self, outputs: dict[str, tuple[OutputSpec, float]]) -> None:
        """Start outputs again, on the background thread."""
        for name, (spec, begins_s) in outputs.items():
            if name in self.on_air:
                self.on_air[name] = spec
            elif name in self.recordings:
                self.recordings[name] = spec
            else:  # It was stopped meanwhile.
                continue
            self._media.add_again(name, spec, begins_s)

    def execute(self, command: OutputCommand) -> tuple[str, Joined | None]:
        """Execute a command; return the answer, and the run that an output has joined.

        Raises:
            RendererError: it cannot be done.
        """
        match command:
            case GoLive():
                return self._go_live(command)
            case StopLive():
                return "Off the air" + self._remove_all(self.on_air), None
            case StartRecording(path):
                return self._record(path)
            case StopRecording():
                return "The recording is finished" + self._remove_all(self.recordings), None
            case StartOutput(address):
                return self._start_output(address)
            case StopOutput(name):
                spec = self._require_output(name)
                self._media.remove(name)
                return f"{spec.shown} has ended", None
            case RetryOutput(name):
                return self._retry_output(name)
        raise TypeError(f"{type(command).__name__} is no command for outputs")

    def _any_goes_on(self, outputs: dict[str, OutputSpec]) -> bool:
        over = {status.name for status in self._read_statuses() if status.state.is_over}
        return any(name not in over for name in tuple(outputs))

    def _require_output(self, name: str) -> OutputSpec:
        """Return the specification of an output that is on air or records.

        Raises:
            OutputError: there is none of that name.
        """
        known = self.on_air | self.recordings
        if name not in known:
            raise OutputError(
                f"the output {name!r}",
                "is not there",
                f"name one of {', '.join(sorted(known)) or 'those that are on air'}",
            )
        return known[name]

    def _start_output(self, address: str) -> tuple[str, Joined | None]:
        """Open one output while the show is on air: planned, ended, or named by its address."""
        over = {status.name for status in self._media.statuses() if status.state.is_over}
        running = {spec for name, spec in self.on_air.items() if name not in over}
        known = dict.fromkeys((*self._streams, *self.on_air.values()))
        found = [spec for spec in known if spec.shown == address and spec not in running]
        if not any(spec.shown == address for spec in known):
            found = [spec for spec in parse_outputs(address) if spec not in running]
        if not found or not self.has_been_on_air:
            raise OutputError(
                f"the output {address}",
                "waits for the show" if found else "is on air already",
                "go live first, or name an output that is not on air",
            )
        self._check(found)
        names = self._media.add_all(found, run=self.planned_run, remedy=_LIVE_REMEDY)
        self.on_air |= dict(zip(names, found, strict=True))
        return f"{address} is on air", None

    def _retry_output(self, name: str) -> tuple[str, Joined | None]:
        """Close a stream's connection and open another one, at once and until it succeeds."""
        spec = self._require_output(name)
        if spec.is_recording:
            raise OutputError(
                spec.shown, "is a recording, which would be replaced", "start another recording"
            )
        begins_s = self._media.remove(name).begins_s
        self._media.add_again(name, spec, begins_s)
        return f"{spec.shown} is opened again", None

    def _go_live(self, command: GoLive) -> tuple[str, Joined | None]:
        typed = parse_outputs(command.address) if command.address else ()
        over = {status.name for status in self._media.statuses() if status.state.is_over}
        running = {spec for name, spec in self.on_air.items() if name not in over}
        planned = dict.fromkeys((*self._streams, *typed))
        if not planned:
            raise OutputError(
                "Going live",
                "the show has no stream to go to",
                "name an address such as rtmp://server/app/key",
            )
        streams = [spec for spec in planned if spec not in running]
        if not streams:
            return "The show is on air already.", None
        self._check(streams)
        begins = not self.has_been_on_air
        run = self.planned_run + begins
        names = self._media.add_all(
            streams, run=run, keep_trying=command.without_failed, remedy=_LIVE_REMEDY
        )
        self.on_air |= zip(names, streams, strict=True)
        self.has_been_on_air = True
        return f"On air: {self._describe(names)}", self._join(run)

    def _record(self, path: str) -> tuple[str, Joined | None]:
        recording = parse_recording(path)
        require_new(recording, "choose another name")
        self._check([recording])
        begins = not (self.has_been_on_air or self.is_recording)
        run = self.planned_run + begins
        (name,) = self._media.add_all([recording], run=run)
        self.recordings[name] = recording
        return f"Recording to {path}.", self._join(run)

    def _describe(self, names: list[str]) -> str:
        """Return the working outputs, and those being retried with the reason."""
        known = [status for status in self._media.statuses() if status.name in names]
        lost = [status for status in known if status.state is OutputState.RETRYING]
        text = ", ".join(status.address for status in known if status not in lost) + "."
        for status in lost:
            text += f" Still trying {status.address}: {status.detail}."
        return text

    def _remove_all(self, outputs: dict[str, OutputSpec]) -> str:
        """End outputs; return the end of a sentence that reports it."""
        text = "."
        for name in list(outputs):
            try:
                self._media.remove(name)
            except NoAnswer:
                text = " as soon as the media process answers again."
            except OutputError:
                # It has already ended, as requested.
                pass
            del outputs[name]
        return text

    def _join(self, run: int) -> Joined:
        begins, self.planned_run = run > self.planned_run, run
        return Joined(run, begins)
