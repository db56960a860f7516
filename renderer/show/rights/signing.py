"""Sign the finished recordings and playlists of a show with content credentials."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from renderer.errors import RightsError
from renderer.output.sinks.target_lock import hold_target
from renderer.output.spec import PLAYLIST
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.protocol.pictures import VERTICAL
from renderer.rights.show_records import find_record
from renderer.rights.watermark.payload import Payload


def sign_recordings(outputs: Iterable[OutputStatus], mark: int) -> list[str]:
    """Sign complete recordings and playlists, and return a sentence for each that stays unsigned.

    Args:
        outputs: final statuses, with the names of joined files.
        mark: number of the show, whose record goes into the credentials.
    """
    outputs = list(outputs)
    paths = [
        Path(status.address.removeprefix(f"{VERTICAL}:"))
        for status in outputs
        if status.address.lower().endswith(".mp4") and status.state is OutputState.ENDED
    ]
    playlists = [
        playlist_folder(status) / PLAYLIST
        for status in outputs
        if status.kind == "hls" and status.state is OutputState.ENDED
    ]
    if not paths and not playlists:
        return []
    # Loaded here, since the supervisor must not load it while the show runs.
    from renderer.rights.provenance.certificate import load_certificate
    from renderer.rights.provenance.credentials import sign_file
    from renderer.rights.provenance.hls import sign_playlist

    faults = []
    try:
        record = find_record(Payload(mark, 0).show_code)
        certificate = load_certificate()
    except RightsError as fault:
        return [f"The recordings are not signed: {fault}"]
    if record is None:
        return ["The recordings are not signed, for the show has no record"]
    for path in paths:
        try:
            with hold_target(path):
                sign_file(path, record, certificate)
        except (RightsError, OSError) as fault:
            faults.append(str(fault))
    for playlist in playlists:
        try:
            with hold_target(playlist.parent):
                sign_playlist(playlist, record, certificate)
        except (RightsError, OSError) as fault:
            faults.append(str(fault))
    return faults


def playlist_folder(status: OutputStatus) -> Path:
    """Return the folder of an HLS output."""
    return Path(status.address.removeprefix(f"{VERTICAL}:").removeprefix("hls:"))
