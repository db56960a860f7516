"""Judge whether a show can go on air: rights, inputs, sound devices, outputs, alarms.

The same findings are listed by `encore show FILE --check`, published to desks, and decide over
GoLive. A problem keeps the show off the air until somebody answers for it by name.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from renderer.errors import ShowError
from renderer.output.spec import OutputSpec
from renderer.protocol.alarms import Alarm, Severity
from renderer.protocol.inputs import CameraState, InputsHealth, TrackerState
from renderer.protocol.log import EventKind
from renderer.protocol.outputs import GoLive
from renderer.protocol.readiness import Finding, Readiness, Verdict
from renderer.protocol.sound import DeviceState, SoundHealth
from renderer.rights.clause import Verdict as RightsVerdict
from renderer.show.host.interfaces import Events

LEAST_ROOM_GB: Final = 0.5
"""Room for about ten minutes of 1280×720 at 60 frames per second."""
_PROBE_S: Final = 3.0
_READ_EVERY_S: Final = 1.0
_CAMERAS: Final = {
    CameraState.SEEING: Verdict.OK,
    CameraState.EMPTY: Verdict.WARNING,
    CameraState.OPENING: Verdict.WARNING,
    CameraState.ENDED: Verdict.WARNING,
}
"""Verdicts about a camera's states; every other one delivers nothing that is due."""
_TRACKERS: Final = {
    TrackerState.HEARD: Verdict.OK,
    TrackerState.FAILED: Verdict.PROBLEM,
}


class ReadinessCheck:
    """Examines a running show, and refuses to let it go on air while there is a problem.

    Args:
        verdicts: returns the newest verdicts about the avatars' rights.
        inputs: returns the status of cameras and trackers.
        sound: returns the status of the sound.
        outputs: planned streams and recordings.
        alarms: returns the active ones.
        events: the show's log, which names who answers for a problem.
        is_live: whether the inputs run while they are examined; files of another show do not.
    """

    def __init__(
        self,
        verdicts: Callable[[], Sequence[RightsVerdict]],
        inputs: Callable[[], InputsHealth],
        sound: Callable[[], SoundHealth],
        outputs: Sequence[OutputSpec],
        alarms: Callable[[], Sequence[Alarm]],
        events: Events,
        *,
        is_live: bool = True,
    ) -> None:
        self._is_live = is_live
        self._verdicts, self._inputs, self._sound = verdicts, inputs, sound
        self._outputs, self._alarms, self._events = outputs, alarms, events
        self._section = Readiness()
        self._read_at = -_READ_EVERY_S

    def examine(self) -> list[Finding]:
        """Return a finding for each thing that the show needs; reaches for no network."""
        return [
            *judge_rights(self._verdicts()),
            *judge_inputs(self._inputs(), is_live=self._is_live),
            *judge_sound(self._sound()),
            *judge_folders(self._outputs),
            *judge_alarms(self._alarms()),
        ]

    def section(self) -> Readiness:
        """Return the findings for desks; examined once a second."""
        if time.monotonic() - self._read_at >= _READ_EVERY_S:
            self._read_at = time.monotonic()
            self._section = Readiness(findings=self.examine())
        return self._section

    def require(self, command: GoLive) -> None:
        """Let a command to go live pass; log who answers for the problems that there are.

        Raises:
            ShowError: there is a problem, and nobody answers for it.
        """
        problems = [one for one in self.examine() if one.verdict is Verdict.PROBLEM]
        if not problems:
            return
        described = "; ".join(f"{one.thing}: {one.text}" for one in problems)
        who = command.override.strip()[:80]
        if not who:
            remedies = "; ".join(filter(None, (one.remedy for one in problems)))
            raise ShowError(
                "No-go",
                described,
                f"{remedies}; or go live with override set to who answers for it",
            )
        self._events.add(EventKind.STATE, f"{who} answers for going live with {described}")


def judge_rights(verdicts: Sequence[RightsVerdict]) -> Iterator[Finding]:
    """Yield a finding for each avatar."""
    for one in verdicts:
        first, *reasons = (line.strip() for line in one.lines())
        fault, _, remedy = "; ".join(reasons).partition(" → ")
        if one.is_allowed:
            yield Finding("Rights", Verdict.OK, first)
        else:
            yield Finding("Rights", Verdict.PROBLEM, f"{first}; {fault}", remedy)


def judge_inputs(health: InputsHealth, *, is_live: bool = True) -> Iterator[Finding]:
    """Yield a finding for each camera and tracker.

    Args:
        is_live: whether they run; a file that does not run shows nobody yet.
    """
    for number, camera in enumerate(health.cameras, 1):
        if not is_live and camera.state is CameraState.EMPTY:
            yield Finding(f"Input {number}, {camera.name}", Verdict.OK, "is open")
            continue
        verdict = _CAMERAS.get(camera.state, Verdict.PROBLEM)
        text = camera.state.value + (f" ({camera.detail})" if camera.detail else "")
        remedy = ""
        if camera.state is CameraState.EMPTY:
            text, remedy = "nobody is seen", "let the performer step before it"
        elif camera.state is CameraState.OPENING:
            remedy = "wait until it delivers frames"
        elif camera.state is CameraState.ENDED:
            remedy = "take another, or repeat it by loop: before its name"
        elif verdict is Verdict.PROBLEM:
            remedy = "see to it, or reopen or change it at the desk"
        yield Finding(f"Input {number}, {camera.name}", verdict, text, remedy)
    for tracker in health.trackers:
        verdict = _TRACKERS.get(tracker.state, Verdict.WARNING)
        text = tracker.state.value + (f" ({tracker.detail})" if tracker.detail else "")
        remedy = "" if verdict is Verdict.OK else "see that it sends to this machine"
        yield Finding(f"Tracker {tracker.name}", verdict, text, remedy)


def judge_sound(health: SoundHealth) -> Iterator[Finding]:
    """Yield a finding for each sound device."""
    for device in health.devices:
        is_lost = device.state is DeviceState.LOST
        text = device.state.value + (f" ({device.detail})" if device.detail else "")
        yield Finding(
            f"Sound device {device.name}",
            Verdict.WARNING if is_lost else Verdict.OK,
            text,
            "see that it is connected; the program goes on without it" if is_lost else "",
        )


def judge_folders(outputs: Sequence[OutputSpec]) -> Iterator[Finding]:
    """Yield a finding for the disk of each recording and HLS folder."""
    for one in outputs:
        if not (one.is_recording or one.kind == "hls"):
            continue
        path = Path(one.address).absolute()
        folder = path if one.kind == "hls" else path.parent
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        thing = f"Output {one.shown}"
        if not os.access(folder, os.W_OK):
            text = f"{folder} cannot be written to"
            yield Finding(thing, Verdict.PROBLEM, text, "change its rights, or take another")
            continue
        free_gb = shutil.disk_usage(folder).free * 1e-9
        if free_gb < LEAST_ROOM_GB:
            text = f"{free_gb:.2f} GB free, less than ten minutes' room"
            yield Finding(thing, Verdict.WARNING, text, "free some space")
        else:
            yield Finding(thing, Verdict.OK, f"{free_gb:.0f} GB free")


def judge_alarms(alarms: Sequence[Alarm]) -> Iterator[Finding]:
    """Yield a warning for each critical alarm that nobody has acknowledged."""
    for alarm in alarms:
        if alarm.severity is Severity.CRITICAL and alarm.acknowledged_at is None:
            yield Finding("Alarm", Verdict.WARNING, alarm.text, "mend it, or acknowledge it")


def probe_streams(outputs: Sequence[OutputSpec]) -> Iterator[Finding]:
    """Yield whether each stream's server accepts connections; waits for them."""
    for one in outputs:
        if not one.is_stream:
            continue
        thing = f"Output {one.shown}"
        if one.kind != "rtmp":
            yield Finding(thing, Verdict.OK, "tried when the show goes live")
            continue
        host, port = one.stream.host, one.stream.port
        try:
            socket.create_connection((host, port), _PROBE_S).close()
        except OSError as fault:
            text = f"no server answers ({fault.strerror or fault})"
            yield Finding(thing, Verdict.PROBLEM, text, "check its address and start its server")
        else:
            yield Finding(thing, Verdict.OK, "its server answers")
