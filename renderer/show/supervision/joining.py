"""Join the parts of a show's recordings after its end, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from renderer.errors import RendererError
from renderer.processes.process import ChildProcess
from renderer.protocol.outputs import OutputState, OutputStatus, RecordingPart
from renderer.protocol.pictures import VERTICAL

_JOIN: Final = "renderer.output.join:run_join"
"""By name, since it loads what the supervisor must not."""
_UPRIGHT: Final = f"{VERTICAL}:"
"""Before the address of an output of the upright view."""
_LONGEST_S: Final = 1800.0
"""Seconds for joining one recording: a slow disk copies two hours of 50 Mbit/s in that time."""


def join_recordings(
    outputs: Iterable[OutputStatus],
    recordings: Sequence[Sequence[RecordingPart]],
    faults: list[str],
) -> list[OutputStatus]:
    """Join recordings, and return the outputs' statuses with the joined files' names.

    Args:
        outputs: final statuses, in which a recording has the name of its last part.
        recordings: the parts of each, in order; those that no file was written to are left out.
        faults: receives a sentence for each recording that stays in parts.
    """
    statuses = list(outputs)
    for listed in recordings:
        parts = [part for part in listed if _has_content(part)]
        fault = _join(parts) if len(parts) > 1 else ""
        if fault:
            faults.append(fault)
            continue
        for number, status in enumerate(statuses):
            if parts and status.address.removeprefix(_UPRIGHT) == listed[-1].path:
                statuses[number] = _describe_whole(status, parts)
    return statuses


def _join(parts: Sequence[RecordingPart]) -> str:
    """Join one recording; return a sentence if that fails."""
    process = ChildProcess("join", _JOIN, parts)
    try:
        process.start()
        process.wait_ready()
    except RendererError as fault:
        return str(fault)
    if not process.wait(_LONGEST_S):
        process.kill()
    process.stop()
    if process.error is not None:
        return str(process.error)
    if process.exit_status:
        return f"The recording {parts[0].path} stays in parts: joining them {process.fate}"
    return ""


def _describe_whole(status: OutputStatus, parts: Sequence[RecordingPart]) -> OutputStatus:
    first, last = parts[0], parts[-1]
    path = Path(first.path)
    if not path.is_file():
        path = Path(last.path).with_name(path.name)
    view = _UPRIGHT if status.address.startswith(_UPRIGHT) else ""
    whole = msgspec.structs.replace(
        status,
        address=f"{view}{path}",
        begins_s=first.begins_s,
        seconds=last.begins_s + status.seconds - first.begins_s,
        bytes=path.stat().st_size,
    )
    if status.state is not OutputState.ENDED:
        return whole
    return msgspec.structs.replace(whole, detail=f"joined from {len(parts)} parts")


def _has_content(part: RecordingPart) -> bool:
    try:
        return Path(part.path).stat().st_size > 0
    except OSError:
        return False
